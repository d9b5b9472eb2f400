"""What the two temp-file mutations do: make room in the store and sign URLs for it."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from service.signing import UrlSigner
from service.store.uploads import PartLimits, Uploads

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


class TempFiles:
    """Hands out presigned URLs; all URLs of one call expire together."""

    def __init__(
        self,
        signer: UrlSigner,
        uploads: Uploads,
        limits: PartLimits,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._signer = signer
        self._uploads = uploads
        self._clock = clock
        self.limits = limits

    def single(self) -> SingleUrls:
        """Sign for one PUT; the store learns of the file when it arrives."""
        path = f"{FILES_PATH}/{secrets.token_hex(16)}"
        return SingleUrls(self._signer.sign("PUT", path), self._signer.sign("GET", path))

    def multipart(self, size: int) -> MultipartUrls:
        """Create a multipart upload of `size` bytes, checked by the caller.

        Signs one URL for each part of the minimum size (contract 7.4); larger parts need fewer.
        """
        upload = self._uploads.create(size, self._clock() + self._signer.lifetime)
        path = f"{FILES_PATH}/{upload.key}"
        count = -(-size // self.limits.min_part_size)
        parts = [
            self._signer.sign("PUT", path, {"partNumber": str(n), "uploadId": upload.upload_id})
            for n in range(1, count + 1)
        ]
        complete = self._signer.sign("POST", path, {"uploadId": upload.upload_id})
        download = self._signer.sign("GET", path)
        limits = self.limits
        return MultipartUrls(download, complete, parts, limits.min_part_size, limits.max_part_size)
