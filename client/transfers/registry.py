"""Remembers transfers in one SQLite file, so that a reload or a restart loses none.

Plan and receipt hold signed URLs and are stored encrypted; the key lies beside the database, in a
file of its own. A transfer that was encrypted with another key is treated as if it were not there.
Several threads and processes may use the same file.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import Insert, insert

from client.database import EncryptedDatabase, keep_first
from client.storage.complete import Receipt
from client.storage.plan import UploadPlan
from client.transfers.leases import TransferLeases
from client.transfers.record import (
    Problem,
    SentParts,
    Transfer,
    TransferRecord,
    Try,
    link_of,
    read_plan,
    read_receipt,
    write_plan,
    write_receipt,
)
from client.transfers.tables import (
    is_transfer,
    keep_parts,
    metadata,
    of_owner,
    of_transfer,
    parts,
    transfers,
)
from client.transfers.tries import Tries, insert_tries

DATABASE_FILE, KEY_FILE = "transfers.sqlite3", "transfers.key"
KEPT_PER_OWNER = 250
"""A folder of 200 files, and what was there before."""
KEPT_AFTER_DEADLINE = 24 * 3600.0
"""Seconds an expired transfer is remembered, so that the page can say that it has expired."""
PLANS_IN_MEMORY = 32
_Cut = Sequence[tuple[int, int, int, str | None]]


class TransferRegistry:
    """All transfers, each visible to its owner only. Safe from several threads and processes.

    Every method raises RecordsUnavailableError when the file cannot be read or written.

    Attributes:
        leases: which page load sends a transfer.
        tries: every PUT that a browser told of.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        """Open the file in `folder`, creating what is missing: folder 0700, files 0600."""
        self._now = now
        self._database = EncryptedDatabase(folder / DATABASE_FILE, folder / KEY_FILE, metadata)
        self.leases = TransferLeases(self._database, now)
        self.tries = Tries(self._database)
        self._plan_of = lru_cache(PLANS_IN_MEMORY)(self._decrypted_plan)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    # Reading

    def get(self, owner: str, transfer_id: str) -> Transfer | None:
        """Return the owner's transfer of that id, if there is one."""
        with self._database.reading() as connection:
            row = connection.execute(_GET, self._named(owner, transfer_id)).one_or_none()
            cut = _parts(connection, owner, transfer_id) if row else ()
        return self._transfer(row, cut) if row else None

    def known(self, owner: str, transfer_ids: Sequence[str]) -> set[str]:
        """Return those of the ids that are of the owner's transfers."""
        wanted = transfers.c.id.in_(list(transfer_ids))
        with self._database.reading() as connection:
            found = connection.scalars(sa.select(transfers.c.id).where(*self._of(owner), wanted))
            return set(found)

    def list(self, owner: str) -> Sequence[TransferRecord]:
        """Return what lists show of the owner's transfers, newest first: those with a plan."""
        with self._database.reading() as connection:
            rows = connection.execute(_overview(self._of(owner))).mappings().all()
        return [self._record(row) for row in rows]

    def record(self, owner: str, transfer_id: str) -> TransferRecord | None:
        """Return what lists show of one transfer."""
        with self._database.reading() as connection:
            query = _overview(self._is(owner, transfer_id))
            row = connection.execute(query).mappings().one_or_none()
        return self._record(row) if row else None

    def finished(self, owner: str) -> Sequence[tuple[Transfer, Receipt]]:
        """Return the owner's completed transfers and what they brought, newest first."""
        newest_first = transfers.c.started.desc()
        done = (*self._of(owner), transfers.c.state == "done")
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(transfers).where(*done).order_by(newest_first))
            found = [self._transfer(row, _parts(connection, owner, row.id)) for row in rows]
        return [(transfer, transfer.receipt) for transfer in found if transfer and transfer.receipt]

    def parts(self, owner: str, transfer_id: str) -> Sequence[tuple[int, int, int, str | None]]:
        """Return number, start, end (exclusive) and ETag of every part that is known to be cut."""
        with self._database.reading() as connection:
            return _parts(connection, owner, transfer_id)

    def details(self, owner: str, transfer_id: str) -> dict[str, Any] | None:
        """Return what lists show of one transfer, its parts and its tries, as JSON has them."""
        record = self.record(owner, transfer_id)
        if record is None:
            return None
        parts = self.parts(owner, transfer_id)
        tries = [asdict(row) for _number, row in self.tries.of(owner, transfer_id)]
        return {**record.as_json(), "parts": parts, "tries": tries}

    def lost(self) -> str:
        """Say what is kept here and cannot be read, empty when all can."""
        count = self._database.count_lost(transfers)
        if not count:
            return ""
        return (
            f"{KEY_FILE} in the data folder is not the key of {count} remembered transfers: the "
            "pages have forgotten them. Put a backup of it back, or send those files again."
        )

    # Writing

    def put(self, transfer: Transfer) -> None:
        """Add or replace a transfer; as `put_all`."""
        self.put_all([transfer])

    def put_all(self, several: Sequence[Transfer]) -> None:
        """Add or replace transfers of one owner; one that is done stays done.

        The owner's oldest ones beyond `KEPT_PER_OWNER` are forgotten, ended ones first.
        """
        if not several:
            return
        planned_parts = [
            {
                "owner": transfer.owner,
                "transfer": transfer.id,
                "number": part.number,
                "start": part.start,
                "end": part.end,
            }
            for transfer in several
            if transfer.plan
            for part in transfer.plan.parts
        ]
        with self._database.writing() as connection:
            connection.execute(_PUT, [self._values(transfer) for transfer in several])
            if planned_parts:
                connection.execute(_PUT_PART, planned_parts)
            for transfer in several:
                keep_parts(connection, transfer.owner, transfer.id, _sent_of(transfer))
            self._forget_old(connection, several)

    def finish(
        self,
        owner: str,
        transfer_id: str,
        receipt: Receipt,
        sha256: str | None,
        tries: Iterable[Try] = (),
    ) -> None:
        """Keep what a completed transfer brought, whatever state it was in."""
        encrypted = self._database.key.encrypt(write_receipt(receipt))
        values = {"its_receipt": encrypted, "its_sha256": sha256}
        with self._database.writing() as connection:
            sent = _joined_in(receipt)
            if receipt.complete_xml:
                _forget_others(connection, owner, transfer_id, [number for number, *_ in sent])
            keep_parts(connection, owner, transfer_id, sent)
            insert_tries(connection, owner, transfer_id, tries)
            connection.execute(_FINISH, values | self._named(owner, transfer_id))

    def note(
        self, owner: str, transfer_id: str, sent: SentParts = (), tries: Iterable[Try] = ()
    ) -> None:
        """Keep parts that the store has, and tries."""
        with self._database.writing() as connection:
            exists = sa.select(sa.literal(1)).where(*self._is(owner, transfer_id))
            if connection.scalar(exists):
                keep_parts(connection, owner, transfer_id, sent)
                insert_tries(connection, owner, transfer_id, tries)

    def forget(self, owner: str, transfer_ids: Sequence[str]) -> None:
        """Forget those of the owner's transfers that have ended, or failed."""
        ended = transfers.c.state != "planned"
        wanted = transfers.c.id.in_(list(transfer_ids))
        with self._database.writing() as connection:
            connection.execute(sa.delete(transfers).where(*self._of(owner), ended, wanted))

    # Inside

    def _of(self, owner: str) -> tuple[sa.ColumnElement[bool], ...]:
        return of_owner(self._database.key.id, owner)

    def _is(self, owner: str, transfer_id: str) -> tuple[sa.ColumnElement[bool], ...]:
        return is_transfer(self._database.key.id, owner, transfer_id)

    def _named(self, owner: str, transfer_id: str) -> dict[str, Any]:
        return {"its_owner": owner, "its_id": transfer_id, "its_key": self._database.key.id}

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
            "lease_owner": transfer.lease_owner,
            "heartbeat": transfer.heartbeat,
            "false_image": transfer.false_image,
            "kind": plan and plan.kind,
            "deadline": plan and plan.deadline,
            "part_size": plan and plan.part_size,
            "sha256": transfer.sha256,
            "problem": problem and json.dumps(asdict(problem)),
            "plan": plan and self._database.key.encrypt(write_plan(plan)),
            "receipt": receipt and self._database.key.encrypt(write_receipt(receipt)),
        }

    def _transfer(self, row: sa.Row[Any], cut: _Cut) -> Transfer | None:
        plan = self._plan_of(row.plan) if row.plan else None
        decrypted = self._database.key.decrypt(row.receipt) if row.receipt else None
        receipt = read_receipt(decrypted) if decrypted else None
        if (row.plan and not plan) or (row.receipt and not receipt):
            return None
        return Transfer(
            id=row.id,
            owner=row.owner,
            name=row.name,
            size=row.size,
            state=row.state,
            started=row.started,
            plan=plan and plan.with_parts(part[:3] for part in cut),
            receipt=receipt,
            problem=Problem(**json.loads(row.problem)) if row.problem else None,
            false_image=row.false_image,
            modified=row.modified,
            fingerprint=row.fingerprint,
            lease_owner=row.lease_owner,
            heartbeat=row.heartbeat,
            etags={number: etag for number, _start, _end, etag in cut if etag},
            sha256=row.sha256,
        )

    def _record(self, row: sa.RowMapping) -> TransferRecord:
        fields = {str(name): value for name, value in row.items()}
        encrypted, false_image = fields.pop("receipt"), fields.pop("false_image")
        content = self._database.key.decrypt(encrypted) if encrypted else None
        link = link_of(read_receipt(content), false_image=false_image) if content else None
        if fields["part_size"] is None and fields["state"] != "done":
            fields["parts_total"] = None
        return TransferRecord(**fields, link=link)

    def _decrypted_plan(self, encrypted: bytes) -> UploadPlan | None:
        content = self._database.key.decrypt(encrypted)
        return read_plan(content) if content else None

    def _forget_old(self, connection: sa.Connection, newest: Sequence[Transfer]) -> None:
        ends = sa.func.coalesce(transfers.c.deadline, transfers.c.started)
        connection.execute(sa.delete(transfers).where(ends < self._now() - KEPT_AFTER_DEADLINE))
        running = (transfers.c.state == "planned") & (ends > self._now())
        is_new = transfers.c.id.in_([transfer.id for transfer in newest])
        order = tuple(column.desc() for column in (is_new, running, transfers.c.started))
        mine = (transfers.c.owner == newest[0].owner,)
        keep_first(connection, transfers.c.id, mine, order, KEPT_PER_OWNER)


def _put_statement() -> Insert:
    statement = insert(transfers)
    return statement.on_conflict_do_update(
        index_elements=["owner", "id"],
        set_=dict(statement.excluded.items()),
        where=(transfers.c.state != "done") | (statement.excluded.state == "done"),
    )


# Made once: SQLAlchemy takes longer to put a statement together than SQLite to carry it out.
_PUT = _put_statement()
_PUT_PART = insert(parts).on_conflict_do_nothing()


_ONE = (
    transfers.c.owner == sa.bindparam("its_owner"),
    transfers.c.id == sa.bindparam("its_id"),
    transfers.c.key_id == sa.bindparam("its_key"),
)
_GET = sa.select(transfers).where(*_ONE)
_FINISH = (
    sa.update(transfers)
    .where(*_ONE)
    .values(
        state="done",
        problem=None,
        receipt=sa.bindparam("its_receipt"),
        sha256=sa.func.coalesce(sa.bindparam("its_sha256", type_=sa.String()), transfers.c.sha256),
    )
)
_PARTS = (
    sa.select(parts.c.number, parts.c.start, parts.c.end, parts.c.etag)
    .where(
        parts.c.owner == sa.bindparam("its_owner"),
        parts.c.transfer == sa.bindparam("its_id"),
    )
    .order_by(parts.c.number)
)


def _overview(conditions: Iterable[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    there = parts.c.etag.is_not(None)
    return (
        sa.select(  # pyrefly: ignore # counts the columns as far as it can
            *(transfers.c[name].label(name) for name in _SHOWN),
            sa.func.count(parts.c.number).label("parts_total"),
            sa.func.count(parts.c.etag).label("parts_done"),
            sa.func.sum(sa.case((there, parts.c.end - parts.c.start), else_=0)).label("bytes_done"),
        )
        .join_from(transfers, parts, isouter=True)
        .where(*conditions, transfers.c.plan.is_not(None))
        .group_by(transfers.c.owner, transfers.c.id)
        .order_by(transfers.c.started.desc())
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
    "lease_owner",
    "heartbeat",
    "receipt",
    "false_image",
)


def _parts(connection: sa.Connection, owner: str, transfer_id: str) -> _Cut:
    rows = connection.execute(_PARTS, {"its_owner": owner, "its_id": transfer_id})
    return [(number, start, end, etag) for number, start, end, etag in rows]


def _forget_others(
    connection: sa.Connection, owner: str, transfer_id: str, numbers: Sequence[int]
) -> None:
    """Forget parts that were sent and not joined: two windows may have cut a file differently."""
    others = (*of_transfer(parts, owner, transfer_id), parts.c.number.not_in(numbers))
    connection.execute(sa.delete(parts).where(*others))


def _sent_of(transfer: Transfer) -> SentParts:
    planned = transfer.plan.parts if transfer.plan else ()
    return [
        (part.number, part.start, part.end, transfer.etags[part.number])
        for part in planned
        if part.number in transfer.etags
    ]


def _joined_in(receipt: Receipt) -> SentParts:
    ends = accumulate(size for _number, size, _etag in receipt.parts)
    return [
        (number, end - size, end, etag)
        for (number, size, etag), end in zip(receipt.parts, ends, strict=True)
    ]
