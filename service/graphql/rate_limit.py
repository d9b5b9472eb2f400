"""Requests a minute, counted per credential in a sliding window (contract 4 and 16.10)."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from http import HTTPStatus

from service.errors import GraphQLRequestError

WINDOW = 60  # seconds


class RateLimit:
    """Counts admitted requests. Used by the event loop alone, so it needs no lock."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Admit `limit` requests in any 60 seconds; 0 admits all."""
        self._limit = limit
        self._clock = clock
        # Grows with the number of valid credentials, which the settings bound.
        self._admitted: defaultdict[str, deque[float]] = defaultdict(deque)

    def admit(self, credential: str) -> None:
        """Count a request, or refuse it; a refused one does not count.

        Raises:
            GraphQLRequestError: RATE_LIMITED, with the seconds to wait in Retry-After.
        """
        if not self._limit:
            return
        now = self._clock()
        admitted = self._admitted[credential]
        while admitted and admitted[0] <= now - WINDOW:
            admitted.popleft()
        if len(admitted) >= self._limit:
            raise rate_limited(self._limit, math.ceil(admitted[0] + WINDOW - now))
        admitted.append(now)


def rate_limited(limit: int, seconds: int) -> GraphQLRequestError:
    """Refuse a request that comes too soon; it may come again after `seconds`."""
    return GraphQLRequestError(
        "RATE_LIMITED",
        f"More than {limit} requests in a minute; wait {seconds} s.",
        HTTPStatus.TOO_MANY_REQUESTS,
        {"Retry-After": str(seconds)},
    )
