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
from client.errors import ImportRefusedError
from client.json_object import as_list, as_object, parse_json

DATABASE_FILE, KEY_FILE = "operations.sqlite3", "operations.key"
HISTORY_KEPT = 100
MOST_TABS = 30
MOST_SAVED = 500
LONGEST_TEXT = 200_000
"""Characters of a document, or of its variables, that are remembered."""
LONGEST_NAME = 120
EXPORT_FORMAT = "temp-file-workbench/operations"

Kind = Literal["tab", "history", "saved"]


@dataclass(frozen=True)
class SavedOperation:
    """A document with its variables. Times are seconds since the epoch.

    Attributes:
        name: what the person called it; empty for a tab or history entry without one.
        at: when it was run, saved, or its tab opened.
        facts: of a history entry: `operation`, `outcome`, `status`, `seconds`, `size`.
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
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("key_id", sa.String, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
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
        """Return the owner's open tabs, in the order of opening."""
        return self._list(owner, "tab")

    def put_tab(self, owner: str, tab: SavedOperation) -> SavedOperation:
        """Open a tab, or keep what stands in an open one; the oldest beyond 30 are closed."""
        return self._put(owner, "tab", tab, MOST_TABS)

    def change_tab(
        self, owner: str, tab: SavedOperation, known: SavedOperation | None
    ) -> SavedOperation | None:
        """Keep what stands in an open tab, unless another window has changed it since `known`.

        A tab that another window has closed is opened again. `known` is what the tab held when the
        caller read or wrote it last.

        Returns:
            None when it is kept; what the other window made of it when nothing was written.
        """
        while True:
            held = self._held(owner, tab.id)
            other = self._decrypted(held)
            if other and not other.says_what(known) and not other.says_what(tab):
                return other
            if held is None:
                self._put(owner, "tab", tab, MOST_TABS)
                return None
            values = self._values(self._cut(tab))
            statement = (
                sa.update(_operations).values(**values).where(*_exactly(owner, tab.id, held))
            )
            if self._changes_one(statement):
                return None

    def close_tab(self, owner: str, tab_id: str, known: SavedOperation | None = None) -> bool:
        """Forget a tab; return False where another window has changed it since `known`."""
        while known:
            held = self._held(owner, tab_id)
            other = self._decrypted(held)
            if held is None or other is None:
                break
            if not other.says_what(known):
                return False
            if self._changes_one(sa.delete(_operations).where(*_exactly(owner, tab_id, held))):
                return True
        self._delete(owner, "tab", tab_id)
        return True

    def history(self, owner: str, words: str = "") -> Sequence[SavedOperation]:
        """Return what the owner ran, newest first; only what `matches` the words."""
        return [one for one in reversed(self._list(owner, "history")) if one.matches(words)]

    def add_history(self, owner: str, operation: SavedOperation) -> None:
        """Keep what was run under a new id; the oldest beyond 100 are forgotten."""
        entry = replace(operation, id=secrets.token_hex(8), at=self._now())
        self._put(owner, "history", entry, HISTORY_KEPT)

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

    def export(self, owner: str) -> str:
        """Return the saved operations as a JSON file, as they were written."""
        rows = [
            {"name": one.name, "text": one.text, "variables": one.variables}
            for one in self.saved(owner)
        ]
        content = {"format": EXPORT_FORMAT, "version": 1, "operations": rows}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    def import_file(self, owner: str, content: bytes) -> int:
        """Save the operations of an exported file; return how many. Same names are replaced.

        Raises:
            ImportRefusedError: the file is not such a file; nothing was taken.
        """
        try:
            envelope = as_object(parse_json(content.decode("utf-8-sig")))
        except (UnicodeDecodeError, RecursionError):
            envelope = {}
        if envelope.get("format") != EXPORT_FORMAT:
            raise ImportRefusedError("The file was not exported from this page.")
        found: list[SavedOperation] = []
        for row in map(as_object, as_list(envelope.get("operations"))[:MOST_SAVED]):
            texts = (row.get("text"), row.get("variables", ""), row.get("name"))
            if not all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts):
                raise ImportRefusedError("An operation of the file lacks its name or its text.")
            text, variables, name = map(str, texts)
            found.append(SavedOperation(text, variables, name))
        if not found:
            raise ImportRefusedError("The file holds no operation.")
        for operation in found:
            self.save(owner, operation)
        return len(found)

    def _list(self, owner: str, kind: Kind) -> list[SavedOperation]:
        query = (
            sa.select(_operations.c.content)
            .where(*_of(owner, kind), _operations.c.key_id == self._database.key.id)
            .order_by(_operations.c.at, _operations.c.id)
        )
        with self._database.reading() as connection:
            rows = connection.scalars(query).all()
        return [operation for operation in map(self._decrypted, rows) if operation]

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
        return {"at": kept.at, "key_id": self._database.key.id, "content": content}

    def _put(self, owner: str, kind: Kind, operation: SavedOperation, most: int) -> SavedOperation:
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


def _of(owner: str, kind: Kind) -> tuple[sa.ColumnElement[bool], ...]:
    return (_operations.c.owner == owner, _operations.c.kind == kind)
