import json
import time
from pathlib import Path
from typing import Any, cast

import jwt
import pytest
from graphql import (
    GraphQLObjectType,
    build_client_schema,
    get_introspection_query,
    print_schema,
)

from contract import SCHEMA_FILE
from service.auth.keys import load_service_keys
from service.graphql.complexity import Points
from service.graphql.request import GRAPHQL_JSON, JSON
from service.graphql.resolvers.connections import PageArguments, connect
from service.graphql.schema import load_schema
from tests.service.api_client import MULTIPART, SINGLE, Api
from tests.service.live import Live, running

PLURAL = "mutation { createTempFileMultipartUploadUrl(input: { %s }) { uploadPartUrls } }"


VIEWER = """{
  viewer {
    id name
    organizations {
      edges { cursor node { id name } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}"""


def problem(answer: Any) -> tuple[int, str, str]:
    [error] = answer.json()["errors"]
    return answer.status_code, error["extensions"]["code"], error["message"]


def not_executed(api: Api, body: object) -> str:
    """The code of a request that fails before it is executed, whatever media type is asked for."""
    plain = api.post_graphql(body)
    own = api.post_graphql(body, Accept=GRAPHQL_JSON)
    assert (plain.status_code, own.status_code) == (400, 400)
    assert "data" not in plain.json()
    assert plain.json() == own.json()
    codes = {error["extensions"]["code"] for error in plain.json()["errors"]}
    assert len(codes) == 1
    return codes.pop()


def part_count(answer: Any) -> int:
    assert answer.status_code == 200, answer.text
    return len(answer.json()["data"]["createTempFileMultipartUploadUrl"]["uploadPartUrls"])


def test_the_viewer_has_the_demo_organization(api: Api) -> None:
    answer = api.graphql(VIEWER)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["X-Local-Service"] == "1"
    viewer = answer.json()["data"]["viewer"]
    [edge] = viewer["organizations"]["edges"]
    assert edge["node"]["id"] == "T3JnYW5pemF0aW9uOm9yZ19ERU1PMDAwMDAwMDAwMA=="
    page = viewer["organizations"]["pageInfo"]
    assert page["startCursor"] == page["endCursor"] == edge["cursor"]
    node = "query ($id: ID!) { node(id: $id) { __typename id ... on Organization { name } } }"
    found = api.graphql(node, {"id": edge["node"]["id"]}).json()["data"]["node"]
    assert found["__typename"] == "Organization"
    assert api.graphql(node, {"id": viewer["id"]}).json()["data"]["node"]["__typename"] == "User"
    for unknown in ("QXNzZXQ6MQ==", "not base64", "bm9jb2xvbg=="):
        assert api.graphql(node, {"id": unknown}).json()["data"]["node"] is None


def test_what_this_service_has_not_is_empty_and_no_error(api: Api) -> None:
    query = """{ viewer { name picture organizations { edges { node {
      ... on Organization { id cmsHubs { id label } } } } } }
      node(id: "Q01TSHViOm9yZ18xLzE=") { ... on CMSHub { id label } } }"""
    answer = api.graphql(query).json()
    assert "errors" not in answer
    assert answer["data"]["viewer"]["picture"] is None
    [edge] = answer["data"]["viewer"]["organizations"]["edges"]
    assert edge["node"]["cmsHubs"] == []
    assert answer["data"]["node"] is None


def test_pages_of_a_connection() -> None:
    nodes = list("abcde")
    first = connect(nodes, PageArguments(first=2), Points(0))
    assert [edge.node for edge in first.edges] == ["a", "b"]
    assert first.page_info.has_next_page
    after = connect(nodes, PageArguments(first=9, after=first.page_info.end_cursor), Points(0))
    assert [edge.node for edge in after.edges] == ["c", "d", "e"]
    assert after.page_info.has_previous_page
    assert not after.page_info.has_next_page
    before = connect(nodes, PageArguments(last=1, before=after.page_info.end_cursor), Points(0))
    assert [edge.node for edge in before.edges] == ["d"]
    empty = connect(nodes, PageArguments(first=0), Points(0))
    assert (empty.edges, empty.page_info.start_cursor) == ([], None)


@pytest.mark.parametrize(
    "arguments",
    ["first: -1", 'after: "x"', 'first: 1, before: "x"', "last: 1", 'first: 1, after: "x"'],
)
def test_pagination_rules_are_bad_user_input(api: Api, arguments: str) -> None:
    query = f"{{ viewer {{ organizations({arguments}) {{ edges {{ cursor }} }} }} }}"
    assert problem(api.graphql(query))[:2] == (200, "BAD_USER_INPUT")


def test_the_introspected_schema_is_the_file(api: Api) -> None:
    introspection = api.graphql(get_introspection_query()).json()["data"]
    printed = print_schema(build_client_schema(introspection))
    assert printed + "\n" == SCHEMA_FILE.read_text(encoding="utf-8")


def test_every_field_of_the_schema_that_is_no_attribute_has_a_resolver() -> None:
    schema = load_schema()
    for name in ("Query", "Mutation"):
        fields = cast(GraphQLObjectType, schema.type_map[name]).fields
        assert all(field.resolve for field in fields.values())


@pytest.mark.parametrize("spelling", ["filesize", "fileSize"])
def test_both_spellings_of_the_size_work(full_size: Live, spelling: str) -> None:
    api = full_size.api
    assert part_count(api.graphql(PLURAL % f"{spelling}: 11723249")) == 3
    query = (PLURAL % f"{spelling}: $n").replace("mutation", "mutation ($n: Float!)")
    assert part_count(api.graphql(query, {"n": 11723249})) == 3


@pytest.mark.parametrize(
    ("size", "count"),
    [(1, 1), (5_242_880, 1), (5_242_881, 2), (200_000_000, 39), (2_147_483_648, 410)],
)
def test_there_is_a_url_for_each_part_of_the_minimum_size(
    full_size: Live, size: int, count: int
) -> None:
    urls = full_size.api.multipart(size)
    assert len(urls["uploadPartUrls"]) == count
    assert "partNumber=1&" in urls["uploadPartUrls"][0]
    assert f"partNumber={count}&" in urls["uploadPartUrls"][-1]


def test_sizes_are_written_as_integers(full_size: Live) -> None:
    text = full_size.api.graphql(MULTIPART, {"size": 5}).text
    assert '"minPartSize":5242880,"maxPartSize":2147483648' in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("", ["filesize", "fileSize"]),
        ("filesize: null", ["filesize", "fileSize"]),
        ("filesize: 5, fileSize: 6", ["filesize", "fileSize", "5", "6"]),
        ("filesize: 0", ["filesize is 0"]),
        ("fileSize: -1", ["fileSize is -1"]),
        ("filesize: 1.5", ["filesize is 1.5"]),
        ("filesize: 2147483649", ["filesize is 2147483649"]),
        ("fileSize: 1e400", ["fileSize is inf"]),
    ],
)
def test_a_size_out_of_rule_names_field_value_and_limit(
    full_size: Live, arguments: str, told: list[str]
) -> None:
    status, code, message = problem(full_size.api.graphql(PLURAL % arguments))
    assert (status, code) == (200, "BAD_USER_INPUT")
    assert all(words in message for words in [*told, "2147483648"])


def test_one_null_spelling_is_as_good_as_none(api: Api) -> None:
    assert part_count(api.graphql(PLURAL % "filesize: 5, fileSize: null")) == 1


@pytest.mark.parametrize("value", ["5", True, 10**400, None])
def test_a_variable_of_another_type_is_bad_user_input(api: Api, value: object) -> None:
    assert not_executed(api, {"query": MULTIPART, "variables": {"size": value}}) == "BAD_USER_INPUT"


@pytest.mark.parametrize("token", ["", "Basic abc", "Bearer", "Bearer nonsense", "Bearer a.b.c"])
def test_without_a_valid_token_the_caller_is_unauthenticated(api: Api, token: str) -> None:
    answer = api.post_graphql({"query": SINGLE}, Authorization=token)
    assert problem(answer)[:2] == (401, "UNAUTHENTICATED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_scheme_may_be_lower_case(api: Api) -> None:
    answer = api.post_graphql({"query": SINGLE}, Authorization=f"bearer {api.token()}")
    assert answer.status_code == 200


def test_an_expired_and_a_foreign_token_are_unauthenticated(live: Live) -> None:
    secret = load_service_keys(live.settings).token_secret
    claims = {"iss": "temp-file-workbench", "sub": "x", "exp": int(time.time()) - 1}
    expired = jwt.encode(claims, secret, "HS256")
    foreign = jwt.encode(
        {**claims, "exp": 9_999_999_999}, "another secret of 32 bytes......", "HS256"
    )
    unsigned = jwt.encode({**claims, "exp": 9_999_999_999}, "", "none")
    for token in (expired, foreign, unsigned):
        answer = live.api.post_graphql({"query": SINGLE}, Authorization=f"Bearer {token}")
        assert problem(answer)[:2] == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("mutation { createTempFileUploadUrl { } }", "GRAPHQL_PARSE_FAILED"),
        ("{ " + "viewer { id } " * 1000 + "}", "GRAPHQL_PARSE_FAILED"),
        ("{ viewer " * 400 + "}" * 400, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "mutation { createTempFileMultipartUploadUrl { completeUrl } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ],
)
def test_documents_that_cannot_run_are_refused(api: Api, query: str, code: str) -> None:
    assert not_executed(api, {"query": query}) == code


def test_an_empty_selection_set_is_explained(api: Api) -> None:
    """The API's own samples were published cut off at this place (server facts, 7)."""
    for query in ("mutation { createTempFileUploadUrl { } }", "{ viewer {\n  } }", "{}"):
        [error] = api.graphql(query).json()["errors"]
        assert "name the fields to answer with" in error["message"]
        assert error["locations"]


def test_a_refused_document_is_refused_again_from_the_cache(api: Api) -> None:
    answers = [api.graphql("{ nothingAtAll }") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert "data" not in answers[0].json()


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"query": ""},
        {"query": 5},
        {"query": SINGLE, "variables": []},
        {"query": SINGLE, "operationName": 5},
        {"query": SINGLE, "extensions": "x"},
    ],
)
def test_bodies_without_a_usable_query_are_bad_requests(api: Api, body: object) -> None:
    assert problem(api.post_graphql(body))[:2] == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"query": "{a}", "variables": {"x": NaN}}']
)
def test_broken_json_is_a_bad_request(api: Api, content: bytes) -> None:
    answer = api.http.post(
        f"{api.base_url}/graphql",
        data=content,
        headers={"Authorization": f"Bearer {api.token()}", "Content-Type": "application/json"},
        timeout=10,
    )
    assert problem(answer)[:2] == (400, "BAD_REQUEST")


def test_a_body_over_the_cap_is_refused(api: Api) -> None:
    assert problem(api.graphql(SINGLE + " " * 300_000))[:2] == (400, "BAD_REQUEST")


def test_the_operation_is_chosen_by_name(api: Api) -> None:
    query = "query A { a: viewer { id } } query B { b: viewer { id } }"
    answer = api.post_graphql({"query": query, "operationName": "B"})
    assert list(answer.json()["data"]) == ["b"]
    assert not_executed(api, {"query": query}) == "BAD_USER_INPUT"
    assert not_executed(api, {"query": query, "operationName": "C"}) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
        ("text/html, application/*;q=0.5", "application/json; charset=utf-8"),
    ],
)
def test_the_answer_has_the_type_that_was_asked_for(
    api: Api, accept: str, content_type: str
) -> None:
    answer = api.post_graphql({"query": SINGLE}, Accept=accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)


def test_transport_faults_have_their_own_status(api: Api) -> None:
    url = f"{api.base_url}/graphql"
    assert api.post_graphql({"query": SINGLE}, Accept="text/html").status_code == 406
    typed = {"Content-Type": "text/plain"}
    assert api.post_graphql({"query": SINGLE}, **typed).status_code == 415
    odd = {"Content-Type": "application/json; charset=utf-16"}
    assert api.post_graphql({"query": SINGLE}, **odd).status_code == 415
    put = api.http.put(url, json={"query": SINGLE}, timeout=10)
    assert (put.status_code, put.headers["Allow"]) == (405, "GET, POST")


def by_get(api: Api, **parameters: str) -> Any:
    headers = {"Authorization": f"Bearer {api.token()}"}
    return api.http.get(f"{api.base_url}/graphql", params=parameters, headers=headers, timeout=10)


def test_queries_may_be_sent_with_get(api: Api) -> None:
    query = "query A($id: ID!) { node(id: $id) { id } } query B { viewer { name } }"
    answer = by_get(api, query=query, variables='{"id": "x"}', operationName="A")
    assert (answer.status_code, answer.json()) == (200, {"data": {"node": None}})
    for parameters in ({}, {"query": query, "variables": "{"}, {"query": "{a}", "extensions": "5"}):
        assert problem(by_get(api, **parameters))[:2] == (400, "BAD_REQUEST")


def test_a_mutation_by_get_is_refused_and_not_executed(live: Live) -> None:
    before = live.service.store.uploads.count_open()
    both = "query Q { viewer { id } } " + (PLURAL % "filesize: 5").replace("mutation", "mutation M")
    answer = by_get(live.api, query=both, operationName="M")
    assert problem(answer)[:2] == (405, "BAD_REQUEST")
    assert answer.headers["Allow"] == "POST"
    assert live.service.store.uploads.count_open() == before
    assert by_get(live.api, query=both, operationName="Q").status_code == 200


def test_strict_statuses_are_those_of_the_specification(tmp_path: Path) -> None:
    with running(tmp_path, strict_statuses=True) as live:
        answers = [
            live.api.post_graphql({"query": query}, Accept=accept)
            for query in ("{", "{ unknown }")
            for accept in (JSON, GRAPHQL_JSON)
        ]
    assert [answer.status_code for answer in answers] == [200, 400, 200, 400]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (f"*/*, {GRAPHQL_JSON}", JSON),
        (f"application/*, {GRAPHQL_JSON}", JSON),
        (f"{GRAPHQL_JSON}, */*", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.5, application/*;q=0.5", GRAPHQL_JSON),
        (f"text/html, */*;q=0.1, {GRAPHQL_JSON};q=0.1", JSON),
        ("*/*", JSON),
        ("", JSON),
    ],
)
def test_an_answer_has_a_media_type_that_is_accepted(
    api: Api, accept: str, media_type: str
) -> None:
    answer = api.post_graphql({"query": SINGLE}, Accept=accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        200,
        f"{media_type}; charset=utf-8",
    )


def test_persisted_queries_are_declined_in_apollos_words(api: Api) -> None:
    """The first request of Apollo's link has no query; on this answer it sends it with one."""
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
    declined = (200, "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
    assert problem(api.post_graphql({"extensions": extensions})) == declined
    assert problem(by_get(api, extensions=json.dumps(extensions))) == declined
    whole = api.post_graphql({"query": SINGLE, "extensions": extensions})
    assert whole.json()["data"]["createTempFileUploadUrl"]


def test_variables_in_a_string_are_named(api: Api) -> None:
    body = {"query": SINGLE, "variables": '{"a": 1}'}
    expected = "variables must be an object, not a string with JSON in it."
    assert problem(api.post_graphql(body)) == (400, "BAD_REQUEST", expected)


def test_the_slash_at_the_end_is_accepted(api: Api) -> None:
    answer = api.http.post(
        f"{api.base_url}/graphql/",
        json={"query": SINGLE},
        headers={"Authorization": f"Bearer {api.token()}"},
        timeout=10,
    )
    assert answer.status_code == 200


def test_a_failing_resolver_is_masked_and_logged(
    live: Live, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a private detail")

    monkeypatch.setattr("service.temp_files.TempFiles.single", broken)
    answer = live.api.graphql(SINGLE)
    assert problem(answer) == (500, "INTERNAL_SERVER_ERROR", "Internal server error")
    request_id = answer.headers["x-amz-request-id"]
    assert answer.json()["errors"][0]["extensions"]["requestId"] == request_id
    assert request_id in caplog.text
    assert "private detail" not in answer.text
    assert "private detail" in caplog.text


def test_introspection_answers(api: Api) -> None:
    answer = api.graphql("{ __schema { mutationType { fields { name } } } }")
    names = [field["name"] for field in answer.json()["data"]["__schema"]["mutationType"]["fields"]]
    assert names[:2] == ["createTempFileUploadUrl", "createTempFileMultipartUploadUrl"]
    assert json.loads(answer.content)
