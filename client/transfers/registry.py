"""Remembers transfers in one SQLite file, so that a reload or a restart loses none.

Plan and receipt hold signed URLs and are stored encrypted; the key lies beside the database, in a
file of its own. A transfer that was encrypted with another key is treated as if it were not there.
Several threads and processes may use the same file.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from client.database import Database, keep_first
from client.storage.complete import Receipt
from client.storage.plan import UploadPlan
from client.transfers.record import (
    NumberedEtags,
    Problem,
    Transfer,
    TransferRecord,
    Try,
    read_plan,
    read_receipt,
    read_try,
    write_plan,
    write_receipt,
)

DATABASE_FILE, KEY_FILE = "transfers.sqlite3", "transfers.key"
KEPT_PER_OWNER = 250
"""A folder of 200 files, and what was there before."""
KEPT_AFTER_DEADLINE = 24 * 3600.0
"""Seconds an expired transfer is remembered, so that the page can say that it has expired."""
HEARD_FOR = 30.0
"""Seconds after its last report during which a page load counts as sending."""
LATE_FOR = 5.0
"""Seconds after a page load's goodbye in which a report of it was on its way before the goodbye."""
MOST_TRIES = 5_000
"""Tries kept of one transfer: 410 parts, each tried 12 times."""
PLANS_IN_MEMORY = 32

ReportOutcome = Literal["taken", "elsewhere", "unknown"]

_metadata = sa.MetaData()
_transfers = sa.Table(
    "transfers",
    _metadata,
    sa.Column("owner", sa.String, primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("key_id", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("modified", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("holder", sa.String, nullable=False),
    sa.Column("heard", sa.Float, nullable=False),
    sa.Column("false_image", sa.Boolean, nullable=False),
    sa.Column("kind", sa.String),
    sa.Column("deadline", sa.Float),
    sa.Column("part_size", sa.Integer),
    sa.Column("sha256", sa.String),
    sa.Column("problem", sa.String),
    sa.Column("plan", sa.LargeBinary),
    sa.Column("receipt", sa.LargeBinary),
)
_parts = sa.Table(
    "transfer_parts",
    _metadata,
    sa.Column("owner", sa.String, primary_key=True),
    sa.Column("transfer", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("etag", sa.String),
    sa.ForeignKeyConstraint(
        ["owner", "transfer"], ["transfers.owner", "transfers.id"], ondelete="CASCADE"
    ),
)
_tries = sa.Table(
    "transfer_tries",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("owner", sa.String, nullable=False),
    sa.Column("transfer", sa.String, nullable=False),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("code", sa.String, nullable=False),
    sa.Column("etag", sa.String),
    sa.Column("request_id", sa.String, nullable=False),
    sa.Column("route", sa.String, nullable=False),
    # The same try may be told twice, by a report and by the event at the end.
    sa.UniqueConstraint("owner", "transfer", "part", "started"),
    sa.ForeignKeyConstraint(
        ["owner", "transfer"], ["transfers.owner", "transfers.id"], ondelete="CASCADE"
    ),
)
_TRY = ("part", "size", "started", "seconds", "status", "code", "etag", "request_id", "route")


class TransferRegistry:
    """All transfers, each visible to its owner only. Safe from several threads and processes.

    Every method raises RecordsUnavailableError when the file cannot be read or written.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        """Open the file in `folder`, creating what is missing: folder 0700, files 0600."""
        self._now = now
        self._database = Database(folder / DATABASE_FILE, folder / KEY_FILE, _metadata)
        self._plan_of = lru_cache(PLANS_IN_MEMORY)(self._decrypted_plan)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    # Reading

    def get(self, owner: str, transfer_id: str) -> Transfer | None:
        """Return the owner's transfer of that id, if there is one."""
        with self._database.reading() as connection:
            row = connection.execute(
                sa.select(_transfers).where(*self._is(owner, transfer_id))
            ).one_or_none()
            etags = _etags(connection, owner, transfer_id) if row else {}
        return self._transfer(row, etags) if row else None

    def list(self, owner: str) -> Sequence[TransferRecord]:
        """Return what lists show of the owner's transfers, newest first: those with a plan."""
        with self._database.reading() as connection:
            rows = connection.execute(_overview(self._of(owner))).mappings().all()
        return [_record(row) for row in rows]

    def record(self, owner: str, transfer_id: str) -> TransferRecord | None:
        """Return what lists show of one transfer."""
        with self._database.reading() as connection:
            query = _overview(self._is(owner, transfer_id))
            row = connection.execute(query).mappings().one_or_none()
        return _record(row) if row else None

    def finished(self, owner: str) -> Sequence[tuple[Transfer, Receipt]]:
        """Return the owner's completed transfers and what they brought, newest first."""
        newest_first = _transfers.c.started.desc()
        done = (*self._of(owner), _transfers.c.state == "done")
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(_transfers).where(*done).order_by(newest_first))
            found = [self._transfer(row, _etags(connection, owner, row.id)) for row in rows]
        return [(transfer, transfer.receipt) for transfer in found if transfer and transfer.receipt]

    def parts(self, owner: str, transfer_id: str) -> Sequence[tuple[int, int, int, str | None]]:
        """Return number, start, end (exclusive) and ETag of every part."""
        columns = (_parts.c.number, _parts.c.start, _parts.c.end, _parts.c.etag)
        query = sa.select(*columns).where(*_of_transfer(_parts, owner, transfer_id))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_parts.c.number)).all()
        return [(number, start, end, etag) for number, start, end, etag in rows]

    def tries(self, owner: str, transfer_id: str, after: int = 0) -> Sequence[tuple[int, Try]]:
        """Return the tries in the order they were told, each with its number; those `after` one."""
        query = sa.select(_tries).where(
            *_of_transfer(_tries, owner, transfer_id), _tries.c.number > after
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_tries.c.number)).mappings().all()
        return [(row["number"], Try(**{name: row[name] for name in _TRY})) for row in rows]

    def details(self, owner: str, transfer_id: str) -> dict[str, Any] | None:
        """Return what lists show of one transfer, its parts and its tries, as JSON has them."""
        record = self.record(owner, transfer_id)
        if record is None:
            return None
        parts = self.parts(owner, transfer_id)
        tries = [asdict(row) for _number, row in self.tries(owner, transfer_id)]
        return {**record.as_json(), "parts": parts, "tries": tries}

    def lost(self) -> str:
        """Say what is kept here and cannot be read, empty when all can."""
        count = self._database.count_lost(_transfers)
        if not count:
            return ""
        return (
            f"{KEY_FILE} in the data folder is not the key of {count} remembered transfers: the "
            "pages have forgotten them. Put a backup of it back, or send those files again."
        )

    # Writing

    def put(self, transfer: Transfer) -> None:
        """Add or replace a transfer; one that is done stays done.

        The owner's oldest ones beyond `KEPT_PER_OWNER` are forgotten, ended ones first.
        """
        values = self._values(transfer)
        statement = insert(_transfers).values(**values)
        replace = statement.on_conflict_do_update(
            index_elements=["owner", "id"],
            set_={name: statement.excluded[name] for name in values},
            where=(_transfers.c.state != "done") | (statement.excluded.state == "done"),
        )
        with self._database.writing() as connection:
            connection.execute(replace)
            if transfer.plan:
                _insert_parts(connection, transfer, transfer.plan)
            _set_etags(connection, transfer.owner, transfer.id, list(transfer.etags.items()))
            self._forget_old(connection, transfer)

    def resume(
        self, owner: str, transfer_id: str, holder: str, modified: int | None = None
    ) -> bool:
        """Give a transfer to a page load, unless another one is sending it at the moment.

        `modified` is of the file that it goes on with: by that it is recognised from now on.
        """
        own = (_transfers.c.holder.in_((holder, ""))) | (
            _transfers.c.heard <= self._now() - HEARD_FOR
        )
        values: dict[str, object] = {
            "holder": holder,
            "heard": self._now(),
            "state": "planned",
            "problem": None,
        }
        if modified is not None:
            values["modified"] = modified
        return self._change(owner, transfer_id, values, own)

    def finish(
        self,
        owner: str,
        transfer_id: str,
        receipt: Receipt,
        etags: Mapping[int, str],
        sha256: str | None,
    ) -> None:
        """Keep what a completed transfer brought, whatever state it was in."""
        values: dict[str, Any] = {
            "state": "done",
            "problem": None,
            "receipt": self._database.key.encrypt(write_receipt(receipt)),
        }
        if sha256:
            values["sha256"] = sha256
        with self._database.writing() as connection:
            _set_etags(connection, owner, transfer_id, list(etags.items()))
            connection.execute(
                sa.update(_transfers).where(*self._is(owner, transfer_id)).values(**values)
            )

    def fail(self, owner: str, transfer_id: str, holder: str, problem: Problem) -> None:
        """Note why a transfer failed, unless another page load has it or it ended otherwise."""
        values = {"state": "failed", "problem": json.dumps(asdict(problem))}
        self._change(owner, transfer_id, values, _transfers.c.holder.in_((holder, "")))

    def cancel(self, owner: str, transfer_id: str, holder: str) -> bool:
        """Cancel a transfer that has not ended, whoever holds it; tell whether it was one."""
        values = {"state": "cancelled", "problem": None, "holder": holder, "heard": 0.0}
        return self._change(owner, transfer_id, values)

    def note(
        self, owner: str, transfer_id: str, etags: NumberedEtags = (), tries: Iterable[Try] = ()
    ) -> None:
        """Keep ETags and tries; parts that the plan does not have are passed over."""
        with self._database.writing() as connection:
            if connection.scalar(self._exists(owner, transfer_id)):
                _set_etags(connection, owner, transfer_id, etags)
                _insert_tries(connection, owner, transfer_id, tries)

    def report(
        self,
        owner: str,
        transfer_id: str,
        *,
        holder: str,
        etags: NumberedEtags = (),
        tries: Iterable[Mapping[str, Any]] = (),
        gone: bool = False,
    ) -> ReportOutcome:
        """Take what a page load tells of a transfer it sends; tries by the fields of `Try`.

        A new ETag shows that a failed transfer was taken up again. `gone` says that the page load
        ends, so that another one may take over at once; a report that it overtook does not change
        that.
        """
        columns = (_transfers.c.state, _transfers.c.holder, _transfers.c.heard)
        with self._database.writing() as connection:
            row = connection.execute(
                sa.select(*columns).where(*self._is(owner, transfer_id))
            ).one_or_none()
            if row is None:
                return "unknown"
            if row.holder not in (holder, "") or row.state == "cancelled":
                return "elsewhere"
            new = _set_etags(connection, owner, transfer_id, etags)
            _insert_tries(connection, owner, transfer_id, map(read_try, tries))
            now = self._now()
            late = row.holder == holder and 0 < -row.heard > now - LATE_FOR
            heard = -now if gone else row.heard if late else now
            values: dict[str, Any] = {"holder": holder, "heard": heard}
            if row.state == "failed" and new:
                values |= {"state": "planned", "problem": None}
            connection.execute(
                sa.update(_transfers).where(*self._is(owner, transfer_id)).values(**values)
            )
        return "taken"

    # Inside

    def _of(self, owner: str) -> tuple[sa.ColumnElement[bool], ...]:
        return (_transfers.c.owner == owner, _transfers.c.key_id == self._database.key.id)

    def _is(self, owner: str, transfer_id: str) -> tuple[sa.ColumnElement[bool], ...]:
        return (*self._of(owner), _transfers.c.id == transfer_id)

    def _exists(self, owner: str, transfer_id: str) -> sa.Select[int]:
        return sa.select(sa.literal(1)).where(*self._is(owner, transfer_id))

    def _change(
        self,
        owner: str,
        transfer_id: str,
        values: Mapping[str, object],
        *conditions: sa.ColumnElement[bool],
    ) -> bool:
        """Change a transfer that has not ended; tell whether it was changed."""
        mine = (*self._is(owner, transfer_id), _transfers.c.state.in_(_OPEN), *conditions)
        with self._database.writing() as connection:
            result = connection.execute(sa.update(_transfers).where(*mine).values(**values))
            return result.rowcount > 0

    def _values(self, transfer: Transfer) -> dict[str, Any]:
        plan, receipt, problem = transfer.plan, transfer.receipt, transfer.problem
        return {
            "owner": transfer.owner,
            "id": transfer.id,
            "key_id": self._database.key.id,
            "name": transfer.name,
            "size": transfer.size,
            "modified": transfer.modified,
            "fingerprint": transfer.fingerprint,
            "state": transfer.state,
            "started": transfer.started or self._now(),
            "holder": transfer.holder,
            "heard": transfer.heard,
            "false_image": transfer.false_image,
            "kind": plan and plan.kind,
            "deadline": plan and plan.deadline,
            "part_size": plan and plan.part_size,
            "sha256": transfer.sha256,
            "problem": problem and json.dumps(asdict(problem)),
            "plan": plan and self._database.key.encrypt(write_plan(plan)),
            "receipt": receipt and self._database.key.encrypt(write_receipt(receipt)),
        }

    def _transfer(self, row: sa.Row[Any], etags: Mapping[int, str]) -> Transfer | None:
        plan = self._plan_of(row.plan) if row.plan else None
        receipt = self._decrypted_receipt(row.receipt) if row.receipt else None
        if (row.plan and not plan) or (row.receipt and not receipt):
            return None
        return Transfer(
            id=row.id,
            owner=row.owner,
            name=row.name,
            size=row.size,
            state=row.state,
            started=row.started,
            plan=plan,
            receipt=receipt,
            problem=Problem(**json.loads(row.problem)) if row.problem else None,
            false_image=row.false_image,
            modified=row.modified,
            fingerprint=row.fingerprint,
            holder=row.holder,
            heard=row.heard,
            etags=etags,
            sha256=row.sha256,
        )

    def _decrypted_plan(self, encrypted: bytes) -> UploadPlan | None:
        content = self._database.key.decrypt(encrypted)
        return read_plan(content) if content else None

    def _decrypted_receipt(self, encrypted: bytes) -> Receipt | None:
        content = self._database.key.decrypt(encrypted)
        return read_receipt(content) if content else None

    def _forget_old(self, connection: sa.Connection, newest: Transfer) -> None:
        ends = sa.func.coalesce(_transfers.c.deadline, _transfers.c.started)
        connection.execute(sa.delete(_transfers).where(ends < self._now() - KEPT_AFTER_DEADLINE))
        running = (_transfers.c.state == "planned") & (ends > self._now())
        best_first = (_transfers.c.id == newest.id, running, _transfers.c.started)
        order = tuple(column.desc() for column in best_first)
        mine = (_transfers.c.owner == newest.owner,)
        keep_first(connection, _transfers.c.id, mine, order, KEPT_PER_OWNER)


_OPEN = ("planned", "failed")
"""The states that a transfer can go on from."""


def _of_transfer(
    table: sa.Table, owner: str, transfer_id: str
) -> tuple[sa.ColumnElement[bool], ...]:
    return (table.c.owner == owner, table.c.transfer == transfer_id)


def _overview(conditions: Iterable[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    there = _parts.c.etag.is_not(None)
    return (
        sa.select(
            *(_transfers.c[name] for name in _SHOWN),
            sa.func.count().label("parts_total"),
            sa.func.count(_parts.c.etag).label("parts_done"),
            sa.func.sum(sa.case((there, _parts.c.end - _parts.c.start), else_=0)).label(
                "bytes_done"
            ),
        )
        .join_from(_transfers, _parts)
        .where(*conditions)
        .group_by(_transfers.c.owner, _transfers.c.id)
        .order_by(_transfers.c.started.desc())
    )


_SHOWN = (
    "id",
    "name",
    "size",
    "modified",
    "kind",
    "state",
    "started",
    "deadline",
    "part_size",
    "holder",
    "heard",
)


def _record(row: sa.RowMapping) -> TransferRecord:
    return TransferRecord(**{str(name): value for name, value in row.items()})


def _etags(connection: sa.Connection, owner: str, transfer_id: str) -> dict[int, str]:
    query = sa.select(_parts.c.number, _parts.c.etag).where(
        *_of_transfer(_parts, owner, transfer_id), _parts.c.etag.is_not(None)
    )
    rows = connection.execute(query.order_by(_parts.c.number))
    return {row.number: row.etag for row in rows}


def _set_etags(
    connection: sa.Connection, owner: str, transfer_id: str, etags: NumberedEtags
) -> bool:
    """Keep ETags of parts; tell whether one of them is new."""
    number = sa.bindparam("part", type_=sa.Integer())
    etag = sa.bindparam("its_etag", type_=sa.String())
    changed = (_parts.c.number == number) & _parts.c.etag.is_distinct_from(etag)
    statement = (
        sa.update(_parts)
        .where(*_of_transfer(_parts, owner, transfer_id), changed)
        .values(etag=etag)
    )
    rows = [{"part": part, "its_etag": value} for part, value in etags]
    return bool(rows) and connection.execute(statement, rows).rowcount > 0


def _insert_parts(connection: sa.Connection, transfer: Transfer, plan: UploadPlan) -> None:
    rows = [
        {
            "owner": transfer.owner,
            "transfer": transfer.id,
            "number": part.number,
            "start": part.start,
            "end": part.end,
        }
        for part in plan.parts
    ]
    connection.execute(insert(_parts).on_conflict_do_nothing(), rows)


def _insert_tries(
    connection: sa.Connection, owner: str, transfer_id: str, tries: Iterable[Try]
) -> None:
    rows = [{"owner": owner, "transfer": transfer_id, **asdict(told)} for told in tries]
    if not rows:
        return
    connection.execute(insert(_tries).on_conflict_do_nothing(), rows)
    mine = _of_transfer(_tries, owner, transfer_id)
    keep_first(connection, _tries.c.number, mine, (_tries.c.number.desc(),), MOST_TRIES)
