"""What the service asks of the place where temp files lie: the data folder or a bucket."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from service.store.objects import Segment
from service.store.uploads import Upload


@dataclass(frozen=True)
class ReadableFile:
    """A finished temp file whose bytes are on this machine's disk; `size` is in bytes."""

    content_type: str
    size: int
    segments: Sequence[Segment]


class TempStore(Protocol):
    """Keeps temp files by key, 32 hex digits; every method may be called from any thread.

    All of them raise S3ApiError, ServiceUnavailable where a store elsewhere does not answer.
    """

    def create_upload(self, declared_size: int, expires: float) -> Upload:
        """Open a multipart upload that is swept after `expires` (epoch seconds)."""
        ...

    def abort_upload(self, upload: Upload) -> None:
        """Forget an open upload and its parts; NoSuchUpload where there is none."""
        ...

    def keep(
        self, key: str, blocks: Iterable[bytes], size: int, content_type: str, expires: float
    ) -> None:
        """Store `size` bytes of our own that are swept after `expires` (epoch seconds)."""
        ...

    def remove(self, key: str) -> None:
        """Remove a finished file."""
        ...

    def reading(self, key: str) -> AbstractContextManager[ReadableFile]:
        """Give a finished file to read until the context ends.

        NoSuchKey where there is none, InvalidRequest where its bytes are packed.
        """
        ...

    def sweep(self) -> int:
        """Remove what has expired; return how many files that were."""
        ...
