"""A small picture of an asset, or what stands in its place."""

import io

import streamlit as st
from PIL import Image

from client.assets import Asset
from components import asset_words as words
from components.plain_text import on_one_line

_LONGEST = 480
"""Pixels of the longest side that is kept."""
_MOST_PIXELS = 16_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def small_picture(content: bytes) -> bytes:
    """Return a picture small enough to show many of, as JPEG or PNG; empty when it is none."""
    try:
        image = Image.open(io.BytesIO(content), formats=_FORMATS)
        if image.width * image.height > _MOST_PIXELS:
            return b""
        image.thumbnail((_LONGEST, _LONGEST))
        return _encoded(image)
    except (
        OSError,
        ValueError,
        SyntaxError,  # a broken PNG
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return b""


def thumbnail(asset: Asset, title: str, content: bytes) -> None:
    """Draw a picture that has arrived; empty bytes stand for none."""
    if content:
        st.image(content, alt=words.THUMB_ALT.format(name=on_one_line(title)))
    else:
        icon = ":material/movie:" if asset.type == "VIDEO" else ":material/image_not_supported:"
        st.caption(f"{icon} {words.NO_THUMB}")


def _encoded(image: Image.Image) -> bytes:
    small = io.BytesIO()
    if image.has_transparency_data:
        image.convert("RGBA").save(small, "PNG")
    else:
        image.convert("RGB").save(small, "JPEG", quality=85)
    return small.getvalue()
