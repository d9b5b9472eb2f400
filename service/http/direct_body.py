"""Bodies read straight from their socket by threads of a bounded pool.

On the event loop every byte of a body passes the loop, the HTTP parser, a queue and a copy before
a thread can write and hash it. Here one thread reads the socket into a buffer and writes it to the
disk, another hashes it from there: a third faster, in less memory, and the loop is free to answer
others. It keeps everything else of the request; `DirectBodyProtocol` hands the socket out and takes
it back.
"""

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Protocol

from asgi.request_body import ClientGone
from service import errors

DIRECT_BODY = "service.http.direct_body"  # the ASGI extension's name
THREADS = 16
BUFFER = 512 * 1024  # bytes read before they are written and hashed; fits a core's cache
BUFFERS = 3  # one is filled and written while the others wait for their hash
NICENESS = 5

_Blocks = SimpleQueue[memoryview | None]


class Sink(Protocol):
    """Where a body goes; a second thread hashes the blocks that the first has written."""

    def write(self, block: memoryview) -> None:
        """Append and hash a block."""
        ...

    def append(self, block: memoryview) -> None:
        """Append a block."""
        ...

    def hash(self, block: memoryview) -> None:
        """Hash an appended block."""
        ...


@dataclass
class TakenBody:
    """The rest of a body, and the socket it is read from; the event loop leaves both alone."""

    connection: socket.socket
    length: int
    received: bytes  # what the event loop had read already
    left: int  # what is still on the socket
    resume: Callable[[], None]  # the body was read to its end: the connection may live on
    abandon: Callable[[], None]  # the client is gone


class Offer(Protocol):
    """A body that may be taken while none of it was read by `receive`."""

    def take(self) -> TakenBody | None:
        """Take the body off the event loop; None when all of it is there already."""
        ...


def offer_of(scope: Mapping[str, Any]) -> Offer | None:
    """Return the server's offer, if it made one and no middleware withdrew it."""
    return scope.get("extensions", {}).get(DIRECT_BODY)


class Receivers:
    """Threads that read bodies, and as many that hash them: at most `THREADS` bodies at once.

    Memory is bounded by THREADS * BUFFERS * BUFFER, 24 MiB.
    """

    def __init__(self, threads: int = THREADS) -> None:
        self._readers = ThreadPoolExecutor(threads, "receiver", initializer=_give_way)
        self._hashers = ThreadPoolExecutor(threads, "hasher", initializer=_give_way)
        self._free = threads

    @property
    def available(self) -> bool:
        """Whether a thread is free now; ask and start in one turn of the event loop."""
        return self._free > 0

    async def receive(self, body: TakenBody, sink: Sink, idle_timeout: float) -> None:
        """Pass the whole body to `sink`, in a thread, and give the connection back.

        Raises:
            S3ApiError: RequestTimeout, IncompleteBody; the connection must then be closed.
            ClientGone: the connection broke.
        """
        self._free -= 1
        loop = asyncio.get_running_loop()
        reading = loop.run_in_executor(self._readers, self._read, body, sink, idle_timeout)
        try:
            await asyncio.shield(reading)
        except asyncio.CancelledError:
            with suppress(OSError):
                body.connection.shutdown(socket.SHUT_RDWR)  # wakes the thread
            await asyncio.wait([reading])
            reading.exception()  # seen: the thread ended as it was told to
            raise
        except ClientGone:
            body.abandon()
            raise
        finally:
            self._free += 1
        body.resume()

    def _read(self, body: TakenBody, sink: Sink, idle_timeout: float) -> None:
        body.connection.settimeout(idle_timeout)
        sink.write(memoryview(body.received))
        if body.left <= BUFFER:  # one block: there is nothing to do side by side
            sink.write(_fill(body, memoryview(bytearray(body.left))))
            return
        written, free = _Blocks(), SimpleQueue[memoryview]()
        for _ in range(BUFFERS):
            free.put(memoryview(bytearray(BUFFER)))
        hashing = self._hashers.submit(_hash, sink, written, free)
        try:
            while body.left:
                block = _fill(body, free.get()[: body.left])
                sink.append(block)
                written.put(block)
        finally:
            written.put(None)
            hashing.result()


def _give_way() -> None:
    """Let the event loop have a core first when all are busy, so that the pages stay quick.

    On Linux alone niceness belongs to a thread; elsewhere it would slow the whole process.
    """
    if sys.platform == "linux":
        os.nice(NICENESS)


def _hash(sink: Sink, written: _Blocks, free: SimpleQueue[memoryview]) -> None:
    while block := written.get():
        sink.hash(block)
        free.put(block)


def _fill(body: TakenBody, block: memoryview) -> memoryview:
    space = block
    while space:
        try:
            count = body.connection.recv_into(space)
        except TimeoutError:
            raise errors.request_timeout() from None
        except OSError as error:
            raise ClientGone from error
        if not count:
            raise errors.incomplete_body(body.length, body.length - body.left)
        body.left -= count
        space = space[count:]
    return block
