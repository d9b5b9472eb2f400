"""The nginx configuration of docs/operations.md, as it stands there, in front of the app."""

import json
import socket
import ssl
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.app.documented_nginx import documented_nginx
from tests.app_server import AppServer, free_port
from tests.own_ca import Certificates, make_certificates
from tests.service.api_client import Api, wait_until
from tests.streamlit_socket import Run, StreamlitSocket
from web.sign_in.attempts import ADDRESS_TRIES

TOO_MANY = "Too many tries."


@dataclass
class Front:
    """nginx, and the app behind it."""

    url: str
    app: AppServer
    folder: Path
    certificates: Certificates

    @property
    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificates.authority))

    @property
    def http(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.verify = str(self.certificates.authority)
        return session

    def api(self) -> Api:
        """The API as a client outside has it."""
        api = Api(self.url, **json.loads(self.client))
        api.http.verify = str(self.certificates.authority)
        api.http.trust_env = False
        return api

    @property
    def client(self) -> str:
        return (self.app.data_dir / "oauth-client.json").read_text()

    def logs(self) -> str:
        return "".join(path.read_text() for path in self.folder.glob("*.log"))


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Generator[Front]:
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    certificates = make_certificates(folder / "certificates")
    app = AppServer(folder / "data", free_port())
    url = f"https://127.0.0.1:{port}"
    app.environment |= {"TFW_PUBLIC_URL": url, "TFW_PROXY_ADDRESSES": "127.0.0.1"}
    app.start()
    with documented_nginx(folder, app, port, certificates):
        yield Front(url, app, folder, certificates)
    app.stop()


def tried(tab: StreamlitSocket, username: str, password: str) -> Run:
    """Fill in the form and send it."""
    form = tab.run()
    return tab.run(
        widgets=[
            WidgetState(id=form.widget("User name"), string_value=username),
            WidgetState(id=form.widget("Password"), string_value=password),
            WidgetState(id=form.widget("Sign in"), trigger_value=True),
        ]
    )


def is_held_up(run: Run) -> bool:
    return any(TOO_MANY in text for text in run.texts)


def guesses(
    url: str,
    source: str,
    tls: ssl.SSLContext | None = None,
    spoofed: Mapping[str, str] | None = None,
) -> list[Run]:
    """Try one more password than an address has, each for a name of its own.

    Args:
        url: of the app.
        source: the address to come from.
        tls: whom to trust.
        spoofed: headers; `{}` in them is another number with each try.
    """
    runs: list[Run] = []
    for number in range(ADDRESS_TRIES + 1):
        headers = {name: value.format(number + 1) for name, value in (spoofed or {}).items()}
        with StreamlitSocket(url, source=source, tls=tls, headers=headers) as tab:
            runs.append(tried(tab, f"nobody-{source}-{number}", "wrong"))
    return runs


def test_who_guesses_passwords_holds_up_nobody_else(front: Front) -> None:
    runs = guesses(front.url, "127.0.0.2", front.tls)
    assert [is_held_up(run) for run in runs] == [False] * ADDRESS_TRIES + [True]
    with StreamlitSocket(front.url, source="127.0.0.3", tls=front.tls) as tab:
        answer = tried(tab, "demo", front.app.password)
        assert not is_held_up(answer)
        exchange = answer.component("sign_in")
    assert exchange
    assert exchange["ticket"]


@pytest.mark.parametrize(
    ("source", "spoofed"),
    [
        ("127.0.1.1", {"X-Forwarded-For": "10.1.1.{}"}),
        ("127.0.1.2", {"Forwarded": "for=10.1.1.{}", "X-Real-IP": "10.1.1.{}"}),
    ],
)
def test_an_address_of_the_clients_own_making_does_not_get_round_the_limit(
    front: Front, source: str, spoofed: dict[str, str]
) -> None:
    assert is_held_up(guesses(front.url, source, front.tls, spoofed)[-1])


def test_past_the_proxy_no_header_is_believed(front: Front) -> None:
    spoofed = {"X-Forwarded-For": "10.1.2.{}"}
    assert is_held_up(guesses(front.app.url, "127.0.0.5", spoofed=spoofed)[-1])


def test_without_a_named_proxy_no_header_is_believed(own_app_server: AppServer) -> None:
    own_app_server.start()
    spoofed = {"X-Forwarded-For": "10.1.3.{}", "X-Forwarded-Proto": "https"}
    assert is_held_up(guesses(own_app_server.url, "127.0.0.1", spoofed=spoofed)[-1])


def test_no_log_has_a_signature_also_while_the_app_is_away(front: Front) -> None:
    api = front.api()
    urls = api.single()
    referrer = {"Referer": urls["downloadUrl"]}
    assert api.put(urls["uploadUrl"], b"content", **referrer).status_code == 200
    assert api.get(urls["downloadUrl"], **referrer).content == b"content"
    front.app.stop()
    assert api.put(urls["uploadUrl"], b"content").status_code == 502
    assert api.get(urls["downloadUrl"]).status_code == 502
    front.app.start()
    path = urlsplit(urls["uploadUrl"]).path
    wait_until(lambda: front.logs().count(path) >= 4)
    assert f'"PUT {path} HTTP/1.1" 200 ' in front.logs()
    assert "X-Amz" not in front.logs()
    assert "Signature" not in front.app.log_file.read_text()


def test_a_body_goes_through_as_it_comes_whatever_its_size(front: Front) -> None:
    api = front.api()
    urls, size = api.single(), 20_000_000
    files, there = front.app.data_dir / "files", urlsplit(urls["uploadUrl"])
    before = set(files.iterdir())
    head = (
        f"PUT {there.path}?{there.query} HTTP/1.1\r\nHost: {there.netloc}\r\n"
        f"Content-Type: image/png\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    )
    with (
        socket.create_connection((there.hostname or "", there.port or 443), 30) as plain,
        front.tls.wrap_socket(plain, server_hostname=there.hostname) as connection,
    ):
        connection.sendall(head.encode() + bytes(size // 2))
        wait_until(lambda: sum(path.stat().st_size for path in {*files.iterdir()} - before) > 0)
        connection.sendall(bytes(size - size // 2))
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
    assert len(api.get(urls["downloadUrl"]).content) == size


@pytest.mark.parametrize(
    "path", ["/service/ready", "/service/metrics", "/faults", "/_stcore/metrics"]
)
def test_what_is_for_inside_stays_inside(front: Front, path: str) -> None:
    assert front.http.get(f"{front.url}{path}", timeout=30).status_code == 403
