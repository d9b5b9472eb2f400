"""SQLite files of the data folder, each with a key of its own for the columns that are encrypted.

What was encrypted with another key counts as forgotten.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from client.encryption import EncryptionKey
from client.errors import RecordsUnavailableError

BUSY_TIMEOUT = 10.0
"""Seconds to wait for another thread or process that is writing."""


class EncryptedDatabase:
    """One SQLite file and its key. Several threads and processes may use the same file.

    Every method raises RecordsUnavailableError when the file cannot be read or written.

    Attributes:
        key: encrypts columns.
    """

    def __init__(self, path: Path, key_path: Path, tables: sa.MetaData) -> None:
        """Open the file, creating what is missing: its folder 0700, files 0600."""
        self._path = path
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.key = EncryptionKey(key_path)
            path.touch(mode=0o600)  # SQLite gives the files beside it the same rights
        except OSError as error:
            reason = error.strerror or "it cannot be opened"
            raise RecordsUnavailableError.of(path, reason) from error
        self._engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_TIMEOUT})
        _configure(self._engine)
        self._writer = self._engine.execution_options(immediate=True)
        with self.writing() as connection:
            tables.create_all(connection)

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Generator[sa.Connection]:
        """Give a connection that reads."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Generator[sa.Connection]:
        """Give a transaction that is the only writer: what it reads cannot change meanwhile."""
        with self._translated(), self._writer.begin() as connection:
            yield connection

    def count_lost(self, table: sa.Table) -> int:
        """Return how many rows of a table were encrypted with another key than today's."""
        lost = sa.select(sa.func.count()).where(table.c.key_id != self.key.id)
        with self.reading() as connection:
            return connection.scalars(lost.select_from(table)).one()

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except DBAPIError as error:
            raise RecordsUnavailableError.of(self._path, str(error.orig)) from error


def keep_first(
    connection: sa.Connection,
    column: sa.Column[Any],
    mine: tuple[sa.ColumnElement[bool], ...],
    order: tuple[sa.ColumnElement[Any], ...],
    most: int,
) -> None:
    """Delete all but the first `most` of the rows that are `mine`; `column` tells them apart."""
    kept = sa.select(column).where(*mine).order_by(*order).limit(most)
    connection.execute(sa.delete(column.table).where(*mine, column.not_in(kept)))


def _configure(engine: sa.Engine) -> None:
    # SQLAlchemy's documented recipe: the driver must not open transactions on its own.
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
