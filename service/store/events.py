"""Events of multipart uploads, for the metrics."""

from collections.abc import Callable
from typing import Literal

UploadEvent = Literal["created", "completed", "aborted", "expired"]
UPLOAD_EVENTS: tuple[UploadEvent, ...] = ("created", "completed", "aborted", "expired")
Tell = Callable[[UploadEvent], None]


def tell_nobody(_event: UploadEvent) -> None:
    """Count nothing."""
