"""Crop, shadow, backdrop and format: every result is decoded again and its pixels are looked at."""

import io
import json
import zipfile
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cutout.choices import ChoiceRefusedError
from cutout.finishing.backdrops import blurred
from cutout.finishing.encoding import encoded, preview
from cutout.finishing.finish import BACKDROPS, FORMATS, Backdrop, Finish, Format, finished
from cutout.finishing.shadow import OPACITY, SHADOWS, shadow_of
from cutout.imaging.arrays import Levels
from cutout.imaging.boxes import Box, bounds
from cutout.matting.cutting import shown
from cutout.matting.edges import CutOut
from tests.cutout.test_edits import JSON, NUMBERS

RED, GREEN = (200, 30, 40), (40, 180, 60)
FINISHES = st.fixed_dictionaries(
    {},
    optional={
        "crop": st.booleans() | JSON,
        "margin": NUMBERS,
        "shadow": st.sampled_from(SHADOWS) | JSON,
        "backdrop": st.sampled_from(BACKDROPS),
        "colour": st.from_regex(r"#[0-9A-Fa-f]{5,6}", fullmatch=True) | JSON,
        "second_colour": st.from_regex(r"#[0-9a-f]{6}", fullmatch=True),
        "format": st.sampled_from(FORMATS) | JSON,
        "quality": NUMBERS,
        "longest": st.none() | NUMBERS,
    },
)


def square(width: int = 200, height: int = 160) -> tuple[CutOut, Levels]:
    """A red square of 80 pixels, 50 from the left and 40 from the top, cut out of green."""
    rgb = np.full((height, width, 3), GREEN, np.uint8)
    rgb[40:120, 50:130] = RED
    alpha = np.zeros((height, width), np.uint8)
    alpha[40:120, 50:130] = 255
    return shown(rgb, alpha), rgb


def pixels_of(finish: Finish, behind: Levels | None = None) -> tuple[Levels, bytes]:
    """Finish the square, encode it, and return its decoded pixels, and the file."""
    cut, original = square()
    file = encoded(finished(cut, original, finish, behind), finish, "stem")
    with Image.open(io.BytesIO(file.content)) as image:
        assert file.media_type == f"image/{(image.format or '').lower()}"
        return np.asarray(image), file.content


@given(JSON | FINISHES)
def test_any_json_is_a_finish_within_its_limits_or_refused(value: Any) -> None:
    try:
        finish = Finish.from_json(value)
    except ChoiceRefusedError:
        return
    assert 0 <= finish.margin <= 0.5
    assert 1 <= finish.quality <= 100
    assert finish.longest is None or 16 <= finish.longest <= 16_384
    assert finish.shadow in SHADOWS
    assert finish.backdrop in BACKDROPS
    assert finish.format in FORMATS
    assert len(bytes.fromhex(finish.colour[1:])) == len(bytes.fromhex(finish.second_colour[1:]))
    assert Finish.from_json(json.loads(json.dumps(asdict(finish)))) == finish


@pytest.mark.parametrize("kind", ["png", "webp-lossless"])
def test_without_a_backdrop_only_the_subject_is_in_the_file(kind: Format) -> None:
    pixels, content = pixels_of(Finish(format=kind))
    assert pixels.shape == (160, 200, 4)
    assert tuple(pixels[80, 90]) == (*RED, 255)
    assert not pixels[pixels[..., 3] == 0].any()
    assert (pixels[..., 3] == 255).sum() == 80 * 80
    assert b"EXIF" not in content.upper()
    assert b"tEXt" not in content


def test_lossy_webp_has_transparency_and_nothing_of_the_background() -> None:
    pixels, _ = pixels_of(Finish(format="webp", quality=80))
    assert np.abs(pixels[80, 90].astype(int) - (*RED, 255)).max() < 8
    assert pixels[10, 10, 3] == 0
    assert pixels[10, 10, 1] < 100  # the green is gone


def test_jpeg_without_a_backdrop_gets_white() -> None:
    pixels, _ = pixels_of(Finish(format="jpeg", quality=95))
    assert pixels.shape == (160, 200, 3)
    assert np.abs(pixels[10, 10].astype(int) - 255).max() <= 2
    assert np.abs(pixels[80, 90].astype(int) - RED).max() <= 4


def test_quality_is_for_small_files() -> None:
    sizes = [len(pixels_of(Finish(format="jpeg", quality=quality))[1]) for quality in (20, 95)]
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize(
    ("backdrop", "top", "bottom"),
    [
        ("colour", (16, 32, 48), (16, 32, 48)),
        ("gradient", (16, 32, 48), (240, 230, 220)),
        ("image", (0, 0, 200), (0, 0, 200)),
        ("blur", GREEN, GREEN),
    ],
)
@pytest.mark.parametrize("kind", ["png", "webp-lossless", "jpeg"])
def test_every_backdrop_is_behind_the_subject(
    backdrop: Backdrop, top: tuple[int, ...], bottom: tuple[int, ...], kind: Format
) -> None:
    finish = Finish(backdrop=backdrop, colour="#102030", second_colour="#f0e6dc", format=kind)
    behind = np.full((30, 90, 3), (0, 0, 200), np.uint8)
    pixels, _ = pixels_of(replace(finish, quality=95), behind)
    tolerance = 6 if kind == "jpeg" else 1
    assert pixels.shape == (160, 200, 3)
    assert np.abs(pixels[0, 5].astype(int) - top).max() <= tolerance
    assert np.abs(pixels[159, 195].astype(int) - bottom).max() <= tolerance
    assert np.abs(pixels[80, 90].astype(int) - RED).max() <= (tolerance if kind == "jpeg" else 0)


def test_a_gradient_goes_evenly_from_top_to_bottom() -> None:
    pixels, _ = pixels_of(Finish(backdrop="gradient", colour="#000000", second_colour="#9f9f9f"))
    assert np.array_equal(pixels[:, 5, 0], np.arange(160))
    assert np.array_equal(pixels[:, 5], pixels[:, 195])


def test_a_backdrop_image_covers_and_is_centred() -> None:
    behind = np.zeros((100, 400, 3), np.uint8)
    behind[:, 200:] = 255  # much wider than the picture: both sides are lost
    pixels, _ = pixels_of(Finish(backdrop="image"), behind)
    assert pixels[10, 90].max() == 0
    assert pixels[10, 110].min() == 255
    with pytest.raises(ChoiceRefusedError, match="Choose the picture"):
        pixels_of(Finish(backdrop="image"))


def test_a_blurred_backdrop_has_no_ghost_of_the_subject() -> None:
    cut, original = square()
    canvas = Box(0, 0, 200, 160)
    behind = np.asarray(blurred(canvas, original, cut))
    assert np.abs(behind.astype(int) - GREEN).max() <= 1
    original[::2, :40] = 0
    soft = np.asarray(blurred(canvas, original, cut))
    assert soft[60:100, 10:20, 1].std() < 8
    assert 70 < soft[80, 15, 1] < 110


def test_a_blurred_backdrop_goes_on_beyond_the_picture() -> None:
    cut, original = square()
    finish = Finish(backdrop="blur", crop=True, margin=0.5)
    image = np.asarray(finished(cut, original, finish))
    assert image.shape == (160, 160, 3)
    right = CutOut(np.roll(cut.rgb, 70, axis=1), np.roll(cut.alpha, 70, axis=1))
    beyond = np.asarray(finished(right, np.roll(original, 70, axis=1), finish))
    assert np.abs(beyond[5, 155].astype(int) - GREEN).max() <= 3


def test_a_crop_is_the_subject_and_its_margin() -> None:
    pixels, _ = pixels_of(Finish(crop=True, margin=0.1))
    assert pixels.shape == (96, 96, 4)
    assert bounds(pixels[..., 3] > 0) == Box(8, 8, 88, 88)
    none, _ = pixels_of(Finish(crop=True, margin=0))
    assert none.shape == (80, 80, 4)
    assert none[..., 3].min() == 255


def test_a_margin_beyond_the_picture_makes_the_canvas_larger() -> None:
    pixels, _ = pixels_of(Finish(crop=True, margin=0.5, backdrop="colour", colour="#0000ff"))
    assert pixels.shape == (160, 160, 3)
    cut, original = square(140, 122)
    image = np.asarray(finished(cut, original, Finish(crop=True, margin=0.5)))
    assert image.shape == (160, 160, 4)
    assert bounds(image[..., 3] > 0) == Box(40, 40, 120, 120)


def test_a_crop_of_nothing_is_the_whole_picture() -> None:
    empty = CutOut(np.zeros((50, 60, 3), np.uint8), np.zeros((50, 60), np.uint8))
    finish = Finish(crop=True, shadow="drop")
    assert finished(empty, empty.rgb, finish).size == (60, 50)


def test_a_canvas_that_is_too_large_is_refused() -> None:
    side = 5000
    alpha = np.full((side, side), 255, np.uint8)
    cut = CutOut(np.broadcast_to(np.uint8(7), (side, side, 3)), alpha)
    with pytest.raises(ChoiceRefusedError, match="10,000 x 10,000 pixels"):
        finished(cut, cut.rgb, Finish(crop=True, margin=0.5))


def test_a_drop_shadow_falls_to_the_bottom_right_and_is_part_of_alpha() -> None:
    pixels, _ = pixels_of(Finish(shadow="drop"))
    below, right = pixels[121, 90], pixels[80, 131]
    assert not below[:3].any()
    assert 0 < below[3] <= round(255 * OPACITY)
    assert right[3] > 0
    assert pixels[80, 47, 3] <= below[3] / 2
    assert pixels[30, 90, 3] == 0
    assert tuple(pixels[80, 90]) == (*RED, 255)
    assert not pixels[pixels[..., 3] == 0].any()


def test_a_shadow_darkens_the_backdrop_as_much_as_its_opacity_says() -> None:
    dark = pixels_of(Finish(shadow="drop"))[0][121, 90, 3]
    pixels, _ = pixels_of(Finish(shadow="drop", backdrop="colour", colour="#c8c8c8"))
    assert abs(int(pixels[121, 90, 0]) - 200 * (1 - dark / 255)) <= 1
    assert tuple(pixels[10, 10]) == (200, 200, 200)


def test_a_half_transparent_pixel_over_a_shadow_is_composed_as_one_over_the_other() -> None:
    cut, original = square()
    cut.alpha[100:120, 50:130] = 128
    opacity = np.asarray(finished(cut, original, Finish(shadow="drop")))[110, 90].astype(float)
    white = np.full(3, 255.0)
    on_white = finished(cut, original, Finish(shadow="drop", backdrop="colour", colour="#ffffff"))
    seen = opacity[:3] * opacity[3] / 255 + white * (1 - opacity[3] / 255)
    assert np.abs(seen - np.asarray(on_white)[110, 90]).max() <= 2


def test_a_crop_keeps_the_shadow_inside() -> None:
    pixels, _ = pixels_of(Finish(shadow="drop", crop=True, margin=0))
    height, width = pixels.shape[:2]
    assert height > 80
    assert width > 80
    edges = np.concatenate([pixels[0, :, 3], pixels[-1, :, 3], pixels[:, 0, 3], pixels[:, -1, 3]])
    assert edges[edges < 255].max() < 16


def test_a_contact_shadow_lies_under_what_touches_the_ground() -> None:
    pixels, _ = pixels_of(Finish(shadow="contact"))
    assert 40 < pixels[121, 90, 3] <= round(255 * OPACITY)
    assert pixels[135, 90, 3] == 0
    assert pixels[30, 90, 3] == pixels[80, 140, 3] == 0
    cut, original = square()
    cut.alpha[80:, 75:105] = 0  # now it has two legs
    legs = np.asarray(finished(cut, original, Finish(shadow="contact")))
    assert legs[121, 62, 3] > 30
    assert legs[121, 118, 3] > 30
    assert legs[121, 90, 3] == 0


def test_each_foot_throws_its_contact_shadow_where_it_stands() -> None:
    cut, original = square()
    cut.alpha[80:, 75:105] = 0
    cut.alpha[112:, 50:75] = 0  # the left leg is further behind
    cut.alpha[120:140, 60] = 255  # a hair stands on nothing
    legs = np.asarray(finished(cut, original, Finish(shadow="contact")))
    assert legs[113, 65, 3] > 30
    assert legs[121, 118, 3] > 30
    assert legs[122:, 65, 3].max() == 0
    assert legs[140:, 60, 3].max() == 0
    cut.alpha[:, 50:66] = 0  # what is left of that leg is a handle
    handle = np.asarray(finished(cut, original, Finish(shadow="contact")))
    assert handle[113, 70, 3] == 0
    assert handle[121, 118, 3] > 30


def test_a_shadow_is_the_same_for_a_preview() -> None:
    cut, _ = square(800, 640)
    large = np.kron(cut.alpha, np.ones((4, 4), np.uint8))
    whole, small = shadow_of(large, "drop"), shadow_of(cut.alpha, "drop")
    assert whole
    assert small
    first, second = whole.bounds(), small.bounds()
    assert first
    assert second
    assert abs(first.bottom / 4 - second.bottom) <= 3
    assert abs(first.right / 4 - second.right) <= 3


def test_a_smaller_size_is_made_and_a_larger_one_is_not() -> None:
    pixels, _ = pixels_of(Finish(longest=50))
    assert pixels.shape == (40, 50, 4)
    assert tuple(pixels[20, 22]) == (*RED, 255)
    assert not pixels[pixels[..., 3] == 0].any()
    assert pixels_of(Finish(longest=500))[0].shape == (160, 200, 4)


def test_a_zip_has_colours_without_background_and_alpha() -> None:
    cut, original = square()
    finish = Finish(format="zip", backdrop="colour", quality=95)
    file = encoded(finished(cut, original, finish), finish, "../my: photo\n.old. ")
    assert file.media_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.namelist() == ["_my_ photo_.old-colour.jpg", "_my_ photo_.old-alpha.png"]
        colour, alpha = (
            np.asarray(Image.open(io.BytesIO(archive.read(name)))) for name in archive.namelist()
        )
    assert np.array_equal(alpha, cut.alpha)
    assert np.abs(colour.astype(int) - RED).max() < 30  # also where nothing is visible
    assert encoded(finished(cut, original, finish), finish, "  ").content.count(b"cut-out-") == 4


def test_a_side_too_long_for_webp_is_refused() -> None:
    image = Image.new("RGB", (16_384, 16))
    with pytest.raises(ChoiceRefusedError, match="choose PNG"):
        encoded(image, Finish(format="webp"), "stem")


def test_a_preview_is_a_small_webp() -> None:
    cut, _ = square()
    content = preview(Image.fromarray(np.dstack([cut.rgb, cut.alpha])))
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.mode, image.size) == ("WEBP", "RGBA", (200, 160))
