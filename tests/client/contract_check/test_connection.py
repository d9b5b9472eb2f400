import json
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from client.api.api import Api
from client.connection.connection import PersonalAccessToken, connection_from_settings
from client.contract_check.connection import STEPS, ConnectionFinding, check_connection
from client.errors import (
    CredentialsRefusedError,
    PermissionDeniedError,
    ServiceDownError,
    UnexpectedAnswerError,
)
from settings import read_settings
from tests.app_server import ServiceAlone
from tests.client.scripted_endpoint import (
    HTML,
    QUICK,
    Action,
    Handler,
    ScriptedEndpoint,
    answer,
    graphql_error,
)

ORGANIZATION, REPOSITORY = {"id": "T3Jn", "name": "Demo"}, {"id": "UmVw", "label": "Media"}


def data(content: object) -> Action:
    return answer(200, json.dumps({"data": content}).encode())


def viewer(*organizations: dict[str, str]) -> Action:
    edges = [{"node": one} for one in organizations]
    return data({"viewer": {"organizations": {"edges": edges}}})


def repositories(*found: dict[str, str]) -> Action:
    page = {"edges": [{"node": one} for one in found], "pageInfo": {"hasNextPage": False}}
    hub = {"node": {"assetRepositories": page}}
    hubs = {"edges": [hub], "pageInfo": {"hasNextPage": False}}
    return data({"viewer": {"mediaHubs": hubs}})


def balance(count: int | None) -> Action:
    node: dict[str, Any] = {"id": ORGANIZATION["id"], "creditBalance": {"balance": count}}
    return data({"viewer": {"organizations": {"edges": [{"node": node}]}}})


def skewed(seconds: float) -> Action:
    def late(handler: Handler) -> None:
        handler.date_time_string = lambda timestamp=None: formatdate(  # noqa: ARG005
            time.time() + seconds, usegmt=True
        )
        handler.carry_on()

    return late


def findings(endpoint: ScriptedEndpoint, **changes: Any) -> dict[str, ConnectionFinding]:
    found = list(check_connection(endpoint.api(**changes)))
    assert tuple(one.step for one in found) == STEPS
    return {one.step: one for one in found}


def all_well(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", viewer(ORGANIZATION), repositories(REPOSITORY), balance(7))


def test_the_embedded_service_passes_every_step(service_alone: ServiceAlone) -> None:
    settings = read_settings(service_alone.environment_of_child(), Path("/nonexistent"))
    api = Api(connection_from_settings(settings))
    found = list(check_connection(api))
    assert [one.code for one in found] == [
        "address-good",
        "token-fetched",
        "introspection-good",
        "viewer-good",
        "grants-good",
        "credits-good",
        "clock-good",
    ]
    assert {one.verdict for one in found} == {"good"}
    assert sum(one.url.endswith("/graphql") for one in api.log.entries()) <= 8


def test_a_working_endpoint_is_described(endpoint: ScriptedEndpoint) -> None:
    all_well(endpoint)
    found = findings(endpoint)
    assert {one.verdict for one in found.values()} == {"good"}
    assert found["token"].details == {"seconds": 300}
    assert found["introspection"].details == {"spelling": "fileSize and filesize"}
    assert found["viewer"].details == {"names": "Demo"}
    assert found["grants"].details == {"count": 1, "names": "Media"}
    assert found["credits"].details == {"count": 7}


def test_refused_credentials_end_the_check_with_the_reason(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("token", answer(400, b'{"error_description": "not valid"}'))
    found = findings(endpoint)
    assert isinstance(found["token"].error, CredentialsRefusedError)
    assert {found[step].verdict for step in STEPS[2:]} == {"skipped"}
    assert endpoint.times("graphql") == 0
    assert "Authorization" not in endpoint.last("introspection").headers


def test_wrong_credentials_are_told_apart_from_a_wrong_address(endpoint: ScriptedEndpoint) -> None:
    endpoint.tells_everybody = True
    endpoint.on("token", answer(401, b'{"error": "invalid_client"}'))
    found = findings(endpoint)
    assert found["introspection"].code == "introspection-address-good"
    assert {found[step].verdict for step in STEPS[3:]} == {"skipped"}
    assert endpoint.times("graphql") == 0


@pytest.mark.parametrize("action", [answer(429), answer(502, HTML), answer(200, b"{}")])
def test_an_address_that_tells_nothing_is_said_nothing_of(
    endpoint: ScriptedEndpoint, action: Action
) -> None:
    endpoint.on("token", answer(400, b"{}"))
    endpoint.on("introspection", action)
    assert findings(endpoint)["introspection"].verdict == "skipped"


@pytest.mark.parametrize(
    ("with_token", "without", "code"),
    [
        (True, True, "introspection-open"),
        (True, False, "introspection-good"),
        (False, True, "introspection-without-token"),
        (False, False, "introspection-off"),
    ],
)
def test_it_is_told_to_whom_the_schema_is(
    endpoint: ScriptedEndpoint, with_token: bool, without: bool, code: str
) -> None:
    endpoint.introspection, endpoint.tells_everybody = with_token, without
    all_well(endpoint)
    assert findings(endpoint)["introspection"].code == code


def test_an_endpoint_that_is_not_there_is_named_once(endpoint: ScriptedEndpoint) -> None:
    found = findings(
        endpoint,
        graphql_url="http://127.0.0.1:9/graphql",
        credentials=PersonalAccessToken("amp_pat_x"),
    )
    assert found["token"].code == "token-personal"
    assert isinstance(found["introspection"].error, ServiceDownError)
    assert [found[step].verdict for step in STEPS[3:]] == ["skipped"] * 4


def test_a_refused_personal_access_token_shows_at_the_first_request(
    endpoint: ScriptedEndpoint,
) -> None:
    endpoint.on("introspection", answer(401))
    found = findings(endpoint, credentials=PersonalAccessToken("amp_pat_x"))
    assert found["introspection"].verdict == "bad"
    assert found["viewer"].verdict == "skipped"
    assert found["clock"].verdict == "good"


def test_a_token_of_another_form_is_warned_of(endpoint: ScriptedEndpoint) -> None:
    all_well(endpoint)
    found = findings(endpoint, credentials=PersonalAccessToken("something"))
    assert (found["token"].verdict, found["token"].code) == ("warning", "token-form")


def test_a_token_that_is_renewed_all_the_time_is_warned_of(endpoint: ScriptedEndpoint) -> None:
    endpoint.expires_in = 20
    all_well(endpoint)
    assert findings(endpoint)["token"].code == "token-short"


def test_a_schema_kept_back_is_no_failure(endpoint: ScriptedEndpoint) -> None:
    endpoint.introspection = False
    all_well(endpoint)
    found = findings(endpoint)
    assert (found["introspection"].verdict, found["introspection"].code) == (
        "warning",
        "introspection-off",
    )
    assert found["viewer"].verdict == "good"


def test_a_page_in_the_place_of_graphql_is_quoted(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("introspection", answer(200, HTML))
    all_well(endpoint)
    error = findings(endpoint)["introspection"].error
    assert isinstance(error, UnexpectedAnswerError)
    assert "Bad gateway" in str(error)


def test_a_graphql_endpoint_of_something_else_is_told_apart(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("introspection", data({"__schema": {"mutationType": {"fields": []}}}))
    all_well(endpoint)
    assert findings(endpoint)["introspection"].code == "introspection-no-uploads"


def test_credentials_without_a_grant_are_told_by_what_they_do_not_reach(
    endpoint: ScriptedEndpoint,
) -> None:
    endpoint.on("graphql", viewer(), repositories())
    found = findings(endpoint)
    assert [found[step].code for step in ("viewer", "grants", "credits")] == [
        "viewer-none",
        "grants-none",
        "credits-unknown",
    ]


def test_a_refused_grant_does_not_hide_the_credits(endpoint: ScriptedEndpoint) -> None:
    refusal = graphql_error('Request failed with status code: "403"')
    endpoint.on("graphql", viewer(ORGANIZATION), refusal, balance(0))
    found = findings(endpoint)
    assert isinstance(found["grants"].error, PermissionDeniedError)
    assert found["credits"].code == "credits-none"


def test_defaults_that_the_credentials_do_not_reach_are_named(endpoint: ScriptedEndpoint) -> None:
    all_well(endpoint)
    found = findings(endpoint, organization="other", repository="other")
    assert [found[step].code for step in ("viewer", "grants")] == ["viewer-other", "grants-other"]
    assert [found[step].verdict for step in ("viewer", "grants")] == ["bad", "bad"]


@pytest.mark.parametrize(
    ("seconds", "code", "way"),
    [
        (0, "clock-good", None),
        (100, "clock-off", "behind"),
        (-100, "clock-off", "ahead"),
        (2000, "clock-wrong", "behind"),
    ],
)
def test_a_wrong_clock_is_told_with_its_seconds(
    endpoint: ScriptedEndpoint, seconds: float, code: str, way: str | None
) -> None:
    endpoint.on("introspection", skewed(seconds))
    all_well(endpoint)
    found = findings(endpoint)["clock"]
    assert found.code == code
    if way:
        assert found.details["way"] == way
        assert abs(int(found.details["seconds"]) - abs(seconds)) <= 2


def test_an_unencrypted_address_of_another_machine_is_warned_of() -> None:
    connection = ScriptedEndpoint().connection(
        graphql_url="http://192.0.2.1/graphql", credentials=PersonalAccessToken("amp_pat_x")
    )
    first = next(check_connection(Api(connection, policy=QUICK)))
    assert (first.verdict, first.code) == ("warning", "address-unencrypted")
