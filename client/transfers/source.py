"""Reads a file part by part, and fails if the file changed since it was opened."""

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from client.errors import FileChangedError, FileMissingError
from client.wire.http import BLOCK
from content_types import HEAD_SIZE

SMALLEST_BLOCK = 64 * 1024
_QUICK, _SLOW = 0.25, 1.0


@dataclass(frozen=True)
class FileStamp:
    """Size, times and inode of a file at one moment, by which a later change is noticed."""

    size: int
    modified: int
    inode: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> "FileStamp":
        """Return the stamp of what the system tells of a file."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns)

    def is_same_file(self, now: "FileStamp") -> bool:
        """Tell whether the file is neither written to nor replaced, as far as it shows.

        A copy put in its place may have its size and its time. It has another inode then, and
        another time of change: the inode alone proves nothing, since network mounts (sshfs, some
        of CIFS) make one up whenever they have forgotten the last, and neither does the time alone,
        which a rename changes.
        """
        written = (self.size, self.modified) != (now.size, now.modified)
        replaced = self.inode != now.inode and self.changed != now.changed
        return not written and not replaced


class SourceFile:
    """A file to send; every read fails if it changed since it was opened.

    Raises:
        FileMissingError: it is not there, is no regular file or cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        try:
            if not path.is_file():
                raise FileMissingError(f'"{path}" is not there or is no file.', name=path.name)
            with path.open("rb") as file:
                self._stamp = FileStamp.of(os.fstat(file.fileno()))
                self.head = file.read(HEAD_SIZE)
        except OSError as error:
            raise FileMissingError(
                f'"{path}" cannot be read: {error.strerror}.', name=path.name
            ) from error

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self._stamp.size

    def check_unchanged(self) -> None:
        """Fail if the file is not what it was when it was opened.

        Raises:
            FileChangedError: another file, size or modification time is at the path now.
        """
        try:
            now = FileStamp.of(self.path.stat())
        except OSError as error:
            raise self.changed("vanished") from error
        self._compare(now)

    def part(self, start: int, end: int, on_read: Callable[[int], object]) -> "PartReader":
        """Return a reader of bytes `start` to `end` (exclusive), to be used once in a `with`."""
        return PartReader(self, start, end, on_read)

    def md5(self, start: int, end: int, on_read: Callable[[int], object]) -> bytes:
        """Return the MD5 of bytes `start` to `end` (exclusive); 1 MiB of memory.

        Raises:
            FileChangedError: the file is not what it was.
        """
        digest = hashlib.md5(usedforsecurity=False)
        with self.part(start, end, on_read) as reader:
            while block := reader.read(BLOCK):
                digest.update(block)
        return digest.digest()

    def open(self) -> BinaryIO:
        """Open the file, unbuffered.

        Raises:
            FileChangedError: it vanished or is another file.
        """
        try:
            file = self.path.open("rb", buffering=0)
        except OSError as error:
            raise self.changed("vanished") from error
        try:
            self._compare(FileStamp.of(os.fstat(file.fileno())))
        except FileChangedError:
            file.close()
            raise
        return file

    def changed(self, what: str) -> FileChangedError:
        """Return the error for a file that is not what it was; the caller raises it."""
        return FileChangedError(
            f'"{self.name}" {what} while it was sent; nothing was completed.', name=self.name
        )

    def _compare(self, now: FileStamp) -> None:
        if now.size != self._stamp.size:
            raise self.changed(f"went from {self._stamp.size:,} to {now.size:,} bytes")
        if not self._stamp.is_same_file(now):
            raise self.changed("was modified")


class PartReader:
    """A request body: has a length, so requests sends a Content-Length, and no `tell` or `seek`.

    Blocks grow from 64 KiB to 1 MiB while the network takes them quickly. A socket's timeout
    covers one whole block, so on a slow line large blocks would run into it although bytes flow.

    `on_read` hears, before each block, how many bytes were handed out before it; what it raises
    ends the request.
    """

    def __init__(
        self, source: SourceFile, start: int, end: int, on_read: Callable[[int], object]
    ) -> None:
        self._source = source
        self._size = end - start
        self._on_read = on_read
        self._given = 0
        self._block = SMALLEST_BLOCK
        self._last_read = 0.0
        self._file = source.open()
        self._file.seek(start)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._size

    def read(self, size: int = -1, /) -> bytes:
        """Return the next block, empty at the end.

        Raises:
            FileChangedError: the file ends early or cannot be read any more.
        """
        self._on_read(self._given)
        now = time.monotonic()
        took, self._last_read = now - self._last_read, now
        if took < _QUICK:
            self._block = min(self._block * 2, BLOCK)
        elif took > _SLOW:
            self._block = max(self._block // 2, SMALLEST_BLOCK)
        left = self._size - self._given
        wanted = min(left, self._block) if size < 0 else min(left, self._block, size)
        try:
            block = self._file.read(wanted)
        except OSError as error:
            raise self._source.changed("became unreadable") from error
        if wanted and not block:
            raise self._source.changed("became shorter")
        self._given += len(block)
        return block
