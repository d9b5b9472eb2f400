"""The local store, put together.

What it promises (the durability policy):

- A part or object is acknowledged after three steps in this order: its bytes are in a draft file,
  the draft has its final name, its row is committed. Killing the process at any instant therefore
  loses nothing acknowledged and shows nothing unfinished; the next start removes what is left over.
- Nothing is synced to the disk before the answer. A power loss may take the newest files; the next
  start then drops their rows, so a damaged object is never served. Temp files live an hour and
  their client still has the source, which is why the faster rule is the right one here.
- Complete writes rows, never bytes.
- One process owns a data folder; a second one is refused at its start.
"""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from service.errors import DataFolderError
from service.store.database import Database
from service.store.folder import PartFolder
from service.store.leases import Leases
from service.store.objects import Objects
from service.store.sweep import Sweeper
from service.store.uploads import PartLimits, Uploads

DATABASE_FILE = "service.sqlite3"
LOCK_FILE = "service.lock"
FILES_FOLDER = "files"


class LocalStore:
    """Temp files in one data folder."""

    def __init__(
        self, data_dir: Path, limits: PartLimits, clock: Callable[[], float] = time.time
    ) -> None:
        """Name the files; nothing is touched before `open`."""
        self._data_dir = data_dir
        self._lock: sqlite3.Connection | None = None
        self._database = Database(data_dir / DATABASE_FILE)
        self.folder = PartFolder(data_dir / FILES_FOLDER)
        self.leases = Leases()
        self.objects = Objects(self._database, self.folder, clock)
        self.uploads = Uploads(self._database, self.folder, limits, clock)
        self._sweeper = Sweeper(self._database, self.folder, self.leases, clock)

    def open(self) -> None:
        """Take the folder, create what is missing, repair after a crash, sweep.

        Raises:
            DataFolderError: another process uses the folder.
        """
        self.folder.create()
        self._lock = _lock_folder(self._data_dir)
        self._database.create_tables()
        self._sweeper.recover()
        self._sweeper.sweep()

    def sweep(self) -> int:
        """Remove expired files that no request is using; return how many."""
        return self._sweeper.sweep()

    def close(self) -> None:
        """Close the database and give the folder back."""
        self._database.close()
        if self._lock:
            self._lock.close()
            self._lock = None


def _lock_folder(data_dir: Path) -> sqlite3.Connection:
    """Hold a SQLite lock for the life of the process: any system frees it when the process dies."""
    path = data_dir / LOCK_FILE
    lock = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        raise DataFolderError(
            f"{data_dir} is in use by another service; give this one its own TFW_DATA_DIR."
        ) from error
    return lock
