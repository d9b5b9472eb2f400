"""The parts of the general regime: regions, guesses, candidates, their ranking."""

import json

import numpy as np
import pytest

from cutout.engines.simple.engine import SimpleEngine
from cutout.engines.simple.guesses import guesses
from cutout.engines.simple.people import faces, head, outline, skin
from cutout.engines.simple.ranking import COEFFICIENTS, MEASURES, measures, predicted_overlap, terms
from cutout.engines.simple.region_cut import VARIANTS, improved, overlap, unions
from cutout.engines.simple.region_graph import RegionGraph, region_graph
from cutout.imaging.arrays import MASK_SIDE, Floats, resized, shrunk
from cutout.imaging.lab import lab_of
from tests.cutout.composites import Composite, composite


@pytest.fixture(scope="module")
def image() -> Composite:
    return composite("portrait", "busy", 11)


@pytest.fixture(scope="module")
def lab(image: Composite) -> Floats:
    return lab_of(shrunk(image.rgb, MASK_SIDE))


@pytest.fixture(scope="module")
def graph(lab: Floats) -> RegionGraph:
    return region_graph(lab)


def true_regions(image: Composite, graph: RegionGraph) -> Floats:
    labels = graph.patches.labels
    truth = resized(image.alpha, (labels.shape[0], labels.shape[1]))
    return (graph.mean_of(truth) > 0.5).astype(np.float32)


def test_regions_follow_the_subject(image: Composite, graph: RegionGraph) -> None:
    labels = graph.patches.labels
    painted = true_regions(image, graph)[labels] > 0.5
    truth = resized(image.alpha, (labels.shape[0], labels.shape[1])) > 0.5
    assert (painted & truth).sum() / (painted | truth).sum() > 0.9


def test_a_graph_counts_every_pixel_once(graph: RegionGraph) -> None:
    assert np.array_equal(graph.colours.sum(axis=1), graph.patches.area)
    assert np.array_equal(graph.textures.sum(axis=1), graph.patches.area)
    assert np.allclose(graph.sides.sum(axis=1), 1)
    assert np.array_equal(graph.length, graph.length.T)


def test_the_face_is_found(lab: Floats) -> None:
    face = faces(skin(lab))[0]
    assert abs(face.across - 160) < 25
    assert abs(face.down - 160) < 40
    covered = outline(face, (320, 320), 1.0)
    assert covered[head(face, (320, 320))].mean() > 0.9
    assert covered[-1].any()


def test_a_picture_too_small_for_a_face_has_none() -> None:
    assert faces(np.ones((8, 8), np.float32)) == [] or all(
        face.size >= 2 for face in faces(np.ones((8, 8), np.float32))
    )


def test_candidates_are_ranked_near_the_best(
    image: Composite, lab: Floats, graph: RegionGraph
) -> None:
    starts = guesses(graph, lab)
    found = np.concatenate([improved(graph, starts, one) for one in VARIANTS], axis=1)
    truth = true_regions(image, graph)
    overlaps = np.array([overlap(graph, one, truth) for one in found.T])
    chosen = int(np.argmax(predicted_overlap(graph, lab, found)))
    assert overlaps.max() > 0.85
    assert overlaps[chosen] > overlaps.mean()
    joined = unions(graph, found, overlaps)
    assert joined.shape[0] == found.shape[0]
    assert (joined.max(axis=0) >= 0.5).all()


def test_measures_are_finite_for_masks_of_all_and_of_nothing(
    lab: Floats, graph: RegionGraph
) -> None:
    count = len(graph.patches.area)
    extremes = np.stack([np.zeros(count), np.ones(count)], axis=1).astype(np.float32)
    values = measures(graph, lab, extremes)
    assert values.shape == (2, len(MEASURES))
    assert np.isfinite(values).all()


def test_the_learned_ranking_fits_the_measures() -> None:
    learned = json.loads(COEFFICIENTS.read_text())
    assert len(learned["middle"]) == len(learned["scale"]) == len(MEASURES)
    assert len(learned["coefficients"]) == terms(np.zeros((1, len(MEASURES)))).shape[1]


def test_of_two_cuts_about_as_likely_the_one_without_the_backdrop_is_first() -> None:
    """The logo's own regions, or these and the skirting board behind: no colour of it is alone."""
    image = composite("logo", "room", 603)
    cut = SimpleEngine().matte(image.rgb).alpha
    truth = resized(image.alpha, (cut.shape[0], cut.shape[1])) > 0.5
    assert ((cut > 0.5) & truth).sum() / ((cut > 0.5) | truth).sum() > 0.8


# Thresholds lie well below what `python -m bench.cutout.quality` measures.
@pytest.mark.parametrize("subject", ["bottle", "gift", "portrait", "mug"])
def test_subjects_are_found_in_busy_pictures(subject: str) -> None:
    image = composite(subject, "busy", 4321)
    alpha = SimpleEngine().matte(image.rgb).alpha
    truth = resized(image.alpha, (alpha.shape[0], alpha.shape[1])) > 0.5
    assert ((alpha > 0.5) & truth).sum() / ((alpha > 0.5) | truth).sum() > 0.7
