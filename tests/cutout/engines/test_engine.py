"""The default engine: what it finds, how sure it says it is, and what the finish promises."""

import io

import numpy as np
import pytest
from PIL import Image

from bench.cutout.quality import automatic
from cutout.engines.engine import Confidence
from cutout.engines.simple.engine import SimpleEngine
from cutout.imaging.reading import Picture, read_picture
from cutout.imaging.regions import holes, label
from cutout.matting.cutting import cut_out, encoded, matte_of
from cutout.matting.edges import extended
from tests.cutout.composites import composite, composites

ENGINE = SimpleEngine()


def test_regions_are_numbered() -> None:
    mask = np.array([[1, 1, 0, 1], [0, 1, 0, 1], [1, 0, 0, 1], [1, 1, 1, 1]], bool)
    labels = label(mask)
    assert labels.max() == 2
    assert labels[0, 0] == labels[1, 1] != labels[0, 3]
    assert labels[2, 0] == labels[0, 3]
    assert (labels == 0).sum() == (~mask).sum()
    assert label(np.zeros((3, 3), bool)).max() == 0


def test_holes_are_what_is_enclosed() -> None:
    ring = np.ones((5, 5), bool)
    ring[2, 2] = False
    assert holes(ring).sum() == 1
    ring[2, 3:] = False
    assert holes(ring).sum() == 0


def test_colours_are_extended_from_the_nearest_known_ones() -> None:
    colours = np.zeros((32, 32, 3), np.float32)
    colours[:, :4], colours[:, 28:] = 0.2, 0.8
    known = np.zeros((32, 32), bool)
    known[:, :4] = known[:, 28:] = True
    filled = extended(colours, known)
    assert np.allclose(filled[:, 0], 0.2, atol=1e-4)
    assert np.allclose(filled[:, 31], 0.8, atol=1e-4)
    assert abs(float(filled[16, 6].mean()) - 0.2) < 0.1
    assert abs(float(filled[16, 25].mean()) - 0.8) < 0.1


# Thresholds lie well below what `python -m bench.cutout.quality` measures.
@pytest.mark.parametrize(("backdrop", "least"), [("white", 0.9), ("studio", 0.9), ("room", 0.85)])
def test_subjects_are_found(backdrop: str, least: float) -> None:
    images = composites(
        ("bottle", "logo", "portrait close") if backdrop != "room" else ("mug", "shoes"),
        (backdrop,),
    )
    scores = [automatic(image.rgb, image.alpha) for image in images]
    assert np.mean([one.overlap for one in scores]) > least
    assert np.mean([one.error for one in scores]) < 60


def test_the_same_image_gives_the_same_matte() -> None:
    image = composite("fur", "texture", 5)
    first, second = (ENGINE.matte(image.rgb) for _ in range(2))
    assert np.array_equal(first.alpha, second.alpha)
    assert first.reason == second.reason


def test_another_cut_is_offered_at_most_twice_and_differs() -> None:
    image = composite("mug", "busy", 3)
    mattes = ENGINE.hypotheses(image.rgb)
    assert 2 <= len(mattes) <= 3
    assert np.array_equal(mattes[0].alpha, ENGINE.matte(image.rgb).alpha)


def test_a_good_cut_says_so_and_an_empty_picture_does_not() -> None:
    good = ENGINE.matte(composite("bottle", "white", 1).rgb)
    assert good.confidence is Confidence.GOOD
    assert "plain" in good.reason
    blank = ENGINE.matte(np.full((90, 120, 3), 240, np.uint8))
    assert blank.confidence is Confidence.LIKELY_WRONG
    assert "No clear subject" in blank.reason


@pytest.mark.parametrize("shape", [(16, 16), (16, 4000), (900, 17), (333, 1024)])
def test_the_result_has_the_size_of_the_image(shape: tuple[int, int]) -> None:
    rgb = np.random.default_rng(2).integers(0, 255, (*shape, 3), np.uint8)
    picture = Picture(rgb)
    result = cut_out(picture, matte_of(picture, ENGINE))
    assert result.alpha.shape == shape
    assert result.rgb.shape == (*shape, 3)


def test_nothing_of_the_background_or_the_metadata_is_left_in_the_file() -> None:
    image = composite("bottle", "studio", 7)
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    source = io.BytesIO()
    Image.fromarray(image.rgb).save(source, "JPEG", exif=exif)
    picture = read_picture(source.getvalue())
    matte = matte_of(picture, ENGINE)
    with Image.open(io.BytesIO(encoded(cut_out(picture, matte), matte))) as result:
        assert result.mode == "RGBA"
        assert not result.getexif()
        assert result.info["Cut-out engine"] == "simple"
        assert result.info["Cut-out confidence"] == "good"
        pixels = np.asarray(result)
    assert not pixels[pixels[..., 3] == 0].any()
    assert 0 < (pixels[..., 3] == 0).mean() < 1


def test_a_transparent_image_keeps_its_alpha() -> None:
    alpha = np.zeros((40, 40), np.uint8)
    alpha[10:30, 10:30] = 200
    picture = Picture(np.full((40, 40, 3), 90, np.uint8), alpha)
    matte = matte_of(picture, ENGINE)
    result = cut_out(picture, matte)
    assert np.array_equal(result.alpha, alpha)
    assert not result.rgb[alpha == 0].any()
    assert "transparent already" in matte.reason
