"""One-time tickets: how a sign-in in the page's Python becomes a cookie.

Python cannot set a cookie over the page's websocket. It hands the browser a ticket instead, and
the browser posts it to `/session` (`routes.py`).
"""

import secrets
import threading
import time
from collections.abc import Callable

LIFETIME = 30
TICKET_BYTES = 32


class Tickets:
    """Tickets of this process, in memory only: each works once, within 30 seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._issued: dict[str, tuple[str, float]] = {}

    def issue(self, username: str) -> str:
        """Return a new ticket for a user whose password was just checked."""
        ticket = secrets.token_urlsafe(TICKET_BYTES)
        with self._lock:
            self._drop_expired()
            self._issued[ticket] = (username, self._now() + LIFETIME)
        return ticket

    def redeem(self, ticket: str) -> str | None:
        """Return the ticket's user and forget the ticket; None when it is used up or too old."""
        with self._lock:
            self._drop_expired()
            entry = self._issued.pop(ticket, None)
        return entry[0] if entry else None

    def _drop_expired(self) -> None:
        now = self._now()
        self._issued = {key: entry for key, entry in self._issued.items() if entry[1] > now}
