"""Makes thumbnails of images and reads their metadata.

The files come from strangers. Only formats that are decoded without outside programs are opened,
an image with more pixels than the limit is not decoded at all, and one is decoded at a time, so
that memory stays bounded.
"""

import io
import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from PIL import Image

from cutout.imaging.reading import small_image
from service.content_hub.exif import exif_properties

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "JPEG2000")
MOST_PIXELS = 25_000_000
THUMBNAIL_SIDE = 320  # pixels

_one_at_a_time = Lock()
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Thumbnail:
    """A small picture, encoded."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class ImageFacts:
    """Metadata properties by schema name; no thumbnail when the image could not be decoded."""

    details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    thumbnail: Thumbnail | None = None


def examine(path: Path, most_pixels: int = MOST_PIXELS) -> ImageFacts:
    """Describe an image and make its thumbnail; a file that is none has no facts."""
    details: dict[str, Mapping[str, Any]] = {}
    thumbnail = None
    # Decoders raise whatever they like on broken files, and none of it concerns the caller.
    try:
        with (
            _one_at_a_time,
            warnings.catch_warnings(action="ignore"),  # of what Pillow skips
            Image.open(path, formats=FORMATS) as image,
        ):
            details["image"] = {
                "width": image.width,
                "height": image.height,
                "format": image.format,
            }
            # Also EXIF only within the limit: asking a PNG for it decodes the whole image.
            if image.width * image.height <= most_pixels:
                if exif := exif_properties(image):
                    details["exif"] = exif
                thumbnail = _thumbnail(image)
    except Exception as error:  # noqa: BLE001
        log.info("No thumbnail of %s: %s", path.name, type(error).__name__)
    return ImageFacts(details, thumbnail)


def _thumbnail(image: Image.Image) -> Thumbnail:
    small = small_image(image, THUMBNAIL_SIDE)
    encoded = io.BytesIO()
    if small.mode == "RGBA":
        small.save(encoded, "PNG", optimize=True)
        return Thumbnail(encoded.getvalue(), "image/png")
    small.save(encoded, "JPEG", quality=85)
    return Thumbnail(encoded.getvalue(), "image/jpeg")
