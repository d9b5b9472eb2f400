"""Reading images that come from strangers (docs/cutout-method.md 1).

The header is checked before a pixel is decoded. Only formats that are decoded without outside
programs are opened. Nothing of the metadata survives but the density, which is two numbers:
orientation and colour profile are applied.
"""

import struct
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, PngImagePlugin, TiffImagePlugin, UnidentifiedImageError

from content_types import HEAD_SIZE, IMAGE_ROUTE_TYPES, content_type_of
from cutout.imaging.arrays import Levels
from cutout.imaging.colours import eight_bit, in_srgb, without_alpha
from cutout.imaging.density import Density, density_of
from cutout.imaging.tiff import has_more_channels, open_cmyk_with_more_channels, why_not_opened

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "JPEG2000")
MOST_PIXELS = 25_000_000  # what the services of the trade take (docs/cutout-method.md 1)
SHORTEST, LONGEST = 16, 16_384  # pixels of a side
COUNTED = ("PNG", "WEBP")  # whose headers say how many frames there are
TURNED_UPRIGHT = "orientation applied"
MORE_CHANNELS = "channels beyond CMYK left out"
SIXTEEN_BIT = "16 bits a channel reduced to 8"
TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height
LARGEST_TEXT = 32 * 2**20  # bytes that one text of a PNG may inflate to; nobody reads it here
LARGEST_TEXTS = 64 * 2**20  # bytes of all of them
# What else arrives under an image's name, by its type, the part before the slash, or its start (in
# lower case).
_OTHERS = {
    "image/heic": "a HEIC picture",
    "image/heic-sequence": "a HEIC picture",
    "image/heif": "a HEIF picture",
    "image/heif-sequence": "a HEIF picture",
    "image/avif": "an AVIF picture",
    "image/jxl": "a JPEG XL picture",
    "image/vnd.adobe.photoshop": "a Photoshop document",
    "image/svg+xml": "an SVG drawing",
    "application/pdf": "a PDF",
    "application/zip": "a ZIP archive",
    "video": "a film",
    "audio": "a sound file",
}
_OTHER_TEXTS = (
    (b"%!ps", "PostScript"),
    (b"<?xml", "XML"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)
DECODER_FAILURES = (OSError, ValueError, SyntaxError, struct.error, IndexError, KeyError, EOFError)
"""What Pillow raises on what is broken."""

open_cmyk_with_more_channels()
# Pillow inflates every text when it opens a PNG, and refuses the whole file over 1 MiB of one.
PngImagePlugin.MAX_TEXT_CHUNK = LARGEST_TEXT  # pyrefly: ignore # takes 1 MiB for its type
PngImagePlugin.MAX_TEXT_MEMORY = LARGEST_TEXTS  # pyrefly: ignore # likewise


class ImageRefusedError(Exception):
    """The image cannot be used; the message continues a sentence that begins with its name."""

    code = "BAD_USER_INPUT"


@dataclass(frozen=True)
class Source:
    """The file that a picture was decoded from: its upright size in pixels, format and mode.

    The mode is Pillow's: L for grey, P for a palette, and so on. `density` is what the file says
    of its size in print, pixels per inch across and down; None when it says nothing.
    """

    width: int
    height: int
    format: str
    mode: str
    density: Density | None = None


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

    @property
    def density(self) -> Density | None:
        """Pixels per inch that its file states, across and down."""
        return self.source.density if self.source else None


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
        turned = image.format == "TIFF" and _orientation(image) in TURNED  # decoding turns it
        if size_limit is not None:
            image.draft(None, (size_limit, size_limit))
        image.load()
        profile = image.info.get("icc_profile")
        _forget_broken_exif(image)
        notes, found = (*notes, *_notes_after(image)), _source_of(image, size, turned=turned)
        upright = ImageOps.exif_transpose(image)
        if size_limit is not None:
            upright = eight_bit(upright)
            upright.thumbnail((size_limit, size_limit), Image.Resampling.BOX, reducing_gap=None)
        opaque, alpha = without_alpha(eight_bit(upright))
        srgb, told = in_srgb(opaque, profile)
        transparent = ("transparent already",) if alpha is not None else ()
        return Picture(np.asarray(srgb), alpha, (*notes, *told, *transparent), found)


def small_image(image: Image.Image, longest: int) -> Image.Image:
    """Return an image made small, as RGB, or RGBA where transparency shows.

    Like a `Picture` it is upright and in sRGB, so that a small picture and a cut-out look alike.

    Args:
        image: opened and within its caller's limits; it is decoded, and changed.
        longest: the longest side of the result in pixels; nothing is enlarged.

    Raises:
        Exception: one of `DECODER_FAILURES`.
    """
    image.draft(None, (2 * longest, 2 * longest))  # JPEG: decode a fraction only
    image.load()
    profile = image.info.get("icc_profile")
    _forget_broken_exif(image)
    ImageOps.exif_transpose(image, in_place=True)
    small = eight_bit(image)
    small.thumbnail((2 * longest, 2 * longest), Image.Resampling.BOX, reducing_gap=None)
    opaque, alpha = without_alpha(small)
    srgb, _ = in_srgb(opaque, profile)
    if alpha is not None:
        srgb.putalpha(Image.fromarray(alpha))
    srgb.thumbnail((longest, longest))
    return srgb


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
    except DECODER_FAILURES as error:  # "unidentified" among them
        raise ImageRefusedError(_why_refused(source, error)) from error


def _why_refused(source: Path | bytes, error: Exception) -> str:
    with BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        start = file.read(HEAD_SIZE)
    content_type = content_type_of(start)
    if content_type not in IMAGE_ROUTE_TYPES:
        found = _other_than_image(start, content_type)
        return f"is {found}{', ' if found else ''}none of {', '.join(FORMATS)}"
    # Of channels beyond CMYK one by one Pillow knows only when it decodes.
    least = 1 if isinstance(error, UnidentifiedImageError) else 5
    if content_type == "image/tiff" and (found := why_not_opened(source, least)):
        return f"is {found}"
    if isinstance(error, ValueError) and content_type == "image/png":
        return (
            f"is damaged, or has more than {LARGEST_TEXT // 2**20} MiB of text or profile in it; "
            "save it without metadata"
        )
    return "is damaged or incomplete: it cannot be decoded"


def _other_than_image(start: bytes, content_type: str) -> str:
    """Name what is no image that is taken; empty when it is not known."""
    if not start:
        return "an empty file"
    kind = content_type.partition("/")[0]
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    texts = (name for magic, name in _OTHER_TEXTS if text.startswith(magic))
    return _OTHERS.get(content_type) or _OTHERS.get(kind) or next(texts, "")


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
    is_tiff = isinstance(image, TiffImagePlugin.TiffImageFile)
    notes = (
        _frames(image),
        TURNED_UPRIGHT if _orientation(image) != 1 else "",
        "CMYK converted to RGB" if image.mode == "CMYK" else "",
        MORE_CHANNELS if is_tiff and has_more_channels(image.tag_v2) else "",
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
    except DECODER_FAILURES:
        image.info.pop("exif", None)


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 is upright."""
    value = image.getexif().get(ExifTags.Base.Orientation)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _source_of(image: Image.Image, size: tuple[int, int], *, turned: bool) -> Source:
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    density = density_of(image, image.getexif())
    to_turn = _orientation(image) in TURNED
    if density and (turned or to_turn):
        density = density[1], density[0]
    width, height = reversed(size) if to_turn else size
    return Source(width, height, kind, image.mode, density)
