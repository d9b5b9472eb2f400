"""How uvicorn is run: the socket it listens on, and its HTTP protocol."""

import socket

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

BACKLOG = 2048


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
