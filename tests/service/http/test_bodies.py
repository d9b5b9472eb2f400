import contextlib
import logging
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from anyio.from_thread import start_blocking_portal

from asgi.request_body import ClientGone
from service.errors import S3ApiError
from service.http.body import Body
from tests.service.api_client import (
    Api,
    error_code,
    part_list,
    read_all,
    send_head,
    wait_until,
)
from tests.service.live import Live


@pytest.fixture
def url(live: Live) -> str:
    """A fresh URL for a single PUT."""
    return live.api.single()["uploadUrl"]


def test_a_refusal_comes_before_the_body_is_sent(live: Live, url: str) -> None:
    with send_head(url, f"Content-Length: {10**12}") as connection:
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"<Code>EntityTooLarge</Code>" in answer
    assert b"connection: close" in answer.lower()


def test_a_refusal_reaches_a_client_that_sends_everything_first(live: Live, url: str) -> None:
    size = 30 * 1_000_000
    with send_head(url, f"Content-Length: {size}") as connection:
        for _ in range(30):
            connection.sendall(bytes(1_000_000))
        answer = read_all(connection)
    assert b"<Code>EntityTooLarge</Code>" in answer
    assert answer.endswith(b"</Error>")


def test_a_refusal_reaches_requests(api: Api) -> None:
    for _ in range(5):
        answer = api.put(api.single()["uploadUrl"], bytes(20_000_000))
        assert error_code(answer) == (400, "EntityTooLarge")


def test_an_expired_url_is_refused_while_the_body_is_sent(live: Live) -> None:
    url = live.signer(age=4000).sign("PUT", "/files/abc")
    assert error_code(live.api.put(url, bytes(20_000_000))) == (403, "AccessDenied")


def test_a_client_that_waits_for_100_continue_is_refused_without_it(live: Live, url: str) -> None:
    with send_head(url, "Content-Length: 99999999", "Expect: 100-continue") as connection:
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_client_that_waits_for_100_continue_gets_it(url: str) -> None:
    headers = ("Content-Length: 2", "Expect: 100-continue", "Connection: close")
    with send_head(url, *headers) as connection:
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"hi")
        assert read_all(connection).startswith(b"HTTP/1.1 200 ")


def test_the_bytes_that_follow_a_refusal_are_bounded(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asgi.request_body.LINGER_IDLE_SECONDS", 0.2)
    with send_head(url, "Content-Length: 99999999") as connection:
        assert read_all(connection).startswith(b"HTTP/1.1 400 ")


def test_a_chunked_body_is_411(api: Api, url: str) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"hello"

    answer = api.put(url, pieces())
    assert error_code(answer) == (411, "MissingContentLength")


def test_a_put_without_any_length_is_411(url: str) -> None:
    with send_head(url, "Connection: close") as connection:
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 411 ")
    assert b"<Code>MissingContentLength</Code>" in answer


def test_a_complete_without_length_is_411(live: Live) -> None:
    urls = live.api.multipart(5)
    answer = live.api.http.post(urls["completeUrl"], data=iter([b"<x/>"]), timeout=10)
    assert error_code(answer) == (411, "MissingContentLength")


def test_an_idle_body_times_out_and_keeps_nothing(live: Live, url: str) -> None:
    before = live.files
    with send_head(url, "Content-Length: 100") as connection:
        connection.sendall(b"some")
        started = time.monotonic()
        answer = connection.recv(65536)
        assert time.monotonic() - started >= live.settings.idle_timeout - 0.1
    assert b"<Code>RequestTimeout</Code>" in answer
    assert answer.startswith(b"HTTP/1.1 400 ")
    wait_until(lambda: live.files == before)


def test_a_slow_body_that_keeps_coming_is_stored(live: Live) -> None:
    urls = live.api.single()
    with send_head(urls["uploadUrl"], "Content-Length: 4", "Connection: close") as connection:
        for byte in (b"s", b"l", b"o", b"w"):
            time.sleep(live.settings.idle_timeout * 0.4)
            connection.sendall(byte)
        assert read_all(connection).startswith(b"HTTP/1.1 200 ")
    assert live.api.get(urls["downloadUrl"]).content == b"slow"


def test_a_client_that_leaves_keeps_nothing_and_logs_no_traceback(
    live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    urls = live.api.single()
    before = live.files
    connection = send_head(urls["uploadUrl"], "Content-Length: 500000")
    connection.sendall(bytes(300_000))
    wait_until(lambda: len(live.files) > len(before))
    connection.close()
    wait_until(lambda: live.files == before)
    wait_until(lambda: "the client left" in caplog.text)
    assert error_code(live.api.get(urls["downloadUrl"])) == (404, "NoSuchKey")
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("connection_header", ["close", "keep-alive"])
def test_a_longer_body_is_cut_at_content_length(live: Live, connection_header: str) -> None:
    urls = live.api.single()
    headers = ("Content-Length: 5", f"Connection: {connection_header}")
    with send_head(urls["uploadUrl"], *headers) as connection:
        connection.sendall(b"hello and more")
        assert read_all(connection).startswith(b"HTTP/1.1 200 ")
    assert live.api.get(urls["downloadUrl"]).content == b"hello"


def test_a_much_longer_body_is_cut_too_though_its_answer_may_be_lost(live: Live) -> None:
    urls = live.api.single()
    with (
        contextlib.suppress(ConnectionError),
        send_head(urls["uploadUrl"], "Content-Length: 5") as connection,
    ):
        connection.sendall(b"hello" + b"x" * 3_000_000)
        read_all(connection)
    wait_until(lambda: live.api.get(urls["downloadUrl"]).content == b"hello")


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([{"type": "http.request", "body": b"abc", "more_body": False}], "IncompleteBody"),
        ([{"type": "http.request", "body": b"a", "more_body": True}], "ClientGone"),
    ],
)
def test_a_shorter_body_is_never_taken_for_a_whole_one(
    messages: list[dict[str, Any]], expected: str
) -> None:
    waiting = iter([*messages, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(waiting)

    body = Body({"content-length": "5"}, receive, 1)
    # A thread of its own: the browser tests leave an event loop running in this one.
    with (
        start_blocking_portal() as portal,
        pytest.raises((S3ApiError, ClientGone)) as caught,
    ):
        portal.call(body.read, 100)
    assert getattr(caught.value, "code", type(caught.value).__name__) == expected


def test_a_part_with_a_longer_body_is_cut_at_content_length(live: Live) -> None:
    urls = live.api.multipart(5)
    with send_head(urls["uploadPartUrls"][0], "Content-Length: 5") as connection:
        connection.sendall(b"hello and more")
        answer = read_all(connection)
    assert b'etag: "5d41402abc4b2a76b9719d911017c592"' in answer
    etag = "5d41402abc4b2a76b9719d911017c592"
    assert live.api.complete(urls["completeUrl"], part_list([etag])).status_code == 200
    assert live.api.get(urls["downloadUrl"]).content == b"hello"


def test_noise_instead_of_a_request_is_answered_by_the_server(live: Live) -> None:
    address = ("127.0.0.1", live.settings.port)
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(b"\x00\x01 noise\r\n\r\n")
        assert read_all(connection).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("ending", ["complete", "abort"])
def test_a_part_that_arrives_after_the_end_of_its_upload_is_dropped(
    live: Live, ending: str
) -> None:
    urls = live.api.multipart(200_000)
    etags = live.api.put_parts(urls["uploadPartUrls"], [b"first"])
    before = len(live.files)
    late = send_head(urls["uploadPartUrls"][1], "Content-Length: 100000", "Connection: close")
    with late:
        late.sendall(bytes(50_000))
        wait_until(lambda: len(live.files) > before)
        _end(live, urls["completeUrl"], etags, ending)
        late.sendall(bytes(50_000))
        answer = read_all(late)
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"<Code>NoSuchUpload</Code>" in answer
    assert len(live.files) == before - (ending == "abort")


def _end(live: Live, complete_url: str, etags: list[str], ending: str) -> None:
    if ending == "complete":
        assert live.api.complete(complete_url, part_list(etags)).status_code == 200
        return
    head, _, query = complete_url.partition("?")
    upload_id = next(item for item in query.split("&") if item.startswith("uploadId="))
    path = head.removeprefix(live.settings.public_url)
    url = live.signer().sign("DELETE", path, {"uploadId": upload_id.partition("=")[2]})
    assert live.api.http.delete(url, timeout=10).status_code == 204


def test_a_reader_that_leaves_frees_the_file(full_size: Live) -> None:
    urls = full_size.api.single()
    full_size.api.put(urls["uploadUrl"], bytes(50_000_000))
    answer = requests.get(urls["downloadUrl"], stream=True, timeout=10)
    wait_until(lambda: full_size.service.store.leases.held())
    answer.close()
    wait_until(lambda: not full_size.service.store.leases.held())
