"""Which page load sends a transfer: it holds a lease, and its reports are the heartbeat.

A lease ends `LEASE_SECONDS` after the last heartbeat, or at once when the page load says goodbye;
then another page load may take the transfer over.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any, Literal

import sqlalchemy as sa

from client.database import EncryptedDatabase
from client.transfers.record import Problem, SentParts, Try
from client.transfers.tables import is_transfer, keep_parts, transfers
from client.transfers.tries import insert_tries

LEASE_SECONDS = 30.0
"""Seconds after its last report during which a page load counts as sending."""
LATE_FOR = 5.0
"""Seconds after a page load's goodbye in which a report of it was on its way before the goodbye."""

ReportOutcome = Literal["taken", "elsewhere", "unknown"]

_OPEN = ("planned", "failed")
"""The states that a transfer can go on from."""


class TransferLeases:
    """What page loads do with the transfers that they send."""

    def __init__(self, database: EncryptedDatabase, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    def resume(
        self, owner: str, transfer_id: str, lease_owner: str, modified: int | None = None
    ) -> bool:
        """Give a transfer to a page load, unless another one is sending it at the moment.

        `modified` is of the file that it goes on with: by that it is recognised from now on.
        """
        own = (transfers.c.lease_owner.in_((lease_owner, ""))) | (
            transfers.c.heartbeat <= self._now() - LEASE_SECONDS
        )
        values: dict[str, object] = {
            "lease_owner": lease_owner,
            "heartbeat": self._now(),
            "state": "planned",
            "problem": None,
        }
        if modified is not None:
            values["modified"] = modified
        return self._change(owner, transfer_id, values, own)

    def report(
        self,
        owner: str,
        transfer_id: str,
        *,
        lease_owner: str,
        parts: SentParts = (),
        tries: Iterable[Try] = (),
        gone: bool = False,
    ) -> ReportOutcome:
        """Take what a page load tells of a transfer it sends.

        A new part shows that a failed transfer was taken up again. `gone` says that the page load
        ends, so that another one may take over at once; a report that it overtook does not change
        that.
        """
        columns = (transfers.c.state, transfers.c.lease_owner, transfers.c.heartbeat)
        with self._database.writing() as connection:
            row = connection.execute(
                sa.select(*columns).where(*self._is(owner, transfer_id))
            ).one_or_none()
            if row is None:
                return "unknown"
            if row.lease_owner not in (lease_owner, "") or row.state == "cancelled":
                return "elsewhere"
            new = keep_parts(connection, owner, transfer_id, parts)
            insert_tries(connection, owner, transfer_id, tries)
            now = self._now()
            late = row.lease_owner == lease_owner and 0 < -row.heartbeat > now - LATE_FOR
            heartbeat = -now if gone else row.heartbeat if late else now
            values: dict[str, Any] = {"lease_owner": lease_owner, "heartbeat": heartbeat}
            if row.state == "failed" and new:
                values |= {"state": "planned", "problem": None}
            connection.execute(
                sa.update(transfers).where(*self._is(owner, transfer_id)).values(**values)
            )
        return "taken"

    def fail(self, owner: str, transfer_id: str, lease_owner: str, problem: Problem) -> None:
        """Note why a transfer failed, unless another page load has it or it ended otherwise."""
        values = {"state": "failed", "problem": json.dumps(asdict(problem))}
        self._change(owner, transfer_id, values, transfers.c.lease_owner.in_((lease_owner, "")))

    def cancel(self, owner: str, transfer_id: str, lease_owner: str) -> bool:
        """Cancel a transfer that has not ended, whoever has the lease; tell whether it was one."""
        values = {
            "state": "cancelled",
            "problem": None,
            "lease_owner": lease_owner,
            "heartbeat": 0.0,
        }
        return self._change(owner, transfer_id, values)

    def _change(
        self,
        owner: str,
        transfer_id: str,
        values: Mapping[str, object],
        *conditions: sa.ColumnElement[bool],
    ) -> bool:
        """Change a transfer that has not ended; tell whether it was changed."""
        mine = (*self._is(owner, transfer_id), transfers.c.state.in_(_OPEN), *conditions)
        with self._database.writing() as connection:
            result = connection.execute(sa.update(transfers).where(*mine).values(**values))
            return result.rowcount > 0

    def _is(self, owner: str, transfer_id: str) -> tuple[sa.ColumnElement[bool], ...]:
        return is_transfer(self._database.key.id, owner, transfer_id)
