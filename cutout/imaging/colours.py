"""Converts decoded images to 8 bits a channel in sRGB, with alpha apart.

Naive conversion clips 16 bits to white, and takes the numbers of Adobe RGB, Display P3 or CMYK for
those of sRGB.
"""

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from cutout.imaging.arrays import Levels

_SRGB, _LAB = (
    ImageCms.ImageCmsProfile(
        ImageCms.createProfile(name)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    )
    for name in ("sRGB", "LAB")
)


def eight_bit(image: Image.Image) -> Image.Image:
    """Return the image in a mode with 8 bits a channel and without a palette."""
    if image.mode.startswith("I"):
        return _of_sixteen_bits(np.asarray(image), image.info.get("transparency"))
    if image.mode == "F":
        levels = np.nan_to_num(np.asarray(image))
        scale = 255 if levels.max() <= 1 else 1
        return Image.fromarray((levels * scale).clip(0, 255).astype(np.uint8))
    if image.mode in ("P", "PA", "1", "YCbCr"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def without_alpha(image: Image.Image) -> tuple[Image.Image, Levels | None]:
    """Return an image of 8 bits without its transparency, and that where any of it shows."""
    if not image.has_transparency_data:
        return image, None
    alpha = np.asarray(image.convert("RGBA").getchannel("A"))
    if alpha.min() == 255:
        return image, None
    return image.convert(image.mode.rstrip("Aa")), alpha


def in_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, tuple[str, ...]]:
    """Return an image of 8 bits as RGB in sRGB, and what that did to its colours; a few words each.

    Args:
        image: its transparency is left out.
        profile: the ICC profile it came with. One that is broken, or of another colour model, is
            ignored.
    """
    if image.mode == "LAB":  # which says itself what its numbers mean
        return _converted(image, _LAB), ("converted from Lab to sRGB",)
    if not profile:
        return image.convert("RGB"), ()
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        name = _profile_name(source)
        converted = _converted(image, source)
    except (ImageCms.PyCMSError, OSError):
        return image.convert("RGB"), ("unusable colour profile ignored",)
    return converted, () if name.startswith("sRGB") else (f"converted from {name} to sRGB",)


def _converted(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    return image.convert("RGB") if converted is None else converted


def _of_sixteen_bits(levels: NDArray[Any], transparent: object) -> Image.Image:
    """Return a grey image; `transparent` is the level that means nothing is there, if one does."""
    grey = Image.fromarray((levels.clip(0, 65_535) // 257).astype(np.uint8))
    if not isinstance(transparent, int):
        return grey
    alpha = Image.fromarray(np.where(levels == transparent, np.uint8(0), np.uint8(255)))
    return Image.merge("LA", (grey, alpha))


def _profile_name(profile: ImageCms.ImageCmsProfile) -> str:
    """Return a profile's name in its own words, which are a stranger's: printable and short."""
    name = ImageCms.getProfileDescription(profile)
    return "".join(letter for letter in name if letter.isprintable())[:40].strip() or "its profile"
