"""The interface of all engines: an image in, a matte out."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from cutout.imaging.arrays import Floats, Levels, Mask


class Confidence(Enum):
    """How sure an engine is of its matte."""

    GOOD = "good"
    CHECK_EDGES = "check edges"
    LIKELY_WRONG = "likely wrong"


@dataclass(frozen=True)
class Strokes:
    """What a person painted: two masks with the image's proportions, of any size.

    `keep` wins where both are set.
    """

    keep: Mask
    remove: Mask


@dataclass(frozen=True)
class Matte:
    """A soft alpha matte, and how far to trust it.

    Attributes:
        alpha: float32 (height, width), 0 background to 1 foreground, of any size with the image's
            proportions; the finish solves the edges at full size.
        engine: who made it.
        confidence: how sure the engine is.
        reason: why, a sentence for people.
    """

    alpha: Floats
    engine: str
    confidence: Confidence
    reason: str


class Engine(Protocol):
    """Finds the foreground of images; safe to use from several threads."""

    @property
    def name(self) -> str:
        """What results name as their engine."""
        ...

    def matte(self, rgb: Levels) -> Matte:
        """Return the matte of an sRGB image, uint8 (height, width, 3)."""
        ...

    def hypotheses(self, rgb: Levels) -> list[Matte]:
        """Return up to three different mattes to choose from, the automatic one first."""
        ...
