"""Reads the service's request bodies: checks sizes first, drops idle clients."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping

from starlette.types import Receive

from asgi.request_body import ClientGone, RequestBody
from service import errors
from service.http.direct_body import Offer, Receivers, Sink, TakenBody

DISCARD_BLOCK = 2**18


class Body(RequestBody):
    """The body of one request, to be read at most once; what is wrong with it is an S3 error."""

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
        super().__init__(receive, idle_timeout)
        self._offer = offer
        self._taken: TakenBody | None = None
        self._chunked = "transfer-encoding" in headers
        length = headers.get("content-length", "")
        self.length = int(length) if re.fullmatch(r"[0-9]{1,18}", length) else None
        self.finished = not self._chunked and not self.length

    def require_length(self, limit: int) -> int:
        """Return Content-Length without reading anything.

        Raises:
            S3ApiError: MissingContentLength, EntityTooLarge.
        """
        if self._chunked or self.length is None:
            raise errors.missing_content_length()
        if self.length > limit:
            raise errors.entity_too_large(self.length, limit)
        return self.length

    async def read_directly(self, receivers: Receivers, sink: Sink) -> bool:
        """Pass the whole body to `sink`, in a thread; False if that cannot be, or not now.

        Raises:
            S3ApiError: RequestTimeout, IncompleteBody.
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
            S3ApiError: RequestTimeout, IncompleteBody.
            ClientGone: the client closed the connection.
        """
        received = 0
        while not self.finished:
            try:
                block = await self.next_block()
            except TimeoutError:
                raise errors.request_timeout() from None
            received += len(block)
            if block:
                yield block
        if self.length is not None and received != self.length:
            raise errors.incomplete_body(self.length, received)

    async def batches(self, size: int) -> AsyncIterator[bytearray]:
        """Yield the body in pieces of about `size` bytes.

        Raises:
            S3ApiError: RequestTimeout, IncompleteBody.
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
            S3ApiError: EntityTooLarge, RequestTimeout, IncompleteBody.
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

    async def _received(self) -> bytes:
        taken = self._taken
        if not taken:
            return await super()._received()
        # Its direct reading ended early, and the loop does not read it.
        taken.connection.setblocking(False)
        try:
            block = await asyncio.get_running_loop().sock_recv(taken.connection, DISCARD_BLOCK)
        except OSError as error:
            raise ClientGone from error
        taken.left -= len(block)
        self.finished = not block or taken.left <= 0
        return block
