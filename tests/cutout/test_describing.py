"""What is said of a picture: outlines of regions, names of colours, and both together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from cutout.description.colour_names import Colour, colour_names, commonest_colour
from cutout.description.describe import MOST_CORNERS, MOST_OBJECTS, described
from cutout.description.outlines import MOST_WALKED, outline
from cutout.engines.choice import EngineChoice, engine_for
from cutout.imaging.arrays import Mask
from cutout.imaging.lab import lab_of
from cutout.imaging.regions import label
from tests.cutout.imaging.test_reading import encoded

ENGINE = engine_for(EngineChoice())


def mask_of(*rows: str) -> Mask:
    return np.array([[letter == "#" for letter in row] for row in rows])


# Outlines ------------------------------------------------------------------------------------


def test_the_outline_of_a_box_has_its_corners_between_the_pixels() -> None:
    corners = outline(mask_of("......", "..###.", "..###."), 64).tolist()
    assert sorted(corners) == [[2, 1], [2, 3], [5, 1], [5, 3]]


def test_an_outline_goes_round_holes_and_along_the_edge_of_the_image() -> None:
    mask = np.ones((30, 40), bool)
    mask[10:20, 10:30] = False
    assert sorted(outline(mask, 64).tolist()) == [[0, 0], [0, 30], [40, 0], [40, 30]]


def filled(corners: list[list[int]], mask: Mask) -> Mask:
    # Drawn ten times as large: Pillow's polygons have their corners in the middle of pixels.
    image = Image.new("1", (mask.shape[1] * 10, mask.shape[0] * 10))
    ImageDraw.Draw(image).polygon([(10 * x, 10 * y) for x, y in corners], 1)
    return np.asarray(image)[5::10, 5::10]


def test_a_disc_keeps_its_shape_with_few_corners() -> None:
    y, x = np.mgrid[:200, :300]
    disc = (x - 140) ** 2 + (y - 90) ** 2 < 80**2
    for most in (64, 16):
        corners = outline(disc, most).tolist()
        assert len(corners) <= most
        drawn = filled(corners, disc)
        assert (drawn & disc).sum() / (drawn | disc).sum() > 0.95


@given(st.integers(0, 2**32 - 1))
def test_every_region_has_an_outline_within_its_box(seed: int) -> None:
    noise = np.random.default_rng(seed).random((24, 24)) < 0.6
    labels = label(noise)
    region = labels == np.argmax(np.bincount(labels.ravel())[1:]) + 1
    corners = outline(region, MOST_CORNERS)
    rows, columns = np.nonzero(region)
    assert 4 <= len(corners) <= MOST_CORNERS
    assert (corners >= (columns.min(), rows.min())).all()
    assert (corners <= (columns.max() + 1, rows.max() + 1)).all()


def test_the_most_ragged_outline_is_thinned_out() -> None:
    ragged = np.zeros((320, 320), bool)
    ragged[:, 0] = ragged[::4] = True
    ragged[1::4, 1::2] = True
    corners = outline(ragged, MOST_CORNERS)
    assert len(corners) == MOST_CORNERS < MOST_WALKED


# Colours -------------------------------------------------------------------------------------

COLOURS = {
    "black": [(0, 0, 0), (30, 30, 32), (20, 10, 10)],
    "white": [(255, 255, 255), (250, 248, 240), (238, 241, 244)],
    "grey": [(128, 128, 128), (205, 205, 208), (70, 72, 75)],
    "red": [(255, 0, 0), (139, 0, 0), (190, 60, 50), (220, 20, 60)],
    "orange": [(255, 165, 0), (255, 128, 0)],
    "yellow": [(255, 255, 0), (255, 215, 0)],
    "green": [(0, 128, 0), (0, 255, 0), (30, 90, 60)],
    "blue": [(0, 0, 255), (0, 0, 128), (50, 80, 130), (135, 206, 235)],
    "purple": [(128, 0, 128), (140, 75, 170)],
    "pink": [(255, 192, 203), (255, 105, 180)],
    "brown": [(139, 69, 19), (150, 100, 60)],
    "beige": [(210, 180, 140), (245, 245, 220), (222, 170, 140)],
}


EXAMPLES = [(name, colour) for name, colours in COLOURS.items() for colour in colours]


@pytest.mark.parametrize(("name", "colour"), EXAMPLES)
def test_a_colour_has_the_name_that_people_give_it(name: str, colour: tuple[int, int, int]) -> None:
    lab = lab_of(np.array([colour], np.uint8)[None])[0]
    assert colour_names(lab).tolist() == [name]


def test_every_colour_has_a_name() -> None:
    levels = np.arange(0, 256, 15).astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    assert set(colour_names(lab_of(cube)[0]).tolist()) == set(COLOURS)


def test_the_commonest_colour_tells_its_share() -> None:
    pixels = np.array([[(200, 30, 30)] * 3 + [(30, 60, 200)]], np.uint8)
    assert commonest_colour(lab_of(pixels)[0]) == Colour("red", 0.75)


# Pictures ------------------------------------------------------------------------------------


def on_white(*boxes: tuple[int, int, int, int]) -> Image.Image:
    image = Image.new("RGB", (400, 200), "white")
    for box in boxes:
        ImageDraw.Draw(image).rectangle(box, (200, 30, 30))
    return image


def test_places_are_those_of_the_upright_picture() -> None:
    upright = on_white((20, 20, 99, 79))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    turned = encoded(upright.rotate(90, expand=True), "JPEG", exif=exif, quality=95)
    [expected] = described(encoded(upright), ENGINE).objects
    [found] = described(turned, ENGINE).objects
    assert found.center == pytest.approx(expected.center, abs=0.01)
    assert found.center == pytest.approx((0.15, 0.25), abs=0.01)


def test_specks_are_no_objects_and_more_than_five_are_not_told_of() -> None:
    large, speck = (20, 20, 139, 159), (300, 100, 312, 112)
    assert len(described(encoded(on_white(large, speck)), ENGINE).objects) == 1
    row = [(10 + 50 * number, 60, 39 + 50 * number, 129) for number in range(7)]
    assert len(described(encoded(on_white(*row)), ENGINE).objects) == MOST_OBJECTS


def test_what_was_cut_out_already_lies_on_no_background() -> None:
    cut = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    ImageDraw.Draw(cut).ellipse((50, 20, 149, 79), (30, 60, 200, 255))
    found = described(encoded(cut), ENGINE)
    assert found.background is None
    [only] = found.objects
    assert only.colour == Colour("blue", 1.0)
    assert only.bounds.top_left == pytest.approx((0.25, 0.2), abs=0.01)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_picture_of_one_colour_has_no_object(mode: str) -> None:
    assert described(encoded(Image.new(mode, (64, 64))), ENGINE).objects == ()
