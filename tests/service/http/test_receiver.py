"""Bodies that threads read straight from their sockets: the same answers as by the event loop."""

import base64
import errno
import hashlib
import logging
import socket
import struct
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from service.http.direct_body import Receivers, offer_of
from tests.service.api_client import Api, error_code, part_list, read_all, send_head, wait_until
from tests.service.live import Live, running

BODY = bytes(range(256)) * 4000  # more than the event loop reads ahead
ETAG = hashlib.md5(BODY, usedforsecurity=False).hexdigest()


@pytest.fixture(scope="module", params=["uvloop", "asyncio"])
def large(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Live]:
    """A service with the documented limits, on either event loop."""
    options = {"loop": request.param}
    with running(tmp_path_factory.mktemp("large"), server_options=options, idle_timeout=1) as live:
        yield live


@pytest.fixture
def no_event_loop_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a test fail that would read a body through the event loop."""

    def refuse(*_: Any) -> Any:
        raise AssertionError("the body came through the event loop")

    monkeypatch.setattr("service.http.body.Body.batches", refuse)


@pytest.mark.usefixtures("no_event_loop_bodies")
def test_parts_on_one_kept_connection_are_read_directly(large: Live) -> None:
    block = BODY * 6
    urls = large.api.multipart(4 * len(block))
    etags = large.api.put_parts(urls["uploadPartUrls"], [block] * 3 + [BODY])
    assert large.api.complete(urls["completeUrl"], part_list(etags)).status_code == 200
    assert large.api.get(urls["downloadUrl"]).content == block * 3 + BODY


@pytest.mark.usefixtures("no_event_loop_bodies")
def test_many_parts_at_once_are_kept_apart(large: Live) -> None:
    urls = large.api.multipart(40 * 5_242_880)["uploadPartUrls"]
    blocks = [bytes([number]) * 700_000 for number in range(40)]

    def put(number: int) -> str:
        api = Api(large.api.base_url, "", "")
        answer = api.put(urls[number], blocks[number])
        api.http.close()
        return answer.headers["ETag"].strip('"')

    with ThreadPoolExecutor(8) as pool:
        etags = list(pool.map(put, range(40)))
    assert etags == [hashlib.md5(block, usedforsecurity=False).hexdigest() for block in blocks]


@pytest.mark.usefixtures("no_event_loop_bodies")
def test_the_answer_has_every_header_of_the_ordinary_way(large: Live) -> None:
    answer = large.api.put(large.api.single()["uploadUrl"], BODY)
    assert answer.headers["ETag"] == f'"{ETAG}"'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Local-Service"] == "1"
    assert "x-amz-request-id" in answer.headers
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.usefixtures("no_event_loop_bodies")
def test_a_request_sent_behind_the_body_is_answered_after_it(large: Live) -> None:
    urls = large.api.single()
    parts = urlsplit(urls["downloadUrl"])
    second = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    with send_head(urls["uploadUrl"], f"Content-Length: {len(BODY)}") as connection:
        connection.sendall(BODY + f"{second}Connection: close\r\n\r\n".encode())
        answers = read_all(connection)
    assert answers.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert answers.endswith(BODY)


@pytest.mark.usefixtures("no_event_loop_bodies")
@pytest.mark.parametrize("connection_header", ["close", "keep-alive"])
def test_bytes_that_follow_are_no_part_of_the_body(large: Live, connection_header: str) -> None:
    urls = large.api.single()
    headers = (f"Content-Length: {len(BODY)}", f"Connection: {connection_header}")
    with send_head(urls["uploadUrl"], *headers) as connection:
        connection.sendall(BODY + b"and more")
        assert read_all(connection).startswith(b"HTTP/1.1 200 ")
    assert large.api.get(urls["downloadUrl"]).content == BODY


@pytest.mark.usefixtures("no_event_loop_bodies")
def test_a_client_that_waits_for_100_continue_gets_it_and_keeps_its_connection(large: Live) -> None:
    url = large.api.single()["uploadUrl"]
    headers = (f"Content-Length: {len(BODY)}", "Expect: 100-continue")
    with send_head(url, *headers) as connection:
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(BODY)
        answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"GET /files HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n")
        assert read_all(connection).startswith(b"HTTP/1.1 404 ")


@pytest.mark.usefixtures("no_event_loop_bodies")
def test_a_wrong_digest_is_refused_and_the_connection_lives_on(large: Live) -> None:
    before = large.files
    digest = base64.b64encode(hashlib.md5(b"other", usedforsecurity=False).digest()).decode()
    urls = large.api.single()
    answer = large.api.put(urls["uploadUrl"], BODY, **{"Content-MD5": digest})
    assert error_code(answer) == (400, "BadDigest")
    assert answer.headers.get("Connection") != "close"
    assert large.files == before


@pytest.mark.usefixtures("no_event_loop_bodies")
def test_a_client_that_closes_its_side_early_is_told_so(large: Live) -> None:
    before = large.files
    with send_head(large.api.single()["uploadUrl"], "Content-Length: 900000") as connection:
        connection.sendall(BODY[:500_000])
        connection.shutdown(socket.SHUT_WR)
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"<Code>IncompleteBody</Code>" in answer
    assert b"<NumberBytesProvided>500000</NumberBytesProvided>" in answer
    assert b"connection: close" in answer.lower()
    wait_until(lambda: large.files == before)


@pytest.mark.usefixtures("no_event_loop_bodies")
def test_a_connection_that_breaks_leaves_nothing(
    large: Live, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = large.files
    connection = send_head(large.api.single()["uploadUrl"], "Content-Length: 900000")
    connection.sendall(BODY[:500_000])
    wait_until(lambda: large.files != before)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    wait_until(lambda: large.files == before)
    wait_until(lambda: "the client left" in caplog.text)
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.usefixtures("no_event_loop_bodies")
def test_an_idle_body_times_out_and_keeps_nothing(
    large: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asgi.request_body.LINGER_IDLE_SECONDS", 0.2)
    before = large.files
    with send_head(large.api.single()["uploadUrl"], "Content-Length: 900000") as connection:
        connection.sendall(BODY[:500_000])
        started = time.monotonic()
        answer = read_all(connection)
        assert time.monotonic() - started > 0.9
    assert b"<Code>RequestTimeout</Code>" in answer
    wait_until(lambda: large.files == before)


@pytest.mark.usefixtures("no_event_loop_bodies")
def test_a_failing_disk_is_told_to_a_client_that_goes_on_sending(
    large: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = large.files

    def fail(*_: Any) -> None:
        raise OSError(errno.EIO, "the disk is gone")

    monkeypatch.setattr("service.store.folder.Draft.append", fail)
    url = large.api.single()["uploadUrl"]
    with send_head(url, f"Content-Length: {30 * len(BODY)}") as connection:
        for _ in range(30):
            connection.sendall(BODY)
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 5")
    assert answer.endswith(b"</Error>")
    assert large.files == before


def test_idle_bodies_hold_threads_for_the_idle_time_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receivers = Receivers(2)
    monkeypatch.setattr("service.s3_api.files.Receivers", lambda: receivers)
    monkeypatch.setattr("asgi.request_body.LINGER_IDLE_SECONDS", 0.2)
    with running(tmp_path, idle_timeout=1) as live:
        urls = [live.api.single()["uploadUrl"] for _ in range(5)]
        idle = [send_head(url, "Content-Length: 900000") for url in urls[:4]]
        wait_until(lambda: not receivers.available)
        # Without a free thread the event loop receives, as it does behind any other server.
        assert live.api.put(urls[4], BODY).headers["ETag"] == f'"{ETAG}"'
        for connection in idle:
            with connection:
                assert b"RequestTimeout" in read_all(connection)
        wait_until(lambda: receivers.available)


@pytest.mark.parametrize("http", ["h11", "httptools"])
def test_other_servers_serve_the_same_without_direct_bodies(tmp_path: Path, http: str) -> None:
    with running(tmp_path, server_options={"http": http}, idle_timeout=1) as live:
        urls = live.api.single()
        assert live.api.put(urls["uploadUrl"], BODY).headers["ETag"] == f'"{ETAG}"'
        assert live.api.get(urls["downloadUrl"]).content == BODY


def test_a_middleware_may_withdraw_the_offer() -> None:
    assert offer_of({"extensions": {}}) is None
    assert offer_of({}) is None


def test_http_1_0_goes_through_the_event_loop(large: Live) -> None:
    urls = large.api.single()
    parts = urlsplit(urls["uploadUrl"])
    head = f"PUT {parts.path}?{parts.query} HTTP/1.0\r\nHost: {parts.netloc}\r\n"
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(f"{head}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
        assert b" 200 OK" in read_all(connection).splitlines()[0]
    assert large.api.get(urls["downloadUrl"]).content == BODY
