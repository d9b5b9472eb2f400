"""What becomes of an operation: every kind of answer, from a real socket."""

import json
import time
from contextlib import suppress

import pytest

from client.api.api import Api
from client.connection.connection import ClientCredentials, PersonalAccessToken
from client.playground.run import Outcome, run_operation
from client.wire.http import ANSWER_LIMIT
from tests.client.scripted_endpoint import (
    HTML,
    Action,
    Handler,
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
        (graphql_error("bad", "BAD_USER_INPUT"), "value-refused", "graphql-error"),
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
        (answer(200, b'{"message": "hello"}'), "no-data", "unexpected-answer"),
        (answer(200, b"[1, 2]"), "no-data", "unexpected-answer"),
        (answer(200, b'[{"data": {"a": 1}}]'), "batch", "unexpected-answer"),
        (answer(204), "empty", "unexpected-answer"),
        (answer(200, b" \n"), "empty", "unexpected-answer"),
        (answer(406), "empty", "unexpected-answer"),
        (answer(302, HTML, Location="https://example.com/x"), "redirect", "unexpected-answer"),
        (answer(401), "unauthorized", "auth-expired"),
        (
            answer(200, b'event: next\ndata: {"data": {}}\n\n', Content_Type="text/event-stream"),
            "stream",
            "unexpected-answer",
        ),
        (
            answer(
                200, b'--a\r\n\r\n{"data": {}}\r\n--a--', Content_Type="Multipart/Mixed; boundary=a"
            ),
            "stream",
            "unexpected-answer",
        ),
        (answer(200, b'{"data": {"a": NaN}}'), "not-json", "unexpected-answer"),
        (
            answer(200, '{"data": {"a": "ë"}}'.encode("iso-8859-1")),
            "not-utf-8",
            "unexpected-answer",
        ),
        (drop, "no-answer", "service-down"),
    ],
)
def test_every_failure_is_told_apart(
    endpoint: ScriptedEndpoint, action: Action, outcome: Outcome, code: str
) -> None:
    endpoint.on("graphql", action)
    personal = PersonalAccessToken("amp_pat_scripted")  # a refused one is not renewed
    run = run_operation(endpoint.api(credentials=personal), ECHO)
    assert run.outcome == outcome
    assert run.failure is not None
    assert run.failure.code == code
    assert endpoint.times("graphql") == 1


def test_an_answer_above_the_limit_is_said_to_be_cut(endpoint: ScriptedEndpoint) -> None:
    start, end = b'{"data": {"a": "', b'"}}'
    fitting = start + b"x" * (ANSWER_LIMIT - len(start) - len(end)) + end
    endpoint.on("graphql", answer(200, fitting))
    assert run_operation(endpoint.api(), ECHO).outcome == "ok"
    endpoint.on("graphql", answer(200, start + b"x" + fitting[len(start) :]))
    run = run_operation(endpoint.api(), ECHO)
    assert (run.outcome, run.size, len(run.text)) == ("cut", ANSWER_LIMIT, ANSWER_LIMIT)
    assert "and more than 16,777,216 bytes" in str(run.failure)


def test_a_stream_that_does_not_end_is_given_up(endpoint: ScriptedEndpoint) -> None:
    def signs_of_life(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.close_connection = True
        with suppress(ConnectionError):
            while True:
                handler.wfile.write(b"3\r\n:\n\n\r\n")
                time.sleep(0.01)

    endpoint.on("graphql", signs_of_life)
    reply = endpoint.api().graphql.ask(ECHO, timeout=(5, 0.3))
    assert (reply.form, reply.text[:3]) == ("stream", ":\n\n")


@pytest.mark.parametrize(
    ("codec", "content_type", "encoding"),
    [
        ("utf-8-sig", "application/json", "UTF-8 with a byte order mark"),
        ("utf-16", "application/json", "UTF-16"),
        ("iso-8859-1", "application/json; charset=iso-8859-1", "ISO-8859-1"),
    ],
)
def test_an_answer_in_another_encoding_is_read_and_said_to_be(
    endpoint: ScriptedEndpoint, codec: str, content_type: str, encoding: str
) -> None:
    text = '{"data": {"name": "Zoë"}}'
    endpoint.on("graphql", answer(200, text.encode(codec), Content_Type=content_type))
    run = run_operation(endpoint.api(), ECHO)
    assert (run.outcome, run.text, run.encoding) == ("ok", text, encoding)
    assert run.data == {"name": "Zoë"}


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


@pytest.mark.parametrize(
    ("text", "variables"),
    [("query {", ""), (ECHO, "{"), (ECHO, "[]"), ("subscription { a }", "")],
)
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


def test_of_two_operations_of_one_name_only_the_one_under_the_caret_is_sent(
    endpoint: ScriptedEndpoint,
) -> None:
    text = "query Echo { echo(a: 1) }\nmutation Echo { other }"
    run_operation(endpoint.api(), text, "", "Echo", text.index("other"))
    sent = json.loads(endpoint.last("graphql").body)
    assert (sent["query"].strip(), sent["operationName"]) == ("mutation Echo { other }", "Echo")


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
    endpoint.on("graphql", json_answer(200, {"data": {"echo": None}}))
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
