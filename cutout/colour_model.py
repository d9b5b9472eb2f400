"""Telling foreground from background by colour, place and the image's edges (notes B6, step 4b)."""

import numpy as np

from cutout.arrays import Floats, Mask
from cutout.regions import averaged

BINS = 20  # of each Lab channel
ROUNDS = 6
NEIGHBOURHOOD = 18  # pixels
GUIDE_RADIUS, GUIDE_EPSILON = 6, 1e-3


def refined(
    lab: Floats, foreground: Floats, keep: Mask | None = None, remove: Mask | None = None
) -> Floats:
    """Return the probability of foreground after rounds of learning colours from the last one.

    Args:
        lab: the image, (h, w, 3).
        foreground: the first guess, 0 to 1, (h, w).
        keep: pixels that are foreground whatever the colours say.
        remove: pixels that are background.
    """
    bins = _bins(lab)
    guide = (lab / 100).astype(np.float32)
    moments = _Guide(guide)
    for _ in range(ROUNDS):
        likely = _likelihood(bins, foreground)
        prior = np.clip(averaged(foreground, NEIGHBOURHOOD), 0.02, 0.98)
        odds = likely * prior
        against = (1 - likely) * (1 - prior)
        foreground = moments.filtered((odds / np.maximum(odds + against, 1e-9)).astype(np.float32))
        foreground = pinned(foreground, keep, remove)
    return foreground


def pinned(foreground: Floats, keep: Mask | None, remove: Mask | None) -> Floats:
    """Return the probabilities with what a person painted made certain."""
    if remove is not None:
        foreground = np.where(remove, np.float32(0), foreground)
    if keep is not None:
        foreground = np.where(keep, np.float32(1), foreground)
    return foreground


def _bins(lab: Floats) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    low = lab.reshape(-1, 3).min(axis=0)
    span = np.maximum(lab.reshape(-1, 3).max(axis=0) - low, 20)
    cells = np.minimum((lab - low) / span * BINS, BINS - 1).astype(np.int64)
    return (cells[..., 0] * BINS + cells[..., 1]) * BINS + cells[..., 2]


def _likelihood(
    bins: np.ndarray[tuple[int, int], np.dtype[np.int64]], foreground: Floats
) -> Floats:
    """Return how much more a pixel's colour is found in the foreground, 0 to 1."""
    inside = _smoothed_histogram(bins, foreground)
    outside = _smoothed_histogram(bins, 1 - foreground)
    return (inside / (inside + outside))[bins].astype(np.float32)


def _smoothed_histogram(
    bins: np.ndarray[tuple[int, int], np.dtype[np.int64]], weights: Floats
) -> Floats:
    counts = np.bincount(bins.ravel(), weights.ravel(), BINS**3).reshape((BINS,) * 3)
    counts = counts / max(float(counts.sum()), 1)
    for axis in range(3):
        padded = np.pad(counts, [(int(axis == other),) * 2 for other in range(3)])
        after = np.take(padded, range(2, BINS + 2), axis)
        counts = 0.5 * counts + 0.25 * (after + np.take(padded, range(BINS), axis))
    return (counts + 1e-5).ravel().astype(np.float32)


class _Guide:
    """The colour guided filter (He, Sun, Tang 2010); what depends on the guide alone is kept."""

    def __init__(self, guide: Floats) -> None:
        self._guide = guide
        self._mean = averaged(guide, GUIDE_RADIUS)
        outer = (guide[..., :, None] * guide[..., None, :]).reshape(*guide.shape[:2], 9)
        square = averaged(outer, GUIDE_RADIUS).reshape(*guide.shape[:2], 3, 3)
        covariance = square - self._mean[..., :, None] * self._mean[..., None, :]
        self._inverse = np.linalg.inv(covariance + GUIDE_EPSILON * np.eye(3, dtype=np.float32))

    def filtered(self, field: Floats) -> Floats:
        """Return the field with the guide's edges."""
        mean = averaged(field, GUIDE_RADIUS)
        product = averaged(self._guide * field[..., None], GUIDE_RADIUS)
        slope = (self._inverse @ (product - self._mean * mean[..., None])[..., None])[..., 0]
        offset = mean - (slope * self._mean).sum(axis=2)
        smooth = averaged(slope, GUIDE_RADIUS) * self._guide
        return np.clip(smooth.sum(axis=2) + averaged(offset, GUIDE_RADIUS), 0, 1)
