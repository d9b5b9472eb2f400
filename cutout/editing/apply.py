"""Applies a person's edits to a cut-out.

What an edit does is decided on few pixels, the same ones for a preview and for the whole picture,
so that both agree; only edges are solved at full size. Where nothing changed, the cut-out stays as
it was to the last bit. What was transparent in the picture itself stays so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from cutout.editing.edits import KEEP, REMOVE, Edge, Edit, Stroke, painted
from cutout.editing.steering import steered
from cutout.engines.engine import Strokes
from cutout.imaging.arrays import Floats, Levels, resized, resized_mask, shape_within
from cutout.imaging.reading import Picture
from cutout.imaging.regions import averaged, dilated
from cutout.matting.cutting import PREVIEW_SIDE, solved
from cutout.matting.edges import CutOut
from cutout.matting.openings import filled, punched

WORKING_SIDE = 1024  # pixels: where edits are decided
WIDTHS: dict[Edge, float] = {"thin": 0.4, "normal": 1.0, "hair": 3.0}  # of the band of an edge
CORE = 0.6  # of a brush's radius: what was painted here is certain, whatever colours say
CHANGED_SIDE = 320  # pixels: where it is marked what changed
AROUND = 4  # pixels at CHANGED_SIDE over which old and new go over into each other
STRIP = 256  # rows that are mixed at a time, which bounds memory


@dataclass(frozen=True)
class Start:
    """A cut-out before its edits.

    Attributes:
        soft: the matte, float32 of any size with the picture's proportions.
        cut: the cut-out of the picture's size; None when its edges are still to be solved.
    """

    soft: Floats
    cut: CutOut | None


def working_alpha(alpha: Levels) -> Floats:
    """Return alpha, uint8 of any size, as the matte that edits are decided on."""
    image = Image.fromarray(alpha)
    # By way of a preview's size, so that a preview comes to the same.
    for longest in (PREVIEW_SIDE, WORKING_SIDE):
        height, width = shape_within((image.height, image.width), longest)
        image = image.resize((width, height), Image.Resampling.BOX)
    return np.asarray(image).astype(np.float32) / 255


def edited(picture: Picture, small: Picture, start: Start, edit: Edit) -> CutOut:
    """Return the cut-out with an edit applied, of the picture's size.

    Args:
        picture: the picture at the size of the result.
        small: the same picture at the size on which strokes are solved.
        start: what is edited.
        edit: the changes; its `cut` has chosen `start` already.
    """
    soft = _decided(small.rgb, start.soft, edit)
    cut = start.cut
    if cut is None or edit.edge != "normal":
        cut = solved(picture, soft, WIDTHS[edit.edge])
    elif soft is not start.soft:
        size = soft.shape[0], soft.shape[1]
        different = np.abs(resized(start.soft, size) - soft) > 1 / 255
        changed = resized_mask(different, shape_within(size, CHANGED_SIDE))
        if changed.any():
            near = averaged(dilated(changed, AROUND).astype(np.float32), AROUND // 2)
            weight = _enlarged(np.rint(near * 255).astype(np.uint8), cut.alpha)
            cut = _mixed(cut, solved(picture, soft), weight)
    return _with_cores(cut, picture, edit.strokes) if edit.strokes else cut


def _decided(rgb: Levels, soft: Floats, edit: Edit) -> Floats:
    if edit.holes == "fill":
        soft = filled(soft)
    elif edit.holes == "punch":
        soft = punched(rgb, soft)
    if not edit.strokes:
        return soft
    # Last, so that a stroke can close one hole and leave another.
    marks = painted(edit.strokes, shape_within((rgb.shape[0], rgb.shape[1]), WORKING_SIDE))
    return steered(rgb, soft, Strokes(keep=marks == KEEP, remove=marks == REMOVE))


def _with_cores(cut: CutOut, picture: Picture, strokes: Sequence[Stroke]) -> CutOut:
    cores = painted(strokes, shape_within(cut.alpha.shape, WORKING_SIDE), CORE)
    opaque = np.broadcast_to(np.uint8(255), cut.alpha.shape)
    kept = CutOut(picture.rgb, opaque if picture.alpha is None else picture.alpha)
    nothing = CutOut(np.broadcast_to(np.uint8(0), cut.rgb.shape), opaque * np.uint8(0))
    for value, other in ((KEEP, kept), (REMOVE, nothing)):
        core = np.where(cores == value, np.uint8(255), np.uint8(0))
        if core.any():
            cut = _mixed(cut, other, _enlarged(core, cut.alpha))
    return cut


def _enlarged(levels: Levels, alpha: Levels) -> Levels:
    size = alpha.shape[1], alpha.shape[0]
    return np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BILINEAR))


def _mixed(one: CutOut, other: CutOut, weight: Levels) -> CutOut:
    """Return one cut-out, and where the weight (0 to 255) is above zero so much of the other."""
    rgb, alpha = one.rgb.copy(), one.alpha.copy()
    for top in range(0, len(alpha), STRIP):
        rows = slice(top, top + STRIP)
        chosen = weight[rows] > 0
        if not chosen.any():
            continue
        part = weight[rows][chosen].astype(np.float32) / 255
        first = (1 - part) * alpha[rows][chosen]
        second = part * other.alpha[rows][chosen]
        both = np.maximum(first + second, 1e-6)
        share = (second / both)[:, None]
        colours = (1 - share) * rgb[rows][chosen] + share * other.rgb[rows][chosen]
        alpha[rows][chosen] = np.rint(both)
        visible = alpha[rows][chosen] > 0
        rgb[rows][chosen] = np.rint(colours).astype(np.uint8) * visible[:, None].astype(np.uint8)
    return CutOut(rgb, alpha)
