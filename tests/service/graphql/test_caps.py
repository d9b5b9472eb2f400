"""Documents that would cost much are refused quickly."""

import pytest

from bench.service.graphql_caps import documents, refusal_time
from service.graphql.documents import Documents, PreparedDocument, RefusedDocument
from service.graphql.schema import load_schema
from tests.service.api_client import SINGLE, Api

LONGEST = 50 * 4  # processor milliseconds; four times the bar: the machine may be slower
ALIASED = "a{0}: createTempFileUploadUrl {{ uploadUrl }}"


@pytest.mark.parametrize("name", documents())
def test_no_document_takes_long_to_be_refused(name: str) -> None:
    milliseconds, _ = refusal_time(documents()[name])
    assert milliseconds < LONGEST


def fields(count: int) -> str:
    return " ".join(ALIASED.format(number) for number in range(count))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (f"mutation {{ {fields(5_000)} }}", "more than 2000 tokens"),
        (f"mutation {{ {fields(51)} }}", "more than 50 aliases"),
        ("{ viewer { " + " ".join(f"a{i}: id" for i in range(51)) + " } }", "more than 25 times"),
        (f"mutation {{ {fields(21)} }}", "more than 20 mutations"),
        (f"mutation {{ ... {{ {fields(21)} }} }}", "more than 20 mutations"),
        (
            f"mutation {{ ...F }} fragment F on Mutation {{ {fields(21)} }}",
            "more than 20 mutations",
        ),
        ("{ viewer { " + "...F " * 101 + "} } fragment F on User { id }", "100 fragment spreads"),
        (
            "{ viewer { ...F0 } } "
            + " ".join(f"fragment F{i} on User {{ x {{ ...F{i + 1} }} }}" for i in range(60))
            + " fragment F60 on User { id }",
            "more than 30 levels with its fragments",
        ),
        ("{" + "... on Query {" * 40 + "__typename" + "}" * 41, "more than 30 levels"),
        ("{ __typename " + "@skip(if: true) " * 101 + "}", "more than 100 directives"),
    ],
)
def test_the_caps(query: str, message: str) -> None:
    refused = Documents(load_schema()).prepare(query)
    assert isinstance(refused, RefusedDocument)
    assert message in refused.errors[0].message


def test_what_is_under_the_caps_runs(api: Api) -> None:
    data = api.graphql(f"mutation {{ {fields(20)} }}").json()["data"]
    assert len({url["uploadUrl"] for url in data.values()}) == 20


def test_cycles_of_fragments_are_refused() -> None:
    cycle = "{ viewer { ...A } } fragment A on User { ...B } fragment B on User { ...A }"
    assert isinstance(Documents(load_schema()).prepare(cycle), RefusedDocument)


def test_only_what_does_not_wait_runs_without_a_thread() -> None:
    prepare = Documents(load_schema()).prepare
    swift = {SINGLE: True, "{ __typename }": True, "{ viewer { id } }": False}
    for query, expected in swift.items():
        prepared = prepare(query)
        assert isinstance(prepared, PreparedDocument)
        assert prepared.swift is expected
    assert prepare(SINGLE) is prepare(SINGLE)
    long = SINGLE + " " * 20_000
    assert prepare(long) is not prepare(long)
