"""Slows down password guessing: counts failed sign-ins per user and per address.

After the free tries one more is let through per `WAIT` seconds, so nobody is locked out for good.
"""

import math
import threading
import time
from collections.abc import Callable

USER_TRIES = 5
ADDRESS_TRIES = 20
WAIT = 60
MEMORY = 600


class Attempts:
    """Failed sign-ins of the last ten minutes, for the whole process. Safe between threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures: dict[str, list[float]] = {}

    def reserve(self, username: str, address: str) -> int:
        """Count a try before its password is checked, unless it has to wait.

        One step, so that tries made at the same time are counted like any others.

        Returns:
            How many seconds to wait before the next try; 0 when this one may go ahead. It counts as
            failed until `succeeded` says otherwise.
        """
        keys = (_user(username), _address(address))
        with self._lock:
            oldest = self._now() - MEMORY
            recent = {key: [at for at in on if at > oldest] for key, on in self._failures.items()}
            self._failures = {key: times for key, times in recent.items() if times}
            seconds = max(map(self._wait_for, keys, (USER_TRIES, ADDRESS_TRIES)))
            if not seconds:
                for key in keys:
                    self._failures.setdefault(key, []).append(self._now())
            return seconds

    def succeeded(self, username: str, address: str) -> None:
        """Take back the try of a successful sign-in, and forget the user's failures."""
        with self._lock:
            self._failures.pop(_user(username), None)
            of_address = self._failures.get(_address(address))
            if of_address:
                of_address.pop()

    def _wait_for(self, key: str, tries: int) -> int:
        times = self._failures.get(key, [])
        if len(times) < tries:
            return 0
        return max(0, math.ceil(times[-1] + WAIT - self._now()))


def _user(username: str) -> str:
    return f"user {username.strip().lower()}"


def _address(address: str) -> str:
    return f"address {address}"
