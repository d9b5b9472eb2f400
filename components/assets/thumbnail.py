"""A small picture of an asset, or what stands in its place."""

import io

import streamlit as st
from PIL import Image

from client.content_hub.assets import Asset
from components.assets import words
from components.common.plain_text import on_one_line
from cutout.imaging.reading import DECODER_FAILURES, small_image

FRAME = (480, 360)
"""Pixels; every picture is fitted into it, so that cards stand in line."""
_BACKDROP = "#eef1f4"
_MOST_PIXELS = 16_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def small_picture(content: bytes) -> bytes:
    """Return a picture fitted into `FRAME`, as JPEG or PNG; empty when the content is none.

    It is upright and in sRGB. What is transparent stays so; beside another picture the frame is of
    a light grey.
    """
    try:
        image = Image.open(io.BytesIO(content), formats=_FORMATS)
        if image.width * image.height > _MOST_PIXELS:
            return b""
        small = small_image(image, max(FRAME))
        small.thumbnail(FRAME)
        return _framed(small)
    except (
        *DECODER_FAILURES,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return b""


def thumbnail(asset: Asset, title: str, content: bytes) -> None:
    """Draw a picture that has arrived; empty bytes stand for none."""
    if content:
        st.image(content, width="stretch", alt=words.THUMB_ALT.format(name=on_one_line(title)))
    else:
        icon = ":material/movie:" if asset.type == "VIDEO" else ":material/image_not_supported:"
        st.caption(f"{icon} {words.NO_THUMB}")


def _framed(image: Image.Image) -> bytes:
    clear = image.mode == "RGBA"
    frame = Image.new("RGBA" if clear else "RGB", FRAME, (0, 0, 0, 0) if clear else _BACKDROP)
    left, top = (FRAME[0] - image.width) // 2, (FRAME[1] - image.height) // 2
    frame.paste(image.convert(frame.mode), (left, top))
    content = io.BytesIO()
    frame.save(content, "PNG" if clear else "JPEG")
    return content.getvalue()
