"""`imageUrl` on allowed hosts: what is fetched, and every way of being led elsewhere.

The host is a TLS server of this process with a certificate of its own authority. Names are looked
up by the tests, and the connection to a public address is made to that server instead.
"""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import service.app
from service.content_hub.refusal import InputRefusedError
from service.content_hub.sources.addresses import is_public
from service.content_hub.sources.remote_images import (
    MOST_BYTES,
    Network,
    RemoteImages,
    addresses_of,
)
from tests.service.api_client import wait_until
from tests.service.content_hub.test_mutations import REPOSITORY
from tests.service.images.test_removal import ORGANIZATION, PICTURE, REMOVE, left
from tests.service.live import Live, running

HOST = "images.example.com"
URL = f"https://{HOST}/shoe.jpg"
PUBLIC = "93.184.215.14"
Talk = Callable[[ssl.SSLSocket], None]


@dataclass
class Host:
    """A TLS server that answers every connection with one script."""

    network: Network
    talk: Talk
    requests: list[bytes] = field(default_factory=list[bytes])
    connected: list[str] = field(default_factory=list[str])
    looked_up: list[str] = field(default_factory=list[str])
    addresses: Sequence[str] = (PUBLIC,)


def answer(
    content: bytes, *headers: str, status: str = "200 OK", length: int | None = None
) -> Talk:
    size = len(content) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {size}", *headers, "", ""]
    return lambda connection: connection.sendall("\r\n".join(lines).encode() + content)


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for HOST, which is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    written = folder / "certificate.pem", folder / "key.pem"
    written[0].write_bytes(built.public_bytes(serialization.Encoding.PEM))
    written[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return written


def serve(listener: socket.socket, context: ssl.SSLContext, host: Host) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(plain, server_side=True) as connection:
                connection.settimeout(10)
                host.requests.append(connection.recv(65_536))
                host.talk(connection)
        except OSError:
            plain.close()


@pytest.fixture
def host(tmp_path: Path) -> Generator[Host, None, None]:
    certificate_file, key_file = certificate(tmp_path)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate_file, key_file)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def find(name: str) -> Sequence[str]:
        made.looked_up.append(name)
        return made.addresses

    def connect(address: str, seconds: float) -> socket.socket:
        made.connected.append(address)
        return socket.create_connection(("127.0.0.1", port), seconds)

    trust = ssl.create_default_context(cafile=str(certificate_file))
    made = Host(Network(find, connect, trust), answer(PICTURE, "Content-Type: image/jpeg"))
    thread = threading.Thread(target=serve, args=(listener, serving, made))
    thread.start()
    yield made
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def fetched(host: Host, url: str = URL, seconds: float = 20) -> bytes:
    images = RemoteImages([HOST], host.network, whole_seconds=seconds)
    with images.open("imageUrl", url) as file:
        path = file.pieces[0]
        content = path.read_bytes()
        assert file.size == len(content)
    assert not path.exists()
    return content


def refusal(host: Host, url: str = URL, seconds: float = 20) -> str:
    with pytest.raises(InputRefusedError) as caught:
        fetched(host, url, seconds)
    return str(caught.value)


@pytest.fixture
def live(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Generator[Live, None, None]:
    """A running service that may fetch from HOST."""
    monkeypatch.setattr(service.app, "RemoteImages", partial(RemoteImages, network=host.network))
    with running(tmp_path / "data", image_hosts=HOST) as made:
        yield made


def remove(live: Live, url: str) -> requests.Response:
    return live.api.graphql(REMOVE, {"org": ORGANIZATION, "img": url})


def test_an_image_of_an_allowed_host_is_cut_out_for_one_credit(live: Live, host: Host) -> None:
    before = left(live)
    reply = remove(live, f"{URL}?w=640")
    url = reply.json()["data"]["removeBackgroundFromImage"]["imageUrl"]
    assert live.api.get(url).headers["Content-Type"] == "image/png"
    assert left(live) == before - 1
    assert host.connected == [PUBLIC]
    assert host.looked_up == [HOST]
    [request] = host.requests
    assert request.startswith(b"GET /shoe.jpg?w=640 HTTP/1.1\r\nHost: images.example.com\r\n")
    assert b"Accept-Encoding: identity" in request
    assert b"Cookie" not in request
    assert b"Authorization" not in request


CAPTION = """mutation ($org: ID!, $img: String!) {
  generateCaptionForImage(input: { organizationId: $org, imageUrl: $img }) { caption } }"""


def test_an_image_of_an_allowed_host_has_a_caption_for_one_credit(live: Live, host: Host) -> None:
    """As the alt text extension asks: for a delivery URL with a size."""
    before = left(live)
    url = f"{URL}?w=512&h=512&upscale=false&sm=clamp"
    reply = live.api.graphql(CAPTION, {"org": ORGANIZATION, "img": url})
    caption = reply.json()["data"]["generateCaptionForImage"]["caption"]
    assert caption.startswith("A stand-in caption: a mostly green object in the middle")
    assert left(live) == before - 1
    [request] = host.requests
    assert request.startswith(b"GET /shoe.jpg?w=512&h=512&upscale=false&sm=clamp HTTP/1.1\r\n")


CREATE = """mutation ($in: CreateAssetInput!) {
  createAsset(input: $in) { mimeType file }
}"""


def test_an_asset_is_made_of_an_image_of_an_allowed_host(live: Live, host: Host) -> None:
    facts = {"assetRepositoryId": REPOSITORY, "type": "IMAGE", "filename": "shoe.jpg"}
    given = {**facts, "name": "shoe", "src": URL}
    made = live.api.graphql(CREATE, {"in": given}).json()["data"]["createAsset"]
    assert made["mimeType"] == "image/jpeg"
    assert live.api.get(made["file"]).content == PICTURE
    assert host.looked_up == [HOST]
    for url in ELSEWHERE[:-1]:  # an empty src is no src
        reply = live.api.graphql(CREATE, {"in": {**given, "name": "other", "src": url}})
        [problem] = reply.json()["errors"]
        assert problem["message"].endswith("or an https URL on one of images.example.com."), url
    assert host.looked_up == [HOST]


ELSEWHERE = (
    "http://images.example.com/shoe.jpg",
    "https://images.example.com:8443/shoe.jpg",
    "https://user@images.example.com/shoe.jpg",
    "https://images.example.com@169.254.169.254/shoe.jpg",
    "https://images.example.com.evil.example/shoe.jpg",
    "https://images.example.com./shoe.jpg",
    "https://images.example.com\\@127.0.0.1/shoe.jpg",
    "https://127.0.0.1/shoe.jpg",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://[::ffff:127.0.0.1]/",
    "https://\uff11\uff12\uff17.\uff10.\uff10.\uff11/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://images.example.com/a b",
    "https://images.example.com/\r\nHost: elsewhere",
    "//images.example.com/shoe.jpg",
    "file:///etc/passwd",
    "https://[",
    "",
)


def test_urls_of_other_hosts_are_never_asked(live: Live, host: Host) -> None:
    before = left(live)
    for url in ELSEWHERE:
        reply = remove(live, url)
        problem = reply.json()["errors"][0]
        assert (reply.status_code, problem["extensions"]["code"]) == (200, "BAD_USER_INPUT"), url
        assert problem["message"].endswith("or an https URL on one of images.example.com."), url
    assert (host.looked_up, host.connected) == ([], [])
    assert left(live) == before


def test_what_the_host_does_wrong_costs_nothing(live: Live, host: Host) -> None:
    before, files = left(live), live.files
    cases: dict[str, Talk] = {
        "could not be fetched": answer(b"", "Location: https://127.0.0.1/", status="302 Found"),
        "could not be fetched ": answer(b"no", status="404 Not Found"),
        "it is text/plain": answer(b"<html>no image</html>", "Content-Type: image/png"),
        "is damaged or incomplete": answer(PICTURE[: len(PICTURE) // 2]),
    }
    for message, talk in cases.items():
        host.talk = talk
        reply = remove(live, URL)
        assert reply.status_code == 200
        assert message.strip() in reply.json()["errors"][0]["message"]
    assert len(host.requests) == len(cases)
    assert left(live) == before
    assert live.files == files


def test_without_a_credit_nothing_is_fetched(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.app, "RemoteImages", partial(RemoteImages, network=host.network))
    with running(tmp_path / "data", image_hosts=HOST, credits=0) as live:
        assert "INSUFFICIENT_CREDITS" in remove(live, URL).text
    assert host.connected == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["10.1.2.3"],
        ["100.64.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        [PUBLIC, "127.0.0.1"],
        [],
    ],
)
def test_a_name_that_leads_inside_is_not_followed(host: Host, addresses: list[str]) -> None:
    host.addresses = addresses
    assert "could not be fetched" in refusal(host)
    assert host.looked_up == [HOST]
    assert host.connected == []


def test_all_failures_of_the_network_read_alike(host: Host) -> None:
    """Else callers could map the network with them."""
    messages = {refusal(host) for host.addresses in (["127.0.0.1"], [])}
    host.addresses = [PUBLIC]
    talks: Sequence[Talk] = (
        answer(b"", status="302 Found"),
        answer(PICTURE, status="500 No"),
        answer(PICTURE, "Content-Encoding: gzip"),
        answer(PICTURE, length=len(PICTURE) + 1),
        lambda connection: connection.sendall(b"no HTTP at all\r\n\r\n"),
        lambda connection: connection.close(),
    )
    for host.talk in talks:
        messages.add(refusal(host))
    assert messages == {
        "imageUrl could not be fetched from images.example.com. It must show the image itself "
        "within 20 seconds; redirects are not followed."
    }


def test_a_certificate_of_another_authority_is_refused(host: Host) -> None:
    host.network = Network(host.network.addresses_of, host.network.connect)
    assert "could not be fetched" in refusal(host)
    assert host.requests == []


@pytest.mark.parametrize("headers", [b"Content-Length: 5", b"Connection: close"])
def test_no_more_is_read_than_is_taken_whatever_is_announced(host: Host, headers: bytes) -> None:
    sent = 0

    def flood(connection: ssl.SSLSocket) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\n")
        while sent < 2 * MOST_BYTES:
            connection.sendall(bytes(2**20))
            sent += 2**20

    host.talk = flood
    if headers.startswith(b"Content-Length"):
        assert fetched(host) == bytes(5)
    else:
        assert "has more than 31,457,280 bytes" in refusal(host)
    assert sent < 2 * MOST_BYTES


def test_a_host_that_trickles_is_cut_off(host: Host) -> None:
    over = threading.Event()

    def trickle(connection: ssl.SSLSocket) -> None:
        try:
            while not over.wait(0.05):
                connection.sendall(b"H")
        finally:
            over.set()

    for start in (b"", b"HTTP/1.1 200 OK\r\n\r\n"):
        over.clear()
        host.talk = lambda connection, start=start: (
            connection.sendall(start),
            trickle(connection),
        )[1]
        assert "within 0.3 seconds" in refusal(host, seconds=0.3)
        wait_until(over.is_set)


def test_a_host_that_does_not_speak_tls_is_cut_off(host: Host) -> None:
    """The time also runs while the encryption is agreed on."""
    silent = socket.create_server(("127.0.0.1", 0))
    with silent:
        address = silent.getsockname()
        host.network = Network(
            lambda _: [PUBLIC],
            lambda _, seconds: socket.create_connection(address, seconds),
            host.network.trust,
        )
        assert "could not be fetched" in refusal(host, seconds=0.3)


def test_few_are_fetched_at_once(host: Host) -> None:
    go_on = threading.Event()
    host.talk = lambda connection: (go_on.wait(10), answer(PICTURE)(connection))[1]
    images = RemoteImages([HOST], host.network)
    errors: list[str] = []
    arrived: list[int] = []

    def fetch() -> None:
        try:
            with images.open("imageUrl", URL) as file:
                arrived.append(file.size)
        except InputRefusedError as error:
            errors.append(str(error))
            go_on.set()

    threads = [threading.Thread(target=fetch) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == ["imageUrl cannot be fetched now: 4 others are being fetched; try again."]
    assert arrived == [len(PICTURE)] * 4


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::5db8:d70e", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - not bound
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.0.0.8", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b:1::5db8:d70e", False),
        ("2002:7f00:1::", False),
        ("2002:a9fe:a9fe::1", False),
        ("2001:0:7f00:1::", False),
        ("2001:0:5db8:d70e:0:ffff:80ff:fffe", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("images.example.com", False),
        ("127.1", False),
        ("", False),
    ],
)
def test_public_addresses_are_told_from_others(address: str, *, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("name", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0"])
def test_the_spellings_of_loopback_that_systems_know_are_not_public(name: str) -> None:
    assert not any(map(is_public, addresses_of(name)))
