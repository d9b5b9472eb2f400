"""A person who corrects a cut with a few strokes, simulated with the truth at hand.

At each turn the largest connected mistake gets a straight stroke, through its innermost point, as
long as it stays well inside. All strokes so far are then added to the cut that was offered.
"""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from cutout.editing.steering import steered
from cutout.engines.engine import Strokes
from cutout.imaging.arrays import Floats, Levels, Mask, resized
from cutout.imaging.regions import eroded, label

MOST = 6  # strokes a side
LEAST_MISTAKE = 0.0005  # of the image: smaller ones are not worth a stroke
INSIDE = 0.35  # of the depth of the innermost point
BRUSH = 0.015  # of the long side, at most


@dataclass(frozen=True)
class Corrected:
    """The matte after the strokes, and how many they were."""

    alpha: Floats
    kept: int
    removed: int


def corrected(rgb: Levels, alpha: Floats, truth: Floats, most: int = MOST) -> Corrected:
    """Return the matte after up to so many strokes a side.

    Args:
        rgb: the image.
        alpha: the cut that was offered, of the size masks are found at.
        truth: the true alpha, of any size with the image's proportions.
        most: strokes of each kind.
    """
    real = resized(truth, (alpha.shape[0], alpha.shape[1])) > 0.5
    keep, remove = np.zeros_like(real), np.zeros_like(real)
    kept = removed = 0
    found = alpha
    while True:
        missing = _largest(real & (found <= 0.5)) if kept < most else None
        surplus = _largest(~real & (found > 0.5)) if removed < most else None
        if missing is None and surplus is None:
            return Corrected(found, kept, removed)
        if surplus is None or (missing is not None and missing.sum() >= surplus.sum()):
            assert missing is not None
            keep, kept = keep | _stroke(missing), kept + 1
        else:
            remove, removed = remove | _stroke(surplus), removed + 1
        found = steered(rgb, alpha, Strokes(keep, remove))


def _largest(mistakes: Mask) -> Mask | None:
    labels = label(mistakes)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    if sizes.max() < LEAST_MISTAKE * mistakes.size:
        return None
    return labels == int(sizes.argmax())


def _stroke(mistake: Mask) -> Mask:
    depth = _depth(mistake)
    deepest = int(depth.max())
    middle = np.unravel_index(int(depth.argmax()), depth.shape)
    well_inside = depth >= max(1.0, INSIDE * deepest)
    lines = [_line(well_inside, (int(middle[0]), int(middle[1])), turn) for turn in range(12)]
    longest = max(lines, key=lambda line: math.dist(line[0], line[1]))
    canvas = Image.new("1", (mistake.shape[1], mistake.shape[0]))
    width = max(1, int(min(BRUSH * max(mistake.shape), deepest)))
    ImageDraw.Draw(canvas).line(longest, 1, width)
    return np.asarray(canvas) & mistake


def _line(
    inside: Mask, middle: tuple[int, int], turn: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends, (x, y), of the line through the middle that stays inside."""
    down, across = math.sin(turn * math.pi / 12), math.cos(turn * math.pi / 12)
    ends: list[tuple[float, float]] = []
    for way in (1, -1):
        step = 0
        while True:
            y = round(middle[0] + way * (step + 1) * down)
            x = round(middle[1] + way * (step + 1) * across)
            if not (0 <= y < inside.shape[0] and 0 <= x < inside.shape[1] and inside[y, x]):
                break
            step += 1
        ends.append((middle[1] + way * step * across, middle[0] + way * step * down))
    return ends[0], ends[1]


def _depth(mask: Mask) -> Floats:
    """Return how many times a mask can be shrunk until each pixel is gone."""
    depth = np.zeros(mask.shape, np.float32)
    mask = np.pad(mask, 1)
    while mask.any():
        depth += mask[1:-1, 1:-1]
        mask = eroded(mask, 1) & mask
    return depth
