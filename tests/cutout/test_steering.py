"""Strokes: what they do to a matte, and what they leave alone."""

import numpy as np
import pytest

from bench.cutout.strokes import corrected
from cutout.editing.steering import steered
from cutout.engines.engine import Strokes
from cutout.engines.simple.engine import SimpleEngine
from cutout.imaging.arrays import Floats, Mask, resized
from tests.cutout.composites import Composite, composite


@pytest.fixture(scope="module")
def image() -> Composite:
    return composite("gift", "busy", 8)


@pytest.fixture(scope="module")
def automatic(image: Composite) -> Floats:
    return SimpleEngine().matte(image.rgb).alpha


def empty(image: Composite) -> Mask:
    return np.zeros_like(image.alpha, dtype=np.bool_)


def test_what_a_stroke_touches_is_certain(image: Composite, automatic: Floats) -> None:
    keep, remove = empty(image), empty(image)
    keep[300:420, 260:300] = True
    remove[20:60, 40:600] = True
    alpha = steered(image.rgb, automatic, Strokes(keep, remove))
    assert alpha.dtype == np.float32
    assert alpha[150:210, 130:150].min() == 1
    assert alpha[10:30, 20:300].max() == 0


def test_far_from_strokes_nothing_changes(image: Composite, automatic: Floats) -> None:
    remove = empty(image)
    remove[600:620, 20:60] = True
    alpha = steered(image.rgb, automatic, Strokes(empty(image), remove))
    assert np.array_equal(alpha[:120], automatic[:120])


def test_no_stroke_changes_nothing(image: Composite, automatic: Floats) -> None:
    alpha = steered(image.rgb, automatic, Strokes(empty(image), empty(image)))
    assert np.array_equal(alpha, automatic)


def test_keep_wins_over_remove(image: Composite, automatic: Floats) -> None:
    both = empty(image)
    both[40:80, 40:80] = True
    assert steered(image.rgb, automatic, Strokes(both, both))[22:38, 22:38].min() == 1


def test_a_finer_matte_of_another_engine_stays_as_fine(image: Composite) -> None:
    remove = empty(image)
    remove[600:620, 20:60] = True
    alpha = steered(image.rgb, image.alpha, Strokes(empty(image), remove))
    assert alpha.shape == image.alpha.shape
    assert np.array_equal(alpha[:240], image.alpha[:240])
    assert alpha[605:615, 30:50].max() == 0


def test_a_few_strokes_mend_a_bad_cut(image: Composite) -> None:
    truth = resized(image.alpha, (320, 320))
    wrong = np.zeros_like(truth)
    wrong[100:220, 60:160] = 1
    result = corrected(image.rgb, wrong, image.alpha)
    assert result.kept <= 6
    assert result.removed <= 6
    both, either = (result.alpha > 0.5) & (truth > 0.5), (result.alpha > 0.5) | (truth > 0.5)
    assert both.sum() / either.sum() > 0.8
