"""Where a person may be: skin that is arranged like a face, and the outline around it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cutout.imaging.arrays import Floats, Mask, Shape

HUE, CHROMA, LIGHTNESS = (28.0, 70.0), (10.0, 45.0), (28.0, 90.0)  # of skin of all tones, in Lab
SIZES = 0.07, 0.10, 0.14, 0.19, 0.26  # half of a face's width, in parts of the short side
MIDDLE = 0.5, 0.4  # across and down: where faces usually are
SPREAD = 0.35


@dataclass(frozen=True)
class Face:
    """A place that may be a face: middle and half its width in pixels, and how likely it is one."""

    down: float
    across: float
    size: float
    likelihood: float


def skin(lab: Floats) -> Floats:
    """Return how much each pixel's colour is that of skin, 0 to 1."""
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    between = _between(hue, HUE, 4) * _between(chroma, CHROMA, 2.5)
    return (between * _between(lab[..., 0], LIGHTNESS, 4)).astype(np.float32)


def _between(values: Floats, limits: tuple[float, float], soft: float) -> Floats:
    low, high = (1 / (1 + np.exp((limit - values) / soft)) for limit in limits)
    return low * (1 - high)


def faces(skin_parts: Floats) -> list[Face]:
    """Return the likeliest face of each size, the likeliest first: skin within what is not skin."""
    table = np.pad(skin_parts, ((1, 0), (1, 0))).astype(np.float64).cumsum(axis=0).cumsum(axis=1)
    short = min(skin_parts.shape)
    found = [_likeliest(table, size * short) for size in SIZES if size * short >= 2]
    return sorted(found, key=lambda face: -face.likelihood)


def _likeliest(table: Floats, size: float) -> Face:
    height, width = table.shape[0] - 1, table.shape[1] - 1
    half_width, half_height = 0.8 * size, 1.05 * size
    step = max(2, int(half_width / 4))
    down, across = np.mgrid[0:height:step, 0:width:step]
    reach = half_height, half_width
    inner, inner_area = _box(table, down, across, (0.85, 0.85, 0.8), reach)
    outer, outer_area = _box(table, down, across, (1.6, 0.9, 2.0), reach)
    fit = inner / inner_area - (outer - inner) / np.maximum(outer_area - inner_area, 1)
    off = (across / width - MIDDLE[0]) ** 2 + (down / height - MIDDLE[1]) ** 2
    fit = fit * np.exp(-off / (2 * SPREAD**2)) * (1 + 0.5 * np.sqrt(size / min(height, width)))
    best = int(np.argmax(fit))
    return Face(float(down.flat[best]), float(across.flat[best]), size, float(fit.flat[best]))


def _box(
    table: Floats,
    down: NDArray[np.int64],
    across: NDArray[np.int64],
    extent: tuple[float, float, float],
    reach: tuple[float, float],
) -> tuple[Floats, Floats]:
    """Return the sum in the box around every place, and its pixels; extent: up, down, sideways."""
    top = np.clip(down - extent[0] * reach[0], 0, table.shape[0] - 1).astype(np.int64)
    bottom = np.clip(down + extent[1] * reach[0], 0, table.shape[0] - 1).astype(np.int64)
    left = np.clip(across - extent[2] * reach[1], 0, table.shape[1] - 1).astype(np.int64)
    right = np.clip(across + extent[2] * reach[1], 0, table.shape[1] - 1).astype(np.int64)
    total = table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left]
    return total, np.maximum((bottom - top) * (right - left), 1)


def head(face: Face, shape: Shape) -> Mask:
    """Return the ellipse of the face."""
    down, across = _from(face, shape)
    return (across / 0.9) ** 2 + (down / 1.1) ** 2 < 1


def outline(face: Face, shape: Shape, broad: float) -> Mask:
    """Return head, hair, neck and shoulders down to the bottom; `broad` is a factor of hair."""
    down, across = _from(face, shape)
    hair = (across / (1.25 * broad)) ** 2 + ((down + 0.25) / (1.6 * broad)) ** 2 < 1
    neck = (np.abs(across) < 0.55) & (down > 0)
    below = np.maximum(down - 1.5, 0)
    shoulders = np.where(below > 0, np.minimum(1 + 1.6 * np.sqrt(below), 2.6) * broad, 0)
    return hair | neck | (np.abs(across) < shoulders)


def _from(face: Face, shape: Shape) -> tuple[Floats, Floats]:
    down, across = np.indices(shape, np.float32)
    return (down - face.down) / face.size, (across - face.across) / face.size
