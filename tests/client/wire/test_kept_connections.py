"""What kept connections cost: one pool an endpoint, and nothing kept that is over."""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psutil
import pytest
import requests

from client.connection.connection import Connection, PersonalAccessToken
from client.errors import AddressError
from client.wire.exchange import ExchangeLog
from client.wire.http import Call, Wire
from client.wire.kept_connections import KeptConnections
from tests.serving import serving


class Endpoint(ThreadingHTTPServer):
    """Counts the connections that are made to it and those that are open."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.made = 0
        self.open = 0
        self.cookies: list[str | None] = []
        self.closes_after: float | None = None
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        self.made += 1
        self.open += 1
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.open -= 1


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer after the first waits 40 ms

    def setup(self) -> None:
        assert isinstance(self.server, Endpoint)
        super().setup()
        self.connection.settimeout(self.server.closes_after)

    def do_GET(self) -> None:
        assert isinstance(self.server, Endpoint)
        self.server.cookies.append(self.headers["Cookie"])
        self.send_response(200)
        self.send_header("Set-Cookie", "mine=1; Path=/")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    with serving(server):
        yield server


def wire_to(endpoint: Endpoint, log: ExchangeLog | None = None, name: str = "a") -> Wire:
    url = f"{endpoint.url}/graphql"
    return Wire(Connection(name, url, url, PersonalAccessToken(name)), log or ExchangeLog())


def ask(wire: Wire, endpoint: Endpoint) -> bytes:
    return wire.send(Call("GET", f"{endpoint.url}/", "test", timeout=(5.0, 5.0))).content


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def half_closed(endpoint: Endpoint) -> int:
    """Count our sockets whose other side is gone."""
    ours = psutil.Process().net_connections(kind="tcp")
    port = endpoint.server_address[1]
    return sum(
        one.status == psutil.CONN_CLOSE_WAIT and bool(one.raddr) and one.raddr[1] == port
        for one in ours
    )


def test_a_hundred_visits_share_a_connection_but_neither_log_nor_cookies(
    endpoint: Endpoint,
) -> None:
    logs = [ExchangeLog() for _ in range(100)]
    wires = [wire_to(endpoint, log, f"visit-{number}") for number, log in enumerate(logs)]
    for wire in wires:
        assert ask(wire, endpoint) == b"ok"
    assert endpoint.made == 1
    assert [len(list(log.entries())) for log in logs] == [1] * 100
    assert set(endpoint.cookies) == {None}


def test_many_threads_of_many_visits_at_once(endpoint: Endpoint) -> None:
    wires = [wire_to(endpoint) for _ in range(20)]
    answers: list[bytes] = []

    def work(wire: Wire) -> None:
        for _ in range(20):
            answers.append(ask(wire, endpoint))

    threads = [threading.Thread(target=work, args=(wire,)) for wire in wires]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [b"ok"] * 400
    assert endpoint.made <= len(threads)


def test_connections_go_with_the_last_who_holds_them(endpoint: Endpoint) -> None:
    gc.disable()  # nothing may wait for a collection, which is rare (.streamlit/config.toml)
    try:
        first, second = wire_to(endpoint), wire_to(endpoint)
        ask(first, endpoint)
        first.close()
        ask(second, endpoint)
        assert (endpoint.made, endpoint.open) == (1, 1)
        with pytest.raises(AddressError):
            ask(first, endpoint)
        del second  # as a visit that is forgotten: nobody calls `close`
        wait_for(lambda: endpoint.open == 0)
    finally:
        gc.enable()


def test_what_the_server_has_closed_is_let_go_without_another_call(endpoint: Endpoint) -> None:
    endpoint.closes_after = 0.2
    looking, patient = requests.Session(), requests.Session()
    looking.mount("http://", KeptConnections(look_every=0.05).of(endpoint.url))
    patient.mount("http://", KeptConnections(look_every=3600).of(endpoint.url))
    for session in (looking, patient):
        assert session.get(endpoint.url, timeout=5).text == "ok"
    wait_for(lambda: endpoint.open == 0)
    wait_for(lambda: half_closed(endpoint) == 1)
    assert looking.get(endpoint.url, timeout=5).text == "ok"
    assert endpoint.made == 3
    patient.close()
