"""Chooses the engine of a job: a model where one is configured, else the built-in one."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from cutout.engines.engine import Engine, Matte
from cutout.engines.onnx import ModelUnusableError, OnnxEngine
from cutout.engines.simple.engine import SimpleEngine
from cutout.imaging.arrays import Floats, Levels, resized

MOST_HYPOTHESES = 3
SAME_CUT = 0.95  # intersection over union, from which on two mattes are no choice


@dataclass(frozen=True)
class EngineChoice:
    """What is configured.

    Attributes:
        model: an ONNX file; None for the default engine.
        kind: one of `cutout.engines.onnx.KINDS`; empty to tell it from the model.
    """

    model: Path | None = None
    kind: str = ""

    @classmethod
    def of(cls, model: str | None, kind: str) -> Self:
        """Return the choice for a path as it is written in settings and jobs: maybe empty."""
        return cls(Path(model) if model else None, kind)


def engine_for(choice: EngineChoice) -> Engine:
    """Return the engine that is configured, which takes the default one's help when it must.

    Costs nothing: a model is loaded with the first image. Nothing that is wrong with a model makes
    a job fail; the matte's `reason` then says why the default engine did it.
    """
    simple = SimpleEngine()
    if choice.model is None:
        return simple
    return ModelOrSimple(OnnxEngine(choice.model, choice.kind), simple)


class ModelOrSimple:
    """A model, with the default engine behind it; thread-safe."""

    def __init__(self, model: Engine, simple: Engine) -> None:
        self._model = model
        self._simple = simple

    @property
    def name(self) -> str:
        """What results name as their engine, unless the other one did it."""
        return self._model.name

    def matte(self, rgb: Levels) -> Matte:
        """Return the model's matte; the default engine's, saying so, where the model fails."""
        try:
            return self._model.matte(rgb)
        except ModelUnusableError as error:
            return _instead(self._simple.matte(rgb), error)

    def hypotheses(self, rgb: Levels) -> list[Matte]:
        """Return the model's matte, then those of the default engine that differ from it."""
        try:
            first = self._model.matte(rgb)
        except ModelUnusableError as error:
            return [_instead(matte, error) for matte in self._simple.hypotheses(rgb)]
        others = self._simple.hypotheses(rgb)
        different = [matte for matte in others if _overlap(first.alpha, matte.alpha) < SAME_CUT]
        return [first, *different][:MOST_HYPOTHESES]


def _instead(matte: Matte, error: ModelUnusableError) -> Matte:
    reason = f"{error} The engine {matte.engine} did it instead. {matte.reason}"
    return replace(matte, reason=reason)


def _overlap(one: Floats, other: Floats) -> float:
    kept = one > 0.5
    as_well = resized(other, (one.shape[0], one.shape[1])) > 0.5
    return float((kept & as_well).sum() / max((kept | as_well).sum(), 1))
