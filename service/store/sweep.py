"""Removing what has expired, and what a crash left behind."""

import logging
import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, select

from service.store.database import Database, objects, parts, uploads
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
    ) -> None:
        self._database = database
        self._folder = folder
        self._leases = leases
        self._clock = clock

    def sweep(self) -> int:
        """Remove expired uploads and objects that no request is using; return files removed."""
        horizon = self._clock() - GRACE
        held = self._leases.held()
        with self._database.write() as connection:
            sources = _expired(connection, horizon, held)
            names = _forget(connection, sources)
        removed = self._folder.remove(names)
        if removed:
            log.info("Swept %d expired files.", removed)
        return removed

    def recover(self) -> int:
        """Repair after a crash; only right while nothing else uses the folder.

        Removes files without a row (bodies that were never acknowledged) and rows whose file is
        gone or has another size (possible only after a power loss). Returns files removed.
        """
        sizes = self._folder.sizes()
        with self._database.write() as connection:
            rows = connection.execute(select(parts.c.source, parts.c.file_name, parts.c.size)).all()
            damaged = [source for source, name, size in rows if sizes.get(name) != size]
            names = set(_forget(connection, damaged))
            recorded = {name for source, name, _ in rows if source not in set(damaged)}
        removed = self._folder.remove(names | sizes.keys() - recorded)
        if removed:
            log.warning("Removed %d files that no finished upload owns.", removed)
        return removed


def _expired(connection: Connection, horizon: float, held: set[str]) -> list[str]:
    open_or_done = select(uploads.c.key, uploads.c.upload_id).where(uploads.c.expires < horizon)
    finished = select(objects.c.key, objects.c.source).where(objects.c.expires < horizon)
    rows = [*connection.execute(open_or_done), *connection.execute(finished)]
    return [source for key, source in rows if key not in held]


def _forget(connection: Connection, sources: Sequence[str]) -> list[str]:
    """Delete every row of these uploads and objects; return the names of their files."""
    names: list[str] = []
    for source in dict.fromkeys(sources):
        names += connection.scalars(select(parts.c.file_name).where(parts.c.source == source))
        connection.execute(delete(parts).where(parts.c.source == source))
        connection.execute(delete(objects).where(objects.c.source == source))
        connection.execute(delete(uploads).where(uploads.c.upload_id == source))
    return names
