"""The switches themselves: what can be asked for, and how they are used up."""

import inspect
import json
import re
from dataclasses import fields
from threading import Thread
from typing import Any

import pytest

from service import errors
from service.faults.codes import S3_CODES, code_for
from service.faults.state import Faults, FaultsNotPermitted
from service.faults.switches import (
    KINDS,
    Bandwidth,
    CorsOff,
    FailPart,
    Switches,
    SwitchesError,
    describe_switches,
    read_switches,
)


def problems_of(content: object) -> list[dict[str, Any]]:
    with pytest.raises(SwitchesError) as caught:
        read_switches(content)
    return caught.value.problems


def test_every_switch_is_named_once_and_described() -> None:
    assert list(KINDS) == [row.name for row in fields(Switches)]
    described = describe_switches()
    assert described.keys() == KINDS.keys()
    assert all(entry["meaning"] for entry in described.values())
    rows = [row for entry in described.values() for row in entry["fields"].values()]
    assert all(row["meaning"] for row in rows)


def test_what_is_shown_can_be_sent_back() -> None:
    content = {"fail_part": {"part": 7, "times": 2}, "latency": {"ms": 5}, "cors_off": {}}
    switches = read_switches(content)
    assert switches.names == ("latency", "fail_part", "cors_off")
    assert read_switches(json.loads(json.dumps(switches.as_json()))) == switches


def test_null_and_absent_are_off() -> None:
    assert read_switches({"latency": None}) == read_switches({}) == Switches()


@pytest.mark.parametrize(
    ("content", "field", "words"),
    [
        ([], "switches", ["[]", "JSON object"]),
        ({"latency": {"ms": 0}}, "latency.ms", ["0", "from 1 to 60000"]),
        ({"latency": {"ms": 60_001}}, "latency.ms", ["60001", "from 1 to 60000"]),
        ({"latency": {"ms": "5"}}, "latency.ms", ['"5"', "whole number"]),
        ({"latency": {"ms": 5.5}}, "latency.ms", ["5.5", "whole number"]),
        ({"latency": {"ms": True}}, "latency.ms", ["true", "whole number"]),
        ({"latency": {"ms": None}}, "latency.ms", ["null", "whole number"]),
        ({"latency": {}}, "latency.ms", ["given"]),
        ({"latency": 5}, "latency", ["5", "JSON object", "null"]),
        ({"latency": {"ms": 5, "s": 1}}, "latency.s", ["not a field", "ms"]),
        ({"lag": {}}, "lag", ["not a switch", "latency", "cors_off"]),
        ({"fail_part": {"part": 10_001}}, "fail_part.part", ["from 1 to 10000"]),
        ({"fail_part": {"part": 1, "status": 200}}, "fail_part.status", ["400 to 599"]),
        ({"fail_part": {"part": 1, "code": "Nope"}}, "fail_part.code", ["Nope", "SlowDown"]),
        ({"fail_part": {"part": 1, "code": ["x"]}}, "fail_part.code", ["SlowDown"]),
        ({"complete_error": {"code": None}}, "complete_error.code", ["null", "InternalError"]),
        ({"fail_part": {"part": 1, "times": 0}}, "fail_part.times", ["from 1", "or null"]),
    ],
)
def test_a_refusal_names_field_value_and_limit(
    content: object, field: str, words: list[str]
) -> None:
    (problem,) = problems_of(content)
    assert problem["field"] == field
    assert all(word in problem["message"] for word in [field, *words])


def test_all_problems_are_told_at_once() -> None:
    found = problems_of({"latency": {"ms": 0}, "x": 1, "drop_part": {"part": 0, "times": -1}})
    assert [row["field"] for row in found] == [
        "latency.ms",
        "x",
        "drop_part.part",
        "drop_part.times",
    ]


def test_a_long_value_is_shortened_in_its_message() -> None:
    found = problems_of({"x" * 5000: "y" * 5000, "latency": "z" * 5000})
    assert all(len(row["message"]) < 400 for row in found)


def test_nothing_can_be_set_without_permission() -> None:
    faults = Faults(permitted=False)
    with pytest.raises(FaultsNotPermitted, match=r"--faults.*TFW_FAULTS=on"):
        faults.set(Switches(cors_off=CorsOff()))
    assert faults.active() == ()


def test_a_counter_runs_out_and_then_the_switch_is_off() -> None:
    faults = Faults(permitted=True)
    faults.set(Switches(fail_part=FailPart(part=7, times=2)))
    assert faults.fail_part(6) is None
    assert faults.active() == ("fail_part",)
    assert faults.fail_part(7)
    assert faults.switches.as_json()["fail_part"]["times"] == 1
    assert faults.fail_part(7)
    assert faults.fail_part(7) is None
    assert faults.active() == ()


def test_a_counter_is_exact_under_many_threads() -> None:
    faults = Faults(permitted=True)
    faults.set(Switches(fail_part=FailPart(part=1, times=500)))
    taken: list[FailPart] = []

    def use() -> None:
        for _ in range(200):
            if switch := faults.fail_part(1):
                taken.append(switch)

    threads = [Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 500


def test_the_slow_line_is_shared_and_never_faster_than_it_is() -> None:
    now = 100.0
    faults = Faults(permitted=True, clock=lambda: now)
    assert faults.delay_of(1000) == 0
    faults.set(Switches(bandwidth=Bandwidth(1000)))
    assert faults.piece_size() == 125
    assert [faults.delay_of(500) for _ in range(3)] == [0.5, 1.0, 1.5]
    now = 200.0
    assert faults.delay_of(500) == 0.5
    assert faults.delay_of(0) == 0


def test_every_code_the_service_sends_can_be_asked_for() -> None:
    source = inspect.getsource(errors)
    sent = set(re.findall(r'S3ApiError\(\s*"([A-Za-z]+)"', source))
    assert len(sent) > 15
    assert sent <= S3_CODES.keys()
    assert {code_for(status) for status in range(400, 600)} <= S3_CODES.keys()
