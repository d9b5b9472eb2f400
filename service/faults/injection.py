"""Makes the switched-on failures happen, around endpoints that know nothing of them."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from asgi.request_body import respond
from service import errors
from service.auth.signing import DATE_FORMAT, parse_query
from service.faults.codes import code_for
from service.faults.state import Faults
from service.http.body import Body
from service.http.headers import REQUEST_ID, read_headers
from service.http.operations import FILES_PREFIX, operation_of, part_number_of
from service.http.protocol import DISCONNECT
from service.s3_api.xml import error_document

IDLE_TIMEOUT = 10  # seconds
SIGNED_PREFIXES = (FILES_PREFIX, "/content-hub/")  # where signed URLs lead
GRAPHQL_PATHS = ("/graphql", "/graphql/")
MESSAGE = "A fault switch asked for this answer."

log = logging.getLogger(__name__)


class FaultInjection:
    """Wraps an endpoint. Costs one look at the switches while none is on."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let the endpoint answer it under worse conditions."""
        if not self._faults.active():
            await self._app(scope, receive, send)
            return
        await asyncio.sleep(self._faults.latency())
        answer = self._answer_instead(scope)
        if answer:
            body = Body(read_headers(scope), receive, IDLE_TIMEOUT)
            if scope["method"] == "POST":
                await body.discard()  # short: the connection stays usable
            await respond(answer, body, scope, receive, send)
        elif scope["path"].startswith(SIGNED_PREFIXES):
            await self._pass_on(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _answer_instead(self, scope: Scope) -> Response | None:
        if scope["path"] in GRAPHQL_PATHS:
            return self._rate_limited(scope) if scope["method"] == "POST" else None
        if not scope["path"].startswith(SIGNED_PREFIXES) or scope["method"] == "OPTIONS":
            return None
        return self._expired(scope) or self._failed_part(scope) or self._failed_complete(scope)

    def _rate_limited(self, scope: Scope) -> Response | None:
        switch = self._faults.rate_limited()
        if switch is None:
            return None
        _say(scope, "rate_limit", "answers 429")
        message = f"Rate limit exceeded; try again in {switch.retry_after} seconds."
        problem = {"message": message, "extensions": {"code": "RATE_LIMITED"}}
        return Response(
            json.dumps({"errors": [problem]}),
            HTTPStatus.TOO_MANY_REQUESTS,
            {"Retry-After": str(switch.retry_after)},
            media_type="application/json; charset=utf-8",
        )

    def _expired(self, scope: Scope) -> Response | None:
        seconds = self._faults.url_age_limit()
        signed = _signed_at(scope)
        if seconds is None or signed is None:
            return None
        now, expires = datetime.now(UTC), signed + timedelta(seconds=seconds)
        if now < expires:
            return None
        _say(scope, "expire_urls", f"refuses a URL older than {seconds} s")
        return _refusal(errors.expired(seconds, expires, now), scope)

    def _failed_part(self, scope: Scope) -> Response | None:
        part = part_number_of(scope)
        if not part:
            return None
        if switch := self._faults.fail_part(part):
            _say(scope, "fail_part", f"refuses part {part} with {switch.status}")
            code = switch.code or code_for(switch.status)
            return _refusal(errors.S3ApiError(code, switch.status, MESSAGE), scope)
        if switch := self._faults.fail_some():
            _say(scope, "fail_some", f"refuses part {part} with {switch.status}")
            code = code_for(switch.status)
            return _refusal(errors.S3ApiError(code, switch.status, MESSAGE), scope)
        return None

    def _failed_complete(self, scope: Scope) -> Response | None:
        switch = self._faults.complete_error() if operation_of(scope) == "complete" else None
        if switch is None:
            return None
        _say(scope, "complete_error", f"answers 200 with {switch.code}")
        return _refusal(errors.S3ApiError(switch.code, HTTPStatus.OK, MESSAGE), scope)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the endpoint work between a receive and a send that do what the switches say."""
        part, connection = part_number_of(scope), _Connection(scope, receive, send)
        if self._faults.piece_size():
            connection.receive = _SlowReceive(connection.receive, self._faults)
            connection.send = _slow_send(connection.send, self._faults)
        if part and self._faults.wrong_etag(part):
            _say(scope, "wrong_etag", f"changes the ETag of part {part}")
            connection.send = _with_wrong_etag(connection.send)
        slow = self._faults.slow_complete() if operation_of(scope) == "complete" else None
        if slow:
            _say(scope, "slow_complete", f"answers {slow.seconds} s late")
            connection.send = _late_send(connection.send, slow.seconds)
        drop = self._faults.drop_part(part) if part else None
        if drop:
            _say(scope, "drop_part", f"drops part {part} after {drop.after_bytes} bytes")
            connection.receive = _DroppedReceive(connection, drop.after_bytes)
        # No body past `receive`: what wraps it here must see all of it.
        await self._app({**scope, "extensions": {}}, connection.receive, connection.send)
        await connection.end()


class _Connection:
    """A request's two channels, replaced as switches ask, and its breaking off."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.receive = receive
        self.send = send
        self._plain_send = send
        self._abort: Callable[[], None] | None = scope.get("extensions", {}).get(DISCONNECT)
        self.broken = False

    def break_off(self) -> None:
        """Close without an answer."""
        self.broken = True
        if self._abort:
            self._abort()

    async def end(self) -> None:
        """Under a server that cannot break off, leave an answer unfinished: it closes then."""
        if self.broken and not self._abort:
            start = {"status": HTTPStatus.BAD_GATEWAY, "headers": [(b"content-length", b"1")]}
            await self._plain_send({"type": "http.response.start", **start})
            await self._plain_send({"type": "http.response.body", "body": b"", "more_body": True})


class _DroppedReceive:
    """Breaks the connection off when so many bytes came; always before the body is complete."""

    def __init__(self, connection: _Connection, after_bytes: int) -> None:
        self._connection = connection
        self._receive = connection.receive
        self._left = after_bytes

    async def __call__(self) -> Message:
        if self._connection.broken:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if message["type"] == "http.request" and message.get("more_body") and self._left > 0:
            return message
        self._connection.break_off()
        return {"type": "http.disconnect"}


class _SlowReceive:
    """Hands a body on in pieces, no faster than the line is."""

    def __init__(self, receive: Receive, faults: Faults) -> None:
        self._receive = receive
        self._faults = faults
        self._waiting = b""
        self._more = True

    async def __call__(self) -> Message:
        if not self._waiting:
            message = await self._receive()
            if message["type"] != "http.request":
                return message
            self._waiting = message.get("body", b"")
            self._more = message.get("more_body", False)
        size = self._faults.piece_size() or len(self._waiting)
        piece, self._waiting = self._waiting[:size], self._waiting[size:]
        await asyncio.sleep(self._faults.delay_of(len(piece)))
        more = self._more or bool(self._waiting)
        return {"type": "http.request", "body": piece, "more_body": more}


def _slow_send(send: Send, faults: Faults) -> Send:
    async def slow(message: Message) -> None:
        rest = memoryview(message.get("body", b""))
        more = message.get("more_body", False)
        while rest:
            size = faults.piece_size() or len(rest)
            piece, rest = bytes(rest[:size]), rest[size:]
            await asyncio.sleep(faults.delay_of(len(piece)))
            last = {**message, "body": piece, "more_body": more or bool(rest)}
            await send(last)
            if not rest:
                return
        await send(message)

    return slow


def _with_wrong_etag(send: Send) -> Send:
    async def wrong(message: Message) -> None:
        headers = MutableHeaders(raw=[*message.get("headers", [])])
        if "etag" in headers:
            other = hashlib.md5(headers["etag"].encode(), usedforsecurity=False).hexdigest()
            headers["etag"] = f'"{other}"'
            message = {**message, "headers": headers.raw}
        await send(message)

    return wrong


def _late_send(send: Send, seconds: float) -> Send:
    async def late(message: Message) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(seconds)
        await send(message)

    return late


def _signed_at(scope: Scope) -> datetime | None:
    """Return when a URL was signed; None for what the verifier refuses in other words."""
    pairs = dict(parse_query(scope["query_string"].decode("latin-1")))
    if read_headers(scope).get("authorization") or "X-Amz-Signature" not in pairs:
        return None
    try:
        return datetime.strptime(pairs.get("X-Amz-Date", ""), DATE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _refusal(error: errors.S3ApiError, scope: Scope) -> Response:
    document = error_document(error, scope["path"], scope[REQUEST_ID])
    return Response(document, error.status, error.headers, media_type="application/xml")


def _say(scope: Scope, name: str, what: str) -> None:
    log.warning("%s fault %s %s", scope[REQUEST_ID], name, what)
