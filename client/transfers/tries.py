"""The tries of each transfer: every PUT of a part that its browser told of."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from client.database import EncryptedDatabase, keep_first
from client.transfers.record import Try
from client.transfers.tables import of_transfer
from client.transfers.tables import tries as tries_table
from client.wire.exchange import ExchangeLog

MOST_TRIES = 5_000
"""Tries kept of one transfer: 410 parts, each tried 12 times."""
_INSERT = insert(tries_table).on_conflict_do_nothing()
_FIELDS = tuple(field.name for field in fields(Try))


class Tries:
    """Reads the tries of transfers."""

    def __init__(self, database: EncryptedDatabase) -> None:
        self._database = database

    def of(self, owner: str, transfer_id: str, after: int = 0) -> Sequence[tuple[int, Try]]:
        """Return the tries in the order they were told, each with its number; those `after` one."""
        query = sa.select(tries_table).where(
            *of_transfer(tries_table, owner, transfer_id), tries_table.c.number > after
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(tries_table.c.number)).mappings().all()
        return [(row["number"], Try(**{name: row[name] for name in _FIELDS})) for row in rows]

    def newer(
        self, owner: str, after: int, of_these: Collection[str]
    ) -> Sequence[tuple[int, str, Try]]:
        """Return number, transfer and try of all that were told `after` one, of some transfers."""
        query = sa.select(tries_table).where(
            tries_table.c.owner == owner, tries_table.c.number > after
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(tries_table.c.number)).mappings().all()
        return [
            (row["number"], row["transfer"], Try(**{name: row[name] for name in _FIELDS}))
            for row in rows
            if row["transfer"] in of_these
        ]

    def newest(self) -> int:
        """Return the number of the try that was told last."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.max(tries_table.c.number))) or 0


def _fields(told: Try) -> dict[str, Any]:
    return {name: getattr(told, name) for name in _FIELDS}


def log_try(log: ExchangeLog, url: str, told: Try) -> None:
    """Put a try into a log of requests; `url` is where its part goes."""
    log.record_browser_put(
        url=url,
        part=told.part,
        size=told.size,
        started=told.started,
        seconds=told.seconds,
        status=told.status,
        code=told.code,
        etag=told.etag,
        request_id=told.request_id or None,
        relayed=told.route == "relay",
    )


def insert_tries(
    connection: sa.Connection, owner: str, transfer_id: str, tries: Iterable[Try]
) -> None:
    """Keep tries of a transfer, each once; the oldest beyond `MOST_TRIES` are forgotten."""
    rows = [{"owner": owner, "transfer": transfer_id, **_fields(told)} for told in tries]
    if not rows:
        return
    connection.execute(_INSERT, rows)
    if len(rows) == 1 and rows[0]["part"] == 1:
        return  # a small file's only one: nothing is so far from too many
    mine = of_transfer(tries_table, owner, transfer_id)
    keep_first(connection, tries_table.c.number, mine, (tries_table.c.number.desc(),), MOST_TRIES)
