"""Keeps to the requests a minute that an endpoint takes, for all of this process together.

The limit is counted for each API key (contract 4), so every `Api` with the same endpoint
and credentials draws from the same bucket. A bucket holds a third of the minute's requests and is
filled with the other two thirds over the minute: a page that asks a dozen things at once does not
wait, and no window of 60 seconds ever sees more than the limit.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from client.connection.connection import (
    ClientCredentials,
    Connection,
    NoToken,
    PersonalAccessToken,
)
from client.errors import RateLimitedError

MINUTE = 60.0
LONGEST_WAIT = 60.0
"""Seconds a request waits for its turn; one that would wait longer is refused instead."""
ROUNDING = 1e-6  # seconds that sums of times may be off

Waiting = Callable[[float], object]


@dataclass(frozen=True)
class RateState:
    """The state of a bucket: requests that may go now, and seconds that the next one waits."""

    ready: int
    wait: float


class TokenBucket:
    """Lets at most `limit` requests through in any 60 seconds. Thread-safe."""

    def __init__(
        self,
        limit: int,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """Make a full bucket of `limit` turns a minute; the clock `now` never goes back."""
        self.limit = limit
        self._now = now
        self._pause = pause
        self._lock = threading.Lock()
        self._size = max(1, limit // 3)
        self._seconds_each = MINUTE / max(1, limit - self._size)
        # When every turn given so far is filled up again: all there is to know of a bucket
        # (the "theoretical arrival time" of the generic cell rate algorithm).
        self._full_at = now()
        self._held_until = now()

    def take(self, on_wait: Waiting | None = None) -> float:
        """Wait for a turn and return the seconds that took.

        Args:
            on_wait: told the seconds before a wait begins.

        Raises:
            RateLimitedError: the wait would be above `LONGEST_WAIT`; `details["retry_after"]` is
                its seconds, and nothing was sent.
        """
        with self._lock:
            now = self._now()
            wait = self._wait(now)
            if wait > LONGEST_WAIT + ROUNDING:
                raise RateLimitedError(
                    f"{self.limit} requests a minute are used up by what is waiting already; "
                    "nothing was sent.",
                    limit_per_minute=self.limit,
                    retry_after=round(wait),
                )
            self._full_at = max(self._full_at, now + wait) + self._seconds_each
        if wait > 0:
            if on_wait:
                on_wait(wait)
            self._pause(wait)
        return wait

    def hold(self, seconds: float) -> None:
        """Give no turn for so many seconds: the endpoint itself asked to wait."""
        with self._lock:
            self._held_until = max(self._held_until, self._now() + seconds)

    @property
    def state(self) -> RateState:
        """How the bucket stands now."""
        with self._lock:
            now = self._now()
            wait = self._wait(now)
            behind = max(0.0, self._full_at - now)
            ready = 0 if wait > 0 else int(self._size - behind / self._seconds_each + 1e-9)
            return RateState(ready, wait)

    def _wait(self, now: float) -> float:
        room_at = self._full_at - (self._size - 1) * self._seconds_each
        return max(0.0, room_at - now, self._held_until - now)


_lock = threading.Lock()
_buckets: dict[str, TokenBucket] = {}


def bucket_of(connection: Connection) -> TokenBucket | None:
    """Return the bucket that everything with these credentials shares; None without a limit."""
    if connection.rate_limit < 1:
        return None
    # The key itself is not kept in the clear.
    key = hashlib.sha256(f"{connection.graphql_url}\n{_api_key(connection)}".encode()).hexdigest()
    with _lock:
        known = _buckets.get(key)
        if known is None or known.limit != connection.rate_limit:
            known = _buckets[key] = TokenBucket(connection.rate_limit)
        return known


def _api_key(connection: Connection) -> str:
    """Return what tells the endpoint who asks."""
    match connection.credentials:
        case ClientCredentials(client_id):
            return client_id
        case PersonalAccessToken(token):
            return token
        case NoToken():
            return repr(connection.headers)
