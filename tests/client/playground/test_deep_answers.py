"""Answers that are JSON and nested deeper than a program can follow: typed errors everywhere."""

import base64
import json
import zlib

import pytest

from client.api.schema import read_schema
from client.content_hub.assets import ContentHubClient
from client.contract_check.connection import check_connection
from client.errors import ClientError, CredentialsRefusedError, UnexpectedAnswerError
from client.export.har import har
from client.export.markdown import markdown_report
from client.playground.answer_tables import tables_in
from client.playground.link import read_link
from client.playground.run import run_operation
from client.wire.exchange import Exchange, ExchangeLog
from tests.client.scripted_endpoint import ScriptedEndpoint, answer

DEPTHS = [300, 2_000, 20_000]
QUERY = "{ viewer { id } }"


def deep(levels: int, name: str = "x") -> bytes:
    return f'{{"data":{{"{name}":{"[" * levels}{"]" * levels}}}}}'.encode()


@pytest.mark.parametrize("levels", DEPTHS)
def test_a_deep_graphql_answer_is_named(endpoint: ScriptedEndpoint, levels: int) -> None:
    endpoint.on("graphql", answer(200, deep(levels)))
    with pytest.raises(UnexpectedAnswerError, match="JSON nested more than 200 levels deep"):
        endpoint.api().graphql.execute(QUERY)


@pytest.mark.parametrize("levels", DEPTHS)
def test_a_deep_answer_is_kept_as_it_came(endpoint: ScriptedEndpoint, levels: int) -> None:
    endpoint.on("graphql", answer(200, deep(levels)))
    run = run_operation(endpoint.api(), QUERY)
    assert (run.outcome, run.text) == ("not-json", deep(levels).decode())
    assert tables_in(run.data or {}) == []


@pytest.mark.parametrize("levels", DEPTHS)
@pytest.mark.parametrize(("status", "kind"), [(200, UnexpectedAnswerError), (400, ClientError)])
def test_a_deep_token_answer_is_named(
    endpoint: ScriptedEndpoint, levels: int, status: int, kind: type[ClientError]
) -> None:
    body = f'{{"access_token":"t","error":{"[" * levels}{"]" * levels}}}'.encode()
    endpoint.on("token", answer(status, body))
    with pytest.raises(kind) as raised:
        endpoint.api().tokens.token()
    if status == 200:
        assert "nested more than 200 levels" in str(raised.value)
    else:
        assert isinstance(raised.value, CredentialsRefusedError)


def test_the_connection_test_goes_through(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("introspection", *[answer(200, deep(5_000))] * 2)
    endpoint.on("graphql", *[answer(200, deep(5_000))] * 9)
    findings = list(check_connection(endpoint.api()))
    codes = {one.step: one.error.code if one.error else one.code for one in findings}
    assert codes["introspection"] == codes["viewer"] == codes["grants"] == "unexpected-answer"


def test_a_deep_schema_leaves_the_one_that_ships(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("introspection", *[answer(200, deep(3_000, "__schema"))] * 3)
    loaded = read_schema(endpoint.api())
    assert not loaded.live
    assert "nested" in str(loaded.problem)


@pytest.mark.parametrize("levels", DEPTHS)
def test_a_deep_body_can_be_taken_along(endpoint: ScriptedEndpoint, levels: int) -> None:
    body = f'{{"errors":{"[" * levels}{"]" * levels}}}'
    log = ExchangeLog()
    log.record(Exchange("POST", "http://h/graphql", "viewer", status=500, response_body=body))
    [entry] = log.entries()
    assert entry.failed
    archive = json.loads(har([entry]))
    assert archive["log"]["entries"][0]["response"]["content"]["text"] == body
    assert "## What failed" in markdown_report([entry], endpoint.connection(), {})


@pytest.mark.parametrize("number", ["1E400", "9" * 400, "-1E999"])
def test_numbers_beyond_every_float_are_typed_errors(
    endpoint: ScriptedEndpoint, number: str
) -> None:
    endpoint.on("token", answer(200, f'{{"access_token":"t","expires_in":{number}}}'.encode()))
    with pytest.raises(UnexpectedAnswerError):
        endpoint.api().tokens.token()


def test_a_total_beyond_every_float_counts_as_none(endpoint: ScriptedEndpoint) -> None:
    body = b'{"data":{"assetSearch":{"total":1E400,"edges":[],"pageInfo":{}}}}'
    endpoint.on("graphql", answer(200, body))
    assert ContentHubClient(endpoint.api()).free_name("a") == "a"


def test_a_link_with_a_deep_text_is_no_operation() -> None:
    packed = zlib.compress(b"[" * 5_000 + b"]" * 5_000)
    assert read_link(base64.urlsafe_b64encode(packed).decode().rstrip("=")) is None
