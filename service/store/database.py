"""The tables of the local store, and transactions on them.

SQLite in WAL mode: readers never wait for the writer. A writing transaction starts with
`BEGIN IMMEDIATE`, so what it reads cannot change before it commits.
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
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
)

BUSY_TIMEOUT = 30  # seconds a writer waits for its turn

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
)


class Database:
    """One SQLite file; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Prepare the engine; nothing is opened before `create_tables`."""
        self._engine = create_engine(
            f"sqlite:///{path}", connect_args={"timeout": BUSY_TIMEOUT}, pool_size=16
        )
        _configure(self._engine)
        self._writer = self._engine.execution_options(immediate=True)

    def create_tables(self) -> None:
        """Create what is missing."""
        with self._writer.begin() as connection:
            metadata.create_all(connection)

    @contextmanager
    def read(self) -> Generator[Connection, None, None]:
        """Give a consistent view of the database; it sees no later commit."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection, None, None]:
        """Give the only writing transaction; commits at the end, rolls back on an exception."""
        with self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _configure(engine: Engine) -> None:
    # SQLAlchemy's documented recipe: the driver must not open transactions on its own.
    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
