"""What a file is, told from its first bytes and not from its name."""

from typing import NamedTuple

HEAD_SIZE = 32
"""Bytes from the start of a file that `detect_content_type` wants to see."""

IMAGE_ROUTE_TYPES = frozenset(
    {
        "image/jpeg",
        "image/jpg",
        "image/png",
        "image/gif",
        "image/bmp",
        "image/jp2",
        "image/tiff",
        "image/webp",
    }
)
"""Types that background removal takes (contract section 6, Amplience's own allow-list)."""

UNKNOWN = "application/octet-stream"


class _Signature(NamedTuple):
    offset: int
    magic: bytes
    content_type: str


_SIGNATURES = (
    _Signature(0, b"\xff\xd8\xff", "image/jpeg"),
    _Signature(0, b"\x89PNG\r\n\x1a\n", "image/png"),
    _Signature(0, b"GIF87a", "image/gif"),
    _Signature(0, b"GIF89a", "image/gif"),
    _Signature(0, b"BM", "image/bmp"),
    _Signature(0, b"II*\x00", "image/tiff"),
    _Signature(0, b"MM\x00*", "image/tiff"),
    _Signature(8, b"WEBP", "image/webp"),
    _Signature(4, b"jP  \r\n\x87\n", "image/jp2"),
    _Signature(4, b"ftypavif", "image/avif"),
    _Signature(4, b"ftypheic", "image/heic"),
    _Signature(4, b"ftypqt", "video/quicktime"),
    _Signature(4, b"ftyp", "video/mp4"),
    _Signature(0, b"\x1aE\xdf\xa3", "video/webm"),
    _Signature(0, b"%PDF-", "application/pdf"),
    _Signature(0, b"PK\x03\x04", "application/zip"),
)


def detect_content_type(head: bytes) -> str | None:
    """Return the type the first bytes prove, or None when they prove nothing."""
    for offset, magic, content_type in _SIGNATURES:
        if head[offset : offset + len(magic)] == magic:
            return content_type
    return None


def content_type_to_send(head: bytes, claimed: str) -> str:
    """Return the type to store a file under: proven by its bytes, else claimed, else unknown.

    A claimed image type without the bytes of one is not believed: stored under it, the file would
    only fail later, at background removal (contract section 6).
    """
    detected = detect_content_type(head)
    if detected:
        return detected
    return UNKNOWN if not claimed or claimed.startswith("image/") else claimed


def is_false_image(head: bytes, claimed: str) -> bool:
    """Return whether a file passes for an image by its name and is none by its bytes."""
    detected = detect_content_type(head) or ""
    return claimed.startswith("image/") and not detected.startswith("image/")
