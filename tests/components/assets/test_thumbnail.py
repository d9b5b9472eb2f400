import io

import numpy as np
import pytest
from PIL import Image

from components.assets.thumbnail import FRAME, small_picture
from tests.cutout.profiles import ADOBE_RGB, numbers_in, profile


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


def test_a_picture_of_another_endpoint_is_upright_and_in_srgb() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # left becomes top
    image = Image.new("RGB", (400, 200), numbers_in(ADOBE_RGB, (200, 60, 30)))
    image.paste(numbers_in(ADOBE_RGB, (30, 60, 200)), (200, 0, 400, 200))
    content = io.BytesIO()
    image.save(content, "PNG", exif=turned, icc_profile=profile(ADOBE_RGB, "Adobe RGB"))
    with Image.open(io.BytesIO(small_picture(content.getvalue()))) as small:
        pixels = np.asarray(small).astype(int)
    middle = FRAME[0] // 2
    assert np.abs(pixels[90, middle] - (200, 60, 30)).max() <= 8
    assert np.abs(pixels[270, middle] - (30, 60, 200)).max() <= 8
    assert pixels[180, middle - 140].min() > 230  # beside it: it is upright


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
