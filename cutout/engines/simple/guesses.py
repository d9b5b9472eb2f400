"""First guesses where the subject is: what stands out, shapes in the middle, people."""

import numpy as np

from cutout.engines.simple.people import faces, outline, skin
from cutout.engines.simple.region_graph import RegionGraph
from cutout.imaging.arrays import Floats

UNSURE = 0.02, 0.98
INSIDE, OUTSIDE = 0.85, 0.05
CENTRED = 0.75  # of half a side: how far from the middle what stands out counts
# Ellipses: middle (down, across) and half axes (down, across), from -1 to 1 across the image, and
# an exponent: 2 is an ellipse, larger is more like a rectangle.
ELLIPSES = (
    (0.15, 0.0, 0.85, 0.62, 4),
    (0.0, 0.0, 0.75, 0.75, 2),
    (0.0, 0.0, 0.5, 0.5, 2),
    (0.0, 0.0, 0.8, 0.35, 2),
    (0.0, 0.0, 0.4, 0.75, 2),
    (0.0, 0.0, 0.3, 0.3, 2),
    (0.55, 0.0, 0.9, 0.5, 2),
    (0.6, 0.0, 1.2, 0.7, 2),
    (0.2, -0.35, 0.7, 0.4, 2),
    (0.2, 0.35, 0.7, 0.4, 2),
    (0.35, 0.0, 0.35, 0.35, 2),
    (-0.25, 0.0, 0.35, 0.35, 2),
)
PERSONS, BROADNESS = 2, (1.0, 1.3)


def guesses(graph: RegionGraph, lab: Floats) -> Floats:
    """Return guesses at the subject, 0 to 1, (n, k); what stands out is first."""
    place = graph.patches.place * 2 - 1
    centred = np.exp(-(place**2).sum(axis=1) / (2 * CENTRED**2))
    salient = graph.salient * centred
    found = [salient / max(float(salient.max()), 1e-6), graph.salient]
    found += [_ellipse(place, *one) for one in ELLIPSES]
    shape = (lab.shape[0], lab.shape[1])
    for face in faces(skin(lab))[:PERSONS]:
        for broad in BROADNESS:
            covered = graph.mean_of(outline(face, shape, broad).astype(np.float32))
            found.append(OUTSIDE + (INSIDE - OUTSIDE) * covered)
    return np.clip(np.stack(found, axis=1), *UNSURE).astype(np.float32)


def _ellipse(
    place: Floats, down: float, across: float, tall: float, wide: float, exponent: int
) -> Floats:
    reach = np.abs((place[:, 0] - down) / tall) ** exponent
    reach = reach + np.abs((place[:, 1] - across) / wide) ** exponent
    return np.where(reach < 1, INSIDE, OUTSIDE)
