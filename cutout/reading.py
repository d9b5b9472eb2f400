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

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from cutout.arrays import Levels

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "JPEG2000")
MOST_PIXELS = 25_000_000  # what the services of the trade take (notes A2)
SHORTEST, LONGEST = 16, 16_384  # pixels of a side
_SRGB = ImageCms.ImageCmsProfile(
    ImageCms.createProfile("sRGB")  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
)
_DECODER_FAILURES = (OSError, ValueError, SyntaxError, struct.error, IndexError, KeyError, EOFError)


class ImageRefusedError(Exception):
    """The image cannot be used; the message continues a sentence that begins with its name."""

    code = "BAD_USER_INPUT"


@dataclass(frozen=True)
class Picture:
    """A decoded image, upright and in sRGB.

    Attributes:
        rgb: uint8 (height, width, 3).
        alpha: uint8 (height, width) when the image came with transparency that shows.
    """

    rgb: Levels
    alpha: Levels | None = None


def read_picture(source: Path | bytes, size_limit: int | None = None) -> Picture:
    """Decode an image; of an animated one the first frame.

    Args:
        source: a file, or its content.
        size_limit: the longest side of the result in pixels, for previews; JPEGs are then decoded
            at a fraction of their size. None for all pixels.

    Raises:
        ImageRefusedError: it is none of `FORMATS`, too large, too small or damaged.
    """
    with _opened(BytesIO(source) if isinstance(source, bytes) else source) as image:
        _check_header(image)
        if size_limit is not None:
            image.draft(None, (size_limit, size_limit))
        image.load()
        profile = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(image)
        if size_limit is not None:
            upright = _eight_bit(upright)
            upright.thumbnail((size_limit, size_limit), Image.Resampling.BOX, reducing_gap=None)
        return _picture(_eight_bit(upright), profile)


@contextmanager
def _opened(source: Path | BytesIO) -> Generator[Image.Image, None, None]:
    try:
        with warnings.catch_warnings():
            # The header's size is checked against a much lower limit of our own.
            warnings.simplefilter("ignore")
            with Image.open(source, formats=FORMATS) as image:
                yield image
    except Image.DecompressionBombError as error:
        raise ImageRefusedError(f"has more than {MOST_PIXELS:,} pixels; make it smaller") from error
    except UnidentifiedImageError as error:
        raise ImageRefusedError(f"is none of {', '.join(FORMATS)}") from error
    except _DECODER_FAILURES as error:
        raise ImageRefusedError("is damaged or incomplete: it cannot be decoded") from error


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


def _eight_bit(image: Image.Image) -> Image.Image:
    """Return the image in a mode with 8 bits a channel; converting 16 bits naively clips."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image).clip(0, 65_535) // 257).astype(np.uint8))
    if image.mode == "F":
        return Image.fromarray(np.nan_to_num(np.asarray(image)).clip(0, 255).astype(np.uint8))
    if image.mode in ("P", "PA", "1"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _picture(image: Image.Image, profile: bytes | None) -> Picture:
    alpha = _alpha(image)
    opaque = image.convert(image.mode.rstrip("Aa")) if alpha is not None else image
    return Picture(np.asarray(_in_srgb(opaque, profile)), alpha)


def _alpha(image: Image.Image) -> Levels | None:
    if not image.has_transparency_data:
        return None
    alpha = np.asarray(image.convert("RGBA").getchannel("A"))
    return alpha if alpha.min() < 255 else None


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):  # a broken profile, or one of another colour model
            return image.convert("RGB")
        if converted is not None:
            return converted
    return image.convert("RGB")
