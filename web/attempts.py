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

    def wait(self, username: str, address: str) -> int:
        """Return how many seconds to wait before the next try, 0 when it may go ahead."""
        with self._lock:
            self._forget_old()
            return max(
                self._wait_for(_user(username), USER_TRIES),
                self._wait_for(_address(address), ADDRESS_TRIES),
            )

    def failed(self, username: str, address: str) -> None:
        """Remember a wrong password."""
        with self._lock:
            for key in (_user(username), _address(address)):
                self._failures.setdefault(key, []).append(self._now())

    def succeeded(self, username: str) -> None:
        """Forget the failures of a user who has signed in; the address keeps its count."""
        with self._lock:
            self._failures.pop(_user(username), None)

    def _wait_for(self, key: str, tries: int) -> int:
        times = self._failures.get(key, [])
        if len(times) < tries:
            return 0
        return max(0, math.ceil(times[-1] + WAIT - self._now()))

    def _forget_old(self) -> None:
        oldest = self._now() - MEMORY
        kept = {key: [at for at in times if at > oldest] for key, times in self._failures.items()}
        self._failures = {key: times for key, times in kept.items() if times}


def _user(username: str) -> str:
    return f"user {username.strip().lower()}"


def _address(address: str) -> str:
    return f"address {address}"
