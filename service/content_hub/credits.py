"""Counts credits, which mutations that look at an image cost (contract 9, 13 and 16.11)."""

import time
from collections.abc import Callable

from sqlalchemy import Connection, func, insert, select

from service.content_hub.database import HubDatabase, charges


class NoCreditsError(Exception):
    """The organization has no credit left; nothing was charged."""


class Credits:
    """Credits of organizations. Balance = allowance - charged: raising the allowance tops it up."""

    def __init__(
        self,
        database: HubDatabase,
        allowance: int,
        exhausted: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Keep count in `database`; while `exhausted` says so there are none, whatever was left."""
        self._database = database
        self.allowance = allowance
        self._exhausted = exhausted
        self._clock = clock

    def balance(self, organization: str) -> int:
        """Return the credits that are left."""
        with self._database.read() as connection:
            return self._left(connection, organization)

    def require(self, organization: str) -> None:
        """Check, before the work is done, that there is a credit to charge afterwards.

        Raises:
            NoCreditsError: there is none.
        """
        if self.balance(organization) < 1:
            raise NoCreditsError

    def charge(self, organization: str, reason: str) -> None:
        """Take one credit; call it when the work is done, so that a failure costs nothing.

        Raises:
            NoCreditsError: the last one was taken meanwhile.
        """
        with self._database.write() as connection:
            if self._left(connection, organization) < 1:
                raise NoCreditsError
            connection.execute(
                insert(charges).values(
                    organization=organization, reason=reason, charged=self._clock()
                )
            )

    def _left(self, connection: Connection, organization: str) -> int:
        if self._exhausted():
            return 0
        spent = connection.scalar(
            select(func.count()).select_from(charges).where(charges.c.organization == organization)
        )
        return max(0, self.allowance - (spent or 0))
