"""Strokes: what they do to a matte, and what they leave alone."""

import numpy as np

from cutout.engine import Strokes
from cutout.simple import SimpleEngine
from cutout.steering import steered
from tests.cutout.composites import composite


def test_strokes_steer_the_matte() -> None:
    image = composite("gift", "busy", 8)
    keep, remove = (np.zeros(image.alpha.shape, bool) for _ in range(2))
    keep[300:420, 260:300] = True
    remove[20:60, 40:600] = True
    alpha = steered(image.rgb, SimpleEngine().matte(image.rgb).alpha, Strokes(keep, remove))
    assert alpha.dtype == np.float32
    assert alpha[150:210, 130:150].min() == 1
    assert alpha[10:30, 20:300].max() == 0
