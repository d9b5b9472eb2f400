"""Closes a websocket when the sign-in that it was opened with ends.

Who somebody is goes to Streamlit once, with the handshake. What it does with a message after that
is not always asked of the server again: a fragment does not run `main.py`, and a widget's callback
runs before it. So nothing reaches Streamlit that was sent by somebody who is somebody else by now.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress

from starlette.types import Message, Receive, Send
from streamlit.proto.AutoRerun_pb2 import AutoRerun
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

POLICY_VIOLATION, TOO_BIG = 1008, 1009  # RFC 6455 section 7.4.1
LOOK_SECONDS = 2.0
"""How long a socket may be idle before it is looked at: no message asks for it meanwhile."""
SEND_LOOK_SECONDS = 0.25
"""How long what a script says goes out without another look."""
STRANGER_BYTES = 256 * 1024
"""What a message may have before somebody signed in. The sign-in form needs some 2 KB, but a page
whose sign-in has ended sends all it has once more: a GraphQL document of up to 200 KB among it."""

LIFT_LIMIT = "web.lift_limit"
"""The ASGI extension, a function, that lets messages have what the server's settings say."""

# Streamlit's page connects again by itself, but asks for nothing unless something in it is run
# every so often. With this it does, and so is shown the sign-in form without a click.
_ASK_WHEN_BACK = ForwardMsg(
    auto_rerun=AutoRerun(interval=3600, fragment_id="sign-in-ended")
).SerializeToString()


class LiveSocket:
    """One websocket; the application gets its `receive` and `send` in place of the server's.

    Created and used on the event loop.
    """

    def __init__(
        self, lasts: Callable[[], bool], receive: Receive, send: Send, limit: int | None
    ) -> None:
        """Wrap a websocket.

        Args:
            lasts: returns whether its sign-in still holds, in well under a millisecond.
            receive: the server's.
            send: the server's.
            limit: bytes a message may have; None: the server's own limit.
        """
        self._lasts, self._receive, self._send, self._limit = lasts, receive, send, limit
        self._looked = time.monotonic()
        self._accepted = self._ended = False
        self._look_now = asyncio.Event()

    async def receive(self) -> Message:
        """Return the next message, or a disconnect if the sign-in has ended or it is too big."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        content = message.get("bytes") or message.get("text") or ""
        if self._limit is not None and len(content) > self._limit:
            return await self._over(TOO_BIG)
        if self._ended or not self._still_lasts():
            return await self._over(POLICY_VIOLATION)
        return message

    async def send(self, message: Message) -> None:
        """Send a message, unless the socket is closed or its sign-in has ended."""
        outdated = time.monotonic() - self._looked > SEND_LOOK_SECONDS
        if not self._ended and outdated and not self._still_lasts():
            await self._over(POLICY_VIOLATION)
        if not self._ended:
            self._accepted = self._accepted or message["type"] == "websocket.accept"
            self._ended = message["type"] == "websocket.close"
            await self._send(message)

    async def watch(self) -> None:
        """Close the socket when its sign-in has ended, without a message; then return."""
        while self._still_lasts():
            self._look_now.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), LOOK_SECONDS)
        with suppress(OSError):  # the client has gone by itself
            await self._over(POLICY_VIOLATION)

    def look_now(self) -> None:
        """Have `watch` check the sign-in at once."""
        self._look_now.set()

    def _still_lasts(self) -> bool:
        self._looked = time.monotonic()
        return self._lasts()

    async def _over(self, code: int) -> Message:
        if not self._ended:
            self._ended = True
            if self._accepted and code == POLICY_VIOLATION:
                await self._send({"type": "websocket.send", "bytes": _ASK_WHEN_BACK})
            await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}


class LiveSockets:
    """The open websockets of each session. For the event loop only."""

    def __init__(self) -> None:
        self._by_session: defaultdict[str, set[LiveSocket]] = defaultdict(set)

    def add(self, reference: str, socket: LiveSocket) -> None:
        """Remember an open socket."""
        self._by_session[reference].add(socket)

    def remove(self, reference: str, socket: LiveSocket) -> None:
        """Forget a socket that was closed."""
        self._by_session[reference].discard(socket)
        if not self._by_session[reference]:
            del self._by_session[reference]

    def look_now(self, reference: str) -> None:
        """Check all sockets of a session now: it has just ended."""
        for socket in self._by_session.get(reference, ()):
            socket.look_now()
