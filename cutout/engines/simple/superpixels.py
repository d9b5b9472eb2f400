"""Superpixels: an image as some hundred patches of one colour (SLIC, Achanta et al. 2012)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cutout.imaging.arrays import Floats, Labels, Mask

ROUNDS = 5
COMPACTNESS = 7.0  # Delta E that weighs as much as one grid step


@dataclass(frozen=True)
class Patches:
    """An image's superpixels.

    Attributes:
        labels: the patch of every pixel, from 0 on, (h, w).
        colour: mean Lab of each patch, (n, 3).
        place: mean (y, x) of each patch in parts of the image's sides, (n, 2).
        area: pixels of each patch, (n,).
    """

    labels: Labels
    colour: Floats
    place: Floats
    area: Floats

    @cached_property
    def neighbours(self) -> Mask:
        """Return which patches touch, (n, n)."""
        touching: Mask = np.zeros((len(self.area), len(self.area)), np.bool_)
        for one, other in (
            (self.labels[:, 1:], self.labels[:, :-1]),
            (self.labels[1:], self.labels[:-1]),
        ):
            touching[one, other] = touching[other, one] = True
        np.fill_diagonal(touching, val=False)
        return touching

    @cached_property
    def contrast(self) -> Floats:
        """Return the Delta E of every pair of patches, (n, n)."""
        return np.sqrt(((self.colour[:, None] - self.colour[None]) ** 2).sum(axis=2))

    def share_of(self, mask: Mask) -> Floats:
        """Return which part of each patch is in a mask, 0 to 1."""
        inside = np.bincount(self.labels.ravel(), mask.ravel(), len(self.area))
        return (inside / self.area).astype(np.float32)


def superpixels(lab: Floats, count: int) -> Patches:
    """Cut an image into about so many patches that follow its edges."""
    height, width = lab.shape[:2]
    step = max(2.0, float(np.sqrt(height * width / count)))
    grid = max(1, round(height / step)), max(1, round(width / step))
    y, x = np.indices((height, width), np.float32)
    scale = COMPACTNESS / step
    features = np.dstack([lab, y * scale, x * scale]).reshape(-1, 5)
    down, across = np.indices((height, width), np.int64)
    home = ((down * grid[0] // height) * grid[1] + across * grid[1] // width).ravel()
    labels = home
    for _ in range(ROUNDS):
        labels = _nearest(features, _means(features, labels, grid[0] * grid[1]), home, grid)
    return _patches(labels.reshape(height, width), lab)


def _nearest(
    features: Floats, centres: Floats, home: NDArray[np.int64], grid: tuple[int, int]
) -> NDArray[np.int64]:
    """Return for every pixel the nearest of the centres of its own and the 8 cells around."""
    rows, columns = home // grid[1], home % grid[1]
    own = [np.ascontiguousarray(feature) for feature in features.T]
    best = np.full(len(home), np.inf, np.float32)
    chosen = home.copy()
    for down in (-1, 0, 1):
        near_row = np.clip(rows + down, 0, grid[0] - 1) * grid[1]
        for across in (-1, 0, 1):
            candidate = near_row + np.clip(columns + across, 0, grid[1] - 1)
            distance = np.zeros(len(home), np.float32)
            for feature, centre in zip(own, centres.T, strict=True):
                distance += (feature - centre[candidate]) ** 2
            closer = distance < best
            np.copyto(best, distance, where=closer)
            np.copyto(chosen, candidate, where=closer)
    return chosen


def _means(features: Floats, labels: NDArray[np.int64], count: int) -> Floats:
    sizes = np.maximum(np.bincount(labels, minlength=count), 1)
    sums = [np.bincount(labels, features[:, axis], count) for axis in range(features.shape[1])]
    return (np.stack(sums, axis=1) / sizes[:, None]).astype(np.float32)


def _patches(labels: Labels, lab: Floats) -> Patches:
    numbers = np.unique(labels, return_inverse=True)[1].astype(np.int64).reshape(labels.shape)
    count = int(numbers.max()) + 1
    y, x = np.indices((labels.shape[0], labels.shape[1]), np.float32)
    places = np.dstack([y / labels.shape[0], x / labels.shape[1]]).reshape(-1, 2)
    flat = numbers.ravel()
    return Patches(
        numbers,
        _means(lab.reshape(-1, 3), flat, count),
        _means(places, flat, count),
        np.bincount(flat, minlength=count).astype(np.float32),
    )
