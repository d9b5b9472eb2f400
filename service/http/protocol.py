"""How uvicorn is run: the socket it listens on, and its HTTP protocol."""

import asyncio
import os
import socket
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import httptools
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from service.http.direct_body import DIRECT_BODY, TakenBody

BACKLOG = 2048
# The ASGI extension that breaks a connection off, as a broken line would: no answer, no goodbye.
DISCONNECT = "service.disconnect"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HEAD_BYTES = 32 * 1024
"""What the head of a request may have, all lines together; nginx's default is 4 lines of 8 KB."""
HEAD_LINES = 100
"""Headers that a request may have, and trailers (Apache's `LimitRequestFields` is 100)."""
HEAD_SECONDS = 30.0
"""How long a head may take from its first byte, and a new connection until its first head."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening TCP socket.

    The protocol is named on purpose: the event loop switches Nagle's algorithm off only for
    sockets that say they are TCP, and with it every keep-alive answer waits 40 ms.

    Raises:
        OSError: the address or port is not usable.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


class UpgradeDecliningProtocol(HttpToolsProtocol):
    """Answers a request that offers another protocol as HTTP/1.1, as RFC 9110 section 7.8 allows.

    Only the GET of a websocket is taken up on its offer. The parser ends every other one with its
    head, so a parser of its own is given that head without the offer, and then what followed it.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        """Make a connection's protocol, as uvicorn does."""
        super().__init__(*args, **options)
        self.parser = self._new_parser()

    def on_headers_complete(self) -> None:
        """Begin the request, unless its head comes again."""
        if not self._declines():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the request, unless its head comes again."""
        if not self._declines():
            super().on_message_complete()

    def goes_on(self, rest: bytes) -> bool:
        """Parse the request whose head has just ended without its offer, and then `rest`.

        Returns:
            False for a websocket, which is to begin.

        Raises:
            httptools.HttpParserError: what follows cannot be read.
        """
        if not self._declines():
            return False
        version = self.parser.get_http_version().encode("ascii")
        head = [self.parser.get_method(), b" ", self.url, b" HTTP/", version, b"\r\n"]
        for name, value in self.headers:
            if name != b"upgrade":
                head += [name, b": ", value, b"\r\n"]
        self.parser = self._new_parser()
        self.parser.feed_data(b"".join([*head, b"\r\n"]))
        self.parser.feed_data(rest)
        return True

    def _declines(self) -> bool:
        return self._get_upgrade() is not None and not self._should_upgrade()

    def _get_upgrade(self) -> bytes | None:
        """Return what is offered; uvicorn's own looks at the last `Connection` line only."""
        lines = [value.lower() for name, value in self.headers if name == b"connection"]
        offers = [value.lower() for name, value in self.headers if name == b"upgrade"]
        options = {option.strip() for option in b",".join(lines).split(b",")}
        return offers[-1] if offers and b"upgrade" in options else None

    def _should_upgrade(self) -> bool:
        return super()._should_upgrade() and self.parser.get_method() == b"GET"

    def _new_parser(self) -> httptools.HttpRequestParser:
        parser = _DecliningParser(self)
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return parser


class _DecliningParser(httptools.HttpRequestParser):
    def __init__(self, protocol: UpgradeDecliningProtocol) -> None:
        super().__init__(protocol)
        self._protocol = protocol

    def feed_data(self, data: "bytes | bytearray | memoryview | array[int]") -> None:
        try:
            super().feed_data(data)
        except httptools.HttpParserUpgrade as stopped:
            (head_end,) = stopped.args
            if not self._protocol.goes_on(memoryview(data)[head_end:].tobytes()):
                raise


class _HeadTooLargeError(Exception):
    """Raised to the parser, which then stops reading."""


class BoundedHeadProtocol(UpgradeDecliningProtocol):
    """Answers 431 to a head that is too large, and closes a connection that sends none in time.

    The parser keeps an unfinished line itself and copies it with every piece that comes, so the
    bytes are counted before it gets them. The same holds for chunk extensions and trailers.
    """

    head_seconds = HEAD_SECONDS

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a first head, but not for ever."""
        super().connection_made(transport)
        self._unfinished = self._head_size = self._head_lines = 0
        self._head_is_too_large = self._head_has_begun = False
        self._progress = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._time_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop_timing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass bytes on to the parser, as long as it makes something of them."""
        if self._head_is_too_large or self.transport.is_closing():
            return
        self._progress = False
        super().data_received(data)
        if self.transport.get_protocol() is not self:
            return  # a websocket by now
        self._unfinished = 0 if self._progress else self._unfinished + len(data)
        if self._unfinished > HEAD_BYTES and not self._head_is_too_large:
            self._head_is_too_large = True
            self.send_400_response("")
        answering = self.cycle and not self.cycle.response_complete
        if not answering and self._head_timer is None and self.timeout_keep_alive_task is None:
            self._time_head()  # what came ended the wait for another request, and began none

    def on_message_begin(self) -> None:
        """Start counting the head of another request."""
        super().on_message_begin()
        self._head_size = self._head_lines = 0
        self._head_has_begun = True
        if self._head_timer is None:
            self._time_head()

    def on_url(self, url: bytes) -> None:
        """Count a piece of the first line."""
        self._count(len(url), lines=0)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header or a trailer."""
        self._count(len(name) + len(value) + len(b": \r\n"), lines=1)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the clock: the head is there."""
        self._stop_timing()
        self._head_size = self._head_lines = 0  # trailers may follow
        self._head_has_begun = False
        self._progress = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Note that the body goes on."""
        self._progress = True
        super().on_body(body)

    def on_chunk_header(self) -> None:
        """Note that another chunk begins."""
        self._progress = True

    def on_message_complete(self) -> None:
        """Note that the request is over."""
        self._progress = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser stopped at, with 431 (RFC 6585) if it was the size of a head."""
        if self._head_is_too_large:
            self._refuse(431, "The head of the request is too large.")
        else:
            super().send_400_response(msg)

    def _count(self, size: int, lines: int) -> None:
        self._head_size += size
        self._head_lines += lines
        if self._head_size > HEAD_BYTES or self._head_lines > HEAD_LINES:
            self._head_is_too_large = True
            raise _HeadTooLargeError

    def _time_head(self) -> None:
        self._head_timer = self.loop.call_later(self.head_seconds, self._head_is_late)

    def _stop_timing(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self.cycle and not self.cycle.response_complete:
            self._time_head()  # reading may have been held until that answer is sent
        elif self._head_has_begun:
            self._refuse(408, "The head of the request took too long.")
        else:
            self.transport.close()

    def _refuse(self, status: int, message: str) -> None:
        if self.cycle and not self.cycle.response_complete:
            self.cycle.disconnected = True
            if self.cycle.response_started:
                self.transport.close()
                return
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
            "content-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(message)}\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(f"{head}{message}".encode("ascii"))
        self.transport.close()


class SurplusTolerantProtocol(BoundedHeadProtocol):
    """Lets a complete request have its answer although bytes follow that are no request.

    uvicorn itself would answer those bytes at once with 400 and drop the answer being made. A store
    keeps exactly Content-Length bytes, says so, and closes the connection (RFC 9112 section 6.3).
    """

    def on_message_begin(self) -> None:
        """Let the application break the connection off."""
        super().on_message_begin()
        abort = cast(dict[object, object], self.transport.abort)
        self.scope["extensions"] = {DISCONNECT: abort}

    def send_400_response(self, msg: str) -> None:
        """Refuse unreadable bytes, unless a complete request still waits for its answer."""
        cycle = self.cycle
        # `cycle` is None before the first request, whatever uvicorn's annotation says.
        if cycle and not cycle.more_body and not cycle.response_complete:
            cycle.keep_alive = False
            return
        super().send_400_response(msg)


class DirectBodyProtocol(SurplusTolerantProtocol):
    """Lets an endpoint take the body of a PUT off the event loop and read it from the socket.

    The request is parsed, routed and answered by uvicorn and the application as ever. Only the rest
    of its body, exactly to the end of Content-Length, is read by whoever took it; after that the
    connection goes back to the loop. An endpoint that does not ask gets its body by `receive`, and
    a middleware that must see a body there takes the extension out of the scope.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Prepare a connection whose reading can be held."""
        super().connection_made(transport)
        self._holdable = _HoldableFlow(transport)
        self.flow = self._holdable
        self._parsed = 0

    def on_message_begin(self) -> None:
        """Start counting the body of another request."""
        super().on_message_begin()
        self._parsed = 0

    def on_body(self, body: bytes) -> None:
        """Count what the parser passes on."""
        self._parsed += len(body)
        super().on_body(body)

    def on_headers_complete(self) -> None:
        """Offer the body to the application, which starts in a later turn of the loop."""
        super().on_headers_complete()
        cycle, length = self.cycle, _direct_length(cast(dict[str, Any], self.scope))
        if length and cycle and cycle.scope is self.scope:
            offer = _Offer(self, cycle, length)
            offered = {DIRECT_BODY: cast(dict[object, object], offer)}
            self.scope["extensions"] = {**(self.scope.get("extensions") or {}), **offered}

    def take(self, cycle: RequestResponseCycle, length: int) -> TakenBody | None:
        """Hold the loop's reading and hand out the socket, while there is more of this body."""
        if self.cycle is not cycle or not cycle.more_body or self.transport.is_closing():
            return None
        self._holdable.hold()
        received, cycle.body = bytes(cycle.body), bytearray()
        if cycle.waiting_for_100_continue:
            cycle.waiting_for_100_continue = False
            self.transport.write(CONTINUE)
        # A duplicate: the number stays ours even if the loop closes the connection meanwhile.
        connection = socket.socket(fileno=os.dup(self.transport.get_extra_info("socket").fileno()))
        connection.setblocking(False)
        left = length - self._parsed
        return TakenBody(connection, length, received, left, self._resume, self._abandon)

    def _resume(self) -> None:
        """Read on after a body that was read to its end: the next byte begins another request."""
        if self.transport.is_closing():
            return
        self.parser = self._new_parser()
        self.cycle.more_body = False
        self._holdable.release()

    def _abandon(self) -> None:
        """Drop a connection whose client is gone: there is nobody to answer."""
        self.cycle.disconnected = True
        self.transport.abort()


class _HoldableFlow(FlowControl):
    """Flow control under which nobody can make the loop read a socket that was handed out."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__(transport)
        self._held = False

    def hold(self) -> None:
        self.pause_reading()
        self._held = True

    def release(self) -> None:
        self._held = False
        self.resume_reading()

    def resume_reading(self) -> None:
        if not self._held:
            super().resume_reading()


@dataclass(frozen=True)
class _Offer:
    """What the scope carries: a body that may be taken."""

    protocol: DirectBodyProtocol
    cycle: RequestResponseCycle
    length: int

    def take(self) -> TakenBody | None:
        return self.protocol.take(self.cycle, self.length)


def _direct_length(scope: Mapping[str, Any]) -> int:
    """Return the length of a body that may be taken; 0 where anything is out of the ordinary."""
    if sys.platform == "win32" or scope["scheme"] != "http" or scope["http_version"] != "1.1":
        return 0
    if scope.get("method") != "PUT":
        return 0
    headers = scope["headers"]
    if any(name == b"transfer-encoding" for name, _ in headers):
        return 0
    lengths = [value for name, value in headers if name == b"content-length"]
    return int(lengths[0]) if len(lengths) == 1 and lengths[0].isdigit() else 0
