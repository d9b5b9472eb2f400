"""The folder that holds the bytes: drafts being received, and finished part files."""

import hashlib
import os
import secrets
import stat
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from service.store.space import Space, SpaceLimits

FILES_FOLDER = "files"
DRAFT_SUFFIX = ".partial"


@dataclass(frozen=True)
class PartFile:
    """A finished file: its name in the folder, its bytes, and their MD5 in hex."""

    name: str
    size: int
    md5: str


class Draft:
    """A body being received. Leaving the context without `finish` removes the file."""

    def __init__(self, folder: Path, space: Space, expected: int, *, fsync: bool) -> None:
        """Set room aside for the `expected` bytes, then create the file.

        Raises:
            S3ApiError: QuotaExceeded, InsufficientStorage.
        """
        self._space = space
        self._expected = expected
        self._fsync = fsync
        self._target = folder / secrets.token_hex(16)
        self._draft = self._target.with_suffix(DRAFT_SUFFIX)
        space.expect(expected)
        try:
            self._file = self._draft.open("xb", buffering=0)
        except OSError:
            space.given_up(expected)
            raise
        self._md5 = hashlib.md5(usedforsecurity=False)
        self.size = 0

    def write(self, block: bytes | bytearray | memoryview) -> None:
        """Append and hash a block."""
        self.append(block)
        self.hash(block)

    def append(self, block: bytes | bytearray | memoryview) -> None:
        """Append a block; whoever calls this hashes the same blocks in the same order."""
        rest = memoryview(block)
        while rest:  # a nearly full disk may take a piece only
            rest = rest[self._file.write(rest) :]
        self.size += len(block)

    def hash(self, block: bytes | bytearray | memoryview) -> None:
        """Hash a block, in any one thread."""
        self._md5.update(block)

    def digest(self) -> bytes:
        """Return the MD5 of what was written so far."""
        return self._md5.digest()

    def finish(self) -> PartFile:
        """Close the file and give it its final name; the caller must record or remove it.

        With fsync, bytes and name are on the disk when this returns.
        """
        if self._fsync:
            os.fsync(self._file.fileno())
        self._file.close()
        self._draft.rename(self._target)
        try:
            if self._fsync:
                sync_folder(self._target.parent)
        except OSError:
            self._target.unlink()
            raise
        self._space.arrived(self._give_up_claim(), self.size)
        return PartFile(self._target.name, self.size, self._md5.hexdigest())

    def __enter__(self) -> "Draft":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        self._draft.unlink(missing_ok=True)
        self._space.given_up(self._give_up_claim())

    def _give_up_claim(self) -> int:
        claim, self._expected = self._expected, 0
        return claim


class PartFolder:
    """Names and removes files; knows nothing of uploads."""

    def __init__(
        self, path: Path, limits: SpaceLimits | None = None, *, fsync: bool = False
    ) -> None:
        """Name the folder; nothing is touched before `create`."""
        self.path = path
        self.space = Space(path, limits or SpaceLimits())
        self._fsync = fsync

    def create(self) -> None:
        """Make the folder and count what is in it."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.space.restart(sum(self.sizes().values()))

    def draft(self, expected: int = 0) -> Draft:
        """Start receiving a body of `expected` bytes.

        Raises:
            S3ApiError: QuotaExceeded, InsufficientStorage.
        """
        return Draft(self.path, self.space, expected, fsync=self._fsync)

    @contextmanager
    def owned(self, file: PartFile) -> Generator[None, None, None]:
        """Remove the file again when the block that records it fails."""
        try:
            yield
        except BaseException:
            self.remove([file.name])
            raise

    def remove(self, names: Iterable[str]) -> int:
        """Remove files, the missing ones included; return how many names there were."""
        removed = 0
        for name in names:
            path = self.path / name
            with suppress(FileNotFoundError):
                size = path.stat().st_size
                path.unlink()
                self.space.freed(size)
            removed += 1
        return removed

    def md5(self, name: str) -> str:
        """Return the MD5 of a file's content in hex."""
        with (self.path / name).open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()

    def sizes(self) -> dict[str, int]:
        """Return the size of every file in the folder, drafts included, by name.

        Folders are none of ours: the root of a disk has its `lost+found`.
        """
        found: dict[str, int] = {}
        for entry in self.path.iterdir():
            with suppress(FileNotFoundError):  # a draft that was given up meanwhile
                status = entry.stat()
                if stat.S_ISREG(status.st_mode):
                    found[entry.name] = status.st_size
        return found


def sync_folder(path: Path) -> None:
    """Bring the names in a folder to the disk; Windows keeps them in step by itself."""
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
