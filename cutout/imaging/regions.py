"""Connected regions of masks, and growing and shrinking them. Regions are 4-connected."""

import numpy as np

from cutout.imaging.arrays import Floats, Labels, Mask


def label(mask: Mask) -> Labels:
    """Return for every pixel the number of its region, from 1 on; 0 outside the mask.

    Works on runs of rows: as many runs as the mask has, not pixels, are joined.
    """
    height, width = mask.shape
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    row_starts = rows * (width + 1)
    roots = _joined(row_starts + starts, row_starts + ends, width + 1)
    numbers = np.unique(roots, return_inverse=True)[1].astype(np.int64) + 1
    painted = np.zeros(height * (width + 1), np.int64)
    painted[row_starts + starts] += numbers
    painted[row_starts + ends] -= numbers
    return np.cumsum(painted).reshape(height, width + 1)[:, :width]


def _joined(begin: Labels, end: Labels, stride: int) -> Labels:
    """Return the first run of every run's region; runs are in the order of rows."""
    first = np.searchsorted(end, begin - stride, side="right")
    count = np.maximum(np.searchsorted(begin, end - stride, side="left") - first, 0)
    below = np.repeat(np.arange(len(begin)), count)
    above = np.arange(len(below)) - np.repeat(np.cumsum(count) - count - first, count)
    parent = np.arange(len(begin))
    while True:
        low = np.minimum(parent[above], parent[below])
        high = np.maximum(parent[above], parent[below])
        if np.array_equal(low, high):
            return parent
        np.minimum.at(parent, high, low)
        while not np.array_equal(parent, parent[parent]):
            parent = parent[parent]


def touching(mask: Mask, seeds: Mask) -> Mask:
    """Return the regions of a mask that have a seed in them."""
    labels = label(mask)
    chosen = np.zeros(int(labels.max(initial=0)) + 1, np.bool_)
    chosen[labels[seeds]] = True
    chosen[0] = False
    return chosen[labels]


def frame(shape: tuple[int, int], width: int = 1) -> Mask:
    """Return the pixels within `width` of the image's border."""
    inside = np.ones(shape, np.bool_)
    inside[width:-width, width:-width] = False
    return inside


def holes(mask: Mask) -> Mask:
    """Return what is outside the mask and enclosed by it."""
    return ~mask & ~touching(~mask, frame((mask.shape[0], mask.shape[1])))


def of_size(mask: Mask, least: float) -> Mask:
    """Return the regions of a mask with at least so many pixels."""
    labels = label(mask)
    large = np.bincount(labels.ravel()) >= least
    large[0] = False
    return large[labels]


def dilated(mask: Mask, radius: int) -> Mask:
    """Return the mask grown by a square of 2 * radius + 1 pixels."""
    if radius < 1:
        return mask
    rows = _any_of(np.pad(mask, ((radius, radius), (0, 0))), 2 * radius + 1)
    return _any_of(np.pad(rows, ((0, 0), (radius, radius))).T, 2 * radius + 1).T.copy()


def _any_of(mask: Mask, count: int) -> Mask:
    """Return for each row whether it or any of the `count` - 1 after it is set; in log2 steps."""
    reach = 1
    while reach < count:
        step = min(reach, count - reach)
        mask = mask[:-step] | mask[step:]
        reach += step
    return mask


def eroded(mask: Mask, radius: int) -> Mask:
    """Return the mask shrunk by a square; beyond the image's border it is taken to go on."""
    return ~dilated(~mask, radius)


def averaged(field: Floats, radius: int) -> Floats:
    """Return the mean of the square of 2 * radius + 1 pixels around every pixel.

    Beyond the border the nearest pixel counts.
    """
    side = 2 * radius + 1
    widths = ((radius + 1, radius), (radius + 1, radius)) + ((0, 0),) * (field.ndim - 2)
    padded = np.pad(field, widths, mode="edge").astype(np.float64)
    padded[0], padded[:, 0] = 0, 0
    table = padded.cumsum(0).cumsum(1)
    total = (
        table[side:, side:] - table[:-side, side:] - table[side:, :-side] + table[:-side, :-side]
    )
    return (total / side**2).astype(np.float32)
