"""The folder of permanent files. A file is written whole and synced before a row names it."""

import hashlib
import os
import secrets
import shutil
import time
import uuid
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from content_types import HEAD_SIZE, content_type_of
from service import errors
from service.content_hub.database import HubDatabase, assets, files
from service.content_hub.images import Thumbnail
from service.store.folder import sync_folder

BLOCK = 2**20
DRAFT_SUFFIX = ".partial"


@dataclass(frozen=True)
class KeptFile:
    """A permanent file; `etag` has no quotes."""

    file_id: str
    size: int
    media_type: str
    etag: str
    created: float


class PermanentFiles:
    """Keeps, finds and removes files by id; safe to use from several threads."""

    def __init__(self, database: HubDatabase, folder: Path) -> None:
        self._database = database
        self.folder = folder

    def open(self) -> None:
        """Create the folder and remove what a crash left in it without a row."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._database.read() as connection:
            known = set(connection.scalars(select(files.c.file_id)))
        for entry in self.folder.iterdir():
            if entry.name not in known and entry.is_file():  # a disk's root has `lost+found`
                entry.unlink(missing_ok=True)

    def any(self) -> bool:
        """Return whether a whole file lies in the folder, of an asset or of none."""
        return self.folder.is_dir() and any(
            entry.is_file() and entry.suffix != DRAFT_SUFFIX for entry in self.folder.iterdir()
        )

    def path(self, file: KeptFile) -> Path:
        """Return where the bytes are."""
        return self.folder / file.file_id

    def find(self, file_id: str) -> KeptFile | None:
        """Return the description of a file."""
        with self._database.read() as connection:
            row = connection.execute(select(files).where(files.c.file_id == file_id)).one_or_none()
        return (
            KeptFile(row.file_id, row.size, row.media_type, row.etag, row.created) if row else None
        )

    def keep(self, pieces: Sequence[Path]) -> KeptFile:
        """Make a permanent file of the pieces; record it with `add`, or `remove` it.

        One piece is linked, since neither side ever changes its bytes; several are copied.

        Raises:
            FileNotFoundError: a piece was replaced meanwhile.
            S3ApiError: InsufficientStorage.
        """
        with self._draft() as draft:
            if len(pieces) != 1 or not _linked(pieces[0], draft):
                _concatenate(pieces, draft)
            with draft.open("rb") as file:
                media_type = content_type_of(file.read(HEAD_SIZE))
            return self._finished(draft, media_type)

    def keep_thumbnail(self, thumbnail: Thumbnail) -> KeptFile:
        """Make a permanent file of a thumbnail.

        Raises:
            S3ApiError: InsufficientStorage.
        """
        with self._draft() as draft:
            draft.write_bytes(thumbnail.content)
            return self._finished(draft, thumbnail.media_type)

    def add(self, connection: Connection, kept: Iterable[KeptFile]) -> None:
        """Record files in the transaction that records their asset."""
        for file in kept:
            connection.execute(insert(files).values(**asdict(file)))

    def forget_unused(self, connection: Connection, file_ids: Iterable[str | None]) -> list[str]:
        """Delete the rows of those files that no asset has; return the ids to `remove` after."""
        unused: list[str] = []
        for file_id in {file_id for file_id in file_ids if file_id}:
            users = select(assets.c.asset_id).where(
                (assets.c.file_id == file_id) | (assets.c.thumb_file_id == file_id)
            )
            if connection.execute(users.limit(1)).first() is None:
                connection.execute(delete(files).where(files.c.file_id == file_id))
                unused.append(file_id)
        return unused

    def remove(self, file_ids: Iterable[str]) -> None:
        """Remove files whose rows are gone, or never came."""
        for file_id in file_ids:
            (self.folder / file_id).unlink(missing_ok=True)

    @contextmanager
    def _draft(self) -> Generator[Path, None, None]:
        draft = self.folder / f"{secrets.token_hex(16)}{DRAFT_SUFFIX}"
        try:
            yield draft
        except OSError as error:
            if error.errno in errors.DISK_FULL:
                raise errors.insufficient_storage() from error
            raise
        finally:
            draft.unlink(missing_ok=True)

    def _finished(self, draft: Path, media_type: str) -> KeptFile:
        with draft.open("rb") as file:
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        file_id = str(uuid.uuid4())
        draft.rename(self.folder / file_id)
        sync_folder(self.folder)
        # The bytes at an id never change, so the id is as good a validator as their digest.
        etag = hashlib.md5(file_id.encode(), usedforsecurity=False).hexdigest()
        return KeptFile(file_id, size, media_type, etag, time.time())


def _linked(source: Path, target: Path) -> bool:
    """Give the bytes a second name; False where the file system cannot."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        return False
    return True


def _concatenate(pieces: Sequence[Path], target: Path) -> None:
    with target.open("xb") as joined:
        for piece in pieces:
            with piece.open("rb") as part:
                shutil.copyfileobj(part, joined, BLOCK)
