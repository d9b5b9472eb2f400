"""How good a candidate mask probably is: its predicted intersection over union with the truth.

A candidate is described by measures of its shape, its boundary, its colours against those around
it, and how far it agrees with what stands out and with where a person may be. The prediction is a
quadratic function of them, fitted by `python -m bench.cutout.learn_ranking` on composites of known
alpha; `ranking.json` has its coefficients. (Carreira and Sminchisescu, CPMC, 2012, rank theirs
like this.)
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from cutout.engines.simple.people import faces, head, skin
from cutout.engines.simple.region_graph import RegionGraph
from cutout.imaging.arrays import Floats

MEASURES = (
    "area",
    "log area",
    "down",
    "off centre",
    "extent",
    "at top",
    "at sides",
    "at bottom",
    "contrast",
    "weak boundary",
    "strong boundary",
    "contrast inside",
    "roundness",
    "unlike rest",
    "unlike around",
    "unlike border",
    "texture",
    "rougher",
    "salient inside",
    "salient outside",
    "salience gain",
    "salience step",
    "agreement",
    "softness",
    "centre covered",
    "fills its box",
    "usual size",
    "skin covered",
    "head covered",
    "face",
    "head gain",
)
COEFFICIENTS = Path(__file__).with_name("ranking.json")
LARGEST = 3.0  # standard deviations: beyond it a measure says no more
WEAK, STRONG, MOST_CONTRAST = 8.0, 25.0, 60.0  # Delta E between neighbours
CENTRE = 0.5  # of half a side
USUAL_AREA = 0.22
TIE_BREAK = 0.03  # of overlap: the worth of having no colour in common with the rest
_LEAST = 1e-4


def predicted_overlap(graph: RegionGraph, lab: Floats, candidates: Floats) -> Floats:
    """Return the predicted intersection over union of each candidate, (k,).

    Predictions that differ by a hundredth or two mean nothing: among such candidates, the one that
    has fewer of the colours around it is put first.

    Args:
        graph: the image.
        lab: the image that the graph is of.
        candidates: how much each region belongs to each of k candidates, 0 to 1, (n, k).
    """
    middle, scale, coefficients = _learned()
    described = measures(graph, lab, candidates)
    unlike = described[:, MEASURES.index("unlike rest")]
    return terms((described - middle) / scale) @ coefficients + TIE_BREAK * unlike


def terms(standardised: Floats) -> Floats:
    """Return 1, the measures, and all products of two of them: (k, m) becomes (k, terms)."""
    bounded = np.clip(standardised, -LARGEST, LARGEST)
    one, other = np.triu_indices(bounded.shape[1])
    ones = np.ones((len(bounded), 1))
    return np.concatenate([ones, bounded, bounded[:, one] * bounded[:, other]], axis=1)


def measures(graph: RegionGraph, lab: Floats, candidates: Floats) -> Floats:
    """Return the measures, in the order of `MEASURES`, of each candidate, (k, m)."""
    inside = (candidates > 0.5).astype(np.float32)
    columns = (
        _of_shape(graph, inside)
        + _of_boundary(graph, inside)
        + _of_colours(graph, inside)
        + _of_salience(graph, inside)
        + _of_extent(graph, candidates, inside)
        + _of_person(graph, lab, inside)
    )
    return np.stack(np.broadcast_arrays(*columns), axis=1).astype(np.float32)


@cache
def _learned() -> tuple[Floats, Floats, Floats]:
    learned = json.loads(COEFFICIENTS.read_text())
    return (
        np.array(learned["middle"]),
        np.array(learned["scale"]),
        np.array(learned["coefficients"]),
    )


def _area(graph: RegionGraph) -> Floats:
    return graph.patches.area / graph.patches.area.sum()


def _of_shape(graph: RegionGraph, inside: Floats) -> tuple[Floats, ...]:
    area = _area(graph)
    whole = np.maximum(area @ inside, _LEAST)
    down, across = (graph.patches.place * 2 - 1).T
    middle_down, middle_across = (area * down) @ inside / whole, (area * across) @ inside / whole
    square = (area * (down**2 + across**2)) @ inside / whole - middle_down**2 - middle_across**2
    top, bottom, left, right = graph.sides @ inside
    extent = np.sqrt(np.maximum(square, 0))
    sides = (left + right) / 2
    return whole, np.log(whole), middle_down, middle_across**2, extent, top, sides, bottom


def _of_boundary(graph: RegionGraph, inside: Floats) -> tuple[Floats, ...]:
    length, outside = graph.length, 1 - inside
    contrast = np.minimum(graph.patches.contrast, MOST_CONTRAST)

    def across(weights: Floats) -> Floats:
        return (inside * (weights @ outside)).sum(axis=0)

    perimeter = np.maximum(across(length), 1)
    usual = max(float((length * contrast).sum() / max(float(length.sum()), 1)), 3.0)
    weak = across(length * np.exp(-(graph.patches.contrast**2) / (2 * WEAK**2))) / perimeter
    strong = across(length * (contrast > STRONG)) / perimeter
    within = (inside * ((length * contrast) @ inside)).sum(axis=0)
    within = within / np.maximum((inside * (length @ inside)).sum(axis=0), 1)
    pixels = np.maximum(graph.patches.area @ inside, 1)
    roundness = np.log(perimeter**2 / (4 * np.pi * pixels))
    return across(length * contrast) / perimeter / usual, weak, strong, within / usual, roundness


def _of_colours(graph: RegionGraph, inside: Floats) -> tuple[Floats, ...]:
    area, outside = _area(graph), 1 - inside
    own = graph.palette_of(inside)
    border = graph.sides[[0, 2, 3]].sum(axis=0)[:, None] * outside
    pixels = graph.patches.area[:, None]
    unlike = [
        1 - np.sqrt(own * graph.palette_of(other)).sum(axis=0)
        for other in (outside, _around(graph, inside) / pixels, border / pixels)
    ]
    whole = area @ inside
    rougher = (area * graph.gradient) @ inside / np.maximum(whole, _LEAST)
    rougher = rougher - (area * graph.gradient) @ outside / np.maximum(1 - whole, _LEAST)
    return *unlike, np.abs(rougher), rougher


def _around(graph: RegionGraph, inside: Floats) -> Floats:
    """Return how much each region outside a candidate is near it, in pixels."""
    return (1 - inside) * (graph.surroundings @ inside) * graph.patches.area[:, None]


def _of_salience(graph: RegionGraph, inside: Floats) -> tuple[Floats, ...]:
    area, salient = _area(graph), graph.salient
    whole = area @ inside
    within = (area * salient) @ inside / np.maximum(whole, _LEAST)
    without = (area * salient) @ (1 - inside) / np.maximum(1 - whole, _LEAST)
    around = _around(graph, inside)
    near = salient @ around / np.maximum(around.sum(axis=0), 1e-6)
    high = (salient > salient.mean())[:, None]
    agreement = (area @ (inside * high)) / np.maximum(area @ np.maximum(inside, high), _LEAST)
    return within, without, within - without, within - near, agreement


def _of_extent(graph: RegionGraph, candidates: Floats, inside: Floats) -> tuple[Floats, ...]:
    area = _area(graph)
    whole = np.maximum(area @ inside, _LEAST)
    softness = (area @ (candidates * (1 - candidates))) / np.maximum(whole, 1e-3)
    centre = area * _centre(graph)
    covered = centre @ inside / centre.sum()
    height, width = (_range_of(place, inside) for place in graph.patches.place.T)
    return softness, covered, whole / ((height + 0.04) * (width + 0.04)), np.abs(whole - USUAL_AREA)


def _range_of(place: Floats, inside: Floats) -> Floats:
    within = inside > 0
    high = np.where(within, place[:, None], 0).max(axis=0)
    return np.maximum(high - np.where(within, place[:, None], 1).min(axis=0), 0)


def _centre(graph: RegionGraph) -> Floats:
    place = graph.patches.place * 2 - 1
    return np.exp(-(place**2).sum(axis=1) / (2 * CENTRE**2))


def _of_person(graph: RegionGraph, lab: Floats, inside: Floats) -> tuple[Floats, ...]:
    parts = skin(lab)
    weight = graph.mean_of(parts) * _area(graph) * _centre(graph)
    covered = weight @ inside / max(float(weight.sum()), _LEAST)
    found = faces(parts)
    if not found:
        return covered, np.zeros(1), np.zeros(1), np.zeros(1)
    face = graph.mean_of(head(found[0], (lab.shape[0], lab.shape[1])).astype(np.float32))
    face = face * graph.patches.area
    shown = face @ inside / max(float(face.sum()), _LEAST)
    likely = found[0].likelihood
    return covered, shown, np.full(1, likely), (shown - 0.5) * likely
