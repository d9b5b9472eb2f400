"""Names a colour by one of twelve words (the eleven of Berlin and Kay 1969, and beige).

A name is told from lightness, chroma and hue, in CIE L*a*b*; where one ends and the next begins is
our own choice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cutout.imaging.arrays import Floats

DARKEST = 12.0  # lightness below which everything is black
BLACK, WHITE = 22.0, 85.0  # lightness: what a grey is below the first, and above the second
GREY, PAPER = 12.0, 8.0  # chroma of greys at most, and of whites
BROWN = 55.0  # lightness of what would be orange if it were lighter
PALE = 30.0  # chroma of beige at most
PINK = 60.0  # lightness of what would be red if it were darker
# Where each begins, in degrees; the hues of the sRGB primaries are 40, 136 and 306.
HUES = {
    0: "red",
    48: "orange",
    80: "yellow",
    114: "green",
    200: "blue",
    308: "purple",
    335: "pink",
    352: "red",
}


@dataclass(frozen=True)
class Colour:
    """The commonest colour of some pixels: its name, and the part of them that has it, 0 to 1."""

    name: str
    share: float


def commonest_colour(lab: Floats) -> Colour:
    """Return the commonest colour of pixels in L*a*b*, (count, 3), at least one."""
    names, counts = np.unique(colour_names(lab), return_counts=True)
    most = int(np.argmax(counts))
    return Colour(str(names[most]), float(counts[most] / counts.sum()))


def colour_names(lab: Floats) -> NDArray[np.str_]:
    """Return the name of every colour in L*a*b*, (count, 3)."""
    lightness, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    of_hue = np.array(list(HUES.values()))[np.searchsorted(list(HUES), hue, side="right") - 1]
    grey = chroma < np.where(lightness > WHITE, PAPER, GREY)
    rules = {
        "black": (lightness < DARKEST) | (grey & (lightness < BLACK)),
        "white": grey & (lightness > WHITE),
        "grey": grey,
        "brown": (hue >= 40) & (hue < 90) & (chroma < 70) & (lightness < BROWN),
        "beige": (hue >= 40) & (hue < 114) & (chroma < PALE),
        "pink": ((hue < 40) | (hue >= 335)) & (lightness >= PINK),
    }
    return np.select(list(rules.values()), list(rules), of_hue)
