"""Closes holes in a matte, or opens what should be one."""

import numpy as np

from cutout.imaging.arrays import Floats, Levels, Mask, resized, shape_within, shrunk
from cutout.imaging.lab import lab_of
from cutout.imaging.regions import dilated, holes, of_size

SIDE = 512  # pixels of the long side, where holes are looked for
RIM = 2  # pixels around a hole that are neither here nor there
NEARBY = 0.12  # of the long side: background this near to the subject is what a hole would show
SAMPLES = 96  # colours of the background
ALIKE = 6.0  # Delta E to one of them
LEAST = 0.0003  # of the image: smaller ones are noise, or a glint


def filled(alpha: Floats) -> Floats:
    """Return the matte with what it encloses made foreground."""
    shape = shape_within((alpha.shape[0], alpha.shape[1]), SIDE)
    solid = resized(alpha, shape) > 0.5
    enclosed = holes(solid)
    return np.maximum(alpha, _enlarged(dilated(enclosed, RIM) & (solid | enclosed), alpha))


def punched(rgb: Levels, alpha: Floats) -> Floats:
    """Return the matte with those enclosed regions removed that look like the background.

    Args:
        rgb: uint8 (height, width, 3), sRGB.
        alpha: a soft matte of any size with the same proportions.
    """
    small = shrunk(rgb, SIDE)
    shape = small.shape[0], small.shape[1]
    solid = resized(alpha, shape) > 0.5
    behind = ~dilated(solid, RIM) & dilated(solid, round(NEARBY * max(shape)))
    if not behind.any():
        return alpha
    lab = lab_of(small)
    known = lab[behind]
    like = np.zeros(shape, np.bool_)
    for colour in known[:: max(1, len(known) // SAMPLES)]:
        like |= ((lab - colour) ** 2).sum(axis=2) < ALIKE**2
    like &= solid
    # Opening what the outside reaches would eat into the subject from its edge.
    enclosed = of_size(like & holes(solid & ~like), LEAST * like.size)
    return alpha * (1 - _enlarged(enclosed, alpha))


def _enlarged(mask: Mask, alpha: Floats) -> Floats:
    return resized(mask.astype(np.float32), (alpha.shape[0], alpha.shape[1]))
