"""Images as strangers send them: every mode right, everything hostile refused before decoding."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from cutout.imaging.reading import MOST_PIXELS, ImageRefusedError, Source, read_picture
from tests.content_types.files import base_media
from tests.cutout.imaging.tiffs import CMYK, RGB, tiff
from tests.cutout.profiles import (
    ADOBE_RGB,
    DISPLAY_P3,
    PRO_PHOTO,
    Space,
    cmyk_profile,
    numbers_in,
    profile,
)

HEIC = ("heic", "heix", "heim", "heis", "hevc", "hevx")


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


def test_the_colours_of_a_profile_are_converted() -> None:
    red, green, blue = (0.436, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
    image = Image.new("RGB", (20, 20), (255, 0, 0))
    swapped = profile((blue, green, red, 1.0), "Swapped")
    picture = read_picture(encoded(image, icc_profile=swapped))
    assert np.abs(picture.rgb[5, 5].astype(int) - (0, 0, 255)).max() <= 3
    assert picture.notes == ("converted from Swapped to sRGB",)


@pytest.mark.parametrize(
    ("space", "name"), [(ADOBE_RGB, "Adobe RGB"), (DISPLAY_P3, "P3"), (PRO_PHOTO, "ProPhoto")]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_colour_looks_the_same_from_every_space(space: Space, name: str, kind: str) -> None:
    colour = (200, 60, 30)
    image = Image.new("RGB", (32, 32), numbers_in(space, colour))
    options = {"lossless": True} if kind == "WEBP" else {"quality": 98} if kind == "JPEG" else {}
    picture = read_picture(encoded(image, kind, icc_profile=profile(space, name), **options))
    assert np.abs(picture.rgb[9, 9].astype(int) - colour).max() <= 4
    assert picture.notes == (f"converted from {name} to sRGB",)


def inks(*extra: int, bits: int = 8) -> Any:
    """Red on the left half, white on the right, in CMYK with further channels; 40 x 20."""
    levels = np.zeros((20, 40, 4 + len(extra)), np.uint8 if bits == 8 else np.uint16)
    levels[:, :20, 1:3] = 255 if bits == 8 else 65_535
    levels[..., 4:] = extra
    return levels


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("extra", [(), (0,), (1,), (2,), (0, 0), (2, 0), (1, 0), (0, 2)])
def test_channels_beyond_cmyk_are_left_out(
    extra: tuple[int, ...], order: Literal["<", ">"]
) -> None:
    content = tiff(inks(*(99 for _ in extra)), CMYK, extra, order=order)
    picture = read_picture(content)
    red, green, blue = picture.rgb[5, 5]
    assert red > 200 > 60 > max(green, blue)
    assert picture.rgb[5, 35].min() == 255
    assert picture.alpha is None
    assert ("channels beyond CMYK left out" in picture.notes) == bool(extra)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (tiff(inks(1, bits=16), CMYK, (0,)), "CMYK with 5 channels of 16 bits"),
        (tiff(inks(1, 2, 3), CMYK, (0, 0, 0)), "CMYK with 7 channels of 8 bits"),
        (tiff(inks(1), CMYK, (2,), apart=True), "CMYK with 5 channels of 8 bits"),
        (tiff(inks(1), RGB, (2, 2)), "RGB with 5 channels of 8 bits"),
    ],
)
def test_a_tiff_that_is_not_opened_is_called_what_it_is(content: bytes, what: str) -> None:
    with pytest.raises(ImageRefusedError, match=f"is a TIFF of {what}.* flatten it") as caught:
        read_picture(content)
    assert "none of" not in str(caught.value)


def test_a_profile_of_inks_is_used() -> None:
    inks_of_ours = cmyk_profile()
    picture = read_picture(tiff(inks(), CMYK, profile=inks_of_ours))
    red, green, blue = (int(level) for level in picture.rgb[5, 5])
    assert red > green > blue > 60  # paler than plain red
    assert picture.notes == ("CMYK converted to RGB", "converted from Inks to sRGB")
    with_spot = read_picture(tiff(inks(9), CMYK, (0,), profile=inks_of_ours))
    assert np.array_equal(with_spot.rgb, picture.rgb)


def test_lab_is_converted() -> None:
    image = Image.new("LAB", (40, 20), (112, 192, 175))  # L, a and b as Pillow keeps them
    picture = read_picture(encoded(image, "TIFF"))
    assert np.abs(picture.rgb[5, 5].astype(int) - (200, 30, 30)).max() <= 4
    assert picture.notes == ("converted from Lab to sRGB",)


def test_a_colour_profile_is_converted_to_srgb() -> None:
    srgb = ImageCms.ImageCmsProfile(
        ImageCms.createProfile("sRGB")  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    ).tobytes()
    same = read_picture(encoded(half_red(), icc_profile=srgb))
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
        *((base_media(brand), "is a HEIC picture, none of") for brand in HEIC),
        *((base_media("mif1", brand), "is a HEIC picture, none of") for brand in HEIC),
        *((base_media(brand), "is a HEIF picture, none of") for brand in ("mif1", "msf1")),
        *((base_media(brand), "is an AVIF picture, none of") for brand in ("avif", "avis")),
        (base_media("isom", "mp41"), "is a film, none of"),
        (base_media("M4A"), "is a sound file, none of"),
        (b'<?xml version="1.0"?><!-- a --><svg/>', "is an SVG drawing, none of"),
        (b'<?xml version="1.0"?><a/>', "is XML, none of"),
        (b"BM is a unit of mass", "is none of"),
        (bytes(1_000_000), "is none of"),
        (b"", "is an empty file, none of"),
    ],
)
def test_what_is_hostile_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ImageRefusedError, match=message):
        read_picture(content)


def with_chunks(*chunks: bytes) -> bytes:
    plain = png_of_size(20, 20)
    return plain[:33] + b"".join(chunks) + plain[33:]


@pytest.mark.parametrize("compressed", [True, False])
def test_a_large_text_does_no_harm(compressed: bool) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>" + "a b " * 3_000_000, zip=compressed)
    picture = read_picture(encoded(half_red(), pnginfo=text))
    assert tuple(picture.rgb[5, 5]) == (200, 30, 30)


@pytest.mark.parametrize(
    "chunks",
    [
        [chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(60_000_000), 9))],
        [chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(60_000_000), 9))],
        [chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(30_000_000), 9))] * 3,
        [chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(60_000_000), 9))],
    ],
)
def test_text_that_inflates_is_refused(chunks: list[bytes]) -> None:
    with pytest.raises(ImageRefusedError, match="more than 32 MiB of text or profile in it"):
        read_picture(with_chunks(*chunks))


def exif_with(**values: float) -> Image.Exif:
    exif = Image.Exif()
    for name, value in values.items():
        exif[ExifTags.Base[name]] = value
    return exif


IN_INCHES = {"XResolution": 300.0, "YResolution": 150.0, "ResolutionUnit": 2}
IN_CENTIMETRES = {"XResolution": 118.1102, "YResolution": 59.0551, "ResolutionUnit": 3}
NONSENSE = [
    {"XResolution": 0.0, "YResolution": 0.0},
    {"XResolution": 300.0, "ResolutionUnit": 1},
    {"Orientation": 3},
]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP"])
def test_the_density_is_read(kind: str) -> None:
    source = read_picture(encoded(half_red(), kind, dpi=(300, 150))).source
    assert source
    assert source.density == pytest.approx((300, 150), rel=0.001)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("values", [IN_INCHES, IN_CENTIMETRES])
def test_the_density_of_the_exif_is_read(kind: str, values: dict[str, float]) -> None:
    content = encoded(half_red(), kind, exif=exif_with(**values))
    assert read_picture(content).density == pytest.approx((300, 150), rel=0.001)
    turned = encoded(half_red(), kind, exif=exif_with(Orientation=6, **values))
    assert read_picture(turned).density == pytest.approx((150, 300), rel=0.001)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "JPEG2000"])
def test_no_density_is_made_up(kind: str) -> None:
    assert read_picture(encoded(half_red(), kind)).density is None
    if kind not in ("GIF", "JPEG2000"):
        for values in NONSENSE:
            content = encoded(half_red(), kind, exif=exif_with(**values))
            assert read_picture(content).density is None


def test_a_file_is_read_as_its_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "photograph"
    path.write_bytes(PHOTOGRAPH)
    assert np.array_equal(read_picture(path).rgb, read_picture(PHOTOGRAPH).rgb)
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(ImageRefusedError, match="is a PDF, none of JPEG, PNG"):
        read_picture(path)
