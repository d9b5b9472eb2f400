"""Temp files: what the two mutations do for callers' files, and keeping files of our own."""

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from service.auth.signing import UrlSigner
from service.store.temp_store import TempStore
from service.store.uploads import PartLimits

FILES_PATH = "/files"


@dataclass(frozen=True)
class SingleUrls:
    """Where to PUT a temp file, and where it is afterwards."""

    upload_url: str
    download_url: str


@dataclass(frozen=True)
class MultipartUrls:
    """Where to send the parts of a temp file, in part order, and where it is afterwards."""

    download_url: str
    complete_url: str
    upload_part_urls: list[str]
    min_part_size: int
    max_part_size: int


@dataclass(frozen=True)
class KeptTempFile:
    """A temp file that the service itself wrote."""

    key: str
    download_url: str


class TempFiles:
    """Hands out presigned URLs; all URLs of one call expire together."""

    def __init__(
        self,
        signer: UrlSigner,
        store: TempStore,
        limits: PartLimits,
        clock: Callable[[], float] = time.time,
        *,
        folder: str = FILES_PATH,
    ) -> None:
        """Sign for the files of a store, whose paths are `folder`, a slash and their key."""
        self._signer = signer
        self._store = store
        self._clock = clock
        self._folder = folder
        self.limits = limits

    def single(self) -> SingleUrls:
        """Sign for one PUT; the store learns of the file when it arrives."""
        path = self._path(secrets.token_hex(16))
        return SingleUrls(self._signer.sign("PUT", path), self._signer.sign("GET", path))

    def multipart(self, size: int) -> MultipartUrls:
        """Create a multipart upload of `size` bytes, checked by the caller.

        Signs one URL for each part of the minimum size (contract 7.4); larger parts need fewer.

        Raises:
            S3ApiError: ServiceUnavailable where a store elsewhere does not answer.
        """
        upload = self._store.create_upload(size, self._clock() + self._signer.lifetime)
        path = self._path(upload.key)
        count = -(-size // self.limits.min_part_size)
        parts = [
            self._signer.sign("PUT", path, {"partNumber": str(n), "uploadId": upload.upload_id})
            for n in range(1, count + 1)
        ]
        complete = self._signer.sign("POST", path, {"uploadId": upload.upload_id})
        download = self._signer.sign("GET", path)
        limits = self.limits
        return MultipartUrls(download, complete, parts, limits.min_part_size, limits.max_part_size)

    def keep(self, blocks: Iterable[bytes], size: int, content_type: str) -> KeptTempFile:
        """Store a file of `size` bytes that lives as long as its URL.

        Raises:
            S3ApiError: QuotaExceeded, InsufficientStorage, or the store failed.
        """
        key = secrets.token_hex(16)
        expires = self._clock() + self._signer.lifetime
        self._store.keep(key, blocks, size, content_type, expires)
        return KeptTempFile(key, self._signer.sign("GET", self._path(key)))

    def discard(self, kept: KeptTempFile) -> None:
        """Remove a file that `keep` stored, before anybody learned its URL."""
        self._store.remove(kept.key)

    def _path(self, key: str) -> str:
        return f"{self._folder}/{key}"
