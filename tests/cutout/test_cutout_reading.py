"""Images as strangers send them: every mode right, everything hostile refused before decoding."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from cutout.reading import MOST_PIXELS, ImageRefusedError, read_picture


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def png_of_size(width: int, height: int, bits: int = 1) -> bytes:
    """A valid PNG of zeros: a few kB, whatever its size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    row = b"\0" * (1 + (width * bits + 7) // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def half_red() -> Image.Image:
    """Red on the left half, blue on the right; 40 x 20."""
    image = Image.new("RGB", (40, 20), (200, 30, 30))
    image.paste((30, 30, 200), (20, 0, 40, 20))
    return image


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("L", (20, 20), 77), (77, 77, 77)),
        (Image.new("1", (20, 20), 1), (255, 255, 255)),
        (Image.new("I;16", (20, 20), 0x4D4D), (77, 77, 77)),
        (Image.new("RGB", (20, 20), (9, 99, 199)).quantize(4), (9, 99, 199)),
        (Image.new("LA", (20, 20), (77, 255)), (77, 77, 77)),
    ],
)
def test_every_mode_becomes_eight_bit_rgb(
    image: Image.Image, expected: tuple[int, int, int]
) -> None:
    picture = read_picture(encoded(image))
    assert picture.rgb.shape == (20, 20, 3)
    assert picture.rgb.dtype == np.uint8
    assert np.abs(picture.rgb.astype(int) - expected).max() <= 1
    assert picture.alpha is None


def test_cmyk_is_converted() -> None:
    picture = read_picture(encoded(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG"))
    red, green, blue = picture.rgb[16, 16]
    assert red > 200
    assert green < 60
    assert blue < 60


def test_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: left becomes top
    picture = read_picture(encoded(half_red(), "PNG", exif=exif))
    assert picture.rgb.shape == (40, 20, 3)
    assert tuple(picture.rgb[5, 10]) == (200, 30, 30)
    assert tuple(picture.rgb[35, 10]) == (30, 30, 200)


def test_a_colour_profile_is_converted_to_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(
        ImageCms.createProfile("sRGB")  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    ).tobytes()
    same = read_picture(encoded(half_red(), icc_profile=profile))
    assert np.abs(same.rgb[5, 5].astype(int) - (200, 30, 30)).max() <= 1
    broken = read_picture(encoded(half_red(), icc_profile=b"no profile"))
    assert tuple(broken.rgb[5, 5]) == (200, 30, 30)


def test_transparency_is_kept_apart() -> None:
    image = Image.new("RGBA", (20, 20), (10, 20, 30, 0))
    image.paste((200, 30, 30, 128), (0, 0, 10, 20))
    picture = read_picture(encoded(image))
    assert picture.alpha is not None
    assert picture.alpha[0, 0] == 128
    assert picture.alpha[0, 19] == 0
    assert tuple(picture.rgb[0, 0]) == (200, 30, 30)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_an_animation_the_first_frame_is_taken(kind: str) -> None:
    frames = [half_red(), Image.new("RGB", (40, 20), (0, 255, 0))]
    options = {"lossless": True} if kind == "WEBP" else {}
    content = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    assert np.abs(read_picture(content).rgb[5, 5].astype(int) - (200, 30, 30)).max() <= 2


def test_a_preview_is_within_its_limit_and_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(half_red().resize((2000, 1000)), "JPEG", exif=exif)
    assert read_picture(content, size_limit=500).rgb.shape == (500, 250, 3)


PHOTOGRAPH = encoded(
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)), "JPEG"
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (png_of_size(16_000, 16_000), "pixels"),
        (png_of_size(13_000, 13_000), f"{MOST_PIXELS:,}"),
        (png_of_size(1, 1), "sides must have"),
        (png_of_size(30_000, 1), "sides must have"),
        (png_of_size(30_000, 20), "sides must have"),
        (PHOTOGRAPH[: len(PHOTOGRAPH) * 6 // 10], "damaged"),
        (PHOTOGRAPH[:30], "damaged"),
        (encoded(half_red())[:50], "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "none of"),
        (b"<html><img src=x></html>", "none of"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", "none of"),
        (b"%PDF-1.7\n", "none of"),
        (b"PK\x03\x04" + bytes(60), "none of"),
        (bytes(1_000_000), "none of"),
        (b"", "none of"),
    ],
)
def test_what_is_hostile_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ImageRefusedError, match=message):
        read_picture(content)


def test_text_that_inflates_is_refused() -> None:
    bomb = zlib.compress(bytes(60_000_000), 9)
    data = b"Comment\0\0" + bomb
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + data))
    plain = png_of_size(20, 20)
    with pytest.raises(ImageRefusedError, match="damaged"):
        read_picture(plain[:33] + chunk + plain[33:])
