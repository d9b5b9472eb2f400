"""Reads the EXIF of an image, under the names and in the form that Amplience uses.

Names and form are those of a sample that Amplience publishes (contract 19.6): `orientation 1.0`,
`exposureTime "1/400"`, `software`, `taken 1.485992461E9`, `description`, `isoSpeed 100.0`,
`model`, `make`, `focalLength "50/1"`; its code reads `artist` too. Other names are not known, so
nothing else is told. Left out on purpose: the sample's `id`, whose meaning nobody wrote down, and
where a picture was taken (the GPS directory), which the sample does not have either and people
do not expect to be passed on.

EXIF is written by strangers. A value that is not what EXIF 2.32 says it must be is left out; the
others are told all the same.
"""

import logging
import re
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar, cast

from PIL import ExifTags, Image
from PIL.ExifTags import Base
from PIL.TiffImagePlugin import IFDRational

LONGEST_TEXT = 500  # characters
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and line feed

log = logging.getLogger(__name__)

Properties = Mapping[str, str | float]
_Tags: TypeAlias = Mapping[int, Any]
_Value = TypeVar("_Value", str, float)
_Reader: TypeAlias = Callable[[_Tags], _Value | None]


def exif_properties(image: Image.Image) -> Properties:
    """Return what is usable in the EXIF of an image; nothing when that is broken altogether."""
    with warnings.catch_warnings():
        # Pillow warns of every value that it skips.
        warnings.simplefilter("ignore")
        tags = _tags(image)
    read = {name: reader(tags) for name, reader in _READERS.items()}
    return {name: value for name, value in read.items() if value is not None}


def _tags(image: Image.Image) -> _Tags:
    """Return the tags that are read here, of the main directory (IFD0) and the Exif directory.

    No tag is in both, but programs put one in the wrong place: either will do.
    """
    found: dict[int, Any] = {}
    # Pillow raises whatever it likes on broken directories, and none of it concerns the caller.
    try:
        exif = image.getexif()
        found |= {tag: exif[tag] for tag in _TAGS if tag in exif}
        inner = exif.get_ifd(ExifTags.IFD.Exif)
        found |= {tag: inner[tag] for tag in _TAGS if tag in inner and tag not in found}
    except Exception as error:  # noqa: BLE001
        log.info("EXIF cannot be read: %s", type(error).__name__)
    return found


def _text(tag: Base) -> _Reader[str]:
    """Read a text: ASCII by the standard, in truth also UTF-8 or what Windows used to write."""

    def read(tags: _Tags) -> str | None:
        value = tags.get(tag)
        if isinstance(value, str):
            value = value.encode("latin-1", "replace")  # undo what Pillow took it for
        if not isinstance(value, bytes):
            return None
        raw = value.partition(b"\0")[0]
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
        return _CONTROL.sub("", text.strip()[:LONGEST_TEXT]).strip() or None

    return read


def _ratio(tag: Base) -> _Reader[str]:
    """Read a positive fraction as it is written, not in lowest terms: `50/1`."""

    def read(tags: _Tags) -> str | None:
        value = _first(tags, tag)
        if not isinstance(value, int | IFDRational):
            return None
        over, under = int(value.numerator), int(value.denominator)
        return f"{over}/{under}" if over > 0 and under > 0 else None

    return read


def _number(tag: Base, most: int) -> _Reader[float]:
    """Read a whole number from 1 to `most`."""

    def read(tags: _Tags) -> float | None:
        value = _first(tags, tag)
        return float(value) if isinstance(value, int) and 0 < value <= most else None

    return read


def _first(tags: _Tags, tag: Base) -> Any:
    """Return the value of a tag; some cameras write several where the standard has one."""
    value = tags.get(tag)
    if isinstance(value, tuple):
        return next(iter(cast(tuple[Any, ...], value)), None)
    return value


def _taken(tags: _Tags) -> float | None:
    """Return when the picture was taken, in seconds since 1970.

    Most cameras write the time of their clock without saying of which zone; it is read as UTC.
    """
    moment = _text(Base.DateTimeOriginal)(tags)
    try:
        taken = datetime.strptime(moment or "", "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    offset = _text(Base.OffsetTimeOriginal)(tags)
    try:
        zone = datetime.strptime(offset or "", "%z").tzinfo
    except ValueError:
        return taken.timestamp()
    return taken.replace(tzinfo=zone).timestamp()


_READERS: Mapping[str, _Reader[str] | _Reader[float]] = {
    "orientation": _number(Base.Orientation, 8),
    "exposureTime": _ratio(Base.ExposureTime),
    "software": _text(Base.Software),
    "taken": _taken,
    "description": _text(Base.ImageDescription),
    "isoSpeed": _number(Base.ISOSpeedRatings, 2**32),
    "model": _text(Base.Model),
    "make": _text(Base.Make),
    "focalLength": _ratio(Base.FocalLength),
    "artist": _text(Base.Artist),
}
_TAGS = (
    Base.Orientation,
    Base.ExposureTime,
    Base.Software,
    Base.DateTimeOriginal,
    Base.OffsetTimeOriginal,
    Base.ImageDescription,
    Base.ISOSpeedRatings,
    Base.Model,
    Base.Make,
    Base.FocalLength,
    Base.Artist,
)
