"""Request bodies as they arrive, and answers that reach a client which is still sending.

A client that is already sending learns of a refusal only if the server keeps reading for a while:
closing a socket with unread bytes resets it, and the answer is lost with it (RFC 9112 section 9.6).
"""

import asyncio
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

LINGER_SECONDS = 30.0
"""How long the rest of a refused body is read and dropped, at most."""
LINGER_IDLE_SECONDS = 2.0
"""How long more of it is waited for."""
LINGER_BYTES = 2**30


class ClientGone(Exception):  # noqa: N818 - an event, not a fault
    """The client closed the connection."""


class RequestBody:
    """The body of one request, to be read at most once.

    Attributes:
        finished: nothing more of it will come.
    """

    def __init__(self, receive: Receive, idle_timeout: float) -> None:
        """Wrap a request; `idle_timeout` is in seconds, between two blocks of the body."""
        self._receive = receive
        self._idle_timeout = idle_timeout
        self.finished = False

    async def next_block(self, idle_timeout: float | None = None) -> bytes:
        """Return some more of the body; `idle_timeout` in the place of the request's.

        Raises:
            ClientGone: the client closed the connection.
            TimeoutError: nothing more came in time.
        """
        async with asyncio.timeout(idle_timeout or self._idle_timeout):
            return await self._received()

    async def _received(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.finished = True
            raise ClientGone
        self.finished = not message.get("more_body", False)
        return message.get("body", b"")

    async def client_left(self) -> None:
        """Return once the client has closed the connection, after all of the body came."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def discard(self) -> None:
        """Read and drop what is still coming, within the bounds named above."""
        dropped = 0
        with suppress(ClientGone, TimeoutError):  # there is nothing left to wait for
            async with asyncio.timeout(LINGER_SECONDS):
                while not self.finished and dropped < LINGER_BYTES:
                    dropped += len(await self.next_block(LINGER_IDLE_SECONDS))
        self.finished = True


async def respond(
    response: Response, body: RequestBody, scope: Scope, receive: Receive, send: Send
) -> None:
    """Send a response; when its request's body is still coming, make sure it is read."""
    if body.finished:
        await response(scope, receive, send)
        return
    headers = [*response.raw_headers, (b"connection", b"close")]
    start = {"type": "http.response.start", "status": response.status_code, "headers": headers}
    await send(start)
    # All of Content-Length goes out now; only the end of the response, which closes, waits.
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    await body.discard()
    await send({"type": "http.response.body", "body": b"", "more_body": False})
