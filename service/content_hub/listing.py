"""Rows of a query, read a page at a time."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from service.content_hub.database import HubDatabase

_Item = TypeVar("_Item")


class Listing(Generic[_Item]):
    """A long list that lies in the database; asks for its length once and for slices of it."""

    def __init__(
        self, database: HubDatabase, query: Select[Any], make: Callable[[Any], _Item]
    ) -> None:
        """List what `make` makes of the rows of an ordered query."""
        self._database = database
        self._query = query
        self._make = make
        self._length: int | None = None

    def __len__(self) -> int:
        if self._length is None:
            counted = select(func.count()).select_from(self._query.order_by(None).subquery())
            with self._database.read() as connection:
                self._length = connection.scalar(counted) or 0
        return self._length

    def __getitem__(self, piece: slice) -> Sequence[_Item]:
        start, stop, _ = piece.indices(len(self))
        if stop <= start:
            return []
        page = self._query.offset(start).limit(stop - start)
        with self._database.read() as connection:
            return [self._make(row) for row in connection.execute(page)]
