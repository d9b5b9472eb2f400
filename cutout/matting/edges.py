"""Solves alpha and foreground colour along the edge of a matte (docs/cutout-method.md 6).

A pixel of the edge is a mixture: colour = alpha * foreground + (1 - alpha) * background. Both
colours are extended into the unknown band from its two sides; alpha is then where the pixel lies
between them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cutout.imaging.arrays import Floats, Levels, Mask, resized, shrunk
from cutout.imaging.regions import dilated, eroded

FIELDS_SIDE = 1024  # pixels: where foreground and background colours are extended
INSIDE, OUTSIDE = 0.012, 0.007  # of the long side: width of the unknown band
THIN_EDGE = 2  # pixels: width of the band inside strokes that are thinner than the usual band
SEPARABLE = 0.06, 0.18  # distance of the two colours, of 1: below the first alpha is not solved
CLIPPED = 0.04  # alpha this close to an end is at the end: noise of the camera
STRIP_PIXELS = 1 << 19  # solved at a time: what bounds the memory
LEAST_ALPHA = 0.2  # below it colours would be divided by too little


@dataclass(frozen=True)
class CutOut:
    """The result at full size: `rgb` uint8 (h, w, 3), zero where `alpha`, uint8 (h, w), is."""

    rgb: Levels
    alpha: Levels


@dataclass(frozen=True)
class _Fields:
    """What is known at the smaller size: both colours (0 to 1), soft levels, the unknown band."""

    foreground: Floats
    background: Floats
    levels: Levels
    unknown: Levels


@dataclass(frozen=True)
class _Band:
    """The pixels of the unknown band by their flat index, and what surrounds them (0 to 1)."""

    index: NDArray[np.intp]
    pixel: Floats
    foreground: Floats
    background: Floats
    guess: Floats


def solve_edges(rgb: Levels, alpha: Floats, width: float = 1.0) -> CutOut:
    """Return the cut-out of an image, solved at its full size, some rows at a time.

    Args:
        rgb: uint8 (height, width, 3), sRGB.
        alpha: a soft matte of any size with the same proportions.
        width: factor of the unknown band: below 1 for hard edges, above for hair and fur.
    """
    fields = _fields(rgb, alpha, width)
    colours, levels = np.empty_like(rgb), np.empty(rgb.shape[:2], np.uint8)
    count = max(1, STRIP_PIXELS // rgb.shape[1])
    for top in range(0, rgb.shape[0], count):
        rows = slice(top, min(top + count, rgb.shape[0]))
        levels[rows] = _enlarged_rows(fields.levels, colours.shape, rows, smooth=True)
        band = _band(rgb, fields, levels, rows)
        solved = _solved_alpha(band)
        levels[rows] = np.where(levels[rows] > 127, np.uint8(255), np.uint8(0))
        levels.reshape(-1)[band.index] = (solved * 255 + 0.5).astype(np.uint8)
        np.multiply(rgb[rows], (levels[rows] > 0)[..., None], out=colours[rows])
        colours.reshape(-1, 3)[band.index] = _solved_colours(band, solved)
    return CutOut(colours, levels)


def _fields(rgb: Levels, alpha: Floats, width: float) -> _Fields:
    small = shrunk(rgb, FIELDS_SIDE).astype(np.float32) / 255
    soft = resized(alpha, (small.shape[0], small.shape[1]))
    unknown, inner = _unknown_band(soft, width)
    return _Fields(
        extended(small, inner),
        extended(small, ~unknown & ~inner),
        (soft * 255 + 0.5).astype(np.uint8),
        unknown.astype(np.uint8),
    )


def _unknown_band(soft: Floats, factor: float) -> tuple[Mask, Mask]:
    """Return where alpha is to be solved, and what is certainly foreground."""
    long_side = max(soft.shape)
    solid = soft > 0.5
    width = max(1, round(factor * INSIDE * long_side))
    thick = eroded(solid, width)
    thin = eroded(solid & ~dilated(thick, width + 1), THIN_EDGE)
    inner = (thick | thin) & (soft > 0.9)
    outer = dilated(solid, max(1, round(factor * OUTSIDE * long_side))) | (soft > 0.1)
    return outer & ~inner, inner


def _band(rgb: Levels, fields: _Fields, levels: Levels, rows: slice) -> _Band:
    height, width = levels.shape
    small = fields.unknown.shape
    unknown = _enlarged_rows(fields.unknown, rgb.shape, rows, smooth=False)
    index = np.flatnonzero(unknown) + rows.start * width
    down = (index // width) * small[0] // height
    near = down * small[1] + (index % width) * small[1] // width
    return _Band(
        index,
        rgb.reshape(-1, 3)[index].astype(np.float32) / 255,
        fields.foreground.reshape(-1, 3)[near],
        fields.background.reshape(-1, 3)[near],
        levels.reshape(-1)[index].astype(np.float32) / 255,
    )


def _solved_alpha(band: _Band) -> Floats:
    span = band.foreground - band.background
    length = np.sqrt((span**2).sum(axis=1))
    along = ((band.pixel - band.background) * span).sum(axis=1) / np.maximum(length**2, 1e-6)
    trust = np.clip((length - SEPARABLE[0]) / (SEPARABLE[1] - SEPARABLE[0]), 0, 1)
    mixed = trust * np.clip(along, 0, 1) + (1 - trust) * band.guess
    return np.clip((mixed - CLIPPED) / (1 - 2 * CLIPPED), 0, 1).astype(np.float32)


def _solved_colours(band: _Band, alpha: Floats) -> Levels:
    part = alpha[:, None]
    pure = band.background + (band.pixel - band.background) / np.maximum(part, LEAST_ALPHA)
    weight = np.clip((part - 0.2) / 0.4, 0, 1)
    colours = weight * np.clip(pure, 0, 1) + (1 - weight) * band.foreground
    return ((colours * 255 + 0.5) * (part > 0.5 / 255)).astype(np.uint8)


def extended(colours: Floats, known: Mask) -> Floats:
    """Return a colour for every pixel: its own where it is known, else of the known ones nearby.

    Push-pull: averages of known pixels fill coarser and coarser levels, and each hole takes its
    colour from the finest level that has one.
    """
    weights = known.astype(np.float32)[..., None]
    return _pulled(colours * weights, weights)


def _pulled(sums: Floats, weights: Floats) -> Floats:
    own = sums / np.maximum(weights, 1e-6)
    if min(weights.shape[:2]) <= 2 or weights.min() > 0:
        whole = sums.sum(axis=(0, 1)) / max(float(weights.sum()), 1e-6)
        return np.where(weights > 0, own, whole)
    total = _halved(weights)
    kept = np.minimum(total, 1)
    coarse = _pulled(_halved(sums) * (kept / np.maximum(total, 1e-6)), kept)
    wide = resized(coarse, (weights.shape[0], weights.shape[1]))
    trust = np.minimum(weights, 1)
    return trust * own + (1 - trust) * wide


def _halved(field: Floats) -> Floats:
    height, width = field.shape[:2]
    even = np.pad(field, ((0, height % 2), (0, width % 2), (0, 0)))
    return even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]


def _enlarged_rows(levels: Levels, shape: tuple[int, ...], rows: slice, *, smooth: bool) -> Levels:
    """Return some rows of what `levels` are when enlarged to a shape."""
    filtering = Image.Resampling.BILINEAR if smooth else Image.Resampling.NEAREST
    scale = levels.shape[0] / shape[0]
    box = (0, rows.start * scale, levels.shape[1], min(rows.stop * scale, levels.shape[0]))
    size = (shape[1], rows.stop - rows.start)
    return np.asarray(Image.fromarray(levels).resize(size, filtering, box))
