"""Images as strangers send them: every mode right, everything hostile refused before decoding."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from cutout.reading import MOST_PIXELS, ImageRefusedError, Source, read_picture


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PNG_START, PNG_END = b"\x89PNG\r\n\x1a\n", chunk(b"IEND", b"")


def png_of_size(width: int, height: int, bits: int = 1) -> bytes:
    """A valid PNG of zeros: a few kB, whatever its size."""
    row = b"\0" * (1 + (width * bits + 7) // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return PNG_START + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + PNG_END


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


def deep_png(colour: int, *levels: int) -> bytes:
    """A PNG of 20 x 20 pixels with 16 bits a channel; `colour` is its colour type."""
    row = b"\0" + struct.pack(f">{len(levels)}H", *levels) * 20
    header = struct.pack(">IIBBBBB", 20, 20, 16, colour, 0, 0, 0)
    return PNG_START + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 20)) + PNG_END


@pytest.mark.parametrize(
    ("colour", "levels", "expected", "alpha"),
    [
        (0, [0x4D4D], (77, 77, 77), None),
        (2, [0xC8FF, 0x1E00, 0x0A80], (200, 30, 10), None),
        (4, [0x4D4D, 0x8000], (77, 77, 77), 128),
        (6, [0xC8FF, 0x1E00, 0x0A80, 0x8000], (200, 30, 10), 128),
    ],
)
def test_sixteen_bits_become_eight(
    colour: int, levels: list[int], expected: tuple[int, int, int], alpha: int | None
) -> None:
    picture = read_picture(deep_png(colour, *levels))
    assert np.abs(picture.rgb.astype(int) - expected).max() <= 1
    assert "16 bits a channel reduced to 8" in picture.notes
    assert (None if picture.alpha is None else picture.alpha[0, 0]) == alpha


def test_a_grey_level_may_mean_transparent() -> None:
    image = Image.new("I;16", (20, 20), 30_000)
    image.paste(9_000, (0, 0, 10, 20))
    picture = read_picture(encoded(image, transparency=30_000))
    assert picture.alpha is not None
    assert (picture.alpha[0, 0], picture.alpha[0, 19]) == (255, 0)


def test_levels_between_0_and_1_are_not_black() -> None:
    picture = read_picture(encoded(Image.new("F", (20, 20), 0.5), "TIFF"))
    assert abs(int(picture.rgb[0, 0, 0]) - 127) <= 1


def test_cmyk_is_converted() -> None:
    picture = read_picture(encoded(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG"))
    assert picture.notes == ("CMYK converted to RGB",)
    assert picture.source == Source(32, 32, "JPEG", "CMYK")
    red, green, blue = picture.rgb[16, 16]
    assert red > 200
    assert green < 60
    assert blue < 60


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_orientation_is_applied(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: left becomes top
    picture = read_picture(encoded(half_red(), kind, exif=exif))
    assert picture.rgb.shape == (40, 20, 3)
    assert np.abs(picture.rgb[5, 10].astype(int) - (200, 30, 30)).max() <= 6
    assert np.abs(picture.rgb[35, 10].astype(int) - (30, 30, 200)).max() <= 6
    assert picture.notes == ("orientation applied",)
    assert picture.source == Source(20, 40, kind, "RGB")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("exif", [b"garbage", b"II*\0\x08\0\0\0\xff\xff", b"MM\0*\0\0\0\x08\0\x01"])
def test_broken_exif_does_no_harm(kind: str, exif: bytes) -> None:
    picture = read_picture(encoded(half_red(), kind, exif=b"Exif\0\0" + exif))
    assert picture.rgb.shape == (20, 40, 3)
    assert picture.notes == ()


def profile(red: tuple[float, ...], green: tuple[float, ...], blue: tuple[float, ...]) -> bytes:
    """An ICC profile with these primaries as XYZ and no gamma (ICC.1:2001-04)."""

    def fixed(*numbers: float) -> bytes:
        return struct.pack(f">{len(numbers)}i", *(round(number * 65_536) for number in numbers))

    named = b"desc" + bytes(4) + struct.pack(">I", 8) + b"Swapped\0" + bytes(79)
    curve = b"curv" + bytes(4) + struct.pack(">I", 0)
    tags = {b"desc": named, b"cprt": b"text" + bytes(4) + b"none\0\0\0\0"}
    tags[b"wtpt"] = b"XYZ " + bytes(4) + fixed(0.9642, 1.0, 0.8249)
    for letter, primary in ((b"r", red), (b"g", green), (b"b", blue)):
        tags[letter + b"XYZ"] = b"XYZ " + bytes(4) + fixed(*primary)
        tags[letter + b"TRC"] = curve
    offset = 128 + 4 + 12 * len(tags)
    table, content = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", offset + len(content), len(data))
        content += data + bytes(-len(data) % 4)
    start = struct.pack(
        ">I4sI4s4s4s", offset + len(content), b"", 0x02100000, b"mntr", b"RGB ", b"XYZ "
    )
    start += bytes(12) + b"acsp" + bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return start + bytes(128 - len(start)) + table + content


def test_the_colours_of_a_profile_are_converted() -> None:
    red, green, blue = (0.436, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
    image = Image.new("RGB", (20, 20), (255, 0, 0))
    picture = read_picture(encoded(image, icc_profile=profile(blue, green, red)))
    assert np.abs(picture.rgb[5, 5].astype(int) - (0, 0, 255)).max() <= 3
    assert picture.notes == ("converted from Swapped to sRGB",)


def test_a_colour_profile_is_converted_to_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(
        ImageCms.createProfile("sRGB")  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    ).tobytes()
    same = read_picture(encoded(half_red(), icc_profile=profile))
    assert np.abs(same.rgb[5, 5].astype(int) - (200, 30, 30)).max() <= 1
    broken = read_picture(encoded(half_red(), icc_profile=b"no profile"))
    assert tuple(broken.rgb[5, 5]) == (200, 30, 30)
    assert (same.notes, broken.notes) == ((), ("unusable colour profile ignored",))


def test_transparency_is_kept_apart() -> None:
    image = Image.new("RGBA", (20, 20), (10, 20, 30, 0))
    image.paste((200, 30, 30, 128), (0, 0, 10, 20))
    picture = read_picture(encoded(image))
    assert picture.alpha is not None
    assert picture.alpha[0, 0] == 128
    assert picture.alpha[0, 19] == 0
    assert tuple(picture.rgb[0, 0]) == (200, 30, 30)
    assert picture.notes == ("transparent already",)


@pytest.mark.parametrize(
    ("kind", "count"), [("GIF", "several"), ("WEBP", "2"), ("PNG", "2"), ("TIFF", "several")]
)
def test_of_an_animation_the_first_frame_is_taken(kind: str, count: str) -> None:
    frames = [half_red(), Image.new("RGB", (40, 20), (0, 255, 0))]
    options = {"lossless": True} if kind == "WEBP" else {}
    content = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    picture = read_picture(content)
    assert np.abs(picture.rgb[5, 5].astype(int) - (200, 30, 30)).max() <= 2
    assert picture.notes == (f"first frame of {count}",)


def test_a_photograph_with_a_second_picture_in_it_is_no_animation() -> None:
    content = encoded(half_red(), "MPO", save_all=True, append_images=[half_red()])
    picture = read_picture(content)
    assert picture.notes == ()
    assert picture.source == Source(40, 20, "JPEG", "RGB")


def test_a_preview_is_within_its_limit_and_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(half_red().resize((2000, 1000)), "JPEG", exif=exif)
    preview = read_picture(content, size_limit=500)
    assert preview.rgb.shape == (500, 250, 3)
    assert preview.source == Source(1000, 2000, "JPEG", "RGB")


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
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is an SVG drawing, none of"),
        (b"\xef\xbb\xbf <!DOCTYPE HTML><img src=x>", "is a web page, none of"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", "is PostScript, none of"),
        (b"%PDF-1.7\n", "is a PDF, none of"),
        (b"PK\x03\x04" + bytes(60), "is a ZIP archive, none of"),
        (b"\0\0\0\x18ftypheic", "is a HEIC or AVIF image or a film, none of"),
        (bytes(1_000_000), "is none of"),
        (b"", "is an empty file, none of"),
    ],
)
def test_what_is_hostile_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ImageRefusedError, match=message):
        read_picture(content)


def test_text_that_inflates_is_refused() -> None:
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(60_000_000), 9))
    plain = png_of_size(20, 20)
    with pytest.raises(ImageRefusedError, match="damaged"):
        read_picture(plain[:33] + bomb + plain[33:])


def test_a_file_is_read_as_its_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "photograph"
    path.write_bytes(PHOTOGRAPH)
    assert np.array_equal(read_picture(path).rgb, read_picture(PHOTOGRAPH).rgb)
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(ImageRefusedError, match="is a PDF, none of JPEG, PNG"):
        read_picture(path)
