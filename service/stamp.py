"""What every answer of the service carries, and the one line the log keeps of it."""

import logging
import secrets
import time
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = "service.request_id"

HeaderPairs = Sequence[tuple[bytes, bytes]]

log = logging.getLogger(__name__)


class Stamped:
    """Wraps an endpoint: request id, `X-Local-Service: 1`, fixed headers, one log line.

    The log line has the path without its query string: signatures and tokens never get there.
    """

    def __init__(self, app: ASGIApp, headers: HeaderPairs = ()) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request_id = secrets.token_hex(8).upper()
        scope[REQUEST_ID] = request_id
        started = time.perf_counter()
        status = 0

        async def stamped_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *self._stamp(request_id)]
            await send(message)

        try:
            await self._app(scope, receive, stamped_send)
        finally:
            elapsed = (time.perf_counter() - started) * 1000
            method, path = scope["method"], scope["path"]
            log.info("%s %s %s %d %.1f ms", request_id, method, ascii(path), status, elapsed)

    def _stamp(self, request_id: str) -> list[tuple[bytes, bytes]]:
        return [
            (b"x-local-service", b"1"),
            (b"x-amz-request-id", request_id.encode()),
            *self._headers,
        ]
