"""Fits a smooth colour surface to a plain backdrop; the rest is subject (docs/cutout-method.md 3).

Lengths are in pixels of the small image that masks are found in; colour distances are Delta E 76.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np

from cutout.imaging.arrays import Floats, Mask
from cutout.imaging.regions import frame, holes, of_size, touching

RING = 0.02  # of the long side: where nothing but backdrop is expected
CORNER = 0.04  # of the sides
ROUNDS = 6  # of fitting without what does not fit
INLIER = 6.0  # Delta E within which a pixel of the ring fits
NEAR_PLANE = 15.0  # Delta E: what the light of a studio differs from a plane
PLAIN_INLIERS = 0.9  # of every side that no subject cuts
PLAIN_SPREAD = 3.0  # Delta E
LOOSEST, TIGHTEST = 12.0, 5.0  # Delta E of the threshold between backdrop and subject
SHADOW_CHROMA, SHADOW_DEPTH, SHADOW_SLOPE = 3.5, 28.0, 2.2
LEAST_UNSHADED = 0.5  # of what differs from the backdrop
LEAST_HOLE = 0.0008  # of the image's area


@dataclass(frozen=True)
class Backdrop:
    """A fitted backdrop.

    Attributes:
        surface: its Lab colour everywhere, float32 (h, w, 3).
        inliers: the part of the ring's worst side that fits, up to two cut by a subject left out.
        spread: the noise of what fits, in Delta E.
    """

    surface: Floats
    inliers: float
    spread: float

    @property
    def plain(self) -> bool:
        """Whether the ring is all of one smooth colour, apart from a subject at two sides."""
        return self.inliers >= PLAIN_INLIERS and self.spread <= PLAIN_SPREAD


def fit_backdrop(lab: Floats) -> Backdrop:
    """Fit a surface to the ring, then again to all that is connected to the ring and fits."""
    shape = (lab.shape[0], lab.shape[1])
    ring = frame(shape, max(2, round(RING * max(shape))))
    # A plane first: a curved surface would bend towards a subject that a side cuts off.
    near = ring & (_distance(lab, _fitted(lab, ring, degree=1)) <= NEAR_PLANE)
    surface = _fitted(lab, near if near.sum() > 0.5 * ring.sum() else ring, degree=2)
    distance = _distance(lab, surface)
    inliers = _inliers_of_sides(distance, ring)
    spread = _spread(distance[ring])
    if inliers >= PLAIN_INLIERS and spread <= PLAIN_SPREAD:
        limit = max(4 * spread, TIGHTEST)
        for _ in range(2):
            surface = _fitted(lab, touching(distance <= limit, ring), degree=3)
            distance = _distance(lab, surface)
        spread = _spread(distance[touching(distance <= limit, ring)])
    return Backdrop(surface, inliers, spread)


def subject_on(lab: Floats, backdrop: Backdrop) -> Mask:
    """Return the subject: what differs from the backdrop and is not its shadow."""
    distance = _distance(lab, backdrop.surface)
    limit = max(4 * backdrop.spread, TIGHTEST, min(0.5 * _otsu(distance), LOOSEST))
    border = frame((lab.shape[0], lab.shape[1]))
    background = touching(distance <= limit, border)
    shaded = touching(background | _shadow(lab, backdrop.surface, distance), background)
    if (~shaded).sum() >= LEAST_UNSHADED * (~background).sum():
        background = shaded  # else the subject itself is of the backdrop's hue, and darker
    subject = ~background
    enclosed = holes(background)  # specks of the backdrop's noise are no subject
    subject &= ~(enclosed & ~of_size(enclosed, 0.0005 * subject.size))
    seen_through = subject & (distance <= limit)  # although the subject encloses it
    return subject & ~of_size(seen_through, LEAST_HOLE * subject.size)


def _shadow(lab: Floats, surface: Floats, distance: Floats) -> Mask:
    """Return what is darker than the backdrop, of its hue and without edges."""
    ratio = lab[..., 0] / np.maximum(surface[..., 0], 1)
    chroma = np.hypot(lab[..., 1] - surface[..., 1], lab[..., 2] - surface[..., 2])
    down, across = np.gradient(lab[..., 0])
    soft = np.hypot(down, across) < SHADOW_SLOPE
    tinted = (chroma < SHADOW_CHROMA) & (ratio > 0.62) & (ratio < 1.0)
    return tinted & soft & (distance < SHADOW_DEPTH)


def _otsu(values: Floats) -> float:
    """Return the value that splits a histogram into its two most different classes (Otsu 1979)."""
    counts, edges = np.histogram(values, bins=128)
    centres = (edges[:-1] + edges[1:]) / 2
    below = counts.cumsum()
    above = below[-1] - below
    sums = (counts * centres).cumsum()
    apart = sums / np.maximum(below, 1) - (sums[-1] - sums) / np.maximum(above, 1)
    return float(centres[np.argmax(below * above * apart**2)])


def _fitted(lab: Floats, where: Mask, degree: int) -> Floats:
    """Return the polynomial surface that fits best where it should, outliers weighed down."""
    height, width = where.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = [x**i * y**j for i in range(degree + 1) for j in range(degree + 1 - i)]
    basis = np.stack(terms, axis=-1).astype(np.float32)
    chosen = np.flatnonzero(where)
    chosen = chosen[:: max(1, len(chosen) // 8000)]
    design, values = basis.reshape(-1, len(terms))[chosen], lab.reshape(-1, 3)[chosen]
    solution: Floats = np.zeros((len(terms), 3), np.float32)
    solution[0] = np.median(values, axis=0)
    for _ in range(ROUNDS):
        residual = np.sqrt(((design @ solution - values) ** 2).sum(axis=1))
        scale = max(1.4826 * float(np.median(residual)), 0.5)
        weights = 1 / (1 + (residual / (2 * scale)) ** 4)
        normal = (design * weights[:, None]).T @ design + 1e-6 * np.eye(len(terms))
        moments = (design * weights[:, None]).T @ values
        solution = cast(Floats, np.linalg.solve(normal, moments))
    return (basis @ solution).astype(np.float32)


def _distance(lab: Floats, surface: Floats) -> Floats:
    return np.sqrt(((lab - surface) ** 2).sum(axis=2)).astype(np.float32)


def _spread(distance: Floats) -> float:
    fitting = distance[distance <= INLIER]
    return float(np.sqrt((fitting**2).mean() / 2)) if fitting.size else INLIER


def _inliers_of_sides(distance: Floats, ring: Mask) -> float:
    """Return the part that fits of the worst side, or of the corners.

    Up to two sides where a subject may be cut off do not count.
    """
    fits = (distance <= INLIER) & ring
    height, width = ring.shape
    thick = max(2, round(RING * max(ring.shape)))
    sides = (np.s_[:thick], np.s_[height - thick :], np.s_[:, :thick], np.s_[:, width - thick :])
    shares = [float(fits[side].mean()) for side in sides]
    excused = sorted(range(4), key=shares.__getitem__)[:2]
    if set(excused) == {2, 3}:  # left and right together is where a floor ends, not a subject
        excused.pop()
    fitting = min(share for side, share in enumerate(shares) if side not in excused)
    # A subject leaves the corners of the sides that cut it off free; a floor does not.
    tall, wide = (max(2, round(CORNER * side)) for side in ring.shape)
    corners = np.zeros_like(ring)
    corners[:tall, :wide] = corners[:tall, -wide:] = True
    corners[-tall:, :wide] = corners[-tall:, -wide:] = True
    return min(fitting, float(fits[corners & ring].mean()))
