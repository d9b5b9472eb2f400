"""Opens TIFFs that Pillow alone refuses, or says why one cannot be opened."""

import struct
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from PIL import TiffImagePlugin

_CMYK = 5
_SAMPLES, _BITS, _COLOURS, _EXTRA = 277, 258, 262, 338
_NAMES = {0: "grey", 1: "grey", 2: "RGB", 3: "a palette", 5: "CMYK", 6: "YCbCr", 8: "Lab"}
_FAILURES = (OSError, ValueError, SyntaxError, struct.error, TypeError, KeyError, IndexError)


def open_cmyk_with_more_channels() -> None:
    """Have Pillow open CMYK with one or two more channels whatever these are said to be.

    It leaves them out, but by itself only where they are said to be nothing in particular; alpha
    and spot colours come with either of the three values (TIFF 6.0, ExtraSamples).
    """
    opened: dict[Any, Any] = TiffImagePlugin.OPEN_INFO
    for order in (TiffImagePlugin.II, TiffImagePlugin.MM):
        for first in range(3):
            opened.setdefault((order, _CMYK, (1,), 1, (8,) * 5, (first,)), ("CMYK", "CMYKX"))
            for second in range(3):
                kind = order, _CMYK, (1,), 1, (8,) * 6, (first, second)
                opened.setdefault(kind, ("CMYK", "CMYKXX"))


def _tags(file: BinaryIO) -> Any:
    header = file.read(8)
    if b"\x2b" in header[2:4]:  # big TIFF
        header += file.read(8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is broken
        tags = TiffImagePlugin.ImageFileDirectory_v2(header)
        file.seek(tags.next)
        tags.load(file)
    return tags


def has_more_channels(tags: Any) -> bool:
    """Return whether an opened TIFF of CMYK has channels that are left out."""
    return tags.get(_COLOURS) == _CMYK and bool(tags.get(_EXTRA))


def why_not_opened(source: Path | bytes, least: int = 1) -> str:
    """Return what a TIFF is that is not opened, after "is", and what to do.

    Empty when it is none, its tags cannot be read, or it has fewer than `least` channels.
    """
    try:
        with BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            tags = _tags(file)
    except _FAILURES:
        return ""
    bits = tags.get(_BITS, (1,))
    channels = tags.get(_SAMPLES, len(bits))
    if channels < least:
        return ""
    name = _NAMES.get(tags.get(_COLOURS, -1), "other colours")
    return (
        f"a TIFF of {name} with {channels} channels of {max(bits)} bits, which cannot be opened "
        "here: flatten it, or save it with 8 bits a channel and without further channels"
    )
