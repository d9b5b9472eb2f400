"""Describes a picture without recognising anything: where its objects lie, and its colours.

Objects are the pieces of what background removal keeps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cutout.description.colour_names import Colour, commonest_colour
from cutout.description.outlines import outline
from cutout.engines.engine import Engine
from cutout.engines.simple.engine import COVERS
from cutout.imaging.arrays import MASK_SIDE, Floats, Mask, resized, shrunk
from cutout.imaging.lab import lab_of
from cutout.imaging.reading import read_picture
from cutout.imaging.regions import dilated, label
from cutout.matting.cutting import PREVIEW_SIDE, matte_of

MOST_OBJECTS = 5
LEAST_OBJECT = 0.1  # of the largest one's pixels
MOST_CORNERS = 64  # of an outline
SOFT_EDGE = 2  # pixels around objects that count to neither side
DECIMALS = 4


class Point(NamedTuple):
    """A place as parts of the picture's width and height, 0 to 1, from its top left corner."""

    x: float
    y: float


@dataclass(frozen=True)
class Bounds:
    """The box around an object, its sides as parts of the picture's."""

    top_left: Point
    width: float
    height: float


@dataclass(frozen=True)
class PictureObject:
    """An object of a picture.

    Attributes:
        bounds: the box around it.
        center: its centre of mass.
        outline: a polygon around it, clockwise, of up to 64 corners.
        colour: the commonest of its colours.
    """

    bounds: Bounds
    center: Point
    outline: tuple[Point, ...]
    colour: Colour


@dataclass(frozen=True)
class Description:
    """A picture, upright as browsers show it.

    Attributes:
        objects: up to five, the largest first; none where no background was told from a subject.
        background: its commonest colour; None where it is transparent.
    """

    objects: tuple[PictureObject, ...]
    background: Colour | None

    @staticmethod
    def from_facts(facts: Mapping[str, Any]) -> "Description":
        """Return what `dataclasses.asdict` and JSON have made of a description."""
        objects = tuple(
            PictureObject(
                Bounds(
                    Point(*one["bounds"]["top_left"]),
                    one["bounds"]["width"],
                    one["bounds"]["height"],
                ),
                Point(*one["center"]),
                tuple(Point(*corner) for corner in one["outline"]),
                Colour(**one["colour"]),
            )
            for one in facts["objects"]
        )
        return Description(objects, facts["background"] and Colour(**facts["background"]))


def described(content: Path | bytes, engine: Engine) -> Description:
    """Describe an image by its small copy; the same image has always the same description.

    Raises:
        ImageRefusedError: it is no image that can be used.
    """
    picture = read_picture(content, PREVIEW_SIDE)
    lab = lab_of(shrunk(picture.rgb, MASK_SIDE))
    alpha = resized(matte_of(picture, engine).alpha, (lab.shape[0], lab.shape[1]))
    kept = alpha > 0.5
    if not COVERS[0] < kept.mean() < COVERS[1]:
        kept = np.zeros_like(kept)
    labels = label(kept)
    sizes = np.bincount(labels.ravel())[1:]
    objects = tuple(
        _object(labels == 1 + piece, lab)
        for piece in np.argsort(-sizes, kind="stable")[:MOST_OBJECTS]
        if sizes[piece] >= LEAST_OBJECT * sizes.max()
    )
    if picture.alpha is not None:
        return Description(objects, None)
    behind = ~dilated(kept, SOFT_EDGE)
    return Description(objects, commonest_colour(lab[behind if behind.any() else ~kept]))


def _object(piece: Mask, lab: Floats) -> PictureObject:
    height, width = piece.shape
    sides = np.array([width, height])
    places = np.argwhere(piece)[:, ::-1]
    first, last = places.min(axis=0), places.max(axis=0) + 1
    across, down = (last - first) / sides
    return PictureObject(
        Bounds(_point(first / sides), _rounded(across), _rounded(down)),
        _point((places.mean(axis=0) + 0.5) / sides),
        tuple(_point(corner / sides) for corner in outline(piece, MOST_CORNERS)),
        commonest_colour(lab[piece]),
    )


def _point(place: Floats) -> Point:
    return Point(*(_rounded(part) for part in place))


def _rounded(part: float) -> float:
    return round(float(part), DECIMALS)
