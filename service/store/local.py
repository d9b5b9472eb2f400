"""The local store, put together.

What it promises (the durability policy):

- A part or object is acknowledged after three steps in this order: its bytes are in a draft file,
  the draft has its final name, its row is committed. Killing the process at any instant therefore
  loses nothing acknowledged and shows nothing unfinished; the next start removes what is left over.
- With `TFW_FSYNC=on` a power loss loses nothing acknowledged either: the draft is synced before it
  gets its name, the folder before the row is written, the commit before the answer is sent.
  Measured on one ext4 disk: 5 MiB parts one after the other arrive at 0.6 to 0.8 of the rate, four
  at a time at 0.95, files of 20 kB at 0.4.
- With `TFW_FSYNC=off`, the default, nothing is synced before the answer, and a power loss may take
  what was written last (Linux: within about half a minute). The next start notices that the
  machine itself stopped, compares every part with its MD5 and drops what is damaged, so that a
  wrong byte is never served. Temp files live an hour and their client still has the source: asking
  it again is cheaper than making every part wait for the disk.
- Complete writes rows, never bytes.
- A body for which there is no room is refused before a byte of it is read (`space`); one that
  meets a full disk on the way leaves nothing behind.
- One process owns a data folder; a second one is refused at its start.
"""

import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from service import errors
from service.http.file_headers import require_unpacked
from service.store.database import DATABASE_FILE, Database
from service.store.events import Tell, tell_nobody
from service.store.folder import FILES_FOLDER, PartFolder
from service.store.leases import Leases
from service.store.lock import FolderLock
from service.store.objects import Objects
from service.store.power import OpenMark
from service.store.space import SpaceLimits
from service.store.sweep import Sweeper
from service.store.temp_store import ReadableFile
from service.store.uploads import PartLimits, Upload, Uploads

OPEN_FILE = "service.open"


class LocalStore:
    """Temp files in one data folder."""

    def __init__(
        self,
        data_dir: Path,
        limits: PartLimits,
        clock: Callable[[], float] = time.time,
        *,
        space: SpaceLimits | None = None,
        fsync: bool = False,
        tell: Tell = tell_nobody,
    ) -> None:
        """Name the files; nothing is touched before `open`."""
        self._data_dir = data_dir
        self._lock: FolderLock | None = None
        self._mark = OpenMark(data_dir / OPEN_FILE)
        self._database = Database(data_dir / DATABASE_FILE, fsync=fsync)
        self.folder = PartFolder(data_dir / FILES_FOLDER, space, fsync=fsync)
        self.leases = Leases()
        self.objects = Objects(self._database, self.folder, clock)
        self.uploads = Uploads(self._database, self.folder, limits, clock, tell)
        self._sweeper = Sweeper(self._database, self.folder, self.leases, clock, tell)

    def open(self) -> None:
        """Take the folder, create what is missing, repair after a crash, sweep.

        Raises:
            DataFolderError: another process uses the folder, or a file of it cannot be used.
        """
        self._data_dir.mkdir(parents=True, exist_ok=True)
        self._lock = FolderLock(self._data_dir)
        self.folder.create()
        self._database.create_tables()
        self._sweeper.recover(check_content=self._mark.left_by_another_boot())
        self._mark.set()
        self._sweeper.sweep()

    def create_upload(self, declared_size: int, expires: float) -> Upload:
        """Open a multipart upload that is swept after `expires` (epoch seconds).

        Raises:
            S3ApiError: InsufficientStorage, or the disk failed.
        """
        with _store_failures():
            return self.uploads.create(declared_size, expires)

    def abort_upload(self, upload: Upload) -> None:
        """Forget an open upload and remove its parts.

        Raises:
            S3ApiError: NoSuchUpload, InsufficientStorage, or the disk failed.
        """
        with _store_failures():
            self.uploads.abort(upload)

    def keep(
        self, key: str, blocks: Iterable[bytes], size: int, content_type: str, expires: float
    ) -> None:
        """Store `size` bytes of our own that are swept after `expires` (epoch seconds).

        Raises:
            S3ApiError: QuotaExceeded, InsufficientStorage, or the disk failed.
        """
        with _store_failures(), self.folder.draft(size) as draft:
            for block in blocks:
                draft.write(block)
            self.objects.put(key, draft.finish(), content_type, expires)

    def remove(self, key: str) -> None:
        """Remove a finished file that `keep` stored.

        Raises:
            S3ApiError: InsufficientStorage, or the disk failed.
        """
        with _store_failures():
            self.objects.remove(key)

    @contextmanager
    def reading(self, key: str) -> Generator[ReadableFile, None, None]:
        """Give a finished file to read; the sweep leaves it alone meanwhile.

        Raises:
            S3ApiError: NoSuchKey; InvalidRequest where it is packed.
        """
        with self.leases.hold(key):
            stored = self.objects.find(key)
            require_unpacked(stored.headers.get("Content-Encoding", ""))
            yield ReadableFile(stored.content_type, stored.size, stored.segments)

    def sweep(self) -> int:
        """Remove expired files that no request is using; return how many."""
        return self._sweeper.sweep()

    def close(self) -> None:
        """Close the database and give the folder back."""
        self._database.close()
        if self._lock:
            self._mark.remove()
            self._lock.release()
            self._lock = None


@contextmanager
def _store_failures() -> Generator[None]:
    """Turn what the disk cannot do into what a caller is told about it."""
    try:
        yield
    except OSError as error:
        raise errors.store_failed(error) from error
