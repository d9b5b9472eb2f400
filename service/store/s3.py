"""Temp files in a bucket of an S3 store: clients send and fetch them there, past this service.

What we do ourselves: open and abort uploads, put the results of background removal there, fetch
what a mutation reads, and sweep. Everything lies below one folder of the bucket; nothing else in
the bucket is ever listed, read or removed. A file that is read comes to the data folder for as
long as that takes, and counts against the disk's reserve.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from http import HTTPStatus

import requests

from service import errors
from service.http.file_headers import OCTET_STREAM, require_unpacked
from service.store.bucket import BLOCK, Bucket, Listed, ObjectBody
from service.store.events import Tell, tell_nobody
from service.store.folder import PartFile, PartFolder
from service.store.objects import Segment
from service.store.temp_store import ReadableFile
from service.store.uploads import Upload

FOLDER = "temp-files"  # of the bucket
GRACE = 300  # seconds that the store's clock and ours may be apart
_OWN_KEY = re.compile(rf"{FOLDER}/[0-9a-f]{{32}}")

log = logging.getLogger(__name__)


class S3Store:
    """Temp files in one bucket; every method may be called from any thread.

    Beside what their own lines say, all methods raise S3ApiError: ServiceUnavailable when the
    store does not answer or refuses us.
    """

    def __init__(
        self,
        bucket: Bucket,
        folder: PartFolder,
        lifetime: int,
        clock: Callable[[], float] = time.time,
        tell: Tell = tell_nobody,
    ) -> None:
        """Use a bucket.

        Args:
            bucket: where temp files lie.
            folder: where files that are being read lie meanwhile.
            lifetime: seconds that URLs live; what is older is swept.
            clock: epoch seconds.
            tell: hears of uploads; of completed ones nobody tells us.
        """
        self._bucket = bucket
        self._folder = folder
        self._lifetime = lifetime
        self._clock = clock
        self._tell = tell

    def create_upload(
        self,
        declared_size: int,  # noqa: ARG002 - the store takes parts as they come
        expires: float,  # noqa: ARG002 - the sweep goes by age
    ) -> Upload:
        """Open a multipart upload."""
        key = secrets.token_hex(16)
        upload = Upload(key, self._bucket.create_upload(_path(key)))
        self._tell("created")
        return upload

    def abort_upload(self, upload: Upload) -> None:
        """Forget an open upload and its parts.

        Raises:
            S3ApiError: NoSuchUpload.
        """
        if not _OWN_KEY.fullmatch(_path(upload.key)):
            raise errors.no_such_upload(upload.upload_id)
        self._bucket.abort_upload(_path(upload.key), upload.upload_id)
        self._tell("aborted")

    def keep(
        self,
        key: str,
        blocks: Iterable[bytes],
        size: int,
        content_type: str,
        expires: float,  # noqa: ARG002 - the sweep goes by age
    ) -> None:
        """Store `size` bytes of our own."""
        self._bucket.put(_path(key), ObjectBody(blocks, size), content_type)

    def remove(self, key: str) -> None:
        """Remove a finished file."""
        self._bucket.delete(_path(key))

    @contextmanager
    def reading(self, key: str) -> Generator[ReadableFile, None, None]:
        """Fetch a finished file; our copy is removed when the context ends.

        Raises:
            S3ApiError: NoSuchKey; InvalidRequest where it is packed; InsufficientStorage where
                it has no room here.
        """
        with self._bucket.get(_path(key)) as answer:
            require_unpacked(answer.headers.get("Content-Encoding", ""))
            content_type = answer.headers.get("Content-Type", OCTET_STREAM)
            copy = self._copy(answer)
        try:
            segment = Segment(self._folder.path / copy.name, copy.size)
            yield ReadableFile(content_type, copy.size, [segment])
        finally:
            self._folder.remove([copy.name])

    def sweep(self) -> int:
        """Abort uploads and delete files that are older than a URL lives; return how many files.

        A file's age counts from its PUT or later, so none goes before the URL of its upload does.
        """
        horizon = self._clock() - self._lifetime - GRACE
        for upload in list(_expired(self._bucket.uploads(_path("")), horizon)):
            with _faster_elsewhere():
                self._bucket.abort_upload(upload.key, upload.upload_id)
                self._tell("expired")
        files = list(_expired(self._bucket.objects(_path("")), horizon))
        for file in files:
            self._bucket.delete(file.key)
        if files:
            log.info("Swept %d expired files from the bucket.", len(files))
        return len(files)

    def check(self) -> dict[str, bool]:
        """Ask the bucket for one row, as a sign that it would work now."""
        next(self._bucket.objects(_path(""), most=1), None)
        return {"ok": True}

    def close(self) -> None:
        """Close the connections to the store."""
        self._bucket.close()

    def _copy(self, answer: requests.Response) -> PartFile:
        try:
            with self._folder.draft(int(answer.headers.get("Content-Length", "0"))) as draft:
                for block in answer.iter_content(BLOCK):
                    draft.write(block)
                return draft.finish()
        except OSError as error:
            if isinstance(error, requests.RequestException):
                raise
            raise errors.store_failed(error) from error


@contextmanager
def _faster_elsewhere() -> Generator[None, None, None]:
    """Go on when somebody else was faster: two services may share a bucket."""
    try:
        yield
    except errors.S3ApiError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise


def _expired(listed: Iterable[Listed], horizon: float) -> Iterable[Listed]:
    return (row for row in listed if row.since < horizon and _OWN_KEY.fullmatch(row.key))


def _path(key: str) -> str:
    return f"{FOLDER}/{key}"
