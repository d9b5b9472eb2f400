"""Encodes pictures as files, whose only metadata is the density (docs/cutout-method.md 9)."""

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from cutout.choices import ChoiceRefusedError
from cutout.finishing.finish import Finish, Format
from cutout.imaging.arrays import Levels, shrunk
from cutout.imaging.density import Density, exif_of
from cutout.matting.edges import extended

MEDIA_TYPES: dict[Format, str] = {
    "png": "image/png",
    "webp": "image/webp",
    "webp-lossless": "image/webp",
    "jpeg": "image/jpeg",
    "zip": "application/zip",
}
PREVIEW_QUALITY = 85
LONGEST_WEBP = 16_383  # pixels: the format's own limit
FINE_COLOUR = 90  # quality from which on a JPEG keeps colours at full size
FIELD_SIDE = 512  # pixels: where colours are extended under what is transparent
LONGEST_STEM = 100
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


@dataclass(frozen=True)
class Encoded:
    """A file: its bytes and its media type."""

    content: bytes
    media_type: str


def encoded(
    image: Image.Image,
    finish: Finish,
    stem: str,
    density: Density | None = None,
    *,
    quick: bool = False,
) -> Encoded:
    """Return a finished picture as a file.

    Args:
        image: RGBA or RGB; JPEG takes RGB only, a zip RGBA only.
        finish: format and quality.
        stem: the beginning of the names in a zip; what file systems do not take is replaced.
        density: pixels per inch, across and down, that the file is to state. A picture that was
            made smaller or cropped keeps the number, as other programs do: in print it is smaller.
        quick: whether a larger file is better than a later one.

    Raises:
        ChoiceRefusedError: it is too large for the format.
    """
    match finish.format:
        case "png":
            content = _png(image, density)
        case "webp":
            method = 0 if quick else 4
            content = _webp(image, density, quality=finish.quality, method=method)
        case "webp-lossless":
            # Quality is effort here; more of it takes five times as long for a third of the size.
            content = _webp(image, density, lossless=True, quality=0, method=0, exact=True)
        case "jpeg":
            content = _jpeg(image, finish.quality, density)
        case "zip":
            content = _zip(image, finish.quality, stem, density)
    return Encoded(content, MEDIA_TYPES[finish.format])


def preview(image: Image.Image) -> bytes:
    """Return a picture as a quickly made WebP, with transparency if it has any."""
    return _webp(image, None, quality=PREVIEW_QUALITY, method=0)


def _png(image: Image.Image, density: Density | None) -> bytes:
    content = BytesIO()
    # Level 6 takes three times as long for a tenth of the size (docs/cutout-method.md 9).
    image.save(content, "PNG", compress_level=1, dpi=density)
    return content.getvalue()


def _webp(image: Image.Image, density: Density | None, **options: int) -> bytes:
    if max(image.size) > LONGEST_WEBP:
        raise ChoiceRefusedError(
            f"A WebP has at most {LONGEST_WEBP:,} pixels a side; choose PNG, or a smaller size."
        )
    content = BytesIO()
    image.save(content, "WEBP", exif=exif_of(density), **options)
    return content.getvalue()


def _jpeg(image: Image.Image, quality: int, density: Density | None) -> bytes:
    content = BytesIO()
    subsampling = 0 if quality >= FINE_COLOUR else 2
    dpi = density or (0, 0)  # a JPEG that states none has zeros
    image.save(content, "JPEG", quality=quality, subsampling=subsampling, dpi=dpi)
    return content.getvalue()


def _zip(image: Image.Image, quality: int, stem: str, density: Density | None) -> bytes:
    pixels = np.asarray(image)
    name = _UNSAFE.sub("_", stem)[:LONGEST_STEM].strip(". ") or "cut-out"
    files = {
        f"{name}-colour.jpg": _jpeg(Image.fromarray(_filled(pixels)), quality, density),
        f"{name}-alpha.png": _png(Image.fromarray(np.ascontiguousarray(pixels[..., 3])), density),
    }
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for file, data in files.items():
            archive.writestr(zipfile.ZipInfo(file), data)
    return content.getvalue()


def _filled(pixels: Levels) -> Levels:
    """Return the colours, going on where nothing is visible, so that JPEG has no edge to blur."""
    small = shrunk(pixels, FIELD_SIDE)
    visible = small[..., 3] > 0
    field = extended(small[..., :3].astype(np.float32), visible)
    around = Image.fromarray(np.rint(field).clip(0, 255).astype(np.uint8)).resize(
        (pixels.shape[1], pixels.shape[0]), Image.Resampling.BILINEAR
    )
    return np.where(pixels[..., 3:] > 0, pixels[..., :3], np.asarray(around))
