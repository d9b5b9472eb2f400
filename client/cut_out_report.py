"""Reads from a PNG's text chunks which engine made the cut-out and how sure it is.

The embedded service writes them; a PNG of another endpoint has none, or others.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LONGEST = 2_000
"""Bytes of a text chunk that is read; a longer one is none of ours."""
_MOST_CHUNKS = 100
_ENGINE, _CONFIDENCE, _REASON = "Cut-out engine", "Cut-out confidence", "Cut-out reason"
_WITH_ALPHA = (4, 6)
"""Colour types with alpha (PNG, 11.2.2)."""


@dataclass(frozen=True)
class CutOutReport:
    """What a PNG says of its cut-out; each field is one printable line, or empty.

    Attributes:
        engine: who made it.
        confidence: "good", "check edges" or "likely wrong".
        reason: why, a sentence for people.
    """

    engine: str = ""
    confidence: str = ""
    reason: str = ""


def read_report(path: Path) -> CutOutReport | None:
    """Return what a PNG with alpha says of itself; None when the file is no such PNG.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        header = file.read(33)  # the signature and the chunk IHDR
        if not header.startswith(SIGNATURE) or len(header) < 33 or header[25] not in _WITH_ALPHA:
            return None
        texts = dict(_texts(file))
    return CutOutReport(texts.get(_ENGINE, ""), texts.get(_CONFIDENCE, ""), texts.get(_REASON, ""))


def _texts(file: BinaryIO) -> Iterator[tuple[str, str]]:
    """Yield keyword and text of the uncompressed text chunks before the pixels."""
    for _ in range(_MOST_CHUNKS):
        start = file.read(8)
        if len(start) < 8:
            return
        length, kind = struct.unpack(">I4s", start)
        if kind == b"IDAT":
            return
        if kind not in (b"tEXt", b"iTXt") or length > LONGEST:
            file.seek(length + 4, 1)
            continue
        content = file.read(length + 4)[:-4]
        if len(content) < length:
            return
        keyword, _, rest = content.partition(b"\0")
        letters = (letter if letter.isprintable() else " " for letter in _decoded(kind, rest))
        yield keyword.decode("latin-1"), "".join(letters).strip()


def _decoded(kind: bytes, rest: bytes) -> str:
    if kind == b"tEXt":
        return rest.decode("latin-1")
    # Two flags, then language and translated keyword, each ended by a zero (PNG, 11.3.4.5).
    compressed, text = rest[:1] != b"\0", rest[2:].split(b"\0", 2)[-1]
    return "" if compressed else text.decode("utf-8", "replace")
