"""Files behind the service's own signed URLs, which mutations read (contract 16.13).

The URL itself is never requested: it is checked as if it had been, and the bytes are taken from
where they lie, the data folder or our bucket.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from service import errors
from service.auth.signing import SignedArea, SignedRequest
from service.content_hub.files import PermanentFiles
from service.content_hub.refusal import InputRefusedError
from service.store.temp_store import TempStore

HUB_PATH = "/content-hub"


@dataclass(frozen=True)
class OpenedFile:
    """A file to read; `content_type` is a temp file's declared one, None for fetched files."""

    content_type: str | None
    size: int
    pieces: Sequence[Path]


class SignedFiles:
    """Finds temp files by their `downloadUrl` and assets' files by their `file`."""

    def __init__(
        self,
        temp_files: SignedArea,
        assets: SignedArea,
        store: TempStore,
        permanent: PermanentFiles,
    ) -> None:
        self._temp_files = temp_files
        self._assets = assets
        self._store = store
        self._permanent = permanent

    def owns(self, url: str) -> bool:
        """Tell whether a URL is of this service's files, valid or not."""
        return self._find(url) is not None

    @contextmanager
    def open(self, argument: str, url: str) -> Generator[OpenedFile, None, None]:
        """Give the file behind a URL; the sweep leaves it alone meanwhile.

        Args:
            argument: what messages call the URL.
            url: a signed URL.

        Raises:
            InputRefusedError: the URL is not ours, not valid any more, or has no file.
        """
        found = self._find(url)
        if found is None:
            raise InputRefusedError(
                f"{argument} must be a downloadUrl of this service, which starts with "
                f"{self._temp_files.start}/; nothing is fetched from elsewhere."
            )
        area, parts = found
        key = parts.path.rpartition("/")[2]
        try:
            _check_signature(argument, area, parts)
            if area is self._assets:
                yield self._permanent_file(argument, key)
                return
            with self._store.reading(key) as stored:
                pieces = [segment.path for segment in stored.segments]
                yield OpenedFile(stored.content_type, stored.size, pieces)
        except errors.S3ApiError as error:
            raise _refused(argument, error) from error

    def _find(self, url: str) -> tuple[SignedArea, SplitResult] | None:
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        areas = (self._temp_files, self._assets)
        return next(((area, parts) for area in areas if area.has(parts)), None)

    def _permanent_file(self, argument: str, file_id: str) -> OpenedFile:
        file = self._permanent.find(file_id)
        if file is None:
            raise InputRefusedError(f"{argument} has no file: its asset was deleted or replaced.")
        return OpenedFile(file.media_type, file.size, [self._permanent.path(file)])


def _check_signature(argument: str, area: SignedArea, parts: SplitResult) -> None:
    host = {"host": parts.netloc}
    grant = area.verifier.verify(SignedRequest("GET", parts.path, parts.query, host))
    if grant.parameters:
        raise InputRefusedError(f"{argument} is no downloadUrl: it has other parameters.")


def _refused(argument: str, error: errors.S3ApiError) -> Exception:
    if error.status >= 500:
        return error
    reasons = {
        "NoSuchKey": "has no file: nothing was uploaded there yet, or it has expired",
        "SignatureDoesNotMatch": "is not as this service signed it, or not for downloads",
        "InvalidAccessKeyId": "was signed by another service",
    }
    if error.message == "Request has expired":
        return InputRefusedError(f"{argument} has expired; upload the file again.")
    reason = reasons.get(error.code, f"cannot be used: {error.message.rstrip('.')}")
    return InputRefusedError(f"{argument} {reason}.")
