"""A visit of the pages without a browser: Streamlit's websocket, spoken by the test itself.

What a browser sends, and when, is up to the test: a click on something that is not there any more,
an event of a component whose state is forgotten, a malformed one.
"""

import json
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

RUN_SECONDS = 60
WIDGET = "$$ID-"
"""What the ids of widgets begin with."""
HASH = 32
"""Hex digits between that and the widget's key."""
TRIGGERS = "$$STREAMLIT_INTERNAL_KEY_{id}__events"
"""The id under which a component of that id tells its events."""


@dataclass
class Visit:
    """An open websocket, and what the last run drew.

    Attributes:
        page: the hash of the page on show.
        pages: the hash of each page by its title; empty while nobody is signed in.
        elements: what the last run drew, in the order of its drawing.
    """

    url: str
    cookie: str
    sockets: ExitStack
    page: str = ""
    pages: dict[str, str] = field(default_factory=dict[str, str])
    elements: list[Message] = field(default_factory=list[Message])
    socket: ClientConnection = field(init=False)

    def connect(self) -> None:
        """Open a websocket as a page does that was loaded just now."""
        opening = connect(
            f"ws://{urlsplit(self.url).netloc}/_stcore/stream",
            origin=Origin(self.url),
            subprotocols=[Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")],
            additional_headers={"Cookie": self.cookie} if self.cookie else {},
            max_size=None,
        )
        self.socket = self.sockets.enter_context(opening)

    def run(self, *changed: WidgetState, page: str | None = None, query: str = "") -> None:
        """Have a page run, with these widgets changed, and take in what it draws.

        As a browser does, it connects anew, and asks for the page, where the app has hung up.

        Args:
            changed: what a browser would tell of widgets, drawn or not.
            page: the title of another page to go to.
            query: of the address.
        """
        state = ClientState(
            widget_states=WidgetStates(widgets=changed),
            page_script_hash=self.page if page is None else self.pages[page],
            query_string=query,
        )
        state.context_info.url = self.url
        try:
            self._ask(state)
        except ConnectionClosed:
            self.connect()
            state.ClearField("widget_states")
            self._ask(state)

    def _ask(self, state: ClientState) -> None:
        self.socket.send(BackMsg(rerun_script=state).SerializeToString())
        self.take_in()

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

    def take_in(self) -> None:
        """Read what a run draws, until it has ended and is not run again at once."""
        ended = False
        while not ended:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(RUN_SECONDS, decode=False))
            match message.WhichOneof("type"):
                case "new_session":
                    self.elements = []
                    self.page = message.new_session.page_script_hash
                case "navigation":
                    pages = message.navigation.app_pages
                    self.pages = {one.page_name: one.page_script_hash for one in pages}
                case "delta":
                    self.elements += _drawn(message)
                case "script_finished":
                    ended = message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
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
    """Open a websocket as a page does, with a cookie `name=value`, and run the home page."""
    with ExitStack() as sockets:
        opened = Visit(url, cookie, sockets)
        opened.connect()
        opened.run()
        yield opened


def _drawn(message: ForwardMsg) -> list[Message]:
    delta = message.delta
    match delta.WhichOneof("type"):
        case "new_element":
            holder: Message = delta.new_element
        case "add_block":
            holder = delta.add_block
        case _:
            return []
    kind = holder.WhichOneof("type")
    return [getattr(holder, kind)] if kind else []
