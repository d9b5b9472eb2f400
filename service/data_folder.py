"""Checks the data folder at a start, and puts files aside that cannot be read.

Whoever starts the app reads one line that names the file and what to do. What holds only what is
made anew, or is forgotten within hours, is put aside where it is damaged, and the start goes on. To
do that to what people made is for people to decide.
"""

import errno
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from shutil import disk_usage

from service.errors import DISK_FULL, DataFolderError, S3ApiError, ServiceError
from service.private_files import keep_private
from service.store.database import DATABASE_FILE, Database
from service.store.folder import FILES_FOLDER, PartFolder
from service.store.leases import Leases
from service.store.lock import LOCK_FILE, FolderLock
from service.store.sweep import Sweeper

ROOM_TO_START = 2**20
"""Bytes that opening the databases takes, generously."""
ASIDE = ".damaged"
WAIT = 10.0
"""Seconds to wait for a database that is being written to."""
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_BESIDE = ("-wal", "-shm")


class _Kind(Enum):
    FOLDER = auto()
    READ = auto()
    WRITTEN = auto()
    DATABASE = auto()


@dataclass(frozen=True)
class _Kept:
    """A file or folder of the data folder; `lost` says what goes with it when it is put aside."""

    name: str
    kind: _Kind
    lost: str = ""


KEPT = (
    _Kept(FILES_FOLDER, _Kind.FOLDER),
    _Kept("assets", _Kind.FOLDER),
    _Kept(LOCK_FILE, _Kind.WRITTEN),
    _Kept("service.open", _Kind.WRITTEN),
    _Kept("service-keys.json", _Kind.READ),
    _Kept("oauth-client.json", _Kind.READ),
    _Kept("users.yaml", _Kind.READ),
    _Kept("transfers.key", _Kind.READ),
    _Kept("operations.key", _Kind.READ),
    _Kept("connections.key", _Kind.READ),
    _Kept("connections.sealed", _Kind.READ),
    _Kept(DATABASE_FILE, _Kind.DATABASE, "Temp files of before are gone: send them again."),
    _Kept("web.sqlite3", _Kind.DATABASE, "Everybody has to sign in again."),
    _Kept("transfers.sqlite3", _Kind.DATABASE, "The pages know no earlier transfer."),
    _Kept(
        "operations.sqlite3",
        _Kind.DATABASE,
        "Saved operations are missing until a backup of it is put back.",
    ),
    _Kept("content-hub.sqlite3", _Kind.DATABASE),
)
"""Everything that this program reads in its data folder."""


@dataclass(frozen=True)
class PreparedFolder:
    """What a start should say of a data folder that can be used.

    Attributes:
        warnings: each a line for people.
        readable: what stays readable for other accounts, because it belongs to somebody else.
    """

    warnings: list[str]
    readable: list[Path]


def prepare(data_dir: Path, clock: Callable[[], float] = time.time) -> PreparedFolder:
    """Make the data folder if it is missing, and see that everything in it can be used.

    What comes into it from now on is for this account alone.

    Raises:
        DataFolderError: it cannot be used; the message is one line for people.
    """
    with in_one_line(data_dir):
        _make(data_dir)
        _check_access(data_dir / LOCK_FILE, _Kind.WRITTEN)
        with FolderLock(data_dir):
            readable = keep_private(data_dir)
            freed = list(_room_made(data_dir, clock))
            aside = [line for kept in KEPT for line in _checked(data_dir, kept)]
    return PreparedFolder([*freed, *aside], readable)


@contextmanager
def in_one_line(data_dir: Path) -> Generator[None]:
    """Turn what goes wrong with files of the data folder into one line.

    Raises:
        DataFolderError: in the place of an OSError or a S3ApiError.
    """
    try:
        yield
    except OSError as error:
        where, reason = error.filename or data_dir, error.strerror or error
        raise DataFolderError(f"{where} cannot be used: {reason}.") from error
    except S3ApiError as error:
        raise DataFolderError(f"{data_dir} cannot be used: {error.message}") from error


def _make(data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise DataFolderError(
            f'TFW_DATA_DIR is "{data_dir}"; it must be a folder, and a file is there.'
        ) from None
    except OSError as error:
        raise DataFolderError(
            f'TFW_DATA_DIR is "{data_dir}"; no folder can be made there: {error.strerror}.'
        ) from error
    if not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
        raise DataFolderError(
            f'TFW_DATA_DIR is "{data_dir}"; this account cannot write there, or the disk is '
            "read-only."
        )


def _room_made(data_dir: Path, clock: Callable[[], float]) -> Iterator[str]:
    """Remove expired files where the disk is full; nothing can be opened or swept there."""
    if _has_room(data_dir):
        return
    removed = 0
    path, folder = data_dir / DATABASE_FILE, PartFolder(data_dir / FILES_FOLDER)
    if path.is_file() and folder.path.is_dir():
        # What fails here is said by whoever opens it next, once there is room.
        with closing(Database(path, alone=True)) as database, suppress(OSError, ServiceError):
            removed = Sweeper(database, folder, Leases(), clock).make_room()
    if not _has_room(data_dir):
        raise DataFolderError(
            f'The disk of TFW_DATA_DIR ("{data_dir}") is full, and no temp file on it has '
            "expired. Make room on it."
        )
    yield f"The disk was full; {removed} expired temp files were removed."


def _has_room(data_dir: Path) -> bool:
    probe = data_dir / f".{secrets.token_hex(8)}.partial"
    try:
        probe.write_bytes(bytes(4096))  # a quota does not show in what the disk has left
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        return False
    finally:
        probe.unlink(missing_ok=True)
    return disk_usage(data_dir).free >= ROOM_TO_START


def _checked(data_dir: Path, kept: _Kept) -> Iterator[str]:
    """Say what was put aside.

    Raises:
        DataFolderError: the file cannot be used as it is.
    """
    path = data_dir / kept.name
    names = [kept.name, *(f"{kept.name}{end}" for end in _BESIDE if kept.kind is _Kind.DATABASE)]
    for name in names:
        _check_access(data_dir / name, kept.kind)
    damage = _damage_of(path) if kept.kind is _Kind.DATABASE and path.is_file() else None
    if not damage:
        return
    if not kept.lost:
        raise DataFolderError(
            f"{path} is damaged ({damage}). Put a backup of it in its place; or, to begin with an "
            "empty Content Hub, move it away and the folder assets with it."
        )
    put_aside = path.with_name(f"{path.name}{ASIDE}")
    path.replace(put_aside)
    for end in _BESIDE:
        path.with_name(f"{path.name}{end}").unlink(missing_ok=True)
    yield f"Warning: {path} is damaged ({damage}) and lies in {put_aside.name} now. {kept.lost}"


def _check_access(path: Path, kind: _Kind) -> None:
    if not path.exists():
        if path.is_symlink():
            raise DataFolderError(f"{path} points to what is not there; mend or remove it.")
        return
    if kind is _Kind.FOLDER and not path.is_dir():
        raise DataFolderError(f"{path} must be a folder, and a file is there; move it away.")
    if kind is not _Kind.FOLDER and not path.is_file():
        raise DataFolderError(f"{path} must be a file, and a folder is there; move it away.")
    wanted = {_Kind.FOLDER: os.R_OK | os.W_OK | os.X_OK, _Kind.READ: os.R_OK}
    if not os.access(path, wanted.get(kind, os.R_OK | os.W_OK)):
        raise DataFolderError(
            f"{path} cannot be {'read' if kind is _Kind.READ else 'read and written'} by this "
            "account; let its owner run chown or chmod on it."
        )


def _damage_of(path: Path) -> str | None:
    """Return what is wrong with the content of a SQLite file, None for one that is sound or empty.

    Raises:
        OSError: it cannot be read at all.
    """
    try:
        with closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _DAMAGED:
            return str(error)
        raise OSError(errno.EIO, str(error), str(path)) from error
    return None if found == "ok" else " ".join(str(found).split())
