"""Smoothing a field along the edges of an image (He, Sun, Tang, "Guided Image Filtering", 2010)."""

import numpy as np

from cutout.imaging.arrays import Floats
from cutout.imaging.regions import averaged

RADIUS, EPSILON = 6, 1e-3  # pixels; of a guide between 0 and 1


class GuidedFilter:
    """The filter of one image; what depends on the image alone is kept."""

    def __init__(self, guide: Floats) -> None:
        """Prepare the filter of a guide of three channels, about 0 to 1, (h, w, 3)."""
        self._guide = guide
        self._mean = averaged(guide, RADIUS)
        outer = (guide[..., :, None] * guide[..., None, :]).reshape(*guide.shape[:2], 9)
        square = averaged(outer, RADIUS).reshape(*guide.shape[:2], 3, 3)
        covariance = square - self._mean[..., :, None] * self._mean[..., None, :]
        self._inverse = np.linalg.inv(covariance + EPSILON * np.eye(3, dtype=np.float32))

    def filtered(self, field: Floats) -> Floats:
        """Return a field of 0 to 1 with the guide's edges."""
        mean = averaged(field, RADIUS)
        product = averaged(self._guide * field[..., None], RADIUS)
        slope = (self._inverse @ (product - self._mean * mean[..., None])[..., None])[..., 0]
        offset = mean - (slope * self._mean).sum(axis=2)
        smooth = averaged(slope, RADIUS) * self._guide
        return np.clip(smooth.sum(axis=2) + averaged(offset, RADIUS), 0, 1)
