"""uvicorn's HTTP protocol, for clients that send more than they announced."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class SurplusTolerantProtocol(HttpToolsProtocol):
    """Lets a complete request have its answer although bytes follow that are no request.

    uvicorn itself would answer those bytes at once with 400 and drop the answer being made. A store
    keeps exactly Content-Length bytes, says so, and closes the connection (RFC 9112 section 6.3).
    """

    def send_400_response(self, msg: str) -> None:
        """Refuse unreadable bytes, unless a complete request still waits for its answer."""
        cycle = self.cycle
        # `cycle` is None before the first request, whatever uvicorn's annotation says.
        if cycle and not cycle.more_body and not cycle.response_complete:
            cycle.keep_alive = False
            return
        super().send_400_response(msg)
