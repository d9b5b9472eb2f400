"""What a file is, told from its first bytes; names and declared types are not asked."""

import re
from pathlib import Path

UNKNOWN = "application/octet-stream"
ENOUGH = 4096  # bytes

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF.{4}WEBP", "image/webp"),
    (rb"(?:II\*\0|MM\0\*|II\+\0|MM\0\+)", "image/tiff"),
    (rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0{3}", "image/bmp"),
    (rb"(?:\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51\0)", "image/jp2"),
    (rb".{4}ftypavi[fs]", "image/avif"),
    (rb".{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)", "image/heic"),
    (rb".{4}ftypqt  ", "video/quicktime"),
    (rb".{4}ftypM4A", "audio/mp4"),
    (rb".{4}ftyp", "video/mp4"),
    (rb".{4}(?:moov|mdat|wide|free)", "video/quicktime"),
    (rb"\x1aE\xdf\xa3.{0,64}webm", "video/webm"),
    (rb"\x1aE\xdf\xa3", "video/x-matroska"),
    (rb"RIFF.{4}AVI ", "video/x-msvideo"),
    (rb"\0\0\x01[\xb3\xba]", "video/mpeg"),
    (rb"OggS", "application/ogg"),
    (rb"RIFF.{4}WAVE", "audio/wav"),
    (rb"fLaC", "audio/flac"),
    (rb"(?:ID3|\xff[\xfb\xf3\xf2])", "audio/mpeg"),
    (rb"%PDF-", "application/pdf"),
    (rb"glTF", "model/gltf-binary"),
    (rb"PK\x03\x04", "application/zip"),
    (rb"\x1f\x8b", "application/gzip"),
    (rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<svg[\s>]", "image/svg+xml"),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), name) for pattern, name in _SIGNATURES)
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def media_type_of(path: Path) -> str:
    """Return the media type of a file; `application/octet-stream` when it is not known."""
    with path.open("rb") as file:
        return media_type_of_bytes(file.read(ENOUGH))


def media_type_of_bytes(start: bytes) -> str:
    """Return the media type of a file that starts like this."""
    for pattern, name in _PATTERNS:
        if pattern.match(start):
            return name
    return "text/plain" if start and _is_text(start) else UNKNOWN


def _is_text(start: bytes) -> bool:
    if _NOT_TEXT.search(start):
        return False
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(start) - 3  # a character cut in two at the end of the sample
    return True
