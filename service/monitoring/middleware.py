"""Middleware of every route: headers that all answers carry, and a report when one is sent."""

import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.faults.state import Faults
from service.http.headers import REQUEST_ID, read_headers
from service.http.operations import operation_of

XML = b"application/xml"
_CODE = re.compile(rb"<Error><Code>([A-Za-z]{1,64})</Code>")

HeaderPairs = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class FinishedRequest:
    """One answered request. Nothing in it is secret: no query, no header, no body.

    `route` and `operation` come from small fixed sets; `status` is 0 when the client left before
    an answer began; sizes are bytes of bodies.
    """

    request_id: str
    route: str
    operation: str
    method: str
    path: str
    status: int
    bytes_in: int
    bytes_out: int
    seconds: float
    error_code: str | None = None
    faults: tuple[str, ...] = ()


Observe = Callable[[FinishedRequest], None]


@dataclass(frozen=True)
class RequestObserver:
    """What all routes of one service share: the fault switches and the observer of requests."""

    faults: Faults
    observe: Observe


class RequestMiddleware:
    """Wraps an endpoint: request id, `X-Local-Service: 1`, fixed headers, and a report at the end.

    A fixed header is left out where the answer has one of that name itself.

    While a fault switch is on, `X-Fault` names it; the switch that takes CORS headers away does it
    here, where all headers are known.
    """

    def __init__(
        self, app: ASGIApp, route: str, watch: RequestObserver, headers: HeaderPairs = ()
    ) -> None:
        """Wrap the endpoint of a route.

        Args:
            app: what answers.
            route: its path, with placeholders in the place of values.
            watch: whom to tell.
            headers: for every answer; names in lower case.
        """
        self._app = app
        self._route = route
        self._watch = watch
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = _Exchange(scope, receive, send, self._stamp)
        scope[REQUEST_ID] = exchange.request_id
        exchange.faults = self._watch.faults.active()
        try:
            await self._app(scope, exchange.receive, exchange.send)
        finally:
            self._watch.observe(exchange.finished(self._route))

    def _stamp(self, exchange: "_Exchange", message: Message) -> Message:
        own = message["headers"]
        named = {name.lower() for name, _ in own}
        headers = [
            *own,
            (b"x-local-service", b"1"),
            (b"x-amz-request-id", exchange.request_id.encode()),
            *(row for row in self._headers if row[0] not in named),
        ]
        if exchange.faults:
            headers.append((b"x-fault", ", ".join(exchange.faults).encode()))
        if "cors_off" in exchange.faults:
            headers = [row for row in headers if not row[0].lower().startswith(b"access-control-")]
        return {**message, "headers": headers}


class _Exchange:
    """One request on its way: counts what passes."""

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        stamp: Callable[["_Exchange", Message], Message],
    ) -> None:
        self.request_id = secrets.token_hex(8).upper()
        self.faults: tuple[str, ...] = ()
        self._scope = scope
        self._receive = receive
        self._send = send
        self._stamp = stamp
        self._started = time.perf_counter()
        self._status = 0
        self._xml = False
        self._code: str | None = None
        self._bytes_in = 0
        self._bytes_out = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes_in += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._xml = (b"content-type", XML) in message["headers"]
            message = self._stamp(self, message)
        else:
            body = message.get("body", b"")
            if self._xml and not self._bytes_out and (found := _CODE.search(body)):
                self._code = found[1].decode()
            self._bytes_out += len(body)
        await self._send(message)

    def finished(self, route: str) -> FinishedRequest:
        return FinishedRequest(
            self.request_id,
            route,
            operation_of(self._scope),
            self._scope["method"],
            self._scope["path"],
            self._status,
            self._received(),
            self._bytes_out,
            time.perf_counter() - self._started,
            self._code,
            self.faults,
        )

    def _received(self) -> int:
        """A body read straight from its socket did not pass here; stored, it came in full."""
        if self._bytes_in or self._status != 200 or self._scope["method"] != "PUT":
            return self._bytes_in
        length = read_headers(self._scope).get("content-length", "0")
        return int(length) if length.isdecimal() else 0
