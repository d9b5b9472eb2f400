"""Reading images that come from strangers (notes C1).

The header is checked before a pixel is decoded. Only formats that are decoded without outside
programs are opened. Nothing of the metadata survives: orientation and colour profile are applied.
"""

import struct
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from cutout.arrays import Levels

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "JPEG2000")
MOST_PIXELS = 25_000_000  # what the services of the trade take (notes A2)
SHORTEST, LONGEST = 16, 16_384  # pixels of a side
COUNTED = ("PNG", "WEBP")  # whose headers say how many frames there are
TURNED_UPRIGHT = "orientation applied"
SIXTEEN_BIT = "16 bits a channel reduced to 8"
TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height
START = 64  # bytes that tell what a file is that is no image
# What else arrives under an image's name.
_OTHERS = (
    (b"%PDF-", "a PDF"),
    (b"%!PS", "PostScript"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "XML, perhaps an SVG drawing"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)
_SRGB = ImageCms.ImageCmsProfile(
    ImageCms.createProfile("sRGB")  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
)
_DECODER_FAILURES = (OSError, ValueError, SyntaxError, struct.error, IndexError, KeyError, EOFError)


class ImageRefusedError(Exception):
    """The image cannot be used; the message continues a sentence that begins with its name."""

    code = "BAD_USER_INPUT"


@dataclass(frozen=True)
class Source:
    """The file that a picture was decoded from: its upright size in pixels, format and mode.

    The mode is Pillow's: L for grey, P for a palette, and so on.
    """

    width: int
    height: int
    format: str
    mode: str


@dataclass(frozen=True)
class Picture:
    """A decoded image, upright and in sRGB.

    Attributes:
        rgb: uint8 (height, width, 3).
        alpha: uint8 (height, width) when the image came with transparency that shows.
        notes: what was done to it, such as "orientation applied"; a few words each.
        source: the file it came from; None when it came from none.
    """

    rgb: Levels
    alpha: Levels | None = None
    notes: tuple[str, ...] = ()
    source: Source | None = None


def read_picture(source: Path | bytes, size_limit: int | None = None) -> Picture:
    """Decode an image; of an animated one the first frame.

    Args:
        source: a file, or its content.
        size_limit: the longest side of the result in pixels, for previews; JPEGs are then decoded
            at a fraction of their size. None for all pixels.

    Raises:
        ImageRefusedError: it is none of `FORMATS`, too large, too small or damaged.
    """
    with _opened(source) as image:
        _check_header(image)
        size, notes = image.size, _notes_before(image)
        if size_limit is not None:
            image.draft(None, (size_limit, size_limit))
        image.load()
        profile = image.info.get("icc_profile")
        _forget_broken_exif(image)
        notes, found = (*notes, *_notes_after(image)), _source_of(image, size)
        upright = ImageOps.exif_transpose(image)
        if size_limit is not None:
            upright = _eight_bit(upright)
            upright.thumbnail((size_limit, size_limit), Image.Resampling.BOX, reducing_gap=None)
        return _picture(_eight_bit(upright), profile, notes, found)


@contextmanager
def _opened(source: Path | bytes) -> Generator[Image.Image, None, None]:
    try:
        with warnings.catch_warnings():
            # The header's size is checked against a much lower limit of our own.
            warnings.simplefilter("ignore")
            file = BytesIO(source) if isinstance(source, bytes) else source
            with Image.open(file, formats=FORMATS) as image:
                yield image
    except Image.DecompressionBombError as error:
        raise ImageRefusedError(f"has more than {MOST_PIXELS:,} pixels; make it smaller") from error
    except UnidentifiedImageError as error:
        raise ImageRefusedError(f"is {_kind_of(source)}none of {', '.join(FORMATS)}") from error
    except _DECODER_FAILURES as error:
        raise ImageRefusedError("is damaged or incomplete: it cannot be decoded") from error


def _kind_of(source: Path | bytes) -> str:
    """Name what is no image that is taken, as the start of a list; empty when it is not known."""
    if isinstance(source, bytes):
        start = source[:START]
    else:
        with source.open("rb") as file:
            start = file.read(START)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start:
        return "an empty file, "
    if start[4:8] == b"ftyp":
        return "a HEIC or AVIF image or a film, "
    names = (name for magic, name in _OTHERS if text.startswith(magic.lower()))
    found = next(names, "")
    return f"{found}, " if found else ""


def _check_header(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise ImageRefusedError(
            f"has {width:,} x {height:,} pixels; at most {MOST_PIXELS:,} are taken, make it smaller"
        )
    if min(width, height) < SHORTEST or max(width, height) > LONGEST:
        raise ImageRefusedError(
            f"has {width:,} x {height:,} pixels; sides must have {SHORTEST} to {LONGEST:,} pixels"
        )


def _notes_before(image: Image.Image) -> tuple[str, ...]:
    """Say what decoding does by itself, and leaves no trace of."""
    sixteen_bit = image.mode.startswith("I;16") or any(
        "16" in str(tile.args) for tile in getattr(image, "tile", ())
    )
    turned = image.format == "TIFF" and _orientation(image) != 1
    notes = (SIXTEEN_BIT if sixteen_bit else "", TURNED_UPRIGHT if turned else "")
    return tuple(note for note in notes if note)


def _notes_after(image: Image.Image) -> tuple[str, ...]:
    """Say what becomes of a decoded image."""
    notes = (
        _frames(image),
        TURNED_UPRIGHT if _orientation(image) != 1 else "",
        "CMYK converted to RGB" if image.mode == "CMYK" else "",
    )
    return tuple(note for note in notes if note)


def _frames(image: Image.Image) -> str:
    """Say that an image is the first of several, and of how many where the header knows.

    GIF and TIFF are not counted: that reads the whole file, frame by frame.
    """
    if image.format == "MPO" or not getattr(image, "is_animated", False):
        return ""  # a telephone's photograph with its depth map is no animation
    count: int = getattr(image, "n_frames", 0) if image.format in COUNTED else 0
    return f"first frame of {count:,}" if count else "first frame of several"


def _forget_broken_exif(image: Image.Image) -> None:
    """Let an image be upright whose EXIF cannot be read; its pixels are none the worse for it."""
    try:
        image.getexif()
    except _DECODER_FAILURES:
        image.info.pop("exif", None)


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 is upright."""
    value = image.getexif().get(ExifTags.Base.Orientation)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _source_of(image: Image.Image, size: tuple[int, int]) -> Source:
    width, height = reversed(size) if _orientation(image) in TURNED else size
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    return Source(width, height, kind, image.mode)


def _eight_bit(image: Image.Image) -> Image.Image:
    """Return the image in a mode with 8 bits a channel; converting 16 bits naively clips."""
    if image.mode.startswith("I"):
        return _of_sixteen_bits(np.asarray(image), image.info.get("transparency"))
    if image.mode == "F":
        levels = np.nan_to_num(np.asarray(image))
        scale = 255 if levels.max() <= 1 else 1
        return Image.fromarray((levels * scale).clip(0, 255).astype(np.uint8))
    if image.mode in ("P", "PA", "1"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _of_sixteen_bits(levels: NDArray[Any], transparent: object) -> Image.Image:
    """Return a grey image; `transparent` is the level that means nothing is there, if one does."""
    grey = Image.fromarray((levels.clip(0, 65_535) // 257).astype(np.uint8))
    if not isinstance(transparent, int):
        return grey
    alpha = Image.fromarray(np.where(levels == transparent, np.uint8(0), np.uint8(255)))
    return Image.merge("LA", (grey, alpha))


def _picture(
    image: Image.Image, profile: bytes | None, notes: tuple[str, ...], source: Source
) -> Picture:
    alpha = _alpha(image)
    opaque = image.convert(image.mode.rstrip("Aa")) if alpha is not None else image
    srgb, told = _in_srgb(opaque, profile)
    transparent = ("transparent already",) if alpha is not None else ()
    return Picture(np.asarray(srgb), alpha, (*notes, *told, *transparent), source)


def _alpha(image: Image.Image) -> Levels | None:
    if not image.has_transparency_data:
        return None
    alpha = np.asarray(image.convert("RGBA").getchannel("A"))
    return alpha if alpha.min() < 255 else None


def _in_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, tuple[str, ...]]:
    """Return the image in sRGB, and what that did to its colours."""
    if not profile:
        return image.convert("RGB"), ()
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        name = _profile_name(source)
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):  # a broken profile, or one of another colour model
        return image.convert("RGB"), ("unusable colour profile ignored",)
    if converted is None:
        return image.convert("RGB"), ()
    return converted, () if name.startswith("sRGB") else (f"converted from {name} to sRGB",)


def _profile_name(profile: ImageCms.ImageCmsProfile) -> str:
    """Return a profile's name in its own words, which are a stranger's: printable and short."""
    name = ImageCms.getProfileDescription(profile)
    return "".join(letter for letter in name if letter.isprintable())[:40].strip() or "its profile"
