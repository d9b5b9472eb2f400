"""Reads request bodies: checks sizes first, drops idle clients, lets refusals arrive.

A client that is already sending learns of a refusal only if the server keeps reading for a while:
closing a socket with unread bytes resets it, and the answer is lost with it (RFC 9112 section 9.6).
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service import errors
from service.http.direct_body import Offer, Receivers, Sink, TakenBody

LINGER_SECONDS = 30  # how long a refused body is read and thrown away at most
LINGER_IDLE_SECONDS = 2  # how long to wait for more of it
LINGER_BYTES = 2**30
DISCARD_BLOCK = 2**18


class Body:
    """The body of one request, to be read at most once."""

    def __init__(
        self,
        headers: Mapping[str, str],
        receive: Receive,
        idle_timeout: float,
        offer: Offer | None = None,
    ) -> None:
        """Wrap a request.

        Args:
            headers: those of the request, by lower-case name.
            receive: where the body comes from.
            idle_timeout: seconds between two pieces of the body.
            offer: lets the body be read from its socket instead.
        """
        self._receive = receive
        self._offer = offer
        self._taken: TakenBody | None = None
        self._idle_timeout = idle_timeout
        self._chunked = "transfer-encoding" in headers
        length = headers.get("content-length", "")
        self.length = int(length) if re.fullmatch(r"[0-9]{1,18}", length) else None
        self.finished = not self._chunked and not self.length

    def require_length(self, limit: int) -> int:
        """Return Content-Length without reading anything.

        Raises:
            StorageError: MissingContentLength, EntityTooLarge.
        """
        if self._chunked or self.length is None:
            raise errors.missing_content_length()
        if self.length > limit:
            raise errors.entity_too_large(self.length, limit)
        return self.length

    async def read_directly(self, receivers: Receivers, sink: Sink) -> bool:
        """Pass the whole body to `sink`, in a thread; False if that cannot be, or not now.

        Raises:
            StorageError: RequestTimeout, IncompleteBody.
            ClientGone: the connection broke.
        """
        if self._offer and receivers.available:
            self._taken = self._offer.take()
        if not self._taken:
            return False
        await receivers.receive(self._taken, sink, self._idle_timeout)
        self.finished = True
        return True

    def close(self) -> None:
        """Let go of the socket, if it was taken."""
        if self._taken:
            self._taken.connection.close()

    async def blocks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives; ends after exactly Content-Length bytes.

        Raises:
            StorageError: RequestTimeout, IncompleteBody.
            ClientGone: the client closed the connection.
        """
        received = 0
        while not self.finished:
            block = await self._next_block()
            received += len(block)
            if block:
                yield block
        if self.length is not None and received != self.length:
            raise errors.incomplete_body(self.length, received)

    async def batches(self, size: int) -> AsyncIterator[bytearray]:
        """Yield the body in pieces of about `size` bytes.

        Raises:
            StorageError: RequestTimeout, IncompleteBody.
            ClientGone: the client closed the connection.
        """
        batch = bytearray()
        async for block in self.blocks():
            batch += block
            if len(batch) >= size:
                yield batch
                batch = bytearray()
        if batch:
            yield batch

    async def read(self, limit: int) -> bytes:
        """Return the whole body.

        Raises:
            StorageError: EntityTooLarge, RequestTimeout, IncompleteBody.
            ClientGone: the client closed the connection.
        """
        if self.length is not None:
            self.require_length(limit)
        content = bytearray()
        async for block in self.blocks():
            content += block
            if len(content) > limit:
                raise errors.entity_too_large(len(content), limit)
        return bytes(content)

    async def _next_block(self) -> bytes:
        try:
            async with asyncio.timeout(self._idle_timeout):
                if self._taken:
                    return await self._rest_of(self._taken)
                message = await self._receive()
        except TimeoutError:
            raise errors.request_timeout() from None
        if message["type"] == "http.disconnect":
            raise errors.ClientGone
        self.finished = not message.get("more_body", False)
        return message.get("body", b"")

    async def _rest_of(self, taken: TakenBody) -> bytes:
        """Return more of a body whose direct reading ended early; the loop does not read it."""
        taken.connection.setblocking(False)
        try:
            block = await asyncio.get_running_loop().sock_recv(taken.connection, DISCARD_BLOCK)
        except OSError as error:
            raise errors.ClientGone from error
        taken.left -= len(block)
        self.finished = not block or taken.left <= 0
        return block

    async def discard(self) -> None:
        """Read and drop what is still coming, within the bounds named above."""
        deadline = time.monotonic() + LINGER_SECONDS
        self._idle_timeout = LINGER_IDLE_SECONDS
        dropped = 0
        try:
            while not self.finished and dropped < LINGER_BYTES and time.monotonic() < deadline:
                dropped += len(await self._next_block())
        except (errors.ClientGone, errors.StorageError):
            pass  # the client left or fell silent; there is nothing left to wait for
        self.finished = True


async def respond(
    response: Response, body: Body, scope: Scope, receive: Receive, send: Send
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
