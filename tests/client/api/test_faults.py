"""The fault switches as the client sees them, on a live service."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.api.api import Api
from client.api.faults import FaultSwitches
from client.connection.connection import ClientCredentials, Connection
from client.errors import FaultsRefusedError, ServiceDownError, UnexpectedAnswerError
from components.upload.fault_words import SCENARIOS, switch_name, switch_text
from service.faults.switches import KINDS, read_switches
from tests.client.scripted_endpoint import QUICK, ScriptedEndpoint, answer
from tests.service.live import SMALL, Live, running


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with running(tmp_path_factory.mktemp("faults"), **SMALL, faults="on") as live:
        yield live


@pytest.fixture
def api(live: Live) -> Api:
    return Api(connection_to(live), policy=QUICK)


@pytest.fixture
def switches(api: Api, live: Live) -> FaultSwitches:
    live.service.faults.set(read_switches({}))
    return FaultSwitches(api)


def connection_to(live: Live, *, embedded: bool = True) -> Connection:
    return Connection(
        name="live",
        graphql_url=f"{live.api.base_url}/graphql",
        token_url=f"{live.api.base_url}/oauth/token",
        credentials=ClientCredentials(live.api.client_id, live.api.client_secret),
        embedded=embedded,
    )


def test_nothing_is_on_at_first_and_every_switch_is_offered(switches: FaultSwitches) -> None:
    state = switches.read()
    assert state.on == {}
    assert [kind.name for kind in state.available] == list(KINDS)
    fail_part = next(kind for kind in state.available if kind.name == "fail_part")
    assert [field.name for field in fail_part.fields] == ["part", "times", "status", "code"]
    part, times, status, code = fail_part.fields
    assert (part.lowest, part.highest, part.required) == (1, 10_000, True)
    assert (times.default, times.may_be_null) == (1, True)
    assert (status.default, status.may_be_null) == (503, False)
    assert code.may_be_null
    assert "SlowDown" in code.choices


def test_switching_on_keeps_what_else_is_on(switches: FaultSwitches) -> None:
    switches.switch_on({"fail_part": {"part": 7, "times": 2}})
    switches.switch_on({"cors_off": {}})
    assert list(switches.read().on) == ["fail_part", "cors_off"]
    switches.switch_on({"fail_part": {"part": 8}})
    assert switches.read().on["fail_part"]["part"] == 8
    switches.switch_off("fail_part")
    assert switches.read().on == {"cors_off": {}}
    switches.switch_off("never on")
    assert switches.read().on == {"cors_off": {}}
    switches.switch_all_off()
    assert switches.read().on == {}


def test_what_is_left_is_told(switches: FaultSwitches, live: Live) -> None:
    switches.switch_on({"fail_part": {"part": 7, "times": 2}})
    assert live.service.faults.fail_part(7)
    assert switches.read().on["fail_part"]["times"] == 1
    assert live.service.faults.fail_part(7)
    assert switches.read().on == {}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_is_taken_and_has_words(switches: FaultSwitches, name: str) -> None:
    wanted = SCENARIOS[name].switches
    switches.switch_on(wanted)
    on = switches.read().on
    assert on.keys() == wanted.keys()
    for switch, fields in on.items():
        text = switch_text(switch, fields)
        assert text != switch
        assert "None" not in text


def test_every_switch_of_the_service_has_a_name_for_people() -> None:
    assert [name for name in KINDS if switch_name(name) == name] == []
    assert switch_name("new_one") == switch_text("new_one", {"x": 1}) == "new_one"


def test_a_refused_value_is_named_and_changes_nothing(switches: FaultSwitches) -> None:
    switches.switch_on({"cors_off": {}})
    with pytest.raises(FaultsRefusedError, match=r"latency\.ms is 0; it must be") as caught:
        switches.switch_on({"latency": {"ms": 0}})
    assert caught.value.details["status"] == 400
    assert switches.read().on == {"cors_off": {}}


def test_a_token_that_died_early_is_replaced(switches: FaultSwitches) -> None:
    switches.switch_on({"token_expiry": {"seconds": 1}})
    time.sleep(1.1)
    assert list(switches.read().on) == ["token_expiry"]
    switches.switch_all_off()


def test_changes_are_recorded_and_readings_are_not(api: Api, switches: FaultSwitches) -> None:
    switches.switch_on({"cors_off": {}})
    switches.switch_all_off()
    recorded = [entry for entry in api.log.entries() if entry.purpose == "faults"]
    assert {entry.method for entry in recorded} == {"PUT", "DELETE"}
    put = next(entry for entry in recorded if entry.method == "PUT")
    assert json.loads(put.request_body or "") == {"cors_off": {}}
    assert "***" in put.request_headers["Authorization"]


def test_another_endpoint_has_none(live: Live) -> None:
    with pytest.raises(FaultsRefusedError, match="has no fault switches"):
        FaultSwitches(Api(connection_to(live, embedded=False)))


@pytest.mark.parametrize("setting", ["", "off"])
def test_a_service_alone_has_none_unless_started_for_it(tmp_path: Path, setting: str) -> None:
    with running(tmp_path, **SMALL, faults=setting) as live:
        switches = FaultSwitches(Api(connection_to(live)))
        for ask in (switches.read, switches.switch_all_off):
            with pytest.raises(FaultsRefusedError, match="not permitted here"):
                ask()


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}"])
def test_an_answer_of_something_else_is_not_believed(
    endpoint: ScriptedEndpoint, body: bytes
) -> None:
    endpoint.on("faults", answer(200, body))
    switches = FaultSwitches(endpoint.api(embedded=True))
    with pytest.raises(UnexpectedAnswerError):
        switches.read()


def test_a_service_that_is_down_is_named(live: Live) -> None:
    connection = replace(connection_to(live), graphql_url="http://127.0.0.1:9/graphql")
    with pytest.raises(ServiceDownError):
        FaultSwitches(Api(connection, policy=QUICK)).read()
