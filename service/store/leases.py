"""Which temp files are being read or written right now, so that the sweep leaves them alone."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock


class Leases:
    """Counts the running requests of each key; safe to use from several threads."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def hold(self, key: str) -> Generator[None, None, None]:
        """Keep the key's files until the context ends."""
        with self._lock:
            self._running[key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[key] -= 1
                if not self._running[key]:
                    del self._running[key]

    def held(self) -> set[str]:
        """Return the keys in use."""
        with self._lock:
            return set(self._running)
