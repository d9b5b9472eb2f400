"""The gate of a running app, as websockets of Streamlit's own protocol meet it."""

import json
import re
import socket
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed, InvalidStatus

from client.connection.store import ConnectionStore
from components.words import QA_TOOLS
from tests.app_server import AppServer, free_port
from tests.streamlit_socket import Run, StreamlitSocket, sign_in
from web.live_sockets import POLICY_VIOLATION, STRANGER_BYTES, TOO_BIG
from web.sign_in.sessions import reference_of

LATE = "Every answer 300 ms late"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app whose users these tests change."""
    running = AppServer(tmp_path_factory.mktemp("gate") / "data", free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def cookie(server: AppServer) -> str:
    """A session of `demo` that no test ends."""
    return sign_in(server.url, server.password)


# Origin and Host ------------------------------------------------------------------------------


def origins_of_others(server: AppServer) -> dict[str, str]:
    port = server.port
    return {
        "another port": f"http://127.0.0.1:{port + 1}",
        "no port": "http://127.0.0.1",
        "another scheme": f"https://127.0.0.1:{port}",
        "a scheme of an extension": f"chrome-extension://127.0.0.1:{port}",
        "a sandboxed frame": "null",
        "a foreign host": "https://evil.example",
        "a foreign host with our port": f"http://evil.example:{port}",
        "localhost on another port": "http://localhost:3000",
        "our host as a user": f"http://127.0.0.1:{port}@evil.example",
        "our host as a prefix": f"http://127.0.0.1:{port}.evil.example",
        "another spelling of this machine": f"http://0.0.0.0:{port}",
    }


@pytest.mark.parametrize("name", origins_of_others(AppServer(Path(), 0)))
@pytest.mark.parametrize("signed_in", [True, False])
def test_websockets_of_other_origins_are_refused(
    server: AppServer, cookie: str, name: str, signed_in: bool
) -> None:
    origin = origins_of_others(server)[name]
    with pytest.raises(InvalidStatus) as refused:
        StreamlitSocket(server.url, cookie=cookie if signed_in else "", origin=origin)
    assert refused.value.response.status_code == 403
    assert b"wrong-origin" in (refused.value.response.body or b"")


def test_our_own_pages_and_programs_are_let_in(server: AppServer, cookie: str) -> None:
    ours = f"http://localhost:{server.port}"
    for url, origin in (
        (server.url, None),
        (server.url, server.url),
        (server.url, ""),
        (ours, None),
    ):
        with StreamlitSocket(url, cookie=cookie, origin=origin) as tab:
            assert "Temp File Workbench" not in tab.run().texts


def status_of_head(port: int, head: str) -> int:
    """Send a head as it stands and return the status of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head.encode("latin-1"))
        return int(connection.makefile("rb").readline().split()[1])


def handshake(host: str, origin: str) -> str:
    return (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("host_lines", "status"),
    [
        ("Host: 127.0.0.1:{port}\r\n", 200),
        ("Host: localhost:{port}\r\n", 200),
        ("Host: LOCALHOST:{port}\r\n", 200),
        ("Host: [::1]:{port}\r\n", 200),
        ("Host: 192.0.2.7:{port}\r\n", 200),  # an address, so nobody's name was made to lead here
        ("Host: evil.example\r\n", 421),
        ("Host: evil.example:{port}\r\n", 421),
        ("Host: 127.0.0.1.evil.example:{port}\r\n", 421),
        ("Host: 127.0.0.1:1\r\n", 421),
        ("Host: localhost\r\n", 421),
        ("", 400),
        ("Host:\r\n", 400),
        ("Host: demo@127.0.0.1:{port}\r\n", 400),
        ("Host: 127.0.0.1:{port}/x\r\n", 400),
        ("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n", 400),
    ],
)
@pytest.mark.parametrize("path", ["/", "/service/metrics", "/_stcore/health"])
def test_host_must_be_one_of_ours(
    server: AppServer, host_lines: str, status: int, path: str
) -> None:
    head = f"GET {path} HTTP/1.1\r\n{host_lines}Connection: close\r\n\r\n"
    assert status_of_head(server.port, head.format(port=server.port)) == status


def test_host_of_a_websocket_must_be_one_of_ours(server: AppServer) -> None:
    ours = f"127.0.0.1:{server.port}"
    assert status_of_head(server.port, handshake(ours, f"http://{ours}")) == 101
    for foreign in ("evil.example", f"evil.example:{server.port}"):
        assert status_of_head(server.port, handshake(foreign, f"http://{foreign}")) == 421


def test_behind_a_proxy_the_public_url_is_the_origin(own_app_server: AppServer) -> None:
    own_app_server.environment["TFW_PUBLIC_URL"] = "https://Files.Example.com:443"
    own_app_server.start()

    def status(origin: str) -> int:
        return status_of_head(own_app_server.port, handshake("files.example.com", origin))

    assert status("https://files.example.com") == 101
    for other in (
        "https://files.example.com:8443",
        "http://files.example.com",
        "http://files.example.com:3000",
        "http://localhost:3000",
        "http://0.0.0.0",
        own_app_server.url,
    ):
        assert status(other) == 403, other


# The end of a sign-in --------------------------------------------------------------------------


@dataclass
class Person:
    """An admin with a session, and the ways in which that ends."""

    server: AppServer
    username: str
    cookie: str

    @property
    def users_file(self) -> Path:
        return self.server.data_dir / "users.yaml"

    def sign_out(self) -> None:
        headers = {"Origin": self.server.url, "Cookie": self.cookie}
        request = urllib.request.Request(
            f"{self.server.url}/session", headers=headers, method="DELETE"
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 204

    def is_removed(self) -> None:
        self._change_users(lambda users: users.pop(self.username))

    def loses_a_role(self) -> None:
        self._change_users(lambda users: users[self.username].update(roles=["viewer"]))

    def is_revoked_by_another_process(self) -> None:
        self._change_sessions("DELETE FROM sessions WHERE reference = ?")

    def is_too_long_signed_in(self) -> None:
        self._change_sessions("UPDATE sessions SET expires = 1 WHERE reference = ?")

    def _change_users(self, change: Callable[[dict[str, Any]], object]) -> None:
        content = yaml.safe_load(self.users_file.read_text())
        change(content["credentials"]["usernames"])
        new = self.users_file.with_suffix(".new")
        new.write_text(yaml.safe_dump(content))
        new.replace(self.users_file)

    def _change_sessions(self, statement: str) -> None:
        reference = reference_of(self.cookie.partition("=")[2])
        with sqlite3.connect(self.server.data_dir / "web.sqlite3", timeout=30) as database:
            assert database.execute(statement, (reference,)).rowcount == 1


@pytest.fixture
def person(server: AppServer, request: pytest.FixtureRequest) -> Person:
    """A new admin, signed in."""
    username = "p" + re.sub(r"[^a-z0-9]", "", request.node.name.lower())[-40:]
    new = Person(server, username, "")
    new._change_users(lambda users: users.update({username: {**users["demo"], "roles": ["admin"]}}))  # pyright: ignore[reportPrivateUsage]
    new.cookie = sign_in(server.url, server.password, username)
    return new


ENDINGS = [
    Person.sign_out,
    Person.is_removed,
    Person.loses_a_role,
    Person.is_revoked_by_another_process,
    Person.is_too_long_signed_in,
]
each_ending = pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)


def faults_on(server: AppServer) -> list[str]:
    client = json.loads((server.data_dir / "oauth-client.json").read_text())
    form = "&".join(f"{name}={value}" for name, value in client.items())
    asked = f"grant_type=client_credentials&{form}".encode()
    with urllib.request.urlopen(f"{server.url}/oauth/token", asked, timeout=30) as answer:
        token = json.load(answer)["access_token"]
    request = urllib.request.Request(
        f"{server.url}/faults", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return sorted(json.load(answer)["on"])


def fragment_with(run: Run, label: str) -> str:
    """Return the id of the fragment that drew the widget with that label."""
    widget = run.widget(label)
    for message in run.messages:
        delta = message.delta
        if delta.fragment_id and delta.new_element.button.id == widget:
            return delta.fragment_id
    raise LookupError(label)


def trigger(run: Run, label: str) -> WidgetState:
    return WidgetState(id=run.widget(label), trigger_value=True)


def switch_qa_tools_on(tab: StreamlitSocket) -> None:
    switch = WidgetState(id=tab.run().widget(QA_TOOLS), bool_value=True)
    tab.run(widgets=[switch])


def expect_closed(tab: StreamlitSocket) -> None:
    """Wait for the end of a socket, before which no run begins and nothing is drawn."""
    came: set[str | None] = set()
    with pytest.raises(ConnectionClosed) as closed:
        came.update(message.WhichOneof("type") for message in iter(tab.receive, None))
    assert closed.value.rcvd
    assert closed.value.rcvd.code == POLICY_VIOLATION
    # One still of the run before; the other has the page ask who it is once it is back.
    assert came <= {"session_status_changed", "auto_rerun"}


@each_ending
def test_a_fragment_does_nothing_after_that(
    server: AppServer, person: Person, ending: Callable[[Person], None]
) -> None:
    with StreamlitSocket(server.url, cookie=person.cookie) as tab:
        switch_qa_tools_on(tab)
        page = tab.run()
        fragment = fragment_with(page, LATE)
        tab.run(widgets=[trigger(page, LATE)], fragment=fragment)
        assert faults_on(server) == ["latency"]
        page = tab.run()
        tab.run(widgets=[trigger(page, "Switch all off")])
        assert faults_on(server) == []
        fragment = fragment_with(page, LATE)
        ending(person)
        with suppress(ConnectionClosed):  # the server may have been faster
            tab.request_run(widgets=[trigger(page, LATE)], fragment=fragment)
        expect_closed(tab)
    assert faults_on(server) == []


def filled_form(page: Run, name: str) -> list[WidgetState]:
    """Return all fields of the form for a connection, and the press of its button."""
    values = {
        "Name": name,
        "GraphQL endpoint": "https://a.example/graphql",
        "Personal access token": "amp_pat_x",
    }
    texts = [element.text_input for element in page.elements if element.HasField("text_input")]
    numbers = [one.number_input for one in page.elements if one.HasField("number_input")]
    switches = [element.checkbox for element in page.elements if element.HasField("checkbox")]
    return [
        *(WidgetState(id=one.id, string_value=values.get(one.label, "")) for one in texts),
        *(WidgetState(id=one.id, double_value=one.default) for one in numbers),
        *(WidgetState(id=one.id, bool_value=one.default) for one in switches),
        trigger(page, "Save"),
    ]


@each_ending
def test_a_callback_and_a_full_run_do_nothing_after_that(
    server: AppServer, person: Person, ending: Callable[[Person], None]
) -> None:
    before, after = f"{person.username[-20:]} 1", f"{person.username[-20:]} 2"
    with StreamlitSocket(server.url, cookie=person.cookie, path="/connections") as tab:
        tab.run(widgets=filled_form(tab.run(), before))
        page = tab.run()
        assert page.pages
        ending(person)
        with suppress(ConnectionClosed):
            tab.request_run(widgets=filled_form(page, after))
        expect_closed(tab)
    kept = {connection.name for connection in ConnectionStore(server.data_dir).all()}
    assert before in kept
    assert after not in kept


@each_ending
def test_a_full_run_draws_nothing_after_that(
    server: AppServer, person: Person, ending: Callable[[Person], None]
) -> None:
    with StreamlitSocket(server.url, cookie=person.cookie) as tab:
        assert tab.run("requests").pages
        ending(person)
        with suppress(ConnectionClosed):
            tab.request_run("requests")
        expect_closed(tab)


@each_ending
def test_an_idle_page_is_closed_and_no_other(
    server: AppServer, person: Person, ending: Callable[[Person], None], cookie: str
) -> None:
    with (
        StreamlitSocket(server.url, cookie=cookie) as other,
        StreamlitSocket(server.url, cookie=person.cookie) as first,
        StreamlitSocket(server.url, cookie=person.cookie) as second,
    ):
        for tab in (other, first, second):
            assert tab.run().pages
        ending(person)
        expect_closed(first)
        expect_closed(second)
        assert other.run().pages


def test_a_page_is_told_how_to_sign_out_before_anything_ends(
    server: AppServer, person: Person
) -> None:
    with StreamlitSocket(server.url, cookie=person.cookie) as tab:
        page = tab.run()
        answer = tab.run(widgets=[trigger(page, "Sign out")])
        assert answer.component("sign_in")
        person.sign_out()
        expect_closed(tab)


def test_a_resumed_page_is_not_given_to_somebody_else(
    server: AppServer, person: Person, cookie: str
) -> None:
    with StreamlitSocket(server.url, cookie=person.cookie) as tab:
        session_id = tab.run().session_id
    person.loses_a_role()
    with StreamlitSocket(server.url, cookie=person.cookie, session_id=session_id) as tab:
        assert tab.run().session_id != session_id


# Odd cookies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "odd",
    [
        'a={"x": 1}',
        "n=é",
        "=nameless",
        "lonely",
        "path=/; expires=x",
        "a=b=c==",
        'q="unclosed',
        "tab=\tx",
        "a:b@c=[1,2]",
        ";;;",
        "tfw_session_x=1",
        "x" * 3000 + "=1",
        "; ".join(f"app{number}={'x' * 3000}" for number in range(3)),
    ],
)
def test_odd_cookies_of_others_never_cost_the_session(
    server: AppServer, cookie: str, odd: str
) -> None:
    for line in (f"{odd}; {cookie}", f"{cookie}; {odd}", f"{odd};{cookie};{odd}"):
        head = f"Host: 127.0.0.1:{server.port}\r\nCookie: {line}\r\nConnection: close\r\n\r\n"
        for path in ("/transfers", "/session"):
            status = status_of_head(server.port, f"GET {path} HTTP/1.1\r\n{head}")
            assert status == 200, path
        with StreamlitSocket(server.url, cookie=line) as tab:
            assert tab.run().pages


def test_of_two_cookies_of_our_name_the_live_one_counts(server: AppServer, cookie: str) -> None:
    name = cookie.partition("=")[0]
    for line in (f"{name}=old; {cookie}", f"{cookie}; {name}=old", f"{name}=; {cookie}"):
        request = urllib.request.Request(f"{server.url}/transfers", headers={"Cookie": line})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200


def test_signing_out_ends_the_session_whatever_comes_along(
    server: AppServer, person: Person
) -> None:
    live, name = person.cookie, person.cookie.partition("=")[0]
    person.cookie = f'a={{"x": 1}}; {name}=old; {live}'
    person.sign_out()
    request = urllib.request.Request(f"{server.url}/transfers", headers={"Cookie": live})
    with pytest.raises(urllib.error.HTTPError, match="401") as refused:
        urllib.request.urlopen(request, timeout=30)
    refused.value.close()


# What a stranger may send ----------------------------------------------------------------------


def test_a_stranger_sends_small_messages_only(server: AppServer, cookie: str) -> None:
    large = "x" * (STRANGER_BYTES + 1)
    with StreamlitSocket(server.url) as tab:
        form = tab.run()
        widgets = [WidgetState(id=form.widget("User name"), string_value=large)]
        with pytest.raises(ConnectionClosed) as closed:
            tab.run(widgets=widgets)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == TOO_BIG
    with StreamlitSocket(server.url, cookie=cookie) as tab:
        tab.run()
        widgets = [WidgetState(id="unknown", string_value=large)]
        assert tab.run(widgets=widgets).pages


def test_heads_are_bounded_under_the_pages_too(server: AppServer) -> None:
    ours = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
    assert status_of_head(server.port, f"{ours}X: {'a' * 16_000}\r\n\r\n") == 200
    assert status_of_head(server.port, f"{ours}X: {'a' * 40_000}\r\n\r\n") == 431


def test_metrics_are_for_those_who_signed_in(server: AppServer, cookie: str) -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json"):
        with pytest.raises(urllib.error.HTTPError, match="401") as refused:
            urllib.request.urlopen(f"{server.url}{path}", timeout=30)
        refused.value.close()
    request = urllib.request.Request(f"{server.url}/_stcore/metrics", headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert b"# EOF" in answer.read()


def test_forty_sign_ins_at_once_check_five_passwords(server: AppServer) -> None:
    tabs = [StreamlitSocket(server.url) for _ in range(40)]
    forms = [tab.run() for tab in tabs]
    for tab, form in zip(tabs, forms, strict=True):
        tab.request_run(
            widgets=[
                WidgetState(id=form.widget("User name"), string_value="nobody-at-all"),
                WidgetState(id=form.widget("Password"), string_value="wrong"),
                trigger(form, "Sign in"),
            ]
        )
    answers = [" ".join(tab.finished_run().texts) for tab in tabs]
    for tab in tabs:
        tab.close()
    assert sum("is not right" in answer for answer in answers) == 5
    assert sum("Too many tries" in answer for answer in answers) == 35


# Files of fields -------------------------------------------------------------------------------


def put_file(server: AppServer, cookie: str, session_id: str, content: bytes, name: str) -> int:
    """Send a file as `st.file_uploader` does, and return the status."""
    with requests.Session() as browser:
        xsrf = browser.get(f"{server.url}/_stcore/health", timeout=30).cookies["_streamlit_xsrf"]
        answer = browser.put(
            f"{server.url}/_stcore/upload_file/{session_id}/{name}",
            files={"file": ("f.json", content, "application/json")},
            headers={
                "Cookie": f"{cookie}; _streamlit_xsrf={xsrf}",
                "X-Xsrftoken": xsrf,
                "Origin": server.url,
            },
            timeout=60,
        )
        return answer.status_code


def test_files_of_fields_are_for_those_who_may_upload_and_have_a_sum(
    server: AppServer, person: Person
) -> None:
    with StreamlitSocket(server.url, cookie=person.cookie) as tab:
        session_id = tab.run().session_id
        full = bytes(25 * 1024 * 1024)
        assert put_file(server, person.cookie, session_id, full + bytes(2 << 20), "large") == 413
        answers = [put_file(server, person.cookie, session_id, full, str(n)) for n in range(4)]
        assert answers == [204, 204, 204, 413]  # with what a form has on top, three fit
        person.loses_a_role()
        assert put_file(server, person.cookie, session_id, b"{}", "small") == 403


def test_a_ticket_that_is_given_up_leaves_no_traceback(server: AppServer) -> None:
    before = len(server.log_file.read_text())
    head = f"POST /session HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 100\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(head.encode())
    assert requests.get(f"{server.url}/session", timeout=30).json() == {"username": None}
    assert "Traceback" not in server.log_file.read_text()[before:]
