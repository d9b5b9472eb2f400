"""Signed-in sessions, kept in SQLite so that a restart signs nobody out.

The browser holds a random id; only its SHA-256 is stored, so the file alone opens nothing.
"""

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError

# The second where a file meets a limit, the third where the index of the WAL cannot be made.
_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
LIFETIME = 8 * 3600
ID_BYTES = 32

_metadata = sa.MetaData()
_sessions = sa.Table(
    "sessions",
    _metadata,
    sa.Column("reference", sa.String(64), primary_key=True),
    sa.Column("username", sa.String(64), nullable=False),
    sa.Column("expires", sa.Integer, nullable=False, index=True),
)

# Made once, since every request asks: putting it together takes longer than carrying it out.
_LIVE = sa.select(_sessions.c.username).where(
    _sessions.c.reference == sa.bindparam("its_reference"),
    _sessions.c.expires > sa.bindparam("now"),
)


class SessionsUnavailableError(Exception):
    """The file of sessions cannot be read or written; the message says why.

    Attributes:
        status: the HTTP status to answer with: 507 for a full disk.
    """

    code = "sessions-unavailable"

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Session:
    """One live sign-in. `reference` is the hash of the id and opens nothing by itself."""

    reference: str
    username: str


class Sessions:
    """The sessions of one database file; they live 8 hours. Safe to share between threads.

    Every method raises SessionsUnavailableError when the file cannot be read or written.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)  # SQLite gives the files beside it the same rights
        self._now = now
        self._path = path
        self._engine = sa.create_engine(f"sqlite:///{path}")
        event.listen(self._engine, "connect", _set_wal)
        with self._write() as connection:
            _metadata.create_all(connection)

    def open(self, username: str) -> str:
        """Start a session and return its id, which is known to the caller only.

        Sessions that have expired are removed on the way.
        """
        session_id = secrets.token_urlsafe(ID_BYTES)
        expires = int(self._now()) + LIFETIME
        with self._write() as connection:
            connection.execute(sa.delete(_sessions).where(_sessions.c.expires <= self._now()))
            connection.execute(
                sa.insert(_sessions).values(
                    reference=reference_of(session_id), username=username, expires=expires
                )
            )
        return session_id

    def find(self, reference: str) -> Session | None:
        """Return the live session of that reference, or None. One indexed read."""
        wanted = {"its_reference": reference, "now": self._now()}
        with self._translated(), self._engine.connect() as connection:
            username = connection.scalar(_LIVE, wanted)
        return Session(reference, username) if username is not None else None

    def revoke(self, reference: str) -> None:
        """End a session; does nothing when it has ended already."""
        with self._write() as connection:
            connection.execute(sa.delete(_sessions).where(_sessions.c.reference == reference))

    def close(self) -> None:
        """Close the database file."""
        self._engine.dispose()

    @contextmanager
    def _write(self) -> Generator[sa.Connection]:
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except DatabaseError as error:
            code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            raise SessionsUnavailableError(
                f"{self._path.name} in the data folder cannot be used: {error.orig}.",
                507 if code in _NO_ROOM else 503,
            ) from error


def reference_of(session_id: str) -> str:
    """Return what is stored of a session id: its SHA-256 as 64 hex digits."""
    return hashlib.sha256(session_id.encode()).hexdigest()


def _set_wal(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA busy_timeout=5000")
