import io

import pytest
from PIL import Image

from components.asset_thumbnail import small_picture


def encoded(image: Image.Image, kind: str) -> bytes:
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_becomes_small(kind: str) -> None:
    small = Image.open(io.BytesIO(small_picture(encoded(Image.new("RGB", (2000, 500)), kind))))
    assert small.size == (480, 120)
    assert small.format == "JPEG"


def test_transparency_is_kept() -> None:
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    small = Image.open(io.BytesIO(small_picture(encoded(clear, "PNG"))))
    assert (small.format, small.mode) == ("PNG", "RGBA")


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
