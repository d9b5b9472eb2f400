"""A small picture of our own making: a dark disc on a light ground."""

import io
from functools import cache

from PIL import ExifTags, Image, ImageDraw

SIDE = 160
"""Pixels of a side."""


SOFTWARE = "contract check"


@cache
def sample_photo() -> bytes:
    """Return the same as a PNG that tells in its EXIF what made it."""
    exif = Image.Exif()
    exif[ExifTags.Base.Software] = SOFTWARE
    with Image.open(io.BytesIO(sample_image())) as image, io.BytesIO() as file:
        image.save(file, "PNG", exif=exif)
        return file.getvalue()


@cache
def sample_image() -> bytes:
    """Return it as a PNG without transparency."""
    image = Image.new("RGB", (SIDE, SIDE), (240, 240, 236))
    ImageDraw.Draw(image).ellipse((40, 36, 120, 124), fill=(30, 60, 120))
    with io.BytesIO() as file:
        image.save(file, "PNG")
        return file.getvalue()
