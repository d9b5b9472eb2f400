"""Which engine does a job; one that cannot gives way to the default engine and says so."""

from pathlib import Path

import numpy as np
import pytest

from cutout.engines.choice import EngineChoice, engine_for
from cutout.engines.simple.engine import SimpleEngine
from tests.cutout.engines.test_onnx import DISC, SCENE, overlap
from tests.cutout.engines.tiny_model import averager, red_finder


def test_without_a_model_the_default_engine_works() -> None:
    assert engine_for(EngineChoice()).matte(SCENE).engine == "simple"


def test_a_model_is_used(tmp_path: Path) -> None:
    engine = engine_for(EngineChoice(red_finder(tmp_path / "model.onnx", 64), "u2net"))
    matte = engine.matte(SCENE)
    assert engine.name == matte.engine == "onnx"
    assert "simple" not in matte.reason


def test_a_model_offers_the_default_engines_cuts_as_well(tmp_path: Path) -> None:
    """What is red is not what stands out, so the engines differ."""
    image = SCENE.copy()
    image[DISC] = (20, 20, 30)
    image[40:120, 40:120] = (210, 30, 40)
    mattes = engine_for(EngineChoice(red_finder(tmp_path / "u2net.onnx"))).hypotheses(image)
    assert 2 <= len(mattes) <= 3
    assert [matte.engine for matte in mattes] == ["onnx", *["simple"] * (len(mattes) - 1)]
    assert overlap(mattes[0].alpha > 0.5, mattes[1].alpha > 0.5) < 0.5


def test_the_same_cut_is_not_offered_twice(tmp_path: Path) -> None:
    mattes = engine_for(EngineChoice(red_finder(tmp_path / "u2net.onnx"))).hypotheses(SCENE)
    simple = SimpleEngine().matte(SCENE)
    shape = mattes[0].alpha.shape
    assert overlap(mattes[0].alpha > 0.5, simple.alpha > 0.5) > 0.95
    assert all(
        overlap(mattes[0].alpha > 0.5, matte.alpha > 0.5) < 0.95
        for matte in mattes[1:]
        if matte.alpha.shape == shape
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing", "The model file u2net.onnx is missing."),
        ("flat", "The model u2net.onnx gave a flat answer: it sees no subject here."),
        ("wrong", "The model u2net.onnx takes tensor(float) [1, 9]; an image model takes one"),
        ("broken", "The model file u2net.onnx cannot be loaded: "),
    ],
)
def test_a_model_that_cannot_gives_way_and_says_so(tmp_path: Path, name: str, reason: str) -> None:
    model = tmp_path / "u2net.onnx"
    if name == "flat":
        red_finder(model, weights=(0, 0, 0))
    if name == "wrong":
        averager(model, (1, 9))
    if name == "broken":
        model.write_bytes(b"no model" * 100)
    simple = SimpleEngine().matte(SCENE)
    for matte in (
        engine_for(EngineChoice(model)).matte(SCENE),
        engine_for(EngineChoice(model)).hypotheses(SCENE)[0],
    ):
        assert np.array_equal(matte.alpha, simple.alpha)
        assert (matte.engine, matte.confidence) == ("simple", simple.confidence)
        assert matte.reason.startswith(reason)
        assert matte.reason.endswith(f" The engine simple did it instead. {simple.reason}")
