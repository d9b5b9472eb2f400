"""Rectangles of whole pixels."""

from dataclasses import dataclass

import numpy as np

from cutout.imaging.arrays import Mask


@dataclass(frozen=True)
class Box:
    """A rectangle; `right` and `bottom` are the first pixels that are not in it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.bottom - self.top

    @property
    def long_side(self) -> int:
        """Pixels of the longer side."""
        return max(self.width, self.height)

    def joined(self, other: "Box") -> "Box":
        """Return the smallest box that has both in it."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def common(self, other: "Box") -> "Box":
        """Return what is in both; it has no pixel when they lie apart."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Box(
            left,
            top,
            max(left, min(self.right, other.right)),
            max(top, min(self.bottom, other.bottom)),
        )

    def grown(self, by: int) -> "Box":
        """Return the box with so many pixels more on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def moved(self, left: int, top: int) -> "Box":
        """Return the box as seen from another origin."""
        return Box(self.left - left, self.top - top, self.right - left, self.bottom - top)

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an image with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def bounds(mask: Mask) -> Box | None:
    """Return the smallest box with all set pixels; None when there is none."""
    rows = np.flatnonzero(mask.any(axis=1))
    columns = np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
