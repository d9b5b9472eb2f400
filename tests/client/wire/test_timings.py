"""Phases measured on real connections: plain, kept, over TLS, refused, unknown."""

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from client.connection.connection import Connection, PersonalAccessToken
from client.errors import ServiceDownError
from client.wire.exchange import Exchange, ExchangeLog
from client.wire.http import Call, Wire
from tests.serving import serving

THINKING, DRIPPING = 0.12, 0.08


class Slow(BaseHTTPRequestHandler):
    """Thinks before it answers, and stops for a while in the middle of the body."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        time.sleep(THINKING)
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"first")
        time.sleep(DRIPPING)
        self.wfile.write(b"rest.")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def plain() -> Iterator[int]:
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Slow)) as port:
        yield port


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    certificate, key = own_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with serving(server) as port:
        yield port


def own_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    written = folder / "certificate.pem", folder / "key.pem"
    written[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    written[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return written


def fetch(*urls: str) -> list[Exchange]:
    """GET each address over one wire and return the exchanges, failed ones too."""
    log = ExchangeLog()
    connection = Connection("test", "http://h/", "http://h/", PersonalAccessToken("amp_pat_x"))
    wire = Wire(connection, log)
    for url in urls:
        try:
            wire.send(Call("GET", url, "test", timeout=(5.0, 5.0)))
        except ServiceDownError:
            continue
    wire.close()
    return list(log.entries())


def test_the_time_is_told_apart_and_adds_up(plain: int) -> None:
    [exchange] = fetch(f"http://127.0.0.1:{plain}/")
    timings = exchange.timings
    assert timings.dns is not None
    assert timings.connect is not None
    assert timings.tls is None
    assert (timings.wait or 0) >= THINKING * 0.9
    assert (timings.receive or 0) >= DRIPPING * 0.9
    assert timings.known <= exchange.seconds + 0.001
    assert (timings.send or 0) < (timings.wait or 0)


def test_a_kept_connection_is_neither_looked_up_nor_made_again(plain: int) -> None:
    first, second = fetch(*[f"http://127.0.0.1:{plain}/"] * 2)
    assert first.timings.connect is not None
    assert (second.timings.dns, second.timings.connect) == (None, None)
    assert second.timings.wait is not None


def test_the_handshake_of_tls_is_told_apart(secure: int) -> None:
    first, second = fetch(*[f"https://127.0.0.1:{secure}/"] * 2)
    assert first.status == 200
    assert first.timings.tls is not None
    assert first.timings.connect is not None
    assert second.timings.tls is None


def test_a_refused_connection_has_its_time_and_no_answer() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        [exchange] = fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/")
    assert exchange.error == "no connection could be made"
    assert exchange.timings.connect is not None
    assert (exchange.timings.wait, exchange.timings.receive) == (None, None)


def test_an_unknown_host_took_the_time_of_its_look_up() -> None:
    [exchange] = fetch("http://nobody.invalid/")
    assert exchange.error == "no such host"
    assert exchange.timings.dns is not None
    assert exchange.timings.connect is None


def test_the_time_of_an_address_that_does_not_answer_is_no_look_up(
    plain: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.2", 0))
        closed = unused.getsockname()
        both = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", address)
            for address in (closed, ("127.0.0.1", plain))
        ]

        def look_up(*_arguments: object) -> list[object]:
            return list(both)

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        [exchange] = fetch(f"http://two.test:{plain}/")
    assert exchange.status == 200
    assert exchange.timings.dns is not None
    assert exchange.timings.dns < 0.05
