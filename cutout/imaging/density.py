"""Reads and writes the pixels per inch that an image states."""

from collections.abc import Mapping
from typing import Any

from PIL import ExifTags, Image

Density = tuple[float, float]
"""Pixels per inch, across and down."""

LEAST, MOST = 1, 65_535  # a JPEG keeps whole numbers of 16 bits; 1 is what files without one say
_CENTIMETRES_PER_INCH = 2.54
_INCHES, _CENTIMETRES = 2, 3  # ResolutionUnit (Exif 2.32, table 4; TIFF 6.0)
_JFIF_UNITS = (1, 2)  # others say the shape of a pixel only (JFIF 1.02)


def density_of(image: Image.Image, exif: Mapping[int, Any]) -> Density | None:
    """Return the density that a file states, in its own way or in its EXIF; None when in neither.

    Args:
        image: opened; of the orientation of the file.
        exif: what `image.getexif()` returned.
    """
    return _stated(image) or _of_exif(exif)


def exif_of(density: Density | None) -> bytes:
    """Return EXIF that holds nothing but a density, for a format that has no other place for it."""
    if density is None:
        return b""
    exif = Image.Exif()
    exif[ExifTags.Base.XResolution], exif[ExifTags.Base.YResolution] = density
    exif[ExifTags.Base.ResolutionUnit] = _INCHES
    return exif.tobytes()


def _stated(image: Image.Image) -> Density | None:
    if image.format in ("JPEG", "MPO") and image.info.get("jfif_unit") not in _JFIF_UNITS:
        return None  # Pillow puts 72 there where it found nothing
    value: tuple[Any, Any] | None = image.info.get("dpi")
    return _checked(*value) if value else None


def _of_exif(exif: Mapping[int, Any]) -> Density | None:
    across, down = (exif.get(tag) for tag in (ExifTags.Base.XResolution, ExifTags.Base.YResolution))
    unit = exif.get(ExifTags.Base.ResolutionUnit, _INCHES)
    if across is None or unit not in (_INCHES, _CENTIMETRES):
        return None
    factor = _CENTIMETRES_PER_INCH if unit == _CENTIMETRES else 1
    return _checked(across, across if down is None else down, factor)


def _checked(across: Any, down: Any, factor: float = 1) -> Density | None:
    """Return two numbers of a stranger's, if that is what they are."""
    try:
        density = float(across) * factor, float(down) * factor
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return density if all(LEAST < one <= MOST for one in density) else None
