"""Signed-in sessions, kept in SQLite so that a restart signs nobody out.

The browser holds a random id; only its SHA-256 is stored, so the file alone opens nothing.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

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


@dataclass(frozen=True)
class Session:
    """One live sign-in. `reference` is the hash of the id and opens nothing by itself."""

    reference: str
    username: str


class Sessions:
    """The sessions of one database file; they live 8 hours. Safe to share between threads."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)  # SQLite gives the files beside it the same rights
        self._now = now
        self._engine = sa.create_engine(f"sqlite:///{path}")
        event.listen(self._engine, "connect", _set_wal)
        _metadata.create_all(self._engine)

    def open(self, username: str) -> str:
        """Start a session and return its id, which is known to the caller only.

        Sessions that have expired are removed on the way.
        """
        session_id = secrets.token_urlsafe(ID_BYTES)
        expires = int(self._now()) + LIFETIME
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_sessions).where(_sessions.c.expires <= self._now()))
            connection.execute(
                sa.insert(_sessions).values(
                    reference=reference_of(session_id), username=username, expires=expires
                )
            )
        return session_id

    def find(self, reference: str) -> Session | None:
        """Return the live session of that reference, or None. One indexed read."""
        query = sa.select(_sessions.c.username).where(
            _sessions.c.reference == reference, _sessions.c.expires > self._now()
        )
        with self._engine.connect() as connection:
            username = connection.scalar(query)
        return Session(reference, username) if username is not None else None

    def revoke(self, reference: str) -> None:
        """End a session; does nothing when it has ended already."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_sessions).where(_sessions.c.reference == reference))

    def close(self) -> None:
        """Close the database file."""
        self._engine.dispose()


def reference_of(session_id: str) -> str:
    """Return what is stored of a session id: its SHA-256 as 64 hex digits."""
    return hashlib.sha256(session_id.encode()).hexdigest()


def _set_wal(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA busy_timeout=5000")
