"""A visit of the pages without a browser: Streamlit's websocket, spoken by the test itself.

What a browser sends, and when, is up to the test: a click on something that is not there any more,
an event of a component whose state is forgotten, two clicks at once.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

RUN_SECONDS = 60
EVENTS = "__events"
"""What Streamlit adds to a component's id for the widget that carries its triggers."""


@dataclass
class Visit:
    """An open websocket, and what the last run drew.

    Attributes:
        pages: the hash of each page by its title, once signed in.
        elements: what the last run drew, in the order of its drawing.
    """

    socket: ClientConnection
    url: str
    page: str = ""
    pages: dict[str, str] = field(default_factory=dict[str, str])
    elements: list[Message] = field(default_factory=list[Message])

    def run(self, *widgets: WidgetState, page: str | None = None) -> None:
        """Have a page run, with these widgets changed, and take in what it draws."""
        self.send(*widgets, page=page)
        self.take_in()

    def send(self, *widgets: WidgetState, page: str | None = None) -> None:
        """Ask for a run and do not wait for it; `page` is a title, None the page on show."""
        if page is not None:
            self.page = self.pages[page]
        state = ClientState(widget_states=WidgetStates(widgets=widgets), page_script_hash=self.page)
        state.context_info.url = self.url
        self.socket.send(BackMsg(rerun_script=state).SerializeToString())

    def take_in(self) -> None:
        """Read until the run is over; a run that another one interrupts is not."""
        self.elements = []
        while True:
            message = ForwardMsg()
            message.ParseFromString(bytes(self.socket.recv(RUN_SECONDS, decode=False)))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.elements = []
                self.page = message.new_session.page_script_hash
            elif kind == "navigation":
                self.pages = {
                    one.page_name: one.page_script_hash for one in message.navigation.app_pages
                }
            elif kind == "delta":
                self.elements += _drawn(message)
            elif (
                kind == "script_finished"
                and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            ):
                return

    def shown(self) -> str:
        """Return what the last run drew, as text to search in."""
        return "\n".join(str(element) for element in self.elements)

    def widgets(self) -> dict[str, Message]:
        """Return what the last run drew and a person can change, by its id."""
        return {element.id: element for element in self.elements if _is_widget(element)}  # pyright: ignore


def _drawn(message: ForwardMsg) -> list[Message]:
    delta = message.delta
    if delta.WhichOneof("type") == "new_element":
        element = delta.new_element
        kind = element.WhichOneof("type")
        return [getattr(element, kind)] if kind else []
    if delta.WhichOneof("type") == "add_block":
        block = delta.add_block
        kind = block.WhichOneof("type")
        return [getattr(block, kind)] if kind else []
    return []


def _is_widget(element: Message) -> bool:
    return str(getattr(element, "id", "")).startswith("$$")


@contextmanager
def visit(url: str, cookie: str) -> Generator[Visit]:
    """Open a websocket as a page does, with the session cookie `name=value`, and run the page."""
    address = urlsplit(url)
    protocols = [Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")]
    with connect(
        f"ws://{address.netloc}/_stcore/stream",
        origin=url,  # pyright: ignore
        subprotocols=protocols,
        additional_headers={"Cookie": cookie},
        max_size=None,
    ) as socket:
        opened = Visit(socket, url)
        opened.run()
        yield opened
