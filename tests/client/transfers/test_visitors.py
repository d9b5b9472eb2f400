"""What signed-in sessions have in the process: it is kept, bounded, and let go of."""

import gc
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.connection.connection import Connection
from client.transfers.bodies import FileToPlan, Plan
from client.transfers.registry import TransferRegistry
from client.transfers.slots import WaitingSlots
from client.transfers.visitors import SESSIONS, SESSIONS_PER_OWNER, Visitor, Visitors
from client.wire.exchange import Exchange
from tests.client.scripted_endpoint import ScriptedEndpoint, slow


class Named:
    """The connections, one of which an admin may change."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def __call__(self, name: str) -> Connection:
        return replace(self.connection, name=name)


@pytest.fixture
def named(endpoint: ScriptedEndpoint) -> Named:
    return Named(endpoint.connection())


@pytest.fixture
def visitors(tmp_path: Path, named: Named) -> Iterator[Visitors]:
    registry = TransferRegistry(tmp_path)
    visitors = Visitors(registry, named, WaitingSlots())
    yield visitors
    visitors.close()
    registry.close()


def plan(visitor: Visitor, transfer_id: str = "t") -> str | None:
    """Plan a file; return the code of what went wrong."""
    file = FileToPlan(id=transfer_id, name="a.txt", size=9)
    asked = Plan(holder="p", connection="scripted", files=[file])
    problem = visitor.transfers.plan(asked)[transfer_id].problem
    return problem.code if problem else None


def test_a_session_finds_its_log_as_it_was_left_and_no_other_does(visitors: Visitors) -> None:
    visitors.of("ann", "s").log.record(Exchange("GET", "http://h/", "verify"))
    assert len(visitors.of("ann", "s").log.entries()) == 1
    assert visitors.of("ann", "s") is visitors.of("ann", "s")
    assert visitors.of("ann", "another").log.entries() == ()
    assert visitors.of("bob", "s").log.entries() == ()


def test_what_was_asked_for_a_session_is_in_its_log(visitors: Visitors) -> None:
    assert plan(visitors.of("ann", "s")) is None
    purposes = [entry.purpose for entry in visitors.of("ann", "s").log.entries()]
    assert "createTempFileUploadUrl" in purposes


def test_the_least_used_session_of_a_user_makes_room_and_those_of_others_stay(
    visitors: Visitors,
) -> None:
    bob = visitors.of("bob", "s")
    known = [visitors.of("ann", str(number)) for number in range(SESSIONS_PER_OWNER)]
    assert visitors.of("ann", "0") is known[0]
    visitors.of("ann", "new")
    assert visitors.of("ann", "0") is known[0]
    assert visitors.of("ann", "1") is not known[1]
    assert visitors.of("bob", "s") is bob


def test_all_users_together_have_so_many_sessions(visitors: Visitors) -> None:
    first = visitors.of("user", "s")
    for number in range(SESSIONS - 1):
        visitors.of(f"user {number}", "s")
    assert visitors.of("user", "s") is first
    for number in range(SESSIONS):
        visitors.of(f"another {number}", "s")
    assert visitors.of("user", "s") is not first


def test_what_a_session_had_that_signed_out_is_gone(visitors: Visitors) -> None:
    mine, other = visitors.of("ann", "s"), visitors.of("ann", "another")
    visitors.drop("s")
    visitors.drop("unknown")
    assert visitors.of("ann", "s") is not mine
    assert visitors.of("ann", "another") is other


@pytest.mark.parametrize("end", ["drop", "room", "close"])
def test_the_clients_of_a_session_that_is_dropped_are_let_go_of(
    visitors: Visitors, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from client.api.api import Api

    made: list[weakref.ref[Api]] = []

    def noted(*args: object) -> Api:
        api = Api(*args)  # pyright: ignore[reportArgumentType] - as Visitor calls it
        made.append(weakref.ref(api))
        return api

    monkeypatch.setattr("client.transfers.visitors.Api", noted)
    plan(visitors.of("ann", "s"))
    assert [one() is not None for one in made] == [True]
    if end == "drop":
        visitors.drop("s")
    elif end == "close":
        visitors.close()
    else:
        for number in range(SESSIONS_PER_OWNER):
            visitors.of("ann", str(number))
    gc.collect()
    assert [one() for one in made] == [None]


def test_work_that_runs_for_a_session_that_is_dropped_goes_on(
    visitors: Visitors, endpoint: ScriptedEndpoint
) -> None:
    visitor = visitors.of("ann", "s")
    endpoint.on("token", slow(0.5))
    told: list[str | None] = []
    thread = threading.Thread(target=lambda: told.append(plan(visitor)))
    thread.start()
    deadline = time.monotonic() + 30
    while not endpoint.seen and time.monotonic() < deadline:
        time.sleep(0.01)
    visitors.drop("s")
    thread.join()
    assert told == [None]
    assert plan(visitor, "u") is None


def test_a_connection_that_an_admin_changed_has_a_new_client(
    visitors: Visitors, named: Named, endpoint: ScriptedEndpoint
) -> None:
    visitor = visitors.of("ann", "s")
    assert plan(visitor) is None
    named.connection = replace(named.connection, single_limit=3)
    calls = endpoint.times("graphql")
    assert plan(visitor, "u") is None
    assert b"Multipart" in endpoint.last("graphql").body
    assert endpoint.times("graphql") == calls + 1
