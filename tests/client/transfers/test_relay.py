"""What the relay sends for a browser, and what it hands back, against a scripted store."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.connection.connection import Connection
from client.errors import ConnectionIncompleteError, ConnectionUnknownError
from client.transfers.bodies import FileToPlan, Plan
from client.transfers.browser import BrowserTransfers
from client.transfers.record import Problem, Transfer
from client.transfers.registry import TransferRegistry
from client.transfers.relay import ANSWER_LIMIT, Relay
from client.transfers.slots import WaitingSlots
from client.wire.http import Answer, Call, Wire
from tests.client.scripted_endpoint import ScriptedEndpoint, answer, drop, s3_error

CONTENT = bytes(range(60))


class Bytes:
    """A body in memory, read as the relay reads one."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __len__(self) -> int:
        return len(self._content)

    def read(self, size: int = -1, /) -> bytes:  # noqa: ARG002 - small blocks, whatever is asked for
        block, self._content = self._content[:7], self._content[7:]
        return block


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[TransferRegistry]:
    registry = TransferRegistry(tmp_path)
    yield registry
    registry.close()


@pytest.fixture
def relay(registry: TransferRegistry, endpoint: ScriptedEndpoint) -> Iterator[Relay]:
    relay = Relay(registry, lambda name: endpoint.connection(name=name))
    yield relay
    relay.close()


@pytest.fixture
def sent(registry: TransferRegistry, endpoint: ScriptedEndpoint) -> Transfer:
    return plan(registry, endpoint, len(CONTENT))


def plan(
    registry: TransferRegistry, endpoint: ScriptedEndpoint, size: int, part_size: int | None = 60
) -> Transfer:
    api = endpoint.api()
    visitor = BrowserTransfers(registry, "ann", api.log, lambda _name: api, WaitingSlots())
    file = FileToPlan(id="t", name="a.png", size=size, type="image/png", part_size=part_size)
    visitor.plan(Plan(holder="p", connection="scripted", files=[file]))
    transfer = registry.get("ann", "t")
    assert transfer
    api.close()
    return transfer


def test_a_part_goes_to_its_url_and_its_etag_comes_back_and_is_remembered(
    relay: Relay, registry: TransferRegistry, endpoint: ScriptedEndpoint, sent: Transfer
) -> None:
    assert relay.part_sizes("ann", "t", 1) == range(60, 61)
    said = relay.send("ann", "t", 1, Bytes(CONTENT))
    etag = f'"{hashlib.md5(CONTENT).hexdigest()}"'  # noqa: S324
    assert (said.status, said.headers, said.content) == (200, {"ETag": etag}, b"")
    put = endpoint.last("part 1")
    assert put.body == CONTENT
    assert "Authorization" not in put.headers
    assert "Content-Type" not in put.headers
    assert put.headers["Content-Length"] == str(len(CONTENT))
    known = registry.get("ann", "t")
    assert known
    assert known.etags == {1: etag}


def test_a_part_that_the_browser_cuts_has_the_size_it_comes_with(
    relay: Relay, registry: TransferRegistry, endpoint: ScriptedEndpoint
) -> None:
    plan(registry, endpoint, 60, part_size=None)
    assert relay.part_sizes("ann", "t", 3) == range(1, 61)
    assert relay.part_sizes("ann", "t", 16) is None
    etag = relay.send("ann", "t", 3, Bytes(CONTENT[20:50]), None, 20).headers["ETag"]
    assert endpoint.last("part 3").body == CONTENT[20:50]
    assert registry.parts("ann", "t") == [(3, 20, 50, etag)]


def test_a_store_has_minutes_to_answer_once_every_byte_is_out(
    relay: Relay, sent: Transfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds: list[float] = []
    send = Wire.send

    def noted(wire: Wire, call: Call) -> Answer:
        seconds.append(call.timeout[1])
        return send(wire, call)

    monkeypatch.setattr(Wire, "send", noted)
    assert relay.send("ann", "t", 1, Bytes(CONTENT)).status == 200
    assert seconds == [300]


def test_a_single_upload_carries_the_planned_content_type(
    relay: Relay, registry: TransferRegistry, endpoint: ScriptedEndpoint
) -> None:
    plan(registry, endpoint, 20)
    assert relay.send("ann", "t", 1, Bytes(bytes(20))).status == 200
    planned = registry.get("ann", "t")
    assert planned
    assert planned.plan
    assert endpoint.content_type == planned.plan.content_type


def test_a_content_md5_is_handed_on(
    relay: Relay, endpoint: ScriptedEndpoint, sent: Transfer
) -> None:
    wrong = b64encode(bytes(16)).decode()
    said = relay.send("ann", "t", 1, Bytes(CONTENT), wrong)
    assert (said.status, b"BadDigest" in said.content) == (400, True)


def test_what_the_store_says_is_handed_on_within_bounds(
    relay: Relay, registry: TransferRegistry, endpoint: ScriptedEndpoint, sent: Transfer
) -> None:
    named = {"Retry_After": "7", "x_amz_request_id": "R", "Set_Cookie": "a=b", "Location": "/x"}
    endpoint.on(
        "part 1", answer(503, s3_error("SlowDown"), Content_Type="application/xml", **named)
    )
    said = relay.send("ann", "t", 1, Bytes(CONTENT))
    assert (said.status, said.content) == (503, s3_error("SlowDown"))
    assert said.headers == {
        "Retry-After": "7",
        "x-amz-request-id": "R",
        "Content-Type": "application/xml",
    }
    endpoint.on("part 1", answer(403, bytes(ANSWER_LIMIT + 1)))
    assert len(relay.send("ann", "t", 1, Bytes(CONTENT)).content) == ANSWER_LIMIT
    known = registry.get("ann", "t")
    assert known
    assert known.etags == {}


@pytest.mark.parametrize(
    ("owner", "name", "number"),
    [("bob", "t", 1), ("ann", "u", 1), ("ann", "t", 0), ("ann", "t", 2)],
)
def test_parts_that_are_not_the_owner_s_are_unknown(
    relay: Relay, endpoint: ScriptedEndpoint, sent: Transfer, owner: str, name: str, number: int
) -> None:
    before = len(endpoint.seen)
    assert relay.part_sizes(owner, name, number) is None
    said = relay.send(owner, name, number, Bytes(CONTENT))
    assert (said.status, b"transfer-forgotten" in said.content) == (404, True)
    assert len(endpoint.seen) == before


def test_nothing_is_sent_for_a_transfer_that_has_ended(
    relay: Relay, registry: TransferRegistry, sent: Transfer
) -> None:
    registry.leases.fail("ann", "t", "p", Problem("part-failed", {}))
    assert relay.part_sizes("ann", "t", 1) == range(60, 61)
    registry.leases.cancel("ann", "t", "p")
    assert relay.part_sizes("ann", "t", 1) is None


def test_a_store_that_does_not_answer_is_a_502(
    relay: Relay, endpoint: ScriptedEndpoint, sent: Transfer
) -> None:
    endpoint.on("part 1", drop)
    said = relay.send("ann", "t", 1, Bytes(CONTENT))
    assert (said.status, b'"error": "service-down"' in said.content) == (502, True)
    assert b"Signature" not in said.content


def test_a_connection_without_credentials_is_a_502_and_is_tried_again(
    registry: TransferRegistry, endpoint: ScriptedEndpoint, sent: Transfer
) -> None:
    answers: list[Connection | None] = [None, endpoint.connection()]

    def named(_name: str) -> Connection:
        connection = answers.pop(0)
        if connection is None:
            raise ConnectionIncompleteError("No credentials.", field="AMPLIENCE_PAT")
        return connection

    relay = Relay(registry, named)
    assert relay.send("ann", "t", 1, Bytes(CONTENT)).status == 502
    assert relay.send("ann", "t", 1, Bytes(CONTENT)).status == 200
    assert relay.send("ann", "t", 1, Bytes(CONTENT)).status == 200
    relay.close()


def test_each_transfer_goes_over_its_own_connection(
    registry: TransferRegistry, endpoint: ScriptedEndpoint, sent: Transfer
) -> None:
    asked: list[str] = []

    def named(name: str) -> Connection:
        asked.append(name)
        return endpoint.connection(name=name)

    relay = Relay(registry, named)
    assert relay.part_sizes("ann", "t", 1) == range(60, 61)
    assert relay.send("ann", "t", 1, Bytes(CONTENT)).status == 200
    assert relay.send("ann", "t", 1, Bytes(CONTENT)).status == 200
    assert asked == ["scripted"]
    relay.close()


def test_a_part_of_a_removed_connection_is_a_502(
    registry: TransferRegistry, sent: Transfer
) -> None:
    def named(name: str) -> Connection:
        raise ConnectionUnknownError(f'There is no connection "{name}".', name=name)

    relay = Relay(registry, named)
    said = relay.send("ann", "t", 1, Bytes(CONTENT))
    assert said.status == 502
    assert b"scripted" in said.content
    relay.close()
