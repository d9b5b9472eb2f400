"""Files behind the service's own signed URLs, which mutations read (contract 16.13).

No request is ever made: the URL is checked as if it had been requested, and the bytes are taken
from where they lie.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from service import errors
from service.content_hub.files import PermanentFiles, Piece
from service.content_hub.refusal import InputRefusedError
from service.signing import SignedRequest, UrlVerifier
from service.store.local import LocalStore
from service.temp_files import FILES_PATH

HUB_PATH = "/content-hub"


@dataclass(frozen=True)
class SourceFile:
    """A file to read; `content_type` is a temp file's declared one, None for fetched files."""

    content_type: str | None
    size: int
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class _Kept:
    path: Path


class OwnFiles:
    """Finds temp files by their `downloadUrl` and assets' files by their `file`."""

    def __init__(
        self, public_url: str, verifier: UrlVerifier, store: LocalStore, permanent: PermanentFiles
    ) -> None:
        self._origin = urlsplit(public_url)
        self._verifier = verifier
        self._store = store
        self._permanent = permanent

    def owns(self, url: str) -> bool:
        """Tell whether a URL is of this service's origin and files, valid or not."""
        return self._parts(url) is not None

    @contextmanager
    def open(self, argument: str, url: str) -> Generator[SourceFile, None, None]:
        """Give the file behind a URL; the sweep leaves it alone meanwhile.

        Args:
            argument: what messages call the URL.
            url: a signed URL.

        Raises:
            InputRefusedError: the URL is not ours, not valid any more, or has no file.
        """
        parts = self._own(argument, url)
        try:
            self._check_signature(argument, parts)
            area, _, key = parts.path.rpartition("/")
            if area == HUB_PATH:
                yield self._permanent_file(argument, key)
                return
            with self._store.leases.hold(key):
                stored = self._store.objects.find(key)
                yield SourceFile(stored.content_type, stored.size, stored.segments)
        except errors.StorageError as error:
            raise _refused(argument, error) from error

    def _own(self, argument: str, url: str) -> SplitResult:
        parts = self._parts(url)
        if parts is None:
            raise InputRefusedError(
                f"{argument} must be a downloadUrl of this service, which starts with "
                f"{self._origin.geturl()}{FILES_PATH}/; nothing is fetched from elsewhere."
            )
        return parts

    def _parts(self, url: str) -> SplitResult | None:
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        own = (self._origin.scheme, self._origin.netloc)
        area = parts.path.rpartition("/")[0]
        is_own = (parts.scheme, parts.netloc) == own and area in (FILES_PATH, HUB_PATH)
        return parts if is_own else None

    def _check_signature(self, argument: str, parts: SplitResult) -> None:
        host = {"host": parts.netloc}
        grant = self._verifier.verify(SignedRequest("GET", parts.path, parts.query, host))
        if grant.parameters:
            raise InputRefusedError(f"{argument} is no downloadUrl: it has other parameters.")

    def _permanent_file(self, argument: str, file_id: str) -> SourceFile:
        file = self._permanent.find(file_id)
        if file is None:
            raise InputRefusedError(f"{argument} has no file: its asset was deleted or replaced.")
        return SourceFile(file.media_type, file.size, [_Kept(self._permanent.path(file))])


def _refused(argument: str, error: errors.StorageError) -> Exception:
    if error.status >= 500:
        return error
    reasons = {
        "NoSuchKey": "has no file: nothing was uploaded there yet, or it has expired",
        "SignatureDoesNotMatch": "is not as this service signed it, or not for downloads",
        "InvalidAccessKeyId": "was signed by another service",
    }
    if error.message == "Request has expired":
        return InputRefusedError(f"{argument} has expired; upload the file again.")
    reason = reasons.get(error.code, f"cannot be used: {error.message}")
    return InputRefusedError(f"{argument} {reason}.")
