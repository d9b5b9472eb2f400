"""Solving alpha and foreground colour along the edge of a matte (notes B4 and B6, steps 6 and 7).

A pixel of the edge is a mixture: colour = alpha * foreground + (1 - alpha) * background. Both
colours are extended into the unknown band from its two sides; alpha is then where the pixel lies
between them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cutout.arrays import Floats, Levels, Mask, resized, shape_within, shrunk
from cutout.regions import dilated, eroded

FIELDS_SIDE = 1024  # pixels: where foreground and background colours are extended
INSIDE, OUTSIDE = 0.012, 0.007  # of the long side: width of the unknown band
THIN_EDGE = 2  # pixels: width of the band inside strokes that are thinner than the usual band
SEPARABLE = 0.06, 0.18  # distance of the two colours, of 1: below the first alpha is not solved
CLIPPED = 0.04  # alpha this close to an end is at the end: noise of the camera
LEAST_ALPHA = 0.2  # below it colours would be divided by too little


@dataclass(frozen=True)
class CutOut:
    """The result at full size: `rgb` uint8 (h, w, 3), zero where `alpha`, uint8 (h, w), is."""

    rgb: Levels
    alpha: Levels


@dataclass(frozen=True)
class _Band:
    """The pixels of the unknown band by their flat index, and what surrounds them (0 to 1)."""

    index: NDArray[np.intp]
    pixel: Floats
    foreground: Floats
    background: Floats
    guess: Floats


def solve_edges(rgb: Levels, alpha: Floats) -> CutOut:
    """Return the cut-out of an image, solved at its full size.

    Args:
        rgb: uint8 (height, width, 3), sRGB.
        alpha: a soft matte of any size with the same proportions.
    """
    shape = (rgb.shape[0], rgb.shape[1])
    small = shrunk(rgb, FIELDS_SIDE).astype(np.float32) / 255
    soft = resized(alpha, shape_within(shape, FIELDS_SIDE))
    unknown, inner = _unknown_band(soft)
    levels = _enlarged((soft * 255 + 0.5).astype(np.uint8), shape, smooth=True)
    band = _band(rgb, small, levels, unknown, inner)
    solved = _solved_alpha(band)
    levels = np.where(levels > 127, np.uint8(255), np.uint8(0))
    levels.reshape(-1)[band.index] = (solved * 255 + 0.5).astype(np.uint8)
    colours = rgb * (levels > 0)[..., None].astype(np.uint8)
    colours.reshape(-1, 3)[band.index] = _solved_colours(band, solved)
    return CutOut(colours, levels)


def _unknown_band(soft: Floats) -> tuple[Mask, Mask]:
    """Return where alpha is to be solved, and what is certainly foreground."""
    long_side = max(soft.shape)
    solid = soft > 0.5
    width = max(1, round(INSIDE * long_side))
    thick = eroded(solid, width)
    thin = eroded(solid & ~dilated(thick, width + 1), THIN_EDGE)
    inner = (thick | thin) & (soft > 0.9)
    outer = dilated(solid, max(1, round(OUTSIDE * long_side))) | (soft > 0.1)
    return outer & ~inner, inner


def _band(rgb: Levels, small: Floats, levels: Levels, unknown: Mask, inner: Mask) -> _Band:
    shape = (rgb.shape[0], rgb.shape[1])
    index = np.flatnonzero(_enlarged(unknown.astype(np.uint8), shape, smooth=False))
    rows = (index // shape[1]) * small.shape[0] // shape[0]
    columns = (index % shape[1]) * small.shape[1] // shape[1]
    return _Band(
        index,
        rgb.reshape(-1, 3)[index].astype(np.float32) / 255,
        extended(small, inner)[rows, columns],
        extended(small, ~unknown & ~inner)[rows, columns],
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


def _enlarged(levels: Levels, shape: tuple[int, int], *, smooth: bool) -> Levels:
    filtering = Image.Resampling.BILINEAR if smooth else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(levels).resize((shape[1], shape[0]), filtering))
