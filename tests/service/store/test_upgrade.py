"""Requests that offer another protocol: the offer is passed over, and their body is kept."""

import socket
from collections.abc import Generator, Iterable

import pytest

from tests.service.live import Live, running

FORM = b"grant_type=client_credentials&client_id=a&client_secret=b"
OFFERS = {
    "java": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n",
    "tls": b"Upgrade: TLS/1.3\r\nConnection: Upgrade\r\n",
    "mixed case": b"UPGRADE: Foo/1\r\nconnection: keep-alive, UPGRADE\r\n",
    "two lines": b"Connection: Upgrade\r\nUpgrade: h2c\r\nConnection: keep-alive\r\n",
    "twice": b"Upgrade: h2c\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n",
    "websocket": b"Connection: Upgrade\r\nUpgrade: websocket\r\n",
    "alone": b"Upgrade: h2c\r\n",
}
UNKNOWN = b'"invalid_client"'
FILE = bytes(range(256)) * 400


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Generator[Live]:
    with running(tmp_path_factory.mktemp("upgrade")) as live:
        yield live


def post(offer: bytes, framing: bytes = b"Content-Length: 57", body: bytes = FORM) -> bytes:
    """Ask for a token for a client that is unknown: only who reads the form can say so."""
    head = b"POST /oauth/token HTTP/1.1\r\nHost: a\r\n" + offer + framing
    return head + b"\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" + body


def refusals(live: Live, pieces: Iterable[bytes], wanted: int = 1) -> int:
    """Send pieces, each in a segment of its own, and count the answers that name the client."""
    received = b""
    with connected(live) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
        while received.count(UNKNOWN) < wanted and (block := connection.recv(65536)):
            received += block
    return received.count(UNKNOWN)


def connected(live: Live) -> socket.socket:
    return socket.create_connection(("127.0.0.1", live.settings.port), timeout=20)


def in_pieces(request: bytes, size: int) -> list[bytes]:
    return [request[at : at + size] for at in range(0, len(request), size)]


@pytest.mark.parametrize("offer", OFFERS)
@pytest.mark.parametrize("size", [1, 7, 200, 1000])
def test_the_body_is_read(live: Live, offer: str, size: int) -> None:
    assert refusals(live, in_pieces(post(OFFERS[offer]), size)) == 1


def test_each_of_several_requests_is_read_whole(live: Live) -> None:
    requests = post(OFFERS["java"]) + post(b"") + post(OFFERS["tls"])
    for size in (1, len(requests)):
        assert refusals(live, in_pieces(requests, size), wanted=3) == 3


def test_a_chunked_body_is_read(live: Live) -> None:
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(FORM), FORM)
    request = post(OFFERS["java"], b"Transfer-Encoding: chunked", chunks)
    for size in (1, 7, len(request)):
        assert refusals(live, in_pieces(request, size)) == 1


@pytest.mark.parametrize("expect", ["", "100-continue"])
def test_a_file_is_stored_whole(live: Live, expect: str) -> None:
    urls = live.api.single()
    headers = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAEA"}
    if expect:
        headers["Expect"] = expect
    assert live.api.put(urls["uploadUrl"], FILE, **headers).status_code == 200
    answer = live.api.get(urls["downloadUrl"], **headers)
    assert (answer.status_code, answer.content) == (200, FILE)


@pytest.mark.parametrize("target", [b"CONNECT a:1", b"CONNECT /oauth/token"])
def test_a_tunnel_is_not_opened(live: Live, target: bytes) -> None:
    request = target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    for offer in (b"", OFFERS["java"]):
        with connected(live) as connection:
            connection.sendall(request + offer + b"\r\n")
            assert connection.recv(4096)[9:12] in {b"400", b"404", b"405"}
