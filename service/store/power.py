"""Detects at a start that the machine stopped (a power loss) while the store was open.

A killed process loses nothing that it handed to the system; a power loss or a crashed system may.
Linux names each boot, so the two can be told apart; elsewhere every stop without a `close` counts
as a power loss, which costs a longer start and nothing else.
"""

import os
import secrets
from pathlib import Path

from service.store.folder import sync_folder

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class OpenMark:
    """A file that exists while the store is open and names the boot it was opened in."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def left_by_another_boot(self) -> bool:
        """Tell whether the machine stopped while the store was open."""
        return self._path.exists() and self._path.read_bytes() != _boot_id().encode()

    def set(self) -> None:
        """Say that the store is open; the mark itself survives a power loss."""
        with self._path.open("w") as file:
            file.write(_boot_id())
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self._path.parent)

    def remove(self) -> None:
        """Say that the store was closed in order."""
        self._path.unlink(missing_ok=True)


def _boot_id() -> str:
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return secrets.token_hex(16)
