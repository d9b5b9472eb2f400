"""uvicorn's websocket protocol, with a small limit for visitors who are not signed in.

The application could refuse a large message only when all of it is in memory.
"""

from typing import cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets import http11
from websockets.http11 import Request

from web.live_sockets import LIFT_LIMIT, STRANGER_BYTES

# A handshake with a longer line, such as the cookies of several programs on one host, would get no
# answer at all; the library's own limit is 8 KB. More than 32 KB never come here: uvicorn reads the
# head before, within the limits of service/http/protocol.py.
http11.MAX_LINE_LENGTH = 64 * 1024


class StrangerLimitProtocol(WebSocketsSansIOProtocol):
    """Closes with 1009 at the first frame that makes a message too big; nothing of it is kept."""

    def handle_connect(self, event: Request) -> None:
        """Start with a stranger's limit; the application may lift it during the handshake."""
        self.conn.max_message_size = STRANGER_BYTES
        super().handle_connect(event)
        if not self.handshake_complete:  # it runs in a later turn of the loop
            lift = cast(dict[object, object], self._lift)
            self.scope["extensions"] = {**(self.scope.get("extensions") or {}), LIFT_LIMIT: lift}

    def _lift(self) -> None:
        self.conn.max_message_size = self.config.ws_max_size
