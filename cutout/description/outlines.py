"""The outline of a region as a polygon."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cutout.imaging.arrays import Mask

SMALLEST_CORNER = 2.0  # pixels of area: what a staircase along a slope has less than
MOST_WALKED = 2_000  # corners that are looked at: a finer outline is thinned out before

Polygon = NDArray[np.int64]  # (corners, 2): x and y


def outline(mask: Mask, most: int) -> Polygon:
    """Return the outer outline of a mask of one region: at most so many corners, clockwise.

    Corners lie between pixels: the outline of the pixel 0, 0 goes through 0, 0 and 1, 1. What is
    dropped are the corners that matter least (Visvalingam and Whyatt 1993).
    """
    polygon = np.array(list(_corners(mask)), np.int64)
    polygon = polygon[:: -(-len(polygon) // MOST_WALKED)]
    while len(polygon) > 4:
        # Of the triangle that each corner makes with its neighbours.
        before, after = (np.roll(polygon, by, axis=0) - polygon for by in (1, -1))
        areas = np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) / 2
        least = int(np.argmin(areas))
        if areas[least] >= SMALLEST_CORNER and len(polygon) <= most:
            break
        polygon = np.delete(polygon, least, axis=0)
    return polygon


def _corners(mask: Mask) -> Iterator[tuple[int, int]]:
    """Walk along the edges of the pixels with the region to the right; give where one turns."""
    inside = np.pad(mask, 1)
    y, x = (int(place) for place in np.unravel_index(np.argmax(inside), inside.shape))
    start, across, down = (x, y), 1, 0
    while True:
        x, y = x + across, y + down
        right = inside[y + (down + across - 1) // 2, x + (across - down - 1) // 2]
        left = inside[y + (down - across - 1) // 2, x + (across + down - 1) // 2]
        if not right or left:
            yield x - 1, y - 1
            across, down = (down, -across) if right else (-down, across)
        if (x, y) == start:
            return
