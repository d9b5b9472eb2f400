import io

import pytest
from PIL import Image

from components.asset_thumbnail import FRAME, small_picture


def encoded(image: Image.Image, kind: str) -> bytes:
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_becomes_small(kind: str) -> None:
    wide = Image.new("RGB", (2000, 500), "red")
    small = Image.open(io.BytesIO(small_picture(encoded(wide, kind))))
    assert (small.size, small.format) == (FRAME, "JPEG")
    above, within = small.getpixel((240, 60)), small.getpixel((240, 180))
    assert isinstance(above, tuple)
    assert isinstance(within, tuple)
    assert min(above) > 230
    assert within[0] > 230 > 30 > within[1]


def test_transparency_is_kept() -> None:
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    small = Image.open(io.BytesIO(small_picture(encoded(clear, "PNG"))))
    assert (small.size, small.format, small.mode) == (FRAME, "PNG", "RGBA")
    assert small.getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html></html>",
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        encoded(Image.new("RGB", (50, 50)), "PNG")[:50],
        encoded(Image.new("1", (5000, 5000)), "PNG"),
        encoded(Image.new("1", (10_000, 10_000)), "PNG"),
        encoded(Image.new("RGB", (5, 5)), "TIFF"),
    ],
)
def test_what_is_no_picture_or_too_large_is_none(content: bytes) -> None:
    assert small_picture(content) == b""
