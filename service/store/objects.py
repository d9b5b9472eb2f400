"""Objects: finished temp files, as download URLs give them.

An object is an ordered list of part files. A single PUT makes an object of one part; complete
makes one of many without copying a byte.
"""

import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from sqlalchemy import String, bindparam, delete, insert, select

from service import errors
from service.store.database import Database, objects, parts
from service.store.folder import PartFile, PartFolder

Admit = Callable[[str | None], None]

# Made once: SQLAlchemy takes longer to put a statement together than SQLite to carry it out.
_KEY = bindparam("its_key", type_=String())
_ETAG_OF = select(objects.c.etag).where(objects.c.key == _KEY)
_FILES_OF = select(parts.c.file_name).where(parts.c.source == _KEY)
_FORGET_PARTS = delete(parts).where(parts.c.source == _KEY)
_FORGET_OBJECT = delete(objects).where(objects.c.key == _KEY)
_ADD_PART = insert(parts)
_ADD_OBJECT = insert(objects)


@dataclass(frozen=True)
class Segment:
    """One part file of an object."""

    path: Path
    size: int


@dataclass(frozen=True)
class StoredObject:
    """The description of a finished temp file; `etag` has no quotes, times are epoch seconds.

    `headers` are those of `file_headers` that its PUT had.
    """

    key: str
    size: int
    etag: str
    content_type: str
    modified: float
    segments: Sequence[Segment]
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class ObjectReader:
    """Reads an object from `start` on, one block at a time, with one file open."""

    def __init__(self, stored: StoredObject, start: int = 0) -> None:
        """Open the first file that is needed.

        Raises:
            FileNotFoundError: the object was replaced meanwhile.
        """
        self.stored = stored
        self._waiting = list(stored.segments)
        while self._waiting and start >= self._waiting[0].size:
            start -= self._waiting.pop(0).size
        self._file: io.FileIO | None = None
        self._open_next()
        if self._file:
            self._file.seek(start)

    def read(self, limit: int) -> bytes:
        """Return up to `limit` bytes; empty only at the end of the object."""
        while self._file:
            if block := self._file.read(limit):
                return block
            self._open_next()
        return b""

    def _open_next(self) -> None:
        self.close()
        if self._waiting:
            self._file = self._waiting.pop(0).path.open("rb", buffering=0)

    def close(self) -> None:
        """Close the open file, if any."""
        if self._file:
            self._file.close()
            self._file = None

    def __enter__(self) -> "ObjectReader":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()


class Objects:
    """Finds, writes and opens finished temp files."""

    def __init__(
        self, database: Database, folder: PartFolder, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock

    def put(
        self,
        key: str,
        file: PartFile,
        content_type: str,
        expires: float,
        headers: Mapping[str, str] | None = None,
        admit: Admit = lambda _former: None,
    ) -> None:
        """Make the file the object at `key`; a former object there is replaced and removed.

        `headers` are for whoever reads it, by name. `admit` is given the former object's ETag,
        None where there is none, and may raise.
        """
        named = {"its_key": key}
        part = {
            "source": key,
            "part_number": 1,
            "file_name": file.name,
            "size": file.size,
            "md5": file.md5,
        }
        row = {
            "key": key,
            "source": key,
            "size": file.size,
            "etag": file.md5,
            "content_type": content_type,
            "modified": self._clock(),
            "expires": expires,
            "headers": dict(headers or {}),
        }
        with self._folder.owned(file), self._database.write() as connection:
            admit(connection.scalar(_ETAG_OF, named))
            names = connection.scalars(_FILES_OF, named).all()
            connection.execute(_FORGET_PARTS, named)
            connection.execute(_FORGET_OBJECT, named)
            connection.execute(_ADD_PART, part)
            connection.execute(_ADD_OBJECT, row)
        self._folder.remove(names)

    def remove(self, key: str) -> None:
        """Remove the object that `put` made at `key`, and its file."""
        with self._database.write() as connection:
            names = connection.scalars(_FILES_OF, {"its_key": key}).all()
            connection.execute(_FORGET_PARTS, {"its_key": key})
            connection.execute(_FORGET_OBJECT, {"its_key": key})
        self._folder.remove(names)

    def etag(self, key: str) -> str | None:
        """Return the ETag of the object at `key` without quotes, None where there is none."""
        with self._database.read() as connection:
            return connection.scalar(select(objects.c.etag).where(objects.c.key == key))

    def find(self, key: str) -> StoredObject:
        """Return the description of the object at `key`.

        Raises:
            S3ApiError: NoSuchKey.
        """
        with self._database.read() as connection:
            row = connection.execute(select(objects).where(objects.c.key == key)).one_or_none()
            if row is None:
                raise errors.no_such_key(key)
            files = connection.execute(
                select(parts.c.file_name, parts.c.size)
                .where(parts.c.source == row.source)
                .order_by(parts.c.part_number)
            ).all()
        segments = [Segment(self._folder.path / name, size) for name, size in files]
        return StoredObject(
            key,
            row.size,
            row.etag,
            row.content_type,
            row.modified,
            segments,
            row.headers or {},
        )
