"""The folder that holds the bytes: drafts being received, and finished part files."""

import hashlib
import secrets
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

DRAFT_SUFFIX = ".partial"


@dataclass(frozen=True)
class PartFile:
    """A finished file: its name in the folder, its bytes, and their MD5 in hex."""

    name: str
    size: int
    md5: str


class Draft:
    """A body being received. Leaving the context without `finish` removes the file."""

    def __init__(self, folder: Path) -> None:
        self._target = folder / secrets.token_hex(16)
        self._draft = self._target.with_suffix(DRAFT_SUFFIX)
        self._file = self._draft.open("xb", buffering=0)
        self._md5 = hashlib.md5(usedforsecurity=False)
        self.size = 0

    def write(self, block: bytes | bytearray) -> None:
        """Append and hash a block."""
        rest = memoryview(block)
        while rest:  # a nearly full disk may take a piece only
            rest = rest[self._file.write(rest) :]
        self._md5.update(block)
        self.size += len(block)

    def digest(self) -> bytes:
        """Return the MD5 of what was written so far."""
        return self._md5.digest()

    def finish(self) -> PartFile:
        """Close the file and give it its final name; the caller must record or remove it."""
        self._file.close()
        self._draft.rename(self._target)
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


class PartFolder:
    """Names and removes files; knows nothing of uploads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> None:
        """Make the folder."""
        self.path.mkdir(parents=True, exist_ok=True)

    def draft(self) -> Draft:
        """Start receiving a body."""
        return Draft(self.path)

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
            (self.path / name).unlink(missing_ok=True)
            removed += 1
        return removed

    def sizes(self) -> dict[str, int]:
        """Return the size of every file in the folder, drafts included, by name."""
        return {entry.name: entry.stat().st_size for entry in self.path.iterdir()}
