"""Removing what has expired, and what a crash left behind."""

import logging
import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, select

from service import errors
from service.store.database import Database, objects, parts, uploads
from service.store.events import Tell, tell_nobody
from service.store.folder import PartFolder
from service.store.leases import Leases

GRACE = 5  # seconds between the check of a URL's time and the start of its lease, generously

log = logging.getLogger(__name__)


class Sweeper:
    """Keeps the folder and the rows in step with each other and with the clock."""

    def __init__(
        self,
        database: Database,
        folder: PartFolder,
        leases: Leases,
        clock: Callable[[], float] = time.time,
        tell: Tell = tell_nobody,
    ) -> None:
        self._database = database
        self._folder = folder
        self._leases = leases
        self._clock = clock
        self._tell = tell

    def sweep(self) -> int:
        """Remove expired uploads and objects that no request is using; return files removed.

        To delete rows takes room. On a full disk the files go first: what is left of their rows
        goes at the next sweep, or is dropped by `recover`.

        Raises:
            S3ApiError: SlowDown.
            OSError: the disk failed, or is full still.
        """
        horizon = self._clock() - GRACE
        try:
            return self._sweep(horizon, self._leases.held())
        except OSError as error:
            if error.errno not in errors.DISK_FULL or not self.make_room():
                raise
            log.warning("The disk is full; expired files were removed before their rows.")
        return self._sweep(horizon, self._leases.held())

    def make_room(self) -> int:
        """Remove the files of what has expired, and no rows; return how many there were."""
        horizon, held = self._clock() - GRACE, self._leases.held()
        with self._database.read() as connection:
            sources = _expired(connection, horizon, held)
            names = [name for source in sources for name in _files_of(connection, source)]
        present = self._folder.sizes()
        return self._folder.remove(name for name in names if name in present)

    def _sweep(self, horizon: float, held: set[str]) -> int:
        with self._database.write() as connection:
            sources = _expired(connection, horizon, held)
            not_complete = select(uploads.c.upload_id).where(uploads.c.fingerprint.is_(None))
            unfinished = set(connection.scalars(not_complete)).intersection(sources)
            names = _forget(connection, sources)
        removed = self._folder.remove(names)
        for _ in unfinished:
            self._tell("expired")
        if removed:
            log.info("Swept %d expired files.", removed)
        return removed

    def recover(self, *, check_content: bool = False) -> int:
        """Repair after a crash; only right while nothing else uses the folder.

        Removes files without a row (bodies that were never acknowledged), and what a power loss
        damaged: a finished file as a whole, of an open upload only the damaged part. Returns the
        number of files removed.

        Args:
            check_content: compare MD5s too; sizes alone tell enough unless the machine stopped.
        """
        sizes = self._folder.sizes()
        with self._database.write() as connection:
            rows = connection.execute(select(parts)).all()
            damaged = [
                row
                for row in rows
                if sizes.get(row.file_name) != row.size
                or (check_content and self._folder.md5(row.file_name) != row.md5)
            ]
            finished = set(connection.scalars(select(objects.c.source)))
            _forget(connection, [part.source for part in damaged if part.source in finished])
            for part in damaged:
                connection.execute(delete(parts).where(parts.c.file_name == part.file_name))
            recorded = set(connection.scalars(select(parts.c.file_name)))
        left_over = sizes.keys() - recorded
        self._folder.remove(left_over)
        if damaged:
            log.warning("Dropped %d parts that were damaged on the disk.", len(damaged))
        if left_over:
            log.warning("Removed %d files that no upload owns.", len(left_over))
        return len(left_over)


def _expired(connection: Connection, horizon: float, held: set[str]) -> list[str]:
    open_or_done = select(uploads.c.key, uploads.c.upload_id).where(uploads.c.expires < horizon)
    finished = select(objects.c.key, objects.c.source).where(objects.c.expires < horizon)
    rows = [*connection.execute(open_or_done), *connection.execute(finished)]
    return [source for key, source in rows if key not in held]


def _files_of(connection: Connection, source: str) -> Sequence[str]:
    return connection.scalars(select(parts.c.file_name).where(parts.c.source == source)).all()


def _forget(connection: Connection, sources: Sequence[str]) -> list[str]:
    """Delete every row of these uploads and objects; return the names of their files."""
    names: list[str] = []
    for source in dict.fromkeys(sources):
        names += _files_of(connection, source)
        connection.execute(delete(parts).where(parts.c.source == source))
        connection.execute(delete(objects).where(objects.c.source == source))
        connection.execute(delete(uploads).where(uploads.c.upload_id == source))
    return names
