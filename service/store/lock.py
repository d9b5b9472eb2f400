"""The lock by which one process owns a data folder."""

import sqlite3
from pathlib import Path
from types import TracebackType

from service.errors import DataFolderError

LOCK_FILE = "service.lock"


class FolderLock:
    """A SQLite lock, held for the life of a process: any system frees it when the process dies.

    Nothing is written for it, so that it can be had on a full disk.
    """

    def __init__(self, data_dir: Path) -> None:
        """Take the lock; the folder must be there.

        Raises:
            DataFolderError: another process has it, or its file cannot be used.
        """
        self._data_dir = data_dir
        try:
            self._connection = self._taken()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_NOTADB:
                raise self._explained(error) from error
            # Whoever held it would have kept us from reading it. It has no content to lose.
            (data_dir / LOCK_FILE).unlink()
            self._connection = self._taken()

    def release(self) -> None:
        """Give the folder back."""
        self._connection.close()

    def __enter__(self) -> "FolderLock":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.release()

    def _taken(self) -> sqlite3.Connection:
        path = self._data_dir / LOCK_FILE
        lock = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            lock.execute("PRAGMA journal_mode = MEMORY")
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError:
            lock.close()
            raise
        return lock

    def _explained(self, error: sqlite3.DatabaseError) -> DataFolderError:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:  # the rest is an extended code
            return DataFolderError(
                f"{self._data_dir} is in use by another service; give this one its own "
                "TFW_DATA_DIR."
            )
        return DataFolderError(f"{self._data_dir / LOCK_FILE} cannot be used: {error}.")
