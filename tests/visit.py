"""A visit of the pages without a browser, over sockets of `tests/streamlit_socket.py`.

What a browser sends, and when, is up to the test: a click on something that is not there any more,
an event of a component whose state is forgotten, a malformed one.
"""

import json
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from google.protobuf.message import Message
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed

from tests.streamlit_socket import Run, StreamlitSocket

WIDGET = "$$ID-"
"""What the ids of widgets begin with."""
HASH = 32
"""Hex digits between that and the widget's key."""
TRIGGERS = "$$STREAMLIT_INTERNAL_KEY_{id}__events"
"""The id under which a component of that id tells its events."""


@dataclass
class Visit:
    """An open tab, and what its last run drew.

    Attributes:
        page: the title of the page on show.
        elements: what the last run drew, in the order of its drawing.
    """

    url: str
    cookie: str
    sockets: ExitStack
    page: str = ""
    paths: dict[str, str] = field(default_factory=dict[str, str])
    elements: list[Message] = field(default_factory=list[Message])
    socket: StreamlitSocket = field(init=False)

    def connect(self) -> None:
        """Open a socket as a page does that was loaded just now."""
        self.socket = self.sockets.enter_context(StreamlitSocket(self.url, cookie=self.cookie))

    def run(self, *changed: WidgetState, page: str | None = None, query: str = "") -> None:
        """Have a page run, with these widgets changed, and take in what it draws.

        As a browser does, it connects anew, and asks for the page, where the app has hung up.

        Args:
            changed: what a browser would tell of widgets, drawn or not.
            page: the title of another page to go to.
            query: of the address.
        """
        path = self.paths.get(self.page if page is None else page, "")
        try:
            self._take(self.socket.run(path, widgets=changed, query=query))
        except ConnectionClosed:
            self.connect()
            self._take(self.socket.run(path, query=query))

    def take_in(self) -> None:
        """Take in what another run draws that nobody asked for here."""
        self._take(self.socket.finished_run())

    def widgets(self) -> dict[str, Message]:
        """Return what the last run drew and a person can change, by its id."""
        ids = {str(getattr(element, "id", "")): element for element in self.elements}
        return {widget: element for widget, element in ids.items() if widget.startswith(WIDGET)}

    def widget(self, key: str) -> str:
        """Return the id of the widget of that key."""
        [found] = [one for one in self.widgets() if one.removeprefix(WIDGET)[HASH:] == f"-{key}"]
        return found

    def data_of(self, key: str) -> Any:
        """Return what the component of that key was given."""
        drawn = cast("Any", self.widgets()[self.widget(key)])
        return json.loads(drawn.json)

    def text(self) -> str:
        """Return what the last run drew, as text to search in."""
        return "\n".join(str(element) for element in self.elements)

    def _take(self, run: Run) -> None:
        """Keep what was drawn; of several runs in a row, what the last drew."""
        for message in run.messages:
            match message.WhichOneof("type"):
                case "new_session":
                    self.elements = []
                case "navigation":
                    shown, pages = message.navigation.page_script_hash, message.navigation.app_pages
                    self.paths = {one.page_name: one.url_pathname for one in pages}
                    [self.page] = [one.page_name for one in pages if one.page_script_hash == shown]
                case "delta":
                    delta = message.delta
                    holder = delta.new_element if delta.HasField("new_element") else delta.add_block
                    kind = holder.WhichOneof("type")
                    self.elements += [getattr(holder, kind)] if kind else []
                case _:
                    pass


def event(component: str, name: str, value: object) -> WidgetState:
    """Return what a browser tells when the component of that id sets a trigger."""
    told = json.dumps([{"event": name, "value": value}])
    return WidgetState(id=TRIGGERS.format(id=component), json_trigger_value=told)


def click(button: str) -> WidgetState:
    """Return what a browser tells when the button of that id is pressed."""
    return WidgetState(id=button, trigger_value=True)


@contextmanager
def visit(url: str, cookie: str = "") -> Generator[Visit]:
    """Open a tab as a page does, with a cookie `name=value`, and run the home page."""
    with ExitStack() as sockets:
        opened = Visit(url, cookie, sockets)
        opened.connect()
        opened.run()
        yield opened
