"""The tables of the local store, and transactions on them.

SQLite in WAL mode: readers never wait for the writer. A writing transaction starts with
`BEGIN IMMEDIATE`, so what it reads cannot change before it commits.

A killed process loses no commit, whatever the settings. A power loss cannot damage the file; with
fsync it takes no commit either (`synchronous = FULL`), without it perhaps the last (`NORMAL`).
"""

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    inspect,
)
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.schema import CreateColumn

from service import errors

DATABASE_FILE = "service.sqlite3"
BUSY_TIMEOUT = 30  # seconds a writer waits for its turn
CHECKPOINT_PAGES = 1000  # pages of WAL after which they are copied into the database

# The second where a file meets a limit, the third where the index of the WAL cannot be made.
_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)

metadata = MetaData()

uploads = Table(
    "uploads",
    metadata,
    Column("upload_id", String, primary_key=True),
    Column("key", String, nullable=False),
    Column("declared_size", Integer, nullable=False),
    Column("expires", Float, nullable=False),
    # Set by complete: which part list made the object, and the object's ETag.
    Column("fingerprint", String),
    Column("etag", String),
)

parts = Table(
    "parts",
    metadata,
    # The upload id; for a single PUT, an object of one part, it is the object's key.
    Column("source", String, primary_key=True),
    Column("part_number", Integer, primary_key=True),
    Column("file_name", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("md5", String, nullable=False),
)

objects = Table(
    "objects",
    metadata,
    Column("key", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("etag", String, nullable=False),
    Column("content_type", String, nullable=False),
    Column("modified", Float, nullable=False),
    Column("expires", Float, nullable=False),
    # What the PUT said beside the type, by name; NULL in rows from before this column.
    Column("headers", JSON),
)


class Database:
    """One SQLite file; safe to use from several threads."""

    def __init__(
        self,
        path: Path,
        *,
        fsync: bool = False,
        busy_timeout: float = BUSY_TIMEOUT,
        alone: bool = False,
    ) -> None:
        """Prepare the engine; nothing is opened before `create_tables`.

        Args:
            path: of the file.
            fsync: whether a commit is on the disk before it is answered.
            busy_timeout: seconds a writer waits for its turn.
            alone: nobody else opens it, by a second connection neither; it can then be read where
                the disk has no room for the index that connections share.
        """
        self._engine = create_engine(
            f"sqlite:///{path}", connect_args={"timeout": busy_timeout}, pool_size=16
        )
        _configure(self._engine, "FULL" if fsync else "NORMAL", alone=alone)
        self._writer = self._engine.execution_options(immediate=True)

    def create_tables(self) -> None:
        """Create what is missing, be it columns of tables that an earlier version made.

        A column that comes later may be null: so an earlier version can still use the file, too.

        Raises:
            OSError: as `write` does.
        """
        with self.write() as connection:
            metadata.create_all(connection)
            _add_missing_columns(connection)

    @contextmanager
    def read(self) -> Generator[Connection, None, None]:
        """Give a consistent view of the database; it sees no later commit.

        Raises:
            OSError: the database cannot be read.
        """
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection, None, None]:
        """Give the only writing transaction; commits at the end, rolls back on an exception.

        Raises:
            S3ApiError: SlowDown when other writers kept it waiting too long.
            OSError: the database cannot be written; ENOSPC when the disk is full.
        """
        with _translated(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _add_missing_columns(connection: Connection) -> None:
    there = inspect(connection)
    for table in metadata.sorted_tables:
        names = {column["name"] for column in there.get_columns(table.name)}
        for column in table.columns:
            if column.name not in names:
                described = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {described}")


@contextmanager
def _translated() -> Generator[None, None, None]:
    """Turn what SQLite cannot do into the errors that any file operation has."""
    try:
        yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        primary = code & 0xFF  # the rest is SQLite's extended code
        if primary == sqlite3.SQLITE_BUSY:
            raise errors.slow_down() from error
        full = code in _NO_ROOM
        raise OSError(errno.ENOSPC if full else errno.EIO, f"SQLite: {error.orig}") from error


def _configure(engine: Engine, synchronous: str, *, alone: bool) -> None:
    # SQLAlchemy's documented recipe: the driver must not open transactions on its own.
    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None
        if alone:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
