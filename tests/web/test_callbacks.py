"""Clicks that come too late: the widget's state, the visitor's session or the object is gone.

Streamlit keeps the callbacks of what it has drawn, and runs them before the page. Here every widget
of every page is changed once it is too late for that, and the page must be drawn all the same:
without an error that nobody foresaw, and for a visitor who is signed out as the sign-in form.
"""

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
import requests
from google.protobuf.message import Message
from streamlit.proto.WidgetStates_pb2 import WidgetState

from client.connection.draft import ConnectionDraft
from client.connection.store import ConnectionStore
from tests.app_server import ROOT, AppServer, free_port
from tests.visit import Visit, click, event, visit
from web.sign_in.sessions import Sessions, reference_of

SAMPLE = ROOT / "components/background/picture_drop/samples/cat.jpg"
ALIKE = ("-fault-", "-sample-", "-form-", "-FormSubmitter:fault")
"""In the ids of widgets of which there are many with one callback: two of each are enough."""
OPERATION = "query Mine { __typename }"
WORKING_SECONDS = 60
LATE = "Shown to the visitor as"
"""What the log says of an error that nobody foresaw."""
ELSEWHERE = ConnectionDraft(
    name="Elsewhere",
    graphql_url="http://127.0.0.1:9/graphql",
    token_url="http://127.0.0.1:9/oauth/token",
    client_id="id",
    client_secret="secret",
)


class Stage:
    """A running app with something on every page."""

    def __init__(self, server: AppServer) -> None:
        self.server = server
        self.sessions = Sessions(server.data_dir / "web.sqlite3")
        self.connections = ConnectionStore(server.data_dir)

    def sign_in(self, username: str = "demo") -> tuple[str, str]:
        """Return a new session's id and its cookie."""
        session = self.sessions.open(username)
        return session, f"tfw_session_{self.server.port}={session}"

    def log(self) -> str:
        return self.server.log_file.read_text()

    def send(self, cookie: str, file: Path, transfer: str) -> None:
        """Upload a file as the page's JavaScript does."""
        content = file.read_bytes()

        def ask(what: str, **body: object) -> dict[str, Any]:
            url, headers = f"{self.server.url}/transfers/{what}", {"Cookie": cookie}
            told = requests.post(url, json={"holder": "p", **body}, headers=headers, timeout=30)
            assert told.status_code == 200, told.text
            return told.json()["files"][0]

        one = {"id": transfer, "name": file.name}
        new = {**one, "size": len(content), "type": "image/jpeg", "head": "/9j/4A=="}
        [url] = ask("plan", connection="Embedded service", files=[new])["plan"]["urls"]
        answer = requests.put(url, content, headers={"Content-Type": "image/jpeg"}, timeout=30)
        assert answer.status_code == 200, answer.text
        sent = {**one, "parts": [[1, 0, len(content), answer.headers["ETag"]]]}
        assert ask("complete", files=[sent])["link"]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    server = AppServer(tmp_path_factory.mktemp("app") / "data", free_port())
    server.start()
    stage = Stage(server)
    yield stage
    stage.sessions.close()
    server.stop()


def everything(stage: Stage, visitor: Visit) -> dict[str, tuple[str, Message]]:
    """Draw what there is to draw; return every widget by its id, with the title of its page."""
    found: dict[str, tuple[str, Message]] = {}

    def look(page: str) -> None:
        for widget, drawn in visitor.widgets().items():
            alike = [one for one in ALIKE if one in widget]
            if not alike or sum(alike[0] in known for known in found) < 2:
                found[widget] = page, drawn

    picture = secrets.token_hex(12)
    stage.send(visitor.cookie, SAMPLE, picture)
    visitor.run(query=f"transfer={picture}")
    look("Upload")
    visitor.run(click(visitor.widget(f"create-asset-{picture}")))
    look("Upload")
    visitor.run(click(visitor.widget("asset-create")))
    look("Upload")

    visitor.run(page="Playground")
    for switch in ("playground-with-library", "playground-with-form"):
        box = cast("Any", visitor.widgets()[visitor.widget(switch)])
        visitor.run(WidgetState(id=box.id, bool_value=True))
        look("Playground")
    visitor.run(click(visitor.widget("sample-remove-background")))
    look("Playground")
    visitor.run(click(visitor.widget("playground-form-run")))
    look("Playground")

    visitor.run(page="Background", query=f"image={picture}")
    deadline = time.monotonic() + WORKING_SECONDS
    while not any(widget.endswith(f"cuts-{picture}") for widget in visitor.widgets()):
        assert time.monotonic() < deadline, visitor.text()
        visitor.run(query=f"image={picture}")
    look("Background")

    visitor.run(page="Assets")
    look("Assets")
    [opening, *_] = [widget for widget in visitor.widgets() if "-asset-open-" in widget]
    visitor.run(click(opening))
    look("Assets")
    visitor.run(click(visitor.widget("asset-delete")))
    look("Assets")

    for connection in stage.connections.all():
        stage.connections.remove(connection.name)
    stage.connections.put(ELSEWHERE.connection())
    for page in ("Requests", "Checks", "Connections"):
        visitor.run(page=page)
        look(page)
    return found


def changes(widget: str, drawn: Message) -> list[WidgetState]:
    """Return what a browser could tell of a widget."""
    element = cast("Any", drawn)
    match type(drawn).__name__:
        case "Button":
            return [click(widget)]
        case "Checkbox":
            return [WidgetState(id=widget, bool_value=not element.default)]
        case "TextInput" | "TextArea":
            return [WidgetState(id=widget, string_value="7")]
        case "Radio" | "Selectbox":
            return [WidgetState(id=widget, string_value=one) for one in element.options[-1:]]
        case "BidiComponent":
            return [
                event(widget, name, value)
                for name, value in EVENTS.get(element.component_name.partition(".")[2], ())
            ]
        case _:
            return []


EVENTS: Mapping[str, tuple[tuple[str, object], ...]] = {
    "editor": (
        ("run", {"text": OPERATION, "variables": "", "operation_name": "", "cursor": 0, "run_id": 1,
                 "version": 0, "document": ""}),
        ("draft", None),
        ("draft", {"text": OPERATION}),
    ),
    "compare": (("strokes", [{"mode": "keep"}]), ("detail", 1), ("backdrop", {"kind": 7})),
}  # fmt: skip


def leave(stage: Stage, visitor: Visit, session: str, page: str) -> None:
    """Be on another page: what the widgets of this one held is forgotten."""
    if visitor.page == page:
        visitor.run(page="Checks" if page != "Checks" else "Background")


def sign_out(stage: Stage, visitor: Visit, session: str, page: str) -> None:
    """End the session, as its time does; the page is drawn as the sign-in form."""
    if stage.sessions.find(reference_of(session)):
        stage.sessions.revoke(reference_of(session))
        visitor.run()


def forget(stage: Stage, visitor: Visit, session: str, page: str) -> None:
    """Have the transfers, the connections and what was done in the playground vanish."""
    for connection in stage.connections.all():
        stage.connections.remove(connection.name)
    for name in ("transfers", "operations"):
        with closing(sqlite3.connect(stage.server.data_dir / f"{name}.sqlite3")) as database:
            database.execute(f"delete from {name}")  # noqa: S608 - from above
            database.commit()
    if visitor.page != page:
        visitor.run(page=page)


@pytest.mark.parametrize("calamity", [leave, sign_out, forget])
def test_what_comes_too_late_never_costs_the_page(
    stage: Stage, calamity: Callable[[Stage, Visit, str, str], None]
) -> None:
    session, cookie = stage.sign_in()
    faults: list[str] = []
    with visit(stage.server.url, cookie) as visitor:
        found = everything(stage, visitor)
        late = [
            (page, widget, change)
            for widget, (page, drawn) in found.items()
            for change in changes(widget, drawn)
        ]
        assert len(late) > 80
        for page, widget, change in late:
            calamity(stage, visitor, session, page)
            before = len(stage.log())
            visitor.run(change)
            if LATE in stage.log()[before:]:
                faults.append(f"{page} {widget} {change.WhichOneof('value')}")
            assert calamity is not sign_out or "Temp File Workbench" in visitor.text()
    assert not faults, stage.log()
