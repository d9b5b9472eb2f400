"""Remembers what people write in the playground: open tabs, history and saved operations.

One SQLite file in the data folder. Documents and variables may hold signed URLs, so they are stored
encrypted; the key lies in a file of its own, and what another key encrypted counts as forgotten.
Several threads and processes may use the same file; everybody sees only their own.
"""

import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from client.database import EncryptedDatabase, keep_first

DATABASE_FILE, KEY_FILE = "operations.sqlite3", "operations.key"
HISTORY_KEPT = 100
MOST_TABS = 30
MOST_CLOSED = 30
"""Closed tabs that can be opened again."""
MOST_SAVED = 500
LONGEST_TEXT = 500_000
"""Characters of a document, or of its variables, that are remembered."""
LONGEST_NAME = 120

Kind = Literal["tab", "closed", "history", "saved"]


@dataclass(frozen=True)
class SavedOperation:
    """A document with its variables. Times are seconds since the epoch.

    Attributes:
        name: what the person called it; empty for a tab or history entry without one.
        at: when it was run, saved, or its tab opened.
        facts: of a tab: when it was `used` last. Of a history entry: `operation`, `outcome`,
            `status`, `seconds`, `size`, and the `tab` and the `press` of Run that it came from.
    """

    text: str
    variables: str = ""
    name: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    at: float = 0.0
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def matches(self, words: str) -> bool:
        """Tell whether every word is found in name, document or variables, in any case."""
        content = "\n".join((self.name, self.text, self.variables)).casefold()
        return all(word in content for word in words.casefold().split())

    def says_what(self, other: "SavedOperation | None") -> bool:
        """Return whether document and variables are the other's, as far as they are stored."""
        return other is not None and _written(self) == _written(other)


_metadata = sa.MetaData()
_operations = sa.Table(
    "operations",
    _metadata,
    sa.Column("owner", sa.String, primary_key=True),
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),  # of a tab: when it was used, or closed, last
    sa.Column("key_id", sa.String, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
_tab_orders = sa.Table(
    "tab_orders",
    _metadata,
    sa.Column("owner", sa.String, primary_key=True),
    sa.Column("ids", sa.JSON, nullable=False),
)


class OperationStore:
    """The operations of all visitors, each visible to its owner only. Thread-safe.

    Every method raises RecordsUnavailableError when the file cannot be read or written.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        """Open the file in `folder`, creating what is missing: folder 0700, files 0600."""
        self._now = now
        self._database = EncryptedDatabase(folder / DATABASE_FILE, folder / KEY_FILE, _metadata)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def lost(self) -> str:
        """Say what is kept here and cannot be read, empty when all can."""
        count = self._database.count_lost(_operations)
        if not count:
            return ""
        return (
            f"{KEY_FILE} in the data folder is not the key of {count} tabs, saved operations and "
            "entries of the history: they are out of sight until a backup of it is put back."
        )

    def tabs(self, owner: str) -> Sequence[SavedOperation]:
        """Return the owner's open tabs in the person's order; new ones follow as they were opened.

        A tab that was closed and opened again is where it was.
        """
        place = {tab_id: index for index, tab_id in enumerate(self._tab_order(owner))}
        return sorted(
            self._list(owner, "tab"), key=lambda tab: (place.get(tab.id, len(place)), tab.at)
        )

    def put_tab(self, owner: str, tab: SavedOperation) -> SavedOperation:
        """Open a tab, or keep what stands in an open one."""
        return self._put(owner, "tab", tab)

    def move_tab(self, owner: str, tab_id: str, before: str) -> None:
        """Move a tab to the place before another one, or behind all others without one."""
        opened = [tab.id for tab in self.tabs(owner)]
        if tab_id not in opened:
            return
        kept = {*opened, *self.closed_tabs(owner)} - {tab_id}
        ids = [one for one in dict.fromkeys((*self._tab_order(owner), *opened)) if one in kept]
        ids.insert(ids.index(before) if before in ids else len(ids), tab_id)
        statement = insert(_tab_orders).values(owner=owner, ids=ids)
        replacing = statement.on_conflict_do_update(index_elements=["owner"], set_={"ids": ids})
        with self._database.writing() as connection:
            connection.execute(replacing)

    def close_surplus(self, owner: str) -> Sequence[SavedOperation]:
        """Close the tabs beyond `MOST_TABS` that were used longest ago; return them.

        So a press on a sample always does what it says. A refusal would have the person choose a
        tab to close in the middle of something else, and nothing is lost: they can be reopened.
        """
        surplus = _newest_first(_operations.c.id, owner, "tab").offset(MOST_TABS)
        with self._database.reading() as connection:
            ids = connection.scalars(surplus).all()
        rows = [(tab_id, self._held(owner, tab_id)) for tab_id in ids]
        closed = [
            self._decrypted(row) for tab_id, row in rows if row and self._close(owner, tab_id, row)
        ]
        return [tab for tab in closed if tab]

    def change_tab(
        self, owner: str, tab: SavedOperation, known: SavedOperation | None
    ) -> SavedOperation | None:
        """Keep what stands in an open tab, unless another window has changed it since `known`.

        A tab that another window has closed is opened again, and a name that one gave it stays.
        `known` is what the tab held when the caller read or wrote it last.

        Returns:
            None when it is kept; what the other window made of it when nothing was written.
        """
        while True:
            held = self._held(owner, tab.id)
            other = self._decrypted(held)
            if other and not other.says_what(known) and not other.says_what(tab):
                return other
            if held is None:
                self._put(owner, "tab", tab)
                return None
            if other and known and tab.name == known.name:
                tab = replace(tab, name=other.name)
            values = self._values(self._cut(tab))
            statement = (
                sa.update(_operations).values(**values).where(*_exactly(owner, tab.id, held))
            )
            if self._changes_one(statement):
                return None

    def close_tab(self, owner: str, tab_id: str, known: SavedOperation | None = None) -> bool:
        """Close a tab; return False where another window has changed it since `known`."""
        while held := self._held(owner, tab_id):
            other = self._decrypted(held)
            if known and other and not other.says_what(known):
                return False
            if self._close(owner, tab_id, held):
                break
        return True

    def closed_tabs(self, owner: str) -> Sequence[str]:
        """Return the ids of the tabs that can be opened again, the one closed last first."""
        with self._database.reading() as connection:
            return connection.scalars(_newest_first(_operations.c.id, owner, "closed")).all()

    def reopen_tab(self, owner: str) -> SavedOperation | None:
        """Open the tab that was closed last; None where there is none."""
        closed = self._list(owner, "closed", newest=1)
        if not closed:
            return None
        tab = closed[0]
        is_open = self._held(owner, tab.id) is not None  # another window went on writing it
        opened = replace(tab, id=secrets.token_hex(8)) if is_open else tab
        self._put(owner, "tab", opened)
        self._delete(owner, "closed", tab.id)
        return opened

    def history(self, owner: str, words: str = "") -> Sequence[SavedOperation]:
        """Return what the owner ran, newest first; only what `matches` the words."""
        return [one for one in reversed(self._list(owner, "history")) if one.matches(words)]

    def newest_history(self, owner: str, count: int) -> Sequence[SavedOperation]:
        """Return so many of the entries that `history` returns, newest first."""
        return self._list(owner, "history", newest=count)[::-1]

    def add_history(self, owner: str, operation: SavedOperation) -> SavedOperation:
        """Keep what is run under a new id; the oldest beyond 100 are forgotten."""
        entry = replace(operation, id=secrets.token_hex(8), at=self._now())
        return self._put(owner, "history", entry, HISTORY_KEPT)

    def change_history(self, owner: str, entry: SavedOperation) -> None:
        """Keep an entry's new facts; one that is forgotten meanwhile stays so."""
        found = (*_of(owner, "history"), _operations.c.id == entry.id)
        self._changes_one(sa.update(_operations).values(**self._values(entry)).where(*found))

    def clear_history(self, owner: str) -> None:
        """Forget everything the owner ran."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(_operations).where(*_of(owner, "history")))

    def saved(self, owner: str, words: str = "") -> Sequence[SavedOperation]:
        """Return the owner's saved operations by name; only what `matches` the words."""
        found = [one for one in self._list(owner, "saved") if one.matches(words)]
        return sorted(found, key=lambda one: one.name.casefold())

    def save(self, owner: str, operation: SavedOperation) -> SavedOperation:
        """Save an operation under its name; one of the same name is replaced."""
        name = " ".join(operation.name.split())[:LONGEST_NAME] or "Untitled"
        same = next((one for one in self.saved(owner) if one.name == name), None)
        new_id = same.id if same else secrets.token_hex(8)
        entry = replace(operation, name=name, id=new_id, at=self._now(), facts={})
        return self._put(owner, "saved", entry, MOST_SAVED)

    def delete(self, owner: str, operation_id: str) -> None:
        """Forget a saved operation."""
        self._delete(owner, "saved", operation_id)

    def _list(self, owner: str, kind: Kind, newest: int | None = None) -> list[SavedOperation]:
        readable = _operations.c.key_id == self._database.key.id
        query = _newest_first(_operations.c.content, owner, kind).where(readable).limit(newest)
        with self._database.reading() as connection:
            rows = connection.scalars(query).all()
        return [operation for operation in map(self._decrypted, reversed(rows)) if operation]

    def _tab_order(self, owner: str) -> Sequence[str]:
        """Return the ids of the tabs that the person has moved, or moved others past."""
        query = sa.select(_tab_orders.c.ids).where(_tab_orders.c.owner == owner)
        with self._database.reading() as connection:
            return connection.scalar(query) or ()

    def _close(self, owner: str, tab_id: str, held: bytes) -> bool:
        """Put a tab with the closed ones, unless somebody has written it since it was read."""
        closed = {"kind": "closed", "at": self._now()}
        same = (*_of(owner, "closed"), _operations.c.id == tab_id)  # closed before, and written on
        closing = sa.update(_operations).values(**closed).where(*_exactly(owner, tab_id, held))
        newest_first = (_operations.c.at.desc(),)
        with self._database.writing() as connection:
            connection.execute(sa.delete(_operations).where(*same))
            is_closed = connection.execute(closing).rowcount == 1
            mine = _of(owner, "closed")
            keep_first(connection, _operations.c.id, mine, newest_first, MOST_CLOSED)
        return is_closed

    def _held(self, owner: str, tab_id: str) -> bytes | None:
        """Return a tab as it is stored: other bytes with every write, whatever it holds."""
        query = sa.select(_operations.c.content).where(
            *_of(owner, "tab"), _operations.c.id == tab_id
        )
        with self._database.reading() as connection:
            return connection.scalar(query)

    def _decrypted(self, encrypted: bytes | None) -> SavedOperation | None:
        content = self._database.key.decrypt(encrypted) if encrypted else None
        return SavedOperation(**json.loads(content)) if content else None

    def _changes_one(self, statement: sa.Update | sa.Delete) -> bool:
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount == 1

    def _cut(self, operation: SavedOperation) -> SavedOperation:
        text, variables = _written(operation)
        at = operation.at or self._now()
        return replace(operation, text=text, variables=variables, at=at)

    def _values(self, kept: SavedOperation) -> dict[str, Any]:
        content = self._database.key.encrypt(json.dumps(asdict(kept)).encode())
        at = kept.facts.get("used", kept.at)
        return {"at": at, "key_id": self._database.key.id, "content": content}

    def _put(
        self, owner: str, kind: Kind, operation: SavedOperation, most: int | None = None
    ) -> SavedOperation:
        kept = self._cut(operation)
        values = self._values(kept)
        row = {"owner": owner, "kind": kind, "id": kept.id, **values}
        statement = insert(_operations).values(**row)
        replacing = statement.on_conflict_do_update(
            index_elements=["owner", "kind", "id"], set_=values
        )
        newest_first = (_operations.c.at.desc(),)
        with self._database.writing() as connection:
            connection.execute(replacing)
            if most is not None:
                keep_first(connection, _operations.c.id, _of(owner, kind), newest_first, most)
        return kept

    def _delete(self, owner: str, kind: Kind, operation_id: str) -> None:
        with self._database.writing() as connection:
            connection.execute(
                sa.delete(_operations).where(*_of(owner, kind), _operations.c.id == operation_id)
            )


def _written(operation: SavedOperation) -> tuple[str, str]:
    return operation.text[:LONGEST_TEXT], operation.variables[:LONGEST_TEXT]


def _exactly(owner: str, tab_id: str, held: bytes) -> tuple[sa.ColumnElement[bool], ...]:
    """The condition on a tab that nobody has written since it was read."""
    return (*_of(owner, "tab"), _operations.c.id == tab_id, _operations.c.content == held)


def _newest_first(column: sa.Column[Any], owner: str, kind: Kind) -> sa.Select[Any]:
    order = (_operations.c.at.desc(), _operations.c.id.desc())
    return sa.select(column).where(*_of(owner, kind)).order_by(*order)


def _of(owner: str, kind: Kind) -> tuple[sa.ColumnElement[bool], ...]:
    return (_operations.c.owner == owner, _operations.c.kind == kind)
