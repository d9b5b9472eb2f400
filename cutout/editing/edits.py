"""What a person changes in a cut-out: another cut, strokes, holes and the width of the edge."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from PIL import Image, ImageDraw

from cutout.choices import ChoiceRefusedError, items, number, one_of, record, whole
from cutout.imaging.arrays import Levels, Shape

Mode: TypeAlias = Literal["keep", "remove"]
Holes: TypeAlias = Literal["as-is", "fill", "punch"]
Edge: TypeAlias = Literal["thin", "normal", "hair"]
Point: TypeAlias = tuple[float, float]

MODES: tuple[Mode, ...] = ("keep", "remove")
HOLES: tuple[Holes, ...] = ("as-is", "fill", "punch")
EDGES: tuple[Edge, ...] = ("thin", "normal", "hair")
MOST_STROKES = 500
MOST_POINTS = 100_000  # of all strokes: minutes of painting
LAST_CUT = 2  # an engine offers up to three
RADIUS = 0.0005, 0.5  # of the long side
KEEP, REMOVE = 1, 2  # the values of painted pixels


@dataclass(frozen=True)
class Stroke:
    """One movement of the brush.

    Attributes:
        mode: what the painted pixels are to become.
        radius: of the brush, as a part of the image's long side.
        points: its path: x and y as parts of width and height, 0 to 1 from the top left.
    """

    mode: Mode
    radius: float
    points: tuple[Point, ...]

    @staticmethod
    def from_json(value: object) -> "Stroke":
        """Check a stroke.

        Raises:
            ChoiceRefusedError: it is none.
        """
        fields = record(value, "A stroke", ("mode", "radius", "points"))
        return Stroke(
            one_of(fields.get("mode"), "The mode of a stroke", MODES),
            number(fields.get("radius"), "The radius of a stroke", *RADIUS),
            tuple(
                _point(point)
                for point in items(fields.get("points"), "The path of a stroke", MOST_POINTS)
            ),
        )


@dataclass(frozen=True)
class Edit:
    """All changes to one cut-out.

    Attributes:
        cut: which of the local engine's cuts; None for the result as it came.
        strokes: in the order they were painted; a later one wins.
        holes: "fill" closes what the subject encloses; "punch" opens what it encloses and looks
            like the removed background.
        edge: how wide the band is whose alpha is solved again.
    """

    cut: int | None = None
    strokes: tuple[Stroke, ...] = ()
    holes: Holes = "as-is"
    edge: Edge = "normal"

    @staticmethod
    def from_json(value: object) -> "Edit":
        """Check an edit; what is left out has its default.

        Raises:
            ChoiceRefusedError: it is none, or has more strokes or points than one may paint.
        """
        fields = record(value, "An edit", ("cut", "strokes", "holes", "edge"))
        cut = fields.get("cut")
        strokes = tuple(
            Stroke.from_json(stroke)
            for stroke in items(fields.get("strokes", ()), "The list of strokes", MOST_STROKES)
        )
        if sum(len(stroke.points) for stroke in strokes) > MOST_POINTS:
            raise ChoiceRefusedError(f"The strokes have more than {MOST_POINTS:,} points in all.")
        return Edit(
            None if cut is None else whole(cut, "The number of a cut", 0, LAST_CUT),
            strokes,
            one_of(fields.get("holes", "as-is"), "What happens to holes", HOLES),
            one_of(fields.get("edge", "normal"), "The width of the edge", EDGES),
        )


def painted(strokes: Sequence[Stroke], shape: Shape, part: float = 1.0) -> Levels:
    """Return what the strokes painted: uint8 of this shape, `KEEP`, `REMOVE` or 0.

    Args:
        strokes: in the order they were painted.
        shape: height and width of the image they are painted on.
        part: of the brush's radius; less than 1 gives the core of the strokes.
    """
    image = Image.new("L", (shape[1], shape[0]))
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        radius = max(part * stroke.radius * max(shape), 0.5)
        value = KEEP if stroke.mode == "keep" else REMOVE
        path = _thinned(
            [(x * shape[1] - 0.5, y * shape[0] - 0.5) for x, y in stroke.points], radius / 4
        )
        draw.line(path, fill=value, width=max(1, round(2 * radius)))
        for x, y in path:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=value)
    return np.asarray(image)


def _thinned(path: Sequence[Point], apart: float) -> list[Point]:
    """Leave out points that are nearer to the one before than can be seen; a wide brush is slow."""
    thinned = list(path[:1])
    for point in path[1:]:
        if math.dist(point, thinned[-1]) >= apart:
            thinned.append(point)
    return thinned if thinned[-1:] == list(path[-1:]) else [*thinned, path[-1]]


def _point(value: object) -> Point:
    pair = items(value, "A point", 2)
    if len(pair) != 2:
        raise ChoiceRefusedError("A point must have x and y.")
    return number(pair[0], "A point's x", 0, 1), number(pair[1], "A point's y", 0, 1)
