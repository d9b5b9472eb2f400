"""`python -m bench.cutout.learn_ranking`: learn which cuts are good, into `ranking.json`.

Ridge regression of the intersection over union on the measures of `cutout.engines.simple.ranking`
and their products. Prints what such a ranking reaches on pictures that it has not seen.
"""

import json
import os
import sys
from collections import defaultdict
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from bench.cutout.photographs import fetch_photographs
from bench.cutout.ranking_pictures import KINDS, picture
from cutout.engines.simple.guesses import guesses
from cutout.engines.simple.ranking import COEFFICIENTS, measures, terms
from cutout.engines.simple.region_cut import VARIANTS, improved, unions
from cutout.engines.simple.region_graph import RegionGraph, region_graph
from cutout.imaging.arrays import MASK_SIDE, Floats, Mask, resized, shrunk
from cutout.imaging.lab import lab_of

COUNTS = {
    "photograph": 144,
    "pasted": 240,
    "thing": 324,
    "person": 156,
    "outline": 72,
    "test": 242,
}
FOLDS = 12  # as many as there are outlined photographs: each is checked by what never saw it
MISJUDGED = 0.15  # of overlap: how wrongly candidates are ranked when they are joined in training
PENALTY, PENALTY_OF_PRODUCTS = 0.001, 1.0  # products fit the drawn pictures too well otherwise
WEIGHTS = {
    "photograph": 1.5,
    "test": 2.0,
}  # the few real pictures, and things on a shelf, count more
LEAST_SCALE = 1e-6
DIGITS = 5


@dataclass(frozen=True)
class Example:
    """A picture's candidates: their measures (k, m) and their overlaps with the truth (k,)."""

    kind: str
    number: int
    measures: Floats
    overlaps: Floats


def example(kind: str, number: int) -> Example:
    """Return the candidates of a picture."""
    rgb, alpha = picture(kind, number)
    lab = lab_of(shrunk(rgb, MASK_SIDE))
    truth = resized(alpha, (lab.shape[0], lab.shape[1])) > 0.5
    graph = region_graph(lab)
    starts = guesses(graph, lab)
    found = np.concatenate([improved(graph, starts, one) for one in VARIANTS], axis=1)
    overlaps = _overlaps(graph, found, truth)
    noise = np.random.default_rng(number).normal(0, MISJUDGED, len(overlaps))
    joined = unions(graph, found, overlaps + np.asarray(noise, np.float32))
    found = np.concatenate([found, joined], axis=1)
    return Example(kind, number, measures(graph, lab, found), _overlaps(graph, found, truth))


def _overlaps(graph: RegionGraph, candidates: Floats, truth: Mask) -> Floats:
    real = np.bincount(graph.patches.labels.ravel(), truth.ravel(), len(graph.patches.area))
    inside = candidates > 0.5
    both = real @ inside
    return both / np.maximum(graph.patches.area @ inside + real.sum() - both, 1)


def learned(examples: list[Example]) -> dict[str, list[float]]:
    """Return what the ranking reads: middle and scale of the measures, coefficients."""
    inputs = np.concatenate([one.measures for one in examples])
    middle, scale = inputs.mean(axis=0), inputs.std(axis=0) + LEAST_SCALE
    design = terms((inputs - middle) / scale)
    weights = np.concatenate(
        [np.full(len(one.overlaps), WEIGHTS.get(one.kind, 1.0)) for one in examples]
    )
    weighed = design * weights[:, None]
    overlaps = np.concatenate([one.overlaps for one in examples])
    penalty = np.diag(_penalties(inputs.shape[1]) * weights.sum())
    solved = np.linalg.solve(design.T @ weighed + penalty, weighed.T @ overlaps)
    return {"middle": _short(middle), "scale": _short(scale), "coefficients": _short(solved)}


def _penalties(count: int) -> Floats:
    """Return the penalty of each of the terms of so many measures."""
    one, other = np.triu_indices(count)
    products = np.where(one == other, PENALTY, PENALTY_OF_PRODUCTS)
    return np.concatenate([[0.0], np.full(count, PENALTY), products])


def _short(values: Floats) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in values]


def report(examples: list[Example]) -> None:
    """Print, for each kind, the overlap of the chosen candidate and of the best there is.

    The ranking that chooses has learned from the other folds.
    """
    reached: dict[str, list[tuple[float, float]]] = defaultdict(list)
    models = [learned([one for one in examples if one.number % FOLDS != n]) for n in range(FOLDS)]
    for one in examples:
        model = models[one.number % FOLDS]
        standardised = (one.measures - np.array(model["middle"])) / np.array(model["scale"])
        chosen = int(np.argmax(terms(standardised) @ np.array(model["coefficients"])))
        reached[one.kind].append((float(one.overlaps[chosen]), float(one.overlaps.max())))
    print(f"{'kind':<12}{'chosen':>8}{'best':>8}")
    for kind, pairs in sorted(reached.items()):
        chosen, best = np.mean(pairs, axis=0)
        print(f"{kind:<12}{chosen:>8.3f}{best:>8.3f}")


def main() -> None:
    """Render, learn, check and write."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    fetch_photographs()
    jobs = [(kind, number) for kind in KINDS for number in range(COUNTS[kind])]
    with get_context("spawn").Pool() as pool:  # anew, so that numpy sees the variable
        examples = pool.starmap(example, jobs, chunksize=4)
    report(examples)
    COEFFICIENTS.write_text(json.dumps(learned(examples)) + "\n")


if __name__ == "__main__":
    sys.exit(main())
