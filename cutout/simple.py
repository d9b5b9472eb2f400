"""The default engine, of numpy and Pillow alone (notes B6).

Two regimes: a plain backdrop is fitted and what differs from it is the subject; any other image is
cut into superpixels, and what stands out from the border is refined by a colour model.

Measured on synthetic images with exact alpha by `python -m bench.cutouts`.
"""

from dataclasses import dataclass

import numpy as np

from cutout.arrays import Floats, Levels, Mask, resized, resized_mask, shrunk
from cutout.backdrop import Backdrop, fit_backdrop, subject_on
from cutout.colour_model import pinned, refined
from cutout.engine import Confidence, Matte, Strokes
from cutout.lab import lab_of
from cutout.regions import averaged, frame, holes, label, of_size
from cutout.saliency import geodesic_distances, saliency
from cutout.superpixels import Patches, superpixels

NAME = "simple"
MASK_SIDE = 320  # pixels of the long side: where masks are found
EXPLAINED = 11.0  # Delta E to a colour of the other sides within which an edge is background
LEAST_PIECE = 0.02  # of the largest piece
LEAST_HOLE = 0.0008  # of the image
SAME_AS_OUTSIDE = 5.0  # Delta E
REACH = 14.0  # Delta E along a path that a stroke spreads over
SAME_CUT = 0.95  # intersection over union


class SimpleEngine:
    """Finds foreground without a model; the same image always gives the same matte."""

    name = NAME

    def matte(self, rgb: Levels, strokes: Strokes | None = None) -> Matte:
        """Return the automatic matte, with a person's strokes added to it."""
        scene = _scene(rgb)
        if strokes is None:
            return _judged(scene, scene.automatic())
        shape = scene.shape
        keep = resized_mask(strokes.keep, shape)
        remove = resized_mask(strokes.remove, shape) & ~keep
        return _judged(scene, _steered(scene, keep, remove))

    def hypotheses(self, rgb: Levels) -> list[Matte]:
        """Return up to three different mattes to choose from, the automatic one first."""
        scene = _scene(rgb)
        first = scene.automatic()
        other = scene.general() if scene.backdrop.plain else scene.on_backdrop()
        chosen: list[Floats] = []
        for alpha in (first, scene.large_centred(), other):
            covers = 0.004 < alpha.mean() < 0.985
            if not chosen or (covers and all(_overlap(alpha, one) < SAME_CUT for one in chosen)):
                chosen.append(alpha)
        return [_judged(scene, alpha) for alpha in chosen]


@dataclass(frozen=True)
class _Scene:
    """A small image and its backdrop."""

    lab: Floats
    backdrop: Backdrop

    @property
    def shape(self) -> tuple[int, int]:
        return self.lab.shape[0], self.lab.shape[1]

    def automatic(self) -> Floats:
        return self.on_backdrop() if self.backdrop.plain else self.general()

    def on_backdrop(self) -> Floats:
        subject = subject_on(self.lab, self.backdrop)
        return _tidied(subject).astype(np.float32)

    def general(self) -> Floats:
        patches = superpixels(self.lab)
        salient = saliency(patches, _boundary(patches))
        guess = salient[patches.labels] * _centre_prior(self.shape)
        return self._cut(guess / max(float(guess.max()), 1e-6))

    def large_centred(self) -> Floats:
        height, width = self.shape
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        inside = np.abs(x / 0.62) ** 4 + np.abs((y - 0.15) / 0.85) ** 4 < 1
        return self._cut(averaged(np.where(inside, np.float32(0.8), np.float32(0.05)), 6))

    def _cut(self, guess: Floats) -> Floats:
        soft = refined(self.lab, guess.astype(np.float32))
        solid = _tidied(_without_false_holes(self.lab, soft > 0.5))
        return _within(soft, solid)


def _scene(rgb: Levels) -> _Scene:
    lab = lab_of(shrunk(rgb, MASK_SIDE))
    return _Scene(lab, fit_backdrop(lab))


def _boundary(patches: Patches) -> Mask:
    """Return the patches of the border, without those of a subject that the bottom cuts off."""
    shape = (patches.labels.shape[0], patches.labels.shape[1])
    at_border = patches.share_of(frame(shape)) > 0
    bottom = np.zeros(shape, np.bool_)
    bottom[-1] = True
    others = frame(shape)
    others[round(0.85 * shape[0]) :] = False
    known = patches.share_of(others) > 0
    if not known.any():
        return at_border
    explained = patches.contrast[:, known].min(axis=1) <= EXPLAINED
    return at_border & ((patches.share_of(bottom) == 0) | explained | known)


def _centre_prior(shape: tuple[int, int]) -> Floats:
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    return np.exp(-(x**2 + y**2) / (2 * 0.75**2)).astype(np.float32)


def _steered(scene: _Scene, keep: Mask, remove: Mask) -> Floats:
    """Return the automatic matte changed where a stroke, or what is like it and near it, is."""
    alpha = scene.automatic()
    if not (keep.any() or remove.any()):
        return alpha
    patches = superpixels(scene.lab)
    distance = geodesic_distances(patches, patches.neighbours)
    to_keep = _nearest_seed(distance, patches.share_of(keep) > 0)[patches.labels]
    to_remove = _nearest_seed(distance, patches.share_of(remove) > 0)[patches.labels]
    guess = np.where((to_keep < REACH) & (to_keep < to_remove), np.float32(0.9), alpha)
    guess = np.where((to_remove < REACH) & (to_remove <= to_keep), np.float32(0.1), guess)
    soft = refined(scene.lab, pinned(guess, keep, remove), keep, remove)
    solid = _without_false_holes(scene.lab, soft > 0.5) & ~remove
    return pinned(_within(soft, of_size(solid, 0.0003 * solid.size)), keep, remove)


def _nearest_seed(distance: Floats, seeds: Mask) -> Floats:
    if not seeds.any():
        return np.full(len(distance), np.inf, np.float32)
    return distance[:, seeds].min(axis=1)


def _within(soft: Floats, solid: Mask) -> Floats:
    """Return a soft matte that is surely on or off where the tidied mask says otherwise."""
    return np.where(solid == (soft > 0.5), soft, solid.astype(np.float32))


def _tidied(mask: Mask) -> Mask:
    labels = label(mask)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    kept = mask & (sizes >= LEAST_PIECE * sizes.max(initial=0))[labels]
    enclosed = holes(kept)
    return kept | (enclosed & ~of_size(enclosed, LEAST_HOLE * mask.size))


def _without_false_holes(lab: Floats, mask: Mask) -> Mask:
    """Fill holes whose colour is not that of the outside: the subject is rarely full of holes."""
    enclosed = holes(mask)
    outside = ~mask & ~enclosed
    if not (enclosed.any() and outside.any()):
        return mask
    palette = lab[outside][:: max(1, int(outside.sum()) // 200)]
    labels = label(enclosed)
    filled = mask.copy()
    for number in range(1, int(labels.max()) + 1):
        hole = labels == number
        colour = np.median(lab[hole], axis=0)
        if float(np.sqrt(((palette - colour) ** 2).sum(axis=1)).min()) > SAME_AS_OUTSIDE:
            filled |= hole
    return filled


def _overlap(one: Floats, other: Floats) -> float:
    both = ((one > 0.5) & (other > 0.5)).sum()
    return float(both / max(((one > 0.5) | (other > 0.5)).sum(), 1))


def _judged(scene: _Scene, alpha: Floats) -> Matte:
    """Say how far to trust a matte (notes B6, the badge)."""
    solid = alpha > 0.5
    cover = float(solid.mean())
    if cover > 0.985:
        verdict = Confidence.LIKELY_WRONG, "No background was found: nearly all was kept."
    elif cover < 0.004:
        verdict = Confidence.LIKELY_WRONG, "No clear subject was found: nearly all was removed."
    elif scene.backdrop.plain:
        verdict = _of_plain(scene.backdrop, cover)
    else:
        verdict = _of_general(solid, cover)
    return Matte(resized(alpha, scene.shape), NAME, *verdict)


def _of_plain(backdrop: Backdrop, cover: float) -> tuple[Confidence, str]:
    if backdrop.spread < 2.5 and 0.01 <= cover <= 0.9:
        return Confidence.GOOD, "The backdrop is plain and the subject stands out."
    return Confidence.CHECK_EDGES, "The backdrop is plain but noisy, or the subject very large."


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
