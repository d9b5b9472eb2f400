"""Which schema the playground works with."""

import json
import re
from typing import Any

import pytest
from graphql import (
    build_schema,
    get_introspection_query,
    graphql_sync,  # pyright: ignore[reportUnknownVariableType]
    introspection_from_schema,
    print_schema,
)

from client.api.api import Api
from client.api.cost import LIMIT, estimated_cost
from client.api.document import choose_operation, parsed, read_variables
from client.api.schema import bundled_schema, read_schema
from client.connection.connection import connection_from_settings
from client.playground.samples import Sample, samples
from contract import SCHEMA_FILE
from service.graphql.complexity import Score
from settings import read_settings
from tests.app_server import ServiceAlone
from tests.client.scripted_endpoint import (
    HTML,
    Action,
    Handler,
    ScriptedEndpoint,
    answer,
    graphql_error,
)


def introspection(sdl: str) -> Action:
    content: Any = {"data": introspection_from_schema(build_schema(sdl))}
    return answer(200, json.dumps(content).encode())


def renamed(sdl: str, old: str, new: str) -> Action:
    """Answer with an introspection that no server of ours could give."""
    content = json.dumps({"data": introspection_from_schema(build_schema(sdl))})
    return answer(200, content.replace(f'"{old}"', f'"{new}"').encode())


def test_the_service_s_own_is_read_and_does_not_differ(
    service_alone: ServiceAlone, tmp_path: Any
) -> None:
    settings = read_settings(service_alone.environment_of_child(), tmp_path / "none.toml")
    api = Api(connection_from_settings(settings))
    loaded = read_schema(api)
    fullest = api.graphql.ask(get_introspection_query(**dict.fromkeys(ADDED_LATER, True)))
    api.close()
    assert fullest.failure is None  # its caps leave room for it
    assert (loaded.live, loaded.problem) == (True, None)
    assert not loaded.differences
    assert loaded.sdl == print_schema(bundled_schema())


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (graphql_error("introspection is not allowed", status=400), "graphql-error"),
        (answer(502, HTML), "unexpected-answer"),
        (answer(200, b'{"data": {"__schema": {"types": 7}}}'), "unexpected-answer"),
        (answer(200, b'{"data": {}}'), "unexpected-answer"),
        (renamed("type Query { old: Int }", "old", "](http://x)"), "unexpected-answer"),
    ],
)
def test_without_introspection_the_bundled_one_is_used_and_why_is_kept(
    endpoint: ScriptedEndpoint, action: Action, code: str
) -> None:
    endpoint.on("introspection", action, action)
    loaded = read_schema(endpoint.api())
    assert not loaded.live
    assert loaded.schema is bundled_schema()
    assert loaded.problem is not None
    assert loaded.problem.code == code


def test_differences_say_what_is_missing_changed_and_new(endpoint: ScriptedEndpoint) -> None:
    sdl = SCHEMA_FILE.read_text()
    sdl = sdl.replace("  fileSize: Float\n", "")
    sdl = sdl.replace("balance: Int!", "balance: Float!")
    sdl = sdl.replace("type CreditBalance {", "type CreditBalance {\n  spent: Int")
    endpoint.on("introspection", introspection(sdl))
    found = {one.kind: one.text for one in read_schema(endpoint.api()).differences}
    assert list(found) == ["removed", "changed", "added"]
    assert "fileSize" in found["removed"]
    assert "balance" in found["changed"]
    assert "spent" in found["added"]


def test_a_schema_that_has_nothing_of_ours_is_read(endpoint: ScriptedEndpoint) -> None:
    sdl = """
    interface Shape { area: Float }
    type Square implements Shape { area: Float }
    type Circle implements Shape { area: Float }
    union Any = Square | Circle
    type Query { shapes: [Any] }
    type Subscription { shape: Shape }
    """
    endpoint.on("introspection", introspection(sdl))
    loaded = read_schema(endpoint.api())
    assert loaded.live
    endpoint.introspection = False
    assert loaded.id != read_schema(endpoint.api()).id
    assert "union Any = Square | Circle" in loaded.sdl


LATER = """
"What a shop sells."
schema { query: Query mutation: Mutation }
directive @oneOf on INPUT_OBJECT
directive @mark(note: String) repeatable on QUERY
scalar Moment @specifiedBy(url: "https://example.com/moment")
type Query { thing(by: Key!, old: Int @deprecated(reason: "Use new."), new: Int): Moment }
input Key @oneOf { id: ID, name: String }
input Filter { word: String, phrase: String @deprecated(reason: "Use word.") }
type Mutation { find(filter: Filter): Int }
"""


def served(sdl: str, *unknown: str, says: str = "", all_at_once: bool = False) -> Action:
    """Answer introspection as a server does that does not know some of what can be asked.

    It names one thing that it does not know, or all of them at once, as servers differ.
    """
    schema = build_schema(sdl.replace("directive @oneOf on INPUT_OBJECT", ""))

    def action(handler: Handler) -> None:
        query = json.loads(handler.body)["query"]
        refused = [word for word in unknown if re.search(ADDED_LATER[word][0], query)]
        if refused:
            errors = [{"message": says or ADDED_LATER[word][1]} for word in refused]
            content = {"errors": errors if all_at_once else errors[:1]}
            handler.reply(400, json.dumps(content).encode())
            return
        result = graphql_sync(schema, query)
        assert not result.errors
        handler.reply(200, json.dumps({"data": result.data}).encode())

    return action


ADDED_LATER: dict[str, tuple[str, str]] = {
    "directive_is_repeatable": (
        "isRepeatable",
        'Cannot query field "isRepeatable" on type "__Directive".',
    ),
    "specified_by_url": (
        "specifiedByURL",
        'Cannot query field "specifiedByURL" on type "__Type". Did you mean "specifiedByUrl"?',
    ),
    "schema_description": (
        r"__schema \{\s+description",
        'Cannot query field "description" on type "__Schema".',
    ),
    "input_value_deprecation": (
        r"inputFields\(includeDeprecated",
        'Unknown argument "includeDeprecated" on field "inputFields" of type "__Type".',
    ),
    "one_of": ("isOneOf", 'Cannot query field "isOneOf" on type "__Type".'),
}
"""What servers learned to tell after the first: where it stands in a query, and how a server says
that it does not know it."""
SDL_OF = {
    "directive_is_repeatable": "directive @mark(note: String) repeatable on QUERY",
    "specified_by_url": '@specifiedBy(url: "https://example.com/moment")',
    "schema_description": "What a shop sells.",
    "input_value_deprecation": '@deprecated(reason: "Use word.")',
    "one_of": "input Key @oneOf",
}


@pytest.mark.parametrize(
    ("unknown", "all_at_once", "asked"),
    [
        ((), False, 1),
        *(((word,), False, 2) for word in ADDED_LATER),
        (("one_of", "input_value_deprecation"), False, 3),
        (tuple(ADDED_LATER), False, 6),
        (tuple(ADDED_LATER), True, 2),
    ],
)
def test_all_there_is_to_a_schema_is_asked_for_where_the_server_knows_it(
    endpoint: ScriptedEndpoint, unknown: tuple[str, ...], all_at_once: bool, asked: int
) -> None:
    endpoint.on("introspection", *[served(LATER, *unknown, all_at_once=all_at_once)] * asked)
    loaded = read_schema(endpoint.api())
    assert loaded.live
    assert endpoint.times("introspection") == asked
    for part, sdl in SDL_OF.items():
        assert (sdl in loaded.sdl) == (part not in unknown), part
    assert "new: Int" in loaded.sdl


def test_a_server_that_does_not_say_what_it_does_not_know_is_asked_for_the_least(
    endpoint: ScriptedEndpoint,
) -> None:
    refuses = served(LATER, "input_value_deprecation", says="Bad request")
    endpoint.on("introspection", *[refuses] * 2)
    loaded = read_schema(endpoint.api())
    assert loaded.live
    assert endpoint.times("introspection") == 2
    assert "new: Int" in loaded.sdl


# Cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.id)
def test_the_estimate_is_what_the_service_counts(sample: Sample) -> None:
    variables = read_variables(sample.variables)
    cost = estimated_cost(bundled_schema(), choose_operation(sample.text), variables)
    assert cost.points == Score(bundled_schema(), parsed(sample.text)).of(variables)


@pytest.mark.parametrize(
    ("text", "variables", "points", "guessed"),
    [
        ("{ viewer { id } }", {}, 1, False),
        ('query ($n: Int = 7) { assetSearch(keyword: "", first: $n) { total } }', {}, 7, False),
        (
            'query ($n: Int) { assetSearch(keyword: "", first: $n) { total } }',
            {"n": 20},
            20,
            False,
        ),
        ("query ($n: [ID!]!) { assets(id: $n) { edges { cursor } } }", {"n": ["a", "b"]}, 2, False),
        ('{ assetSearch(keyword: "") { total } }', {}, 100, True),
        ("{ viewer { ...F } } fragment F on User { id ...F }", {}, 1, False),
        ("{ nothing { like(this: 1) } }", {}, 0, False),
    ],
)
def test_points_follow_the_variables(
    text: str, variables: dict[str, Any], points: int, guessed: bool
) -> None:
    cost = estimated_cost(bundled_schema(), choose_operation(text), variables)
    assert (cost.points, cost.guessed) == (points, guessed)


def test_more_than_the_limit_is_said_before_sending() -> None:
    text = 'query { assetSearch(keyword: "", first: 10001) { total } }'
    cost = estimated_cost(bundled_schema(), choose_operation(text), {})
    assert cost.points == LIMIT + 1
    assert cost.too_much


@pytest.mark.parametrize("first", ["1E400", "-1E400"])
def test_a_page_of_no_countable_size_is_guessed(first: str) -> None:
    chosen = choose_operation(
        f'{{ assetSearch(keyword: "*", first: {first}) {{ edges {{ cursor }} }} }}'
    )
    assert estimated_cost(bundled_schema(), chosen, {}).guessed
