"""Applies the strokes of the Keep and Remove brush to a matte.

What a stroke touches becomes certain. What is like it and connected to it follows, as far as
nothing that the other strokes touched is nearer. The rest of the matte stays as it was.
"""

from dataclasses import dataclass

import numpy as np

from cutout.engines.engine import Strokes
from cutout.engines.simple.region_graph import RegionGraph, region_graph
from cutout.imaging.arrays import MASK_SIDE, Floats, Levels, Mask, resized, resized_mask, shrunk
from cutout.imaging.guided_filter import GuidedFilter
from cutout.imaging.lab import lab_of
from cutout.imaging.regions import dilated

REACH = 26.0  # Delta E along a path that a stroke spreads over
STEP = 60.0  # Delta E that a path across the whole image counts for by its length alone
INSISTENCE = 8.0  # nats: how sure a stroke is where it was painted
TRUST = 0.06, 0.94  # how sure the matte is taken to be
PAINTED = 0.15  # part of a region under a stroke from which on the whole of it is meant
STROKE_WEIGHT = 11.0  # of painted regions in the colours of both sides
LEAST_SHARE = 1e-3  # of a colour: what was never seen is unlikely, not impossible
MOST_EVIDENCE = 3.0  # of colour, in nats
NEIGHBOURS = 3.0  # nats of a neighbourhood that is all of one side
ROUNDS, FIELD_ROUNDS = 6, 3
LEAST_INFLUENCE = 0.01  # of a stroke: below it a region keeps its alpha
BLEND = 4  # pixels around what changed over which old and new go over into each other


@dataclass(frozen=True)
class _Painted:
    """Regions that strokes cover, (n,), and their influence on all regions, 0 to 1, (n,)."""

    keep: Mask
    remove: Mask
    towards_keep: Floats
    towards_remove: Floats

    @property
    def influence(self) -> Floats:
        return np.maximum(self.towards_keep, self.towards_remove)


def steered(rgb: Levels, alpha: Floats, strokes: Strokes) -> Floats:
    """Return the matte with strokes added; far from them it is unchanged.

    Args:
        rgb: uint8 (height, width, 3), sRGB.
        alpha: a soft matte of any size with the same proportions, 0 to 1.
        strokes: masks of any size with the same proportions; `keep` wins where both are set.

    Returns:
        float32, of the size of `alpha`, or of the size masks are found at if that is larger.
    """
    small = shrunk(rgb, MASK_SIDE)
    shape = (small.shape[0], small.shape[1])
    keep = resized_mask(strokes.keep, shape)
    remove = resized_mask(strokes.remove, shape) & ~keep
    if not (keep.any() or remove.any()):
        return alpha.astype(np.float32, copy=False)
    before = resized(alpha, shape)
    after = _solved(lab_of(small), before, keep, remove)
    size = (max(shape[0], alpha.shape[0]), max(shape[1], alpha.shape[1]))
    changed = dilated(after != before, BLEND).astype(np.float32)
    fine = resized(alpha, size)
    return (fine + resized(changed, size) * (resized(after, size) - fine)).astype(np.float32)


def _solved(lab: Floats, alpha: Floats, keep: Mask, remove: Mask) -> Floats:
    graph = region_graph(lab)
    before = graph.mean_of(alpha)
    painted = _painted(graph, keep, remove)
    after = _settled(graph, before, painted)
    soft = GuidedFilter(lab / 100).filtered(after[graph.patches.labels])
    reached = painted.influence > LEAST_INFLUENCE
    changed = reached & (np.abs(after - before) > 0.1)
    near = dilated(reached[graph.patches.labels], BLEND - 1)
    near &= dilated(changed[graph.patches.labels], BLEND)
    added = np.where(near, soft, alpha)
    return np.where(keep, 1, np.where(remove, 0, added)).astype(np.float32)


def _painted(graph: RegionGraph, keep: Mask, remove: Mask) -> _Painted:
    kept, removed = (graph.mean_of(mask.astype(np.float32)) for mask in (keep, remove))
    keeps = kept > np.minimum(PAINTED, 0.5 * kept.max())
    removes = removed > np.minimum(PAINTED, 0.5 * removed.max())
    keeps, removes = keeps & ~(removes & (removed > kept)), removes & ~(keeps & (kept >= removed))
    return _Painted(keeps, removes, _influence(graph, keeps), _influence(graph, removes))


def _influence(graph: RegionGraph, seeds: Mask) -> Floats:
    """Return how near each region is to the seeds along paths of alike regions, 0 to 1, (n,)."""
    place = graph.patches.place
    apart = np.sqrt(((place[:, None] - place[None]) ** 2).sum(axis=2))
    cost = np.where(graph.patches.neighbours, graph.patches.contrast + STEP * apart, np.inf)
    distance = np.where(seeds, 0.0, np.inf)
    while True:
        nearer = np.minimum(distance, (cost + distance[None]).min(axis=1))
        if np.array_equal(nearer, distance):
            return np.exp(-((distance / REACH) ** 2)).astype(np.float32)
        distance = nearer


def _settled(graph: RegionGraph, alpha: Floats, painted: _Painted) -> Floats:
    """Return each region's alpha after colours, neighbours and strokes have settled it, (n,)."""
    pull = painted.towards_keep - painted.towards_remove
    trusted = np.clip(alpha, *TRUST)
    known = np.log(trusted / (1 - trusted)) + INSISTENCE * pull
    after = np.clip(alpha + pull, 0, 1)
    weight = np.where(painted.keep | painted.remove, STROKE_WEIGHT, 1.0)
    colours = graph.colours / graph.patches.area[:, None]
    for _ in range(ROUNDS):
        inside = graph.palette_of((weight * after)[:, None]) + LEAST_SHARE
        outside = graph.palette_of((weight * (1 - after))[:, None]) + LEAST_SHARE
        by_colour = (colours @ np.log(inside / outside))[:, 0]
        by_colour = np.clip(by_colour, -MOST_EVIDENCE, MOST_EVIDENCE)
        evidence = known + by_colour * np.sqrt(painted.influence)
        for _ in range(FIELD_ROUNDS):
            following = NEIGHBOURS * (graph.smoothness @ (2 * after - 1))
            after = 1 / (1 + np.exp(-(evidence + following)))
            after = np.where(painted.keep, 1, np.where(painted.remove, 0, after))
    return np.where(painted.influence > LEAST_INFLUENCE, after, alpha).astype(np.float32)
