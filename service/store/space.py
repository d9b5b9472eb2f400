"""Decides before a body is read whether the store has room for it.

Two limits, both our own (the contract names none): a quota on the bytes kept, and a reserve that
stays free on the disk so that rows, logs and the completing of uploads still work. A body that is
being received counts in full from its first byte, so parallel PUTs cannot pass a limit together.
A body that replaces another needs room beside it until it is recorded.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from service import errors


@dataclass(frozen=True)
class SpaceLimits:
    """Bytes; a quota of 0 is none."""

    quota: int = 0
    disk_reserve: int = 0


class Space:
    """Counts what one folder keeps and what it is about to receive; safe from several threads."""

    def __init__(self, path: Path, limits: SpaceLimits) -> None:
        self._path = path
        self._limits = limits
        self._lock = Lock()
        self._kept = 0
        self._expected = 0

    @property
    def kept(self) -> int:
        """Bytes in finished files."""
        return self._kept

    @property
    def expected(self) -> int:
        """Bytes of the bodies that are being received."""
        return self._expected

    def restart(self, kept: int) -> None:
        """Begin with so many bytes kept and no body on its way."""
        with self._lock:
            self._kept, self._expected = kept, 0

    def expect(self, size: int) -> None:
        """Set room aside for a body; ends with `arrived` or `given_up`.

        Raises:
            S3ApiError: QuotaExceeded, InsufficientStorage.
        """
        with self._lock:
            quota, used = self._limits.quota, self._kept + self._expected
            if quota and used + size > quota:
                raise errors.quota_exceeded(size, quota, used)
            reserve = self._limits.disk_reserve
            if reserve and shutil.disk_usage(self._path).free - self._expected - size < reserve:
                raise errors.insufficient_storage()
            self._expected += size

    def arrived(self, expected: int, size: int) -> None:
        """Turn room set aside into bytes kept."""
        with self._lock:
            self._expected -= expected
            self._kept += size

    def given_up(self, expected: int) -> None:
        """Give back the room of a body that did not arrive."""
        with self._lock:
            self._expected -= expected

    def freed(self, size: int) -> None:
        """Take note of a removed file."""
        with self._lock:
            self._kept -= size
