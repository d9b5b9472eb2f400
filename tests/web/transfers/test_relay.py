"""The relay's endpoint on a real socket, in front of a sender that does as it is told."""

import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from client.errors import RecordsUnavailableError
from client.transfers.relay import Relay, RelayAnswer
from client.wire.http import SizedReader
from service.http.protocol import DirectBodyProtocol, listen
from tests.service.api_client import read_all, wait_until
from web.transfers import relay
from web.transfers.relay import BLOCK, BLOCKS, RelayEndpoint, relay_routes

ADA = {"X-Tfw-User": "ada", "X-Tfw-Roles": "viewer,uploader"}
SIZE = 30 * BLOCK + 5
IDLE = 1.0
SOCKET_BUFFER = 2**17  # bytes


@dataclass
class Sender(Relay):
    """Takes part 1 of ada's transfer `t`; `during` runs in its thread with each block."""

    size: int = SIZE
    answer: RelayAnswer = field(default_factory=lambda: RelayAnswer(200, {"ETag": '"e"'}))
    during: Callable[[bytes], bool] = lambda _block: True
    received: int = 0
    calls: int = 0
    content_md5: str | None = None
    start: int = 0
    errors: queue.SimpleQueue[BaseException] = field(
        default_factory=queue.SimpleQueue[BaseException]
    )

    def part_sizes(self, owner: str, transfer_id: str, number: int) -> range | None:
        if transfer_id == "broken":
            raise RecordsUnavailableError("no disk")
        is_known = (owner, transfer_id, number) == ("ada", "t", 1)
        return range(self.size, self.size + 1) if is_known else None

    def send(
        self,
        owner: str,
        transfer_id: str,
        number: int,
        body: SizedReader,
        content_md5: str | None = None,
        start: int = 0,
    ) -> RelayAnswer:
        self.start = start
        assert (owner, transfer_id, number) == ("ada", "t", 1)
        self.calls += 1
        self.content_md5 = content_md5
        assert len(body) == self.size
        try:
            while block := body.read(BLOCK):
                self.received += len(block)
                if not self.during(block):
                    break
        except BaseException as error:
            self.errors.put(error)
            raise
        return self.answer


@pytest.fixture
def sender() -> Sender:
    return Sender()


@dataclass
class Changing:
    """An application that each test has anew, under one server for all of them."""

    current: ASGIApp = field(default_factory=Starlette)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.current(scope, receive, send)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Changing]]:
    """The server's address, and what it serves."""
    listener = listen("127.0.0.1", 0)
    # Left alone, the system buffers up to 32 MiB of a connection; what is read would not show.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BUFFER)
    app = Changing()
    server = uvicorn.Server(uvicorn.Config(app, http=DirectBodyProtocol, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", app
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def url(served: tuple[str, Changing], sender: Sender) -> Iterator[str]:
    address, app = served
    endpoint = RelayEndpoint(sender, IDLE)
    app.current = Starlette(routes=relay_routes(endpoint))
    yield address
    endpoint.close()


def put(url: str, body: Any = None, path: str = "/relay/t/1", **headers: str) -> requests.Response:
    content = bytes(SIZE) if body is None else body
    return requests.put(f"{url}{path}", data=content, headers={**ADA, **headers}, timeout=30)


def open_put(url: str, length: int = SIZE) -> socket.socket:
    """Send the head of a part."""
    port = int(url.rpartition(":")[2])
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER)
    head = {"Host": "x", "Content-Length": str(length), **ADA}
    lines = ["PUT /relay/t/1 HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    return connection


def test_a_part_is_handed_on_whole_with_its_md5(url: str, sender: Sender) -> None:
    answer = put(url, **{"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="})
    assert (answer.status_code, answer.headers["ETag"], answer.content) == (200, '"e"', b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert (sender.received, sender.content_md5) == (SIZE, "AAAAAAAAAAAAAAAAAAAAAA==")


def test_a_refusal_of_the_store_is_handed_on_after_the_whole_part(url: str, sender: Sender) -> None:
    sender.answer = RelayAnswer(503, {"Retry-After": "3", "Content-Type": "text/xml"}, b"<Error/>")
    answer = put(url)
    assert (answer.status_code, answer.content) == (503, b"<Error/>")
    assert answer.headers["Retry-After"] == "3"


@pytest.mark.parametrize("after", [1, 3 * BLOCK])
def test_a_refusal_before_the_whole_part_was_read_arrives(
    url: str, sender: Sender, after: int
) -> None:
    sender.during = lambda _block: sender.received < after
    sender.answer = RelayAnswer(403, {"Content-Type": "application/xml"}, b"<Error>expired</Error>")
    answer = put(url)
    assert (answer.status_code, answer.content) == (403, b"<Error>expired</Error>")
    assert sender.received < SIZE


def test_while_the_store_takes_nothing_the_browser_is_not_read(url: str, sender: Sender) -> None:
    go_on, sent = threading.Event(), 0
    sender.during = lambda _block: go_on.wait(20)
    with open_put(url) as connection:
        connection.setblocking(False)
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < 0.5 and sent < SIZE:
            try:
                sent += connection.send(bytes(min(BLOCK, SIZE - sent)))
                quiet_since = time.monotonic()
            except BlockingIOError:
                time.sleep(0.01)
        in_sockets = 4 * BLOCK  # many times what both sides were given, and a seventh of the part
        assert (BLOCKS + 1) * BLOCK <= sent <= (BLOCKS + 2) * BLOCK + in_sockets
        assert sender.received <= 2 * BLOCK
        go_on.set()
        connection.setblocking(True)
        connection.sendall(bytes(SIZE - sent))
        assert b" 200 OK" in connection.recv(4096)
    assert sender.received == SIZE


def test_a_browser_that_leaves_breaks_the_request_to_the_store_off(
    url: str, sender: Sender
) -> None:
    with open_put(url) as connection:
        connection.sendall(bytes(5 * BLOCK))
        wait_until(lambda: sender.received > 0)
    assert type(sender.errors.get(timeout=5)).__name__ == "BodyBrokenError"
    assert sender.received < SIZE
    assert put(url).status_code == 200


def test_a_browser_that_leaves_after_its_last_byte_breaks_it_off_too(
    url: str, sender: Sender
) -> None:
    go_on = threading.Event()
    sender.during = lambda _block: go_on.wait(20)
    sender.size = 4 * BLOCK
    with open_put(url, sender.size) as connection:
        connection.sendall(bytes(sender.size))
        wait_until(lambda: sender.received > 0)
    time.sleep(0.3)
    go_on.set()
    assert type(sender.errors.get(timeout=5)).__name__ == "BodyBrokenError"


def test_a_browser_that_falls_silent_is_told_and_the_store_is_left(
    url: str, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asgi.request_body.LINGER_IDLE_SECONDS", 0.2)
    with open_put(url) as connection:
        connection.sendall(bytes(2 * BLOCK))
        said = read_all(connection)
    assert b" 408 " in said
    assert b"part-stalled" in said
    assert type(sender.errors.get(timeout=5)).__name__ == "BodyBrokenError"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/relay/t/2", 404, "transfer-forgotten"),
        ("/relay/u/1", 404, "transfer-forgotten"),
        ("/relay/t/0", 404, "transfer-forgotten"),
        ("/relay/t/01", 404, "transfer-forgotten"),
        ("/relay/t/x", 404, "transfer-forgotten"),
        ("/relay/broken/1", 503, "records-unavailable"),
    ],
)
def test_what_is_not_the_visitor_s_part_is_refused_and_the_refusal_arrives(
    url: str, sender: Sender, path: str, status: int, code: str
) -> None:
    answer = put(url, path=path)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert sender.calls == 0


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"X-Tfw-Roles": "viewer"}, 403, "role-required"),
        ({"X-Tfw-User": "bob"}, 404, "transfer-forgotten"),
        ({"Content-MD5": "x"}, 400, "bad-content-md5"),
    ],
)
def test_who_may_not_send_and_what_is_misshapen_is_refused(
    url: str, sender: Sender, headers: dict[str, str], status: int, code: str
) -> None:
    answer = put(url, **headers)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert sender.calls == 0


@pytest.mark.parametrize("length", [SIZE - 1, SIZE + 1, 0])
def test_a_part_of_another_length_is_refused(url: str, sender: Sender, length: int) -> None:
    answer = put(url, bytes(length))
    assert (answer.status_code, answer.json()["error"]) == (413, "wrong-length")
    assert str(SIZE) in answer.json()["message"]
    assert sender.calls == 0


def test_a_part_without_a_length_is_refused(url: str, sender: Sender) -> None:
    answer = put(url, iter([bytes(BLOCK)] * 3))
    assert (answer.status_code, answer.json()["error"]) == (411, "length-required")
    assert sender.calls == 0


def test_only_put_is_answered(url: str) -> None:
    answer = requests.get(f"{url}/relay/t/1", headers=ADA, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (405, "method-not-allowed")
    lost = requests.get(f"{url}/relay/t", headers=ADA, timeout=10)
    assert (lost.status_code, lost.json()["error"]) == (404, "not-found")


def test_more_parts_than_threads_wait_and_are_refused_in_the_end(
    url: str, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "PATIENCE", 0.3)
    go_on = threading.Event()
    sender.size = 1000
    sender.during = lambda _block: go_on.wait(20)
    busy = [open_put(url, 1000) for _ in range(relay.SENDERS)]
    for connection in busy:
        connection.sendall(bytes(1000))
    wait_until(lambda: sender.calls == relay.SENDERS)
    refused = put(url, bytes(1000))
    assert (refused.status_code, refused.json()["error"]) == (503, "relay-busy")
    assert json.loads(refused.content)["message"].startswith("12 parts")
    assert refused.headers["Retry-After"] == "2"
    monkeypatch.setattr(relay, "PATIENCE", 20)
    threading.Timer(0.2, go_on.set).start()
    assert put(url, bytes(1000)).status_code == 200
    for connection in busy:
        connection.close()


def test_no_part_is_begun_while_the_process_stops(
    served: tuple[str, Changing], sender: Sender
) -> None:
    address, app = served
    endpoint = RelayEndpoint(sender, IDLE, stopping=lambda: True)
    app.current = Starlette(routes=relay_routes(endpoint))
    answer = put(address)
    assert (answer.status_code, answer.json()["error"]) == (503, "stopping")
    assert int(answer.headers["Retry-After"]) > 0
    endpoint.close()
