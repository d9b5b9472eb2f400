"""Cutting a graph of regions in two: many guesses at once become many candidate masks.

Each guess is improved in rounds, as GrabCut does it (Rother, Kolmogorov, Blake 2004): learn the
colours and textures of both sides, then let each region follow them, its neighbours and its
surroundings. Membership is soft, solved by mean field instead of a minimum cut.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cutout.engines.simple.region_graph import RegionGraph
from cutout.imaging.arrays import Floats

LEAST_COLOUR, LEAST_TEXTURE = 2e-4, 1e-2  # shares: what was never seen is unlikely, not impossible
MOST_EVIDENCE = 4.0  # of colour, in nats
NEVER_SURE = 0.05, 0.95  # of a region's surroundings
GAIN = 1.2
FIELD_ROUNDS = 3
COMBINED, DIFFERENT = 8, 0.92  # candidates joined in pairs; below this overlap they differ
AT_SIDE, AT_BOTTOM, IN_BOTTOM_CORNER = -2.0, -0.7, -1.0  # nats: subjects rarely touch the border


@dataclass(frozen=True)
class Weights:
    """How much each kind of evidence counts, and for how many rounds."""

    rounds: int
    texture: float = 1.5
    surroundings: float = 1.6
    neighbours: float = 4.0


VARIANTS = (
    Weights(6),
    Weights(12),
    Weights(8, texture=0.6, neighbours=6.0),
    Weights(4, surroundings=2.2),
)


def improved(graph: RegionGraph, guesses: Floats, weights: Weights) -> Floats:
    """Return how much each region belongs to the foreground, for each guess, (n, k).

    Args:
        graph: the image.
        guesses: 0 to 1, (n, k).
        weights: what counts how much.
    """
    area = graph.patches.area[:, None]
    colours, textures = graph.colours / area, graph.textures / area
    bias = _bias(graph)
    foreground = guesses
    for _ in range(weights.rounds):
        by_colour = colours @ _log_ratio(graph.palette_of, foreground, LEAST_COLOUR)
        by_texture = textures @ _log_ratio(graph.texture_of, foreground, LEAST_TEXTURE)
        around = np.clip(graph.surroundings @ foreground, *NEVER_SURE)
        evidence = (
            np.clip(by_colour, -MOST_EVIDENCE, MOST_EVIDENCE)
            + weights.texture * by_texture
            + weights.surroundings * np.log(around / (1 - around))
            + bias
        )
        for _ in range(FIELD_ROUNDS):
            following = graph.smoothness @ (2 * foreground - 1)
            drawn = GAIN * (evidence + weights.neighbours * following)
            foreground = (1 / (1 + np.exp(-drawn))).astype(np.float32)
    return foreground


def _log_ratio(shares_of: Callable[[Floats], Floats], foreground: Floats, least: float) -> Floats:
    return np.log((shares_of(foreground) + least) / (shares_of(1 - foreground) + least))


def _bias(graph: RegionGraph) -> Floats:
    top, bottom, left, right = graph.sides > 0
    bias = np.where(bottom, AT_BOTTOM, 0.0)
    bias = np.where(top | left | right, AT_SIDE + bias, bias)
    return np.where(bottom & (left | right), IN_BOTTOM_CORNER, bias)[:, None].astype(np.float32)


def unions(graph: RegionGraph, candidates: Floats, scores: Floats) -> Floats:
    """Return the unions of all pairs of the best candidates that differ, (n, pairs)."""
    chosen = different(graph, candidates, scores, COMBINED, DIFFERENT)
    pairs = [(one, other) for place, one in enumerate(chosen) for other in chosen[:place]]
    if not pairs:
        return candidates[:, :0]
    return np.stack([np.maximum(candidates[:, i], candidates[:, j]) for i, j in pairs], axis=1)


def different(
    graph: RegionGraph, candidates: Floats, scores: Floats, most: int, limit: float
) -> list[int]:
    """Return the numbers of the best candidates that overlap less than a limit, best first."""
    chosen: list[int] = []
    for number in np.argsort(-scores, kind="stable"):
        one = candidates[:, number]
        if all(overlap(graph, one, candidates[:, other]) < limit for other in chosen):
            chosen.append(int(number))
        if len(chosen) == most:
            break
    return chosen


def overlap(graph: RegionGraph, one: Floats, other: Floats) -> float:
    """Return the intersection over union of two candidates, (n,) each."""
    area = graph.patches.area
    either = float(area @ ((one > 0.5) | (other > 0.5)))
    return float(area @ ((one > 0.5) & (other > 0.5))) / max(either, 1.0)
