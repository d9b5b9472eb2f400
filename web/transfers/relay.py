"""`PUT /relay/{transfer_id}/{part_number}?start=…`: forwards a part from the browser to the store.

`start` is where the part begins in the file, for parts that the browser cuts.

The event loop receives the part and a thread sends it; in between are at most `BLOCKS` blocks of
`BLOCK` bytes. While they are all waiting to be sent nothing is read from the browser, so memory is
bounded by `SENDERS` * (`BLOCKS` + 2) * `BLOCK`, 120 MiB, however large the parts are.
"""

import asyncio
import queue
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from asgi.request_body import ClientGone, RequestBody, respond
from client.errors import RecordsUnavailableError
from client.transfers.relay import Relay, RelayAnswer
from web.transfers.routes import may_send, nothing_else_below, owner_of, refusal

PATH = "/relay"
BLOCK = 1024 * 1024
BLOCKS = 8
SENDERS = 12
"""Parts on their way at once. Others wait, unread, for `PATIENCE`."""
PATIENCE = 20.0
"""Seconds a part waits for a free thread before it is refused with 503."""
RETRY_AFTER = "2"

_NUMBER = re.compile("[1-9][0-9]{0,4}")
_LENGTH = re.compile("[0-9]{1,18}")
_MD5 = re.compile("[A-Za-z0-9+/]{22}==")
_WITHOUT_BODY = {204, 304}
_Result = TypeVar("_Result")


class BodyBrokenError(Exception):
    """The rest of a part will not come: its browser left, fell silent, or was told to stop."""


class Part:
    """A part on its way: the event loop puts blocks in, a sending thread reads them.

    Its length makes the Content-Length of the request that hands it on.
    """

    def __init__(self, size: int, loop: asyncio.AbstractEventLoop) -> None:
        self._size = size
        self._loop = loop
        self._blocks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._room = asyncio.Semaphore(BLOCKS)
        self._broken = threading.Event()

    def __len__(self) -> int:
        return self._size

    async def put(self, block: bytes) -> None:
        """Hand a block over, once there is room for it; an empty one says that it was the last."""
        await self._room.acquire()
        self._blocks.put(block)

    def break_off(self) -> None:
        """Let the sending thread fail at its next read, whatever is still waiting."""
        self._broken.set()
        self._blocks.put(b"")  # wakes it

    def read(self, size: int = -1, /) -> bytes:  # noqa: ARG002 - blocks go out as they came in
        """Return the next block, empty at the end.

        Raises:
            BodyBrokenError: the rest will not come.
        """
        block = self._blocks.get()
        if self._broken.is_set():
            raise BodyBrokenError
        self._loop.call_soon_threadsafe(self._room.release)
        return block


class _RefusedError(Exception):
    """The part is not handed on; the browser is told why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class _Wanted:
    """What a checked request is for: a part that its owner may send."""

    owner: str
    transfer_id: str
    number: int
    size: int
    start: int
    content_md5: str | None


class RelayEndpoint:
    """Answers `PUT /relay/...` with what the store said.

    Its threads are its own, so that parts cannot take those that the pages need.
    """

    def __init__(
        self,
        relay: Relay,
        idle_timeout: float,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """Send parts with `relay`.

        Args:
            relay: sends a part to its store.
            idle_timeout: seconds a browser may send nothing.
            stopping: returns whether the process is about to end, so that no part is begun.
        """
        self._relay = relay
        self._idle_timeout = idle_timeout
        self._stopping = stopping
        self._senders = ThreadPoolExecutor(SENDERS, "relay")
        self._lookups = ThreadPoolExecutor(2, "relay-lookup")
        self._free = asyncio.Semaphore(SENDERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = RequestBody(receive, self._idle_timeout)
        try:
            response = await self._answer(Request(scope), body)
        except _RefusedError as refused:
            response = refusal(refused.status, refused.code, str(refused))
            if refused.status == 503:
                response.headers["Retry-After"] = RETRY_AFTER
        except RecordsUnavailableError as error:
            response = refusal(503, "records-unavailable", str(error))
        except ClientGone:
            return
        await respond(response, body, scope, receive, send)

    async def _answer(self, request: Request, body: RequestBody) -> Response:
        wanted = await self._look_up(request)
        if self._stopping():
            raise _RefusedError(503, "stopping", "The app is being restarted; try again.")
        try:
            async with asyncio.timeout(PATIENCE):
                await self._free.acquire()
        except TimeoutError:
            raise _RefusedError(
                503, "relay-busy", f"{SENDERS} parts are on their way already; try again."
            ) from None
        try:
            answer = await self._hand_on(wanted, body)
        finally:
            self._free.release()
        headers = {**answer.headers, "Cache-Control": "no-store"}
        content = b"" if answer.status in _WITHOUT_BODY else answer.content
        return Response(content, answer.status, headers)

    async def _look_up(self, request: Request) -> _Wanted:
        """Check the request before its body is read, and return which part it is.

        Raises:
            _RefusedError: it may not be sent, or not like this.
        """
        if request.method != "PUT":
            raise _RefusedError(405, "method-not-allowed", "Use PUT.")
        if not may_send(request):
            raise _RefusedError(403, "role-required", "Only uploaders and admins send files.")
        length = request.headers.get("content-length", "")
        if "transfer-encoding" in request.headers or not _LENGTH.fullmatch(length):
            raise _RefusedError(411, "length-required", "A part is sent with its Content-Length.")
        content_md5 = request.headers.get("content-md5")
        if content_md5 is not None and not _MD5.fullmatch(content_md5):
            raise _RefusedError(400, "bad-content-md5", "Content-MD5 is base64 of 16 bytes.")
        start = request.query_params.get("start", "0")
        if not _LENGTH.fullmatch(start):
            raise _RefusedError(400, "bad-start", "start is a number of bytes.")
        owner, transfer_id = owner_of(request), request.path_params["transfer_id"]
        number = request.path_params["part_number"]
        sizes = None
        if _NUMBER.fullmatch(number):
            sizes = await self._in_thread(
                self._lookups, lambda: self._relay.part_sizes(owner, transfer_id, int(number))
            )
        if sizes is None:
            raise _RefusedError(404, "transfer-forgotten", "No transfer of yours has this part.")
        if int(length) not in sizes:
            has = f"has {sizes[0]}" if len(sizes) == 1 else f"may have up to {sizes[-1]}"
            raise _RefusedError(
                413, "wrong-length", f"Content-Length is {length}; part {number} {has} bytes."
            )
        return _Wanted(owner, transfer_id, int(number), int(length), int(start), content_md5)

    async def _hand_on(self, wanted: _Wanted, body: RequestBody) -> RelayAnswer:
        """Receive and send side by side; whichever ends early ends the other.

        Raises:
            _RefusedError: the browser fell silent.
            ClientGone: the browser left.
        """
        part = Part(wanted.size, asyncio.get_running_loop())
        sending = asyncio.ensure_future(
            self._in_thread(
                self._senders,
                lambda: self._relay.send(
                    wanted.owner,
                    wanted.transfer_id,
                    wanted.number,
                    part,
                    wanted.content_md5,
                    wanted.start,
                ),
            )
        )
        sending.add_done_callback(_look_at)  # also when this request ended before it
        receiving = asyncio.create_task(_receive_into(part, body))
        try:
            await asyncio.wait({sending, receiving}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():  # the browser left or fell silent
                part.break_off()
                with suppress(BodyBrokenError):
                    await sending
                receiving.result()
            return await sending
        finally:
            part.break_off()
            receiving.cancel()
            await asyncio.wait({receiving})

    async def _in_thread(self, pool: ThreadPoolExecutor, call: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(pool, call)

    def close(self) -> None:
        """Take no more calls; those that run come to their end."""
        self._senders.shutdown(wait=False)
        self._lookups.shutdown(wait=False)


def _look_at(done: asyncio.Future[RelayAnswer]) -> None:
    if not done.cancelled():
        done.exception()


async def _receive_into(part: Part, body: RequestBody) -> None:
    """Pass a body on in blocks; ends only when no more of it is to be sent.

    Raises:
        _RefusedError: the browser fell silent.
        ClientGone: it left before the store's answer was there.
    """
    block = bytearray()
    while not body.finished:
        try:
            block += await body.next_block()
        except TimeoutError:
            raise _RefusedError(408, "part-stalled", "Nothing more of the part arrived.") from None
        if len(block) >= BLOCK:
            await part.put(bytes(block))
            block.clear()
    if block:
        await part.put(bytes(block))
    await part.put(b"")
    await body.client_left()
    raise ClientGone


def relay_routes(endpoint: RelayEndpoint) -> list[BaseRoute]:
    """Return everything under `/relay`."""
    return [
        Route(f"{PATH}/{{transfer_id}}/{{part_number}}", endpoint),
        nothing_else_below(PATH),
    ]
