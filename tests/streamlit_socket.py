"""A browser tab without the browser: Streamlit's websocket, for tests and measurements.

The messages are Streamlit's own protobuf classes: a tab sends `BackMsg`, the server `ForwardMsg`.
"""

import json
import ssl
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState, ContextInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

SECONDS = 60.0
"""How long a run may take on a busy machine."""
FINISHED = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)


@dataclass(frozen=True)
class Run:
    """What the server sent for one run of the script, in its order."""

    messages: Sequence[ForwardMsg]

    @property
    def elements(self) -> list[Element]:
        """All elements drawn, containers left out."""
        deltas = [message.delta for message in self.messages if message.HasField("delta")]
        return [delta.new_element for delta in deltas if delta.HasField("new_element")]

    @property
    def session_id(self) -> str:
        """Streamlit's id of the tab, with which a later socket may go on."""
        return next(self._new_sessions()).initialize.session_id

    @property
    def pages(self) -> list[str]:
        """The path segments of the pages in the navigation; the first page's is empty."""
        navigations = [m.navigation for m in self.messages if m.HasField("navigation")]
        return [page.url_pathname for page in navigations[-1].app_pages] if navigations else []

    @property
    def exceptions(self) -> list[str]:
        """The messages of the exceptions shown."""
        return [e.exception.message for e in self.elements if e.HasField("exception")]

    @property
    def texts(self) -> list[str]:
        """The bodies of headings, Markdown, captions, alerts and code, as written by the page."""
        drawn = [(element, element.WhichOneof("type")) for element in self.elements]
        parts = [getattr(element, kind) for element, kind in drawn if kind]
        return [part.body for part in parts if hasattr(part, "body")]

    def widget(self, label: str) -> str:
        """Return the id of the widget with that label.

        Raises:
            LookupError: the run drew none.
        """
        for element in self.elements:
            kind = element.WhichOneof("type")
            drawn: Any = getattr(element, kind) if kind else None
            if getattr(drawn, "label", None) == label and getattr(drawn, "id", ""):
                return str(drawn.id)
        raise LookupError(f'No widget "{label}" in {self.texts}.')

    def component(self, name: str) -> dict[str, Any] | None:
        """Return what a component of ours was given as `data`; None where it was not drawn."""
        for element in self.elements:
            drawn = element.bidi_component
            if drawn.component_name.rpartition(".")[2] == name:
                return json.loads(drawn.json)
        return None

    def _new_sessions(self) -> Iterator[Any]:
        return (m.new_session for m in self.messages if m.HasField("new_session"))


class StreamlitSocket:
    """One open tab. Not thread-safe; every tab may be in a thread of its own."""

    def __init__(
        self,
        url: str,
        *,
        cookie: str = "",
        origin: str | None = None,
        headers: Mapping[str, str] | None = None,
        session_id: str = "",
        path: str = "/",
        source: str = "",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Connect, as the page at `url` would.

        Args:
            url: the app's address, `http://host:port` or, with `tls`, `https://host:port`.
            cookie: the whole Cookie header.
            origin: the Origin header; the app's own by default, none when empty.
            headers: further headers of the handshake.
            session_id: of the tab to go on with (`Run.session_id`).
            path: of the page shown; the script finds it in `st.context.url`.
            source: the IP address to come from; the system's choice by default.
            tls: whom to trust.

        Raises:
            websockets.exceptions.InvalidStatus: the handshake was refused.
        """
        self.url = url.rstrip("/")
        self.path = path
        origin = self.url if origin is None else origin
        sent = {**(headers or {}), **({"Cookie": cookie} if cookie else {})}
        protocols = ["streamlit", "no-xsrf-token", *([session_id] if session_id else [])]
        self._open = ExitStack()
        connecting = connect(
            f"{'wss' if tls else 'ws'}://{urlsplit(self.url).netloc}/_stcore/stream",
            ssl=tls,
            source_address=(source, 0) if source else None,
            origin=Origin(origin) if origin else None,
            subprotocols=[Subprotocol(name) for name in protocols],
            additional_headers=sent,
            compression=None,
            max_size=None,
            max_queue=None,  # pings are answered however much is unread
            ping_interval=None,
            proxy=None,
            open_timeout=SECONDS,
        )
        self._socket = self._open.enter_context(connecting)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def run(
        self,
        page: str | None = None,
        *,
        widgets: Sequence[WidgetState] = (),
        fragment: str = "",
        query: str = "",
        seconds: float = SECONDS,
    ) -> Run:
        """Have the script run once, to its end.

        Args:
            page: path segment of the page; the one of `path` by default.
            widgets: the values of all widgets, as the browser sends them with every run.
            fragment: id of the only fragment to run.
            query: of the address, without the question mark.
            seconds: how long that may take.

        Raises:
            TimeoutError: no end was told in time.
            websockets.exceptions.ConnectionClosed: the server closed the socket.
        """
        self.request_run(page, widgets=widgets, fragment=fragment, query=query)
        return self.finished_run(seconds)

    def request_run(
        self,
        page: str | None = None,
        *,
        widgets: Sequence[WidgetState] = (),
        fragment: str = "",
        query: str = "",
    ) -> None:
        """Ask for a run and do not wait for it."""
        name = self.path.strip("/") if page is None else page
        state = ClientState(
            page_name=name,
            widget_states=WidgetStates(widgets=widgets),
            fragment_id=fragment,
            query_string=query,
            context_info=ContextInfo(
                url=f"{self.url}/{name}", timezone="UTC", timezone_offset=0, locale="en-GB"
            ),
        )
        self.send(BackMsg(rerun_script=state))

    def finished_run(self, seconds: float = SECONDS) -> Run:
        """Wait for the end of the run asked for; reruns that the script wants itself included."""
        messages: list[ForwardMsg] = []
        deadline = time.monotonic() + seconds
        while True:
            message = self.receive(max(0.0, deadline - time.monotonic()))
            messages.append(message)
            if message.HasField("script_finished") and message.script_finished in FINISHED:
                return Run(messages)

    def send(self, message: BackMsg) -> None:
        """Send one message."""
        self._socket.send(message.SerializeToString())

    def receive(self, seconds: float = SECONDS) -> ForwardMsg:
        """Return the next message.

        Raises:
            TimeoutError: none came in time.
            websockets.exceptions.ConnectionClosed: the server closed the socket.
        """
        data = self._socket.recv(seconds)
        assert isinstance(data, bytes)
        return ForwardMsg.FromString(data)

    def close(self) -> None:
        """Close the tab."""
        self._open.close()


def sign_in(url: str, password: str, username: str = "demo") -> str:
    """Sign in through the form, as a person does, and return the Cookie header of the session.

    Raises:
        LookupError: the form was not shown, or the user name or password is wrong.
    """
    with StreamlitSocket(url) as tab:
        form = tab.run()
        answer = tab.run(
            widgets=[
                WidgetState(id=form.widget("User name"), string_value=username),
                WidgetState(id=form.widget("Password"), string_value=password),
                WidgetState(id=form.widget("Sign in"), trigger_value=True),
            ]
        )
    exchange = answer.component("sign_in")
    if exchange is None:
        raise LookupError(f"Not signed in: {answer.texts}")
    request = urllib.request.Request(
        f"{url}/session", exchange["ticket"].encode(), {"Origin": url}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as response:
        return str(response.headers["Set-Cookie"]).partition(";")[0]
