"""Several links in one request, and what happens where an endpoint does not take that."""

import json
from collections.abc import Iterator

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse

from client.api.api import Api
from client.api.operations import MOST_MUTATIONS, single_uploads
from client.errors import PermissionDeniedError, UnexpectedAnswerError
from tests.client.scripted_endpoint import ScriptedEndpoint, answer, graphql_error


@pytest.fixture
def api(endpoint: ScriptedEndpoint) -> Iterator[Api]:
    api = endpoint.api()
    yield api
    api.close()


def asked_for(endpoint: ScriptedEndpoint) -> list[int]:
    """Return how many links each request asked for."""
    return [
        json.loads(seen.body)["query"].count("createTempFileUploadUrl")
        for seen in endpoint.seen
        if seen.what == "graphql"
    ]


@pytest.mark.parametrize("count", [1, 2, MOST_MUTATIONS])
def test_the_operation_is_graphql(count: int) -> None:
    [operation] = parse(single_uploads(count)).definitions
    assert isinstance(operation, OperationDefinitionNode)
    names = [
        field.alias.value
        for field in operation.selection_set.selections
        if isinstance(field, FieldNode) and field.alias
    ]
    assert names == [f"file{number}" for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("count", "requests"),
    [(0, []), (1, [1]), (2, [2]), (20, [20]), (21, [20, 1]), (25, [20, 5]), (40, [20, 20])],
)
def test_so_many_links_cost_so_many_requests(
    api: Api, endpoint: ScriptedEndpoint, count: int, requests: list[int]
) -> None:
    slots = api.operations.create_singles(count)
    assert [slot.kind for slot in slots] == ["single"] * count
    assert asked_for(endpoint) == requests


@pytest.mark.parametrize(
    "refusal",
    [
        graphql_error("Only one mutation may be sent."),
        graphql_error("Syntax", status=400),
        graphql_error("Query is too complex", "MAX_QUERY_COMPLEXITY_REACHED"),
        graphql_error("Query complexity is above the maximum"),
    ],
)
def test_an_endpoint_that_refuses_several_is_asked_for_one_after_the_other_from_then_on(
    api: Api, endpoint: ScriptedEndpoint, refusal: object
) -> None:
    endpoint.on("graphql", refusal)  # pyright: ignore[reportArgumentType]
    assert len(api.operations.create_singles(3)) == 3
    assert asked_for(endpoint) == [3, 1, 1, 1]
    assert len(api.operations.create_singles(2)) == 2
    assert asked_for(endpoint) == [3, 1, 1, 1, 1, 1]


def test_a_refusal_of_the_credentials_is_no_reason_to_ask_again(
    api: Api, endpoint: ScriptedEndpoint
) -> None:
    endpoint.on("graphql", graphql_error("no grant", "FORBIDDEN"))
    with pytest.raises(PermissionDeniedError):
        api.operations.create_singles(3)
    assert asked_for(endpoint) == [3]
    assert len(api.operations.create_singles(3)) == 3
    assert asked_for(endpoint) == [3, 3]


def test_an_answer_without_one_of_the_links_is_unexpected(
    api: Api, endpoint: ScriptedEndpoint
) -> None:
    url = f"{endpoint.url}/x"
    one = {"file1": {"uploadUrl": url, "downloadUrl": url}, "file2": None}
    endpoint.on("graphql", answer(200, json.dumps({"data": one}).encode()))
    with pytest.raises(UnexpectedAnswerError, match="file2"):
        api.operations.create_singles(2)


def test_what_refuses_one_refuses_all(api: Api, endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", *[graphql_error("no")] * 2)
    with pytest.raises(Exception, match="no"):
        api.operations.create_singles(2)
