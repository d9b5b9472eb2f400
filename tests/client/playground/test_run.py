"""What becomes of an operation: every kind of answer, from a real socket."""

import json

import pytest

from client.api.api import Api
from client.connection.connection import ClientCredentials
from client.playground.run import Outcome, run_operation
from tests.client.scripted_endpoint import (
    HTML,
    Action,
    ScriptedEndpoint,
    answer,
    drop,
    graphql_error,
)

ECHO = "query Echo($a: String) { echo(a: $a) }"
SINGLE = "mutation { createTempFileUploadUrl { uploadUrl downloadUrl } }"


def json_answer(status: int, content: object, **headers: str) -> Action:
    return answer(status, json.dumps(content).encode(), **headers)


def test_a_success_has_status_time_size_and_headers(endpoint: ScriptedEndpoint) -> None:
    run = run_operation(endpoint.api(), ECHO, '{"a": "é"}')
    assert (run.outcome, run.operation, run.status) == ("ok", "Echo", 200)
    assert run.data == {"echo": {"a": "é"}}
    assert run.size == len(run.text.encode())
    assert run.seconds is not None
    assert run.seconds > 0
    assert run.headers["Content-Length"] == str(run.size)
    assert json.loads(endpoint.last("graphql").body)["operationName"] == "Echo"


def test_an_operation_without_a_name_is_called_by_its_field(endpoint: ScriptedEndpoint) -> None:
    assert run_operation(endpoint.api(), SINGLE).operation == "createTempFileUploadUrl"
    assert "operationName" not in json.loads(endpoint.last("graphql").body)


def test_a_secret_cookie_is_masked(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", json_answer(200, {"data": {"a": 1}}, Set_Cookie="session=canary"))
    assert "canary" not in str(run_operation(endpoint.api(), ECHO).headers)


PARTIAL = {"data": {"a": 1, "b": None}, "errors": [{"message": "b failed", "path": ["b"]}]}


@pytest.mark.parametrize(
    ("action", "outcome", "code"),
    [
        (graphql_error("no"), "errors", "graphql-error"),
        (graphql_error('Request failed with status code: "403"'), "errors", "permission-denied"),
        (graphql_error("bad", "GRAPHQL_VALIDATION_FAILED", 400), "validation", "graphql-error"),
        (graphql_error("bad", "BAD_USER_INPUT"), "validation", "graphql-error"),
        (
            graphql_error("Complexity limit exceeded", "COMPLEXITY_LIMIT_EXCEEDED", 400),
            "complexity",
            "complexity-exceeded",
        ),
        (graphql_error("slow down", "RATE_LIMITED", 429), "rate-limited", "rate-limited"),
        (answer(429, b"Too many", Retry_After="23"), "rate-limited", "rate-limited"),
        (answer(502, HTML), "not-json", "unexpected-answer"),
        (answer(200, HTML), "not-json", "unexpected-answer"),
        (answer(200, b'{"data": null}'), "no-data", "unexpected-answer"),
        (json_answer(200, PARTIAL), "partial", "graphql-error"),
        (drop, "no-answer", "service-down"),
    ],
)
def test_every_failure_is_told_apart(
    endpoint: ScriptedEndpoint, action: Action, outcome: Outcome, code: str
) -> None:
    endpoint.on("graphql", action)
    run = run_operation(endpoint.api(), ECHO)
    assert run.outcome == outcome
    assert run.failure is not None
    assert run.failure.code == code
    assert endpoint.times("graphql") == 1


def test_partial_data_keeps_both(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", json_answer(200, PARTIAL))
    run = run_operation(endpoint.api(), ECHO)
    assert (run.data, [error["message"] for error in run.errors]) == (
        {"a": 1, "b": None},
        ["b failed"],
    )


def test_a_wait_that_the_endpoint_asks_for_is_kept(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", answer(429, b"Too many", Retry_After="23"))
    assert run_operation(endpoint.api(), ECHO).retry_after == 23


def test_a_refused_token_is_renewed_once(endpoint: ScriptedEndpoint) -> None:
    refusal = graphql_error("who?", "UNAUTHENTICATED", 401)
    endpoint.on("graphql", refusal)
    assert run_operation(endpoint.api(), ECHO).outcome == "ok"
    endpoint.on("graphql", refusal, refusal)
    run = run_operation(endpoint.api(), ECHO)
    assert (run.outcome, run.status) == ("unauthorized", 401)


def test_credentials_that_are_refused_are_no_answer_but_no_crash(
    endpoint: ScriptedEndpoint,
) -> None:
    run = run_operation(endpoint.api(credentials=ClientCredentials("demo", "wrong")), ECHO)
    assert (run.outcome, run.status) == ("unauthorized", None)
    assert run.failure is not None
    assert run.failure.code == "credentials-refused"


def test_an_endpoint_that_is_down_is_named() -> None:
    api: Api = ScriptedEndpoint(url="http://127.0.0.1:9").api()
    run = run_operation(api, ECHO)
    assert (run.outcome, run.status, run.seconds) == ("no-answer", None, None)


@pytest.mark.parametrize(("text", "variables"), [("query {", ""), (ECHO, "{"), (ECHO, "[]")])
def test_what_is_not_right_is_not_sent(
    endpoint: ScriptedEndpoint, text: str, variables: str
) -> None:
    assert run_operation(endpoint.api(), text, variables).outcome == "not-sent"
    assert endpoint.times("graphql") == 0


def test_the_operation_under_the_caret_is_sent(endpoint: ScriptedEndpoint) -> None:
    text = f"{ECHO}\nquery Other {{ echo }}\n{{ third }}"
    run = run_operation(endpoint.api(), text, "", None, text.index("third"))
    assert run.operation == "third"
    sent = json.loads(endpoint.last("graphql").body)
    assert sent["query"].strip() == "{ third }"
    assert sent["query"].count("\n") == 2


def test_upload_links_are_found_in_the_answer(endpoint: ScriptedEndpoint) -> None:
    run = run_operation(endpoint.api(), SINGLE)
    [slot] = run.slots
    payload = (run.data or {})["createTempFileUploadUrl"]
    assert slot.put_urls == (payload["uploadUrl"],)
    [link] = run.links
    assert (link.key, link.url) == ("downloadUrl", payload["downloadUrl"])


WRITTEN = """ {"id":485091432142801408,"big":12345678901234567890123,"price":1.10,"n":1.0,"e":1E400,
  "10":1, "9":2,"a":1,"a":2,"u":"\\u00e9\\ud800", "v": "é\u00a0"} """


def test_variables_go_out_as_they_are_written(endpoint: ScriptedEndpoint) -> None:
    assert run_operation(endpoint.api(), ECHO, WRITTEN).outcome == "ok"
    body = endpoint.last("graphql").body.decode()
    assert f'"variables": {WRITTEN.strip()}, "operationName"' in body


def test_half_a_character_in_the_variables_goes_out_as_its_escape(
    endpoint: ScriptedEndpoint,
) -> None:
    assert run_operation(endpoint.api(), ECHO, '{"a": "\ud800"}').outcome == "ok"
    assert b'{"a": "\\ud800"}' in endpoint.last("graphql").body


def test_variables_that_are_empty_are_left_out(endpoint: ScriptedEndpoint) -> None:
    run_operation(endpoint.api(), ECHO, " { } ")
    assert "variables" not in json.loads(endpoint.last("graphql").body)
