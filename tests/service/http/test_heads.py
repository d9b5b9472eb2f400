"""Heads of requests: how large they may be, how many lines they have, how long they take."""

import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from service.http.protocol import HEAD_BYTES, HEAD_LINES, DirectBodyProtocol
from tests.service.api_client import wait_until
from tests.service.live import running
from tests.service.process import process

SOON = 0.25
GET = b"GET /service/live HTTP/1.1\r\nHost: a\r\n"
CHUNKED = (
    b"POST /oauth/token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)


class Hurried(DirectBodyProtocol):
    head_seconds = SOON


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Generator[int, None, None]:
    with running(tmp_path_factory.mktemp("heads")) as live:
        yield live.settings.port


@pytest.fixture(scope="module")
def hurried_port(tmp_path_factory: pytest.TempPathFactory) -> Generator[int, None, None]:
    options = {"http": Hurried}
    with running(tmp_path_factory.mktemp("hurried"), server_options=options) as live:
        yield live.settings.port


@contextmanager
def connected(port: int) -> Generator[socket.socket, None, None]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        yield connection


def status(connection: socket.socket) -> int:
    """Return the status of the next answer; 0 when the connection was closed without one."""
    try:
        line = connection.recv(4096)
    except ConnectionResetError:  # closed with bytes of ours unread
        return 0
    return int(line.split()[1]) if line else 0


def send_until_refused(connection: socket.socket, piece: bytes, most: int) -> int:
    """Send a piece again and again, and return the bytes sent until the connection was closed."""
    sent = 0
    try:
        while sent < most:
            connection.sendall(piece)
            sent += len(piece)
    except OSError:
        pass
    return sent


def of_size(size: int) -> bytes:
    """Return a request whose head has that many bytes of lines, by the server's count."""
    counted = len(b"/service/live") + len(b"host: a\r\n") + len(b"x: \r\n")
    return GET + b"X: " + b"a" * (size - counted) + b"\r\n\r\n"


def test_largest_head_is_answered_and_one_byte_more_is_not(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(of_size(HEAD_BYTES))
        assert status(connection) == 200
    with connected(port) as connection:
        connection.sendall(of_size(HEAD_BYTES + 1))
        assert status(connection) == 431
        assert not connection.recv(1)


def test_most_headers_are_answered_and_one_more_is_not(port: int) -> None:
    for lines, expected in ((HEAD_LINES, 200), (HEAD_LINES + 1, 431)):
        with connected(port) as connection:
            connection.sendall(GET + b"X: 1\r\n" * (lines - 1) + b"\r\n")
            assert status(connection) == expected


@pytest.mark.parametrize(
    "start",
    [
        GET + b"X: ",
        GET,
        b"GET /",
        b"GET /?",
        b"",
        CHUNKED + b"1;",
        CHUNKED + b"1\r\na\r\n0\r\nX: ",
        CHUNKED + b"1\r\na\r\n0\r\n",
    ],
    ids=["value", "name", "path", "query", "nothing", "chunk extension", "trailer", "trailer name"],
)
def test_an_endless_line_is_cut_off_early(port: int, start: bytes) -> None:
    with connected(port) as connection:
        connection.sendall(start)
        piece = b"\r\n" * 500 if not start else b"a" * 1000
        # What the kernels on both ends hold comes on top of what the server took.
        assert send_until_refused(connection, piece, 60_000_000) < 20_000_000


def test_endless_trailers_are_cut_off_early(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(CHUNKED + b"1\r\na\r\n0\r\n")
        assert send_until_refused(connection, b"X: 1\r\n" * 100, 60_000_000) < 20_000_000


def test_chunks_and_trailers_of_an_honest_client_are_taken(port: int) -> None:
    with connected(port) as connection:
        body = b"1;a=b\r\na\r\n" * 20_000
        connection.sendall(CHUNKED + body + b"0\r\nX: 1\r\n\r\n")
        # The service has read all of it and found no form: the parser's refusal has no JSON.
        answer = b""
        while b'"invalid_request"' not in answer:
            block = connection.recv(4096)
            assert block, answer
            answer += block


def test_others_are_answered_while_somebody_sends_a_head_without_end(port: int) -> None:
    with connected(port) as stranger, connected(port) as other:
        stranger.sendall(GET + b"X: ")
        sent = send_until_refused(stranger, b"a" * 60_000, 60_000_000)
        other.sendall(GET + b"\r\n")
        assert status(other) == 200
    assert sent < 60_000_000


def test_pipelined_requests_are_each_counted_anew(port: int) -> None:
    with connected(port) as connection:
        head = GET + b"X: " + b"a" * (HEAD_BYTES // 2) + b"\r\n\r\n"
        connection.sendall(head * 5)
        received = b""
        while received.count(b"HTTP/1.1 200") < 5:
            received += connection.recv(4096)


def test_half_a_head_is_answered_408_after_its_time(hurried_port: int) -> None:
    with connected(hurried_port) as connection:
        connection.sendall(GET)
        assert status(connection) == 408
        assert not connection.recv(1)


def test_a_drip_does_not_prolong_it(hurried_port: int) -> None:
    with connected(hurried_port) as connection:
        connection.sendall(GET + b"X: ")
        connection.settimeout(SOON / 5)
        answer = b""
        for _ in range(100):
            try:
                answer = connection.recv(4096)
                break
            except TimeoutError:
                connection.sendall(b"a")
        assert answer.startswith(b"HTTP/1.1 408")


def test_a_connection_that_sends_nothing_is_closed(hurried_port: int) -> None:
    with connected(hurried_port) as connection:
        assert not connection.recv(1)


def test_line_ends_alone_do_not_keep_a_used_connection(hurried_port: int) -> None:
    with connected(hurried_port) as connection:
        connection.sendall(GET + b"\r\n")
        assert status(connection) == 200
        connection.sendall(b"\r\n")
        assert not connection.recv(1)


def test_time_counts_for_the_second_head_too(hurried_port: int) -> None:
    with connected(hurried_port) as connection:
        connection.sendall(GET + b"\r\n" + GET)
        assert status(connection) == 200
        assert status(connection) == 408


def test_an_idle_connection_that_was_used_stays_open(hurried_port: int) -> None:
    """Its time is the keep-alive's, which uvicorn has at 5 seconds here."""
    with connected(hurried_port) as connection:
        connection.sendall(GET + b"\r\n")
        assert status(connection) == 200
        before = time.monotonic()
        wait_until(lambda: time.monotonic() > before + 3 * SOON)
        connection.sendall(GET + b"\r\n")
        assert status(connection) == 200


def test_a_slow_body_has_a_clock_of_its_own(hurried_port: int) -> None:
    with connected(hurried_port) as connection:
        body = b"grant_type=x"
        head = f"POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode())
        for byte in body[:3]:
            before = time.monotonic()
            wait_until(lambda before=before: time.monotonic() > before + SOON / 2)
            connection.sendall(bytes([byte]))
        connection.sendall(body[3:])
        assert status(connection) in {400, 401, 415}


def test_the_service_alone_is_bounded(tmp_path: Path) -> None:
    with process(tmp_path / "data") as (api, _):
        served = urlsplit(api.base_url).port
        assert served
        for size, expected in ((HEAD_BYTES, 200), (HEAD_BYTES + 1, 431)):
            with connected(served) as connection:
                connection.sendall(of_size(size))
                assert status(connection) == expected
