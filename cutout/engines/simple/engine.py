"""The default engine, of numpy and Pillow alone.

Two regimes: a plain backdrop is fitted, and what differs from it is the subject. Any other image
becomes a graph of regions; many guesses are cut out of it, and what probably overlaps best with
the truth is taken, the next best ones being offered as other cuts.

Measured on images with exact alpha by `python -m bench.cutout.quality`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cutout.engines.engine import Confidence, Matte
from cutout.engines.simple.backdrop import Backdrop, fit_backdrop, subject_on
from cutout.engines.simple.guesses import guesses
from cutout.engines.simple.ranking import predicted_overlap
from cutout.engines.simple.region_cut import VARIANTS, different, improved, unions
from cutout.engines.simple.region_graph import region_graph
from cutout.imaging.arrays import MASK_SIDE, Floats, Levels, Mask, resized, shrunk
from cutout.imaging.guided_filter import GuidedFilter
from cutout.imaging.lab import lab_of
from cutout.imaging.regions import frame, holes, label, of_size

NAME = "simple"
LEAST_PIECE = 0.02  # of the largest piece
LEAST_HOLE = 0.0008  # of the image
OFFERED = 3
SAME_CUT = 0.85  # intersection over union from which two cuts are not worth choosing between
COVERS = 0.004, 0.985  # of the image: what is kept of less, or of more, is no cut


class SimpleEngine:
    """Finds foreground without a model; the same image always gives the same matte."""

    name = NAME

    def matte(self, rgb: Levels) -> Matte:
        """Return the automatic matte."""
        scene = _scene(rgb)
        return _judged(scene, scene.automatic())

    def hypotheses(self, rgb: Levels) -> list[Matte]:
        """Return up to three different mattes to choose from, the automatic one first."""
        scene = _scene(rgb)
        chosen = [scene.automatic()]
        for rank in range(len(scene.ranked)):  # some are nearly the same
            if len(chosen) == OFFERED:
                break
            alpha = scene.cut(rank)
            covers = COVERS[0] < alpha.mean() < COVERS[1]
            if covers and all(_overlap(alpha, one) < SAME_CUT for one in chosen):
                chosen.append(alpha)
        return [_judged(scene, alpha) for alpha in chosen]


@dataclass(frozen=True)
class _Scene:
    """A small image and its backdrop."""

    lab: Floats
    backdrop: Backdrop

    def automatic(self) -> Floats:
        if not self.backdrop.plain:
            return self.cut(0)
        return _tidied(subject_on(self.lab, self.backdrop)).astype(np.float32)

    def cut(self, rank: int) -> Floats:
        """Return the candidate of a rank, from 0 on, with the image's edges."""
        soft = self.filter.filtered(self.ranked[rank])
        solid = _tidied(soft > 0.5)
        # Soft, but surely on or off where tidying says otherwise.
        return np.where(solid == (soft > 0.5), soft, solid.astype(np.float32))

    @cached_property
    def filter(self) -> GuidedFilter:
        return GuidedFilter(self.lab / 100)

    @cached_property
    def ranked(self) -> list[Floats]:
        """Return the likeliest candidates, best first, without those that are nearly the same."""
        graph = region_graph(self.lab)
        starts = guesses(graph, self.lab)
        found = np.concatenate([improved(graph, starts, one) for one in VARIANTS], axis=1)
        scores = predicted_overlap(graph, self.lab, found)
        joined = unions(graph, found, scores)
        found = np.concatenate([found, joined], axis=1)
        scores = np.concatenate([scores, predicted_overlap(graph, self.lab, joined)])
        best = different(graph, found, scores, OFFERED + 1, SAME_CUT)
        return [found[:, number][graph.patches.labels] for number in best]


def _scene(rgb: Levels) -> _Scene:
    lab = lab_of(shrunk(rgb, MASK_SIDE))
    return _Scene(lab, fit_backdrop(lab))


def _tidied(mask: Mask) -> Mask:
    labels = label(mask)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    kept = mask & (sizes >= LEAST_PIECE * sizes.max(initial=0))[labels]
    enclosed = holes(kept)
    return kept | (enclosed & ~of_size(enclosed, LEAST_HOLE * mask.size))


def _overlap(one: Floats, other: Floats) -> float:
    both = ((one > 0.5) & (other > 0.5)).sum()
    return float(both / max(((one > 0.5) | (other > 0.5)).sum(), 1))


def _judged(scene: _Scene, alpha: Floats) -> Matte:
    """Say how far to trust a matte."""
    solid = alpha > 0.5
    cover = float(solid.mean())
    if cover > COVERS[1]:
        verdict = Confidence.LIKELY_WRONG, "No background was found: nearly all was kept."
    elif cover < COVERS[0]:
        verdict = Confidence.LIKELY_WRONG, "No clear subject was found: nearly all was removed."
    elif not scene.backdrop.plain:
        verdict = _of_general(solid, cover)
    elif scene.backdrop.spread < 2.5 and 0.01 <= cover <= 0.9:
        verdict = Confidence.GOOD, "The backdrop is plain and the subject stands out."
    else:
        reason = "The backdrop is plain but noisy, or the subject very large."
        verdict = Confidence.CHECK_EDGES, reason
    size = scene.lab.shape[0], scene.lab.shape[1]
    return Matte(resized(alpha, size), NAME, *verdict)


def _of_general(solid: Mask, cover: float) -> tuple[Confidence, str]:
    border = frame((solid.shape[0], solid.shape[1]))
    pieces = int(label(solid).max())
    if float(solid[border].mean()) > 0.25:
        return Confidence.LIKELY_WRONG, "What was kept touches much of the image's border."
    if pieces > 5:
        return Confidence.LIKELY_WRONG, f"What was kept is in {pieces} pieces."
    if not 0.03 <= cover <= 0.7:
        return Confidence.LIKELY_WRONG, f"{cover:.0%} of the image was kept, which is unusual."
    return Confidence.CHECK_EDGES, "The background is not plain: look at the edges."
