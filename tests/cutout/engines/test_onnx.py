"""The engine with a model, run for real: a model of a few hundred bytes that finds what is red."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cutout.engines.engine import Confidence
from cutout.engines.onnx import KINDS, ModelUnusableError, OnnxEngine
from cutout.matting.edges import solve_edges
from tests.cutout.engines.tiny_model import averager, red_finder

ROOT = Path(__file__).parents[3]
SCENE = np.full((600, 900, 3), 150, np.uint8)
_y, _x = np.mgrid[:600, :900]
DISC: NDArray[np.bool_] = (_y - 300) ** 2 + (_x - 450) ** 2 < 180**2
SCENE[DISC] = (210, 30, 40)


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_of_every_kind_finds_the_subject(tmp_path: Path, kind: str) -> None:
    wanted = KINDS[kind]
    model = red_finder(tmp_path / f"{kind}.onnx", wanted.side, logits=wanted.logits)
    matte = OnnxEngine(model).matte(SCENE)
    assert matte.alpha.dtype == np.float32
    assert max(matte.alpha.shape) == min(wanted.side, 900)
    assert (matte.engine, matte.confidence) == ("onnx", Confidence.GOOD)
    solved = solve_edges(SCENE, matte.alpha)
    assert solved.alpha.shape == (600, 900)
    assert overlap(solved.alpha > 127, DISC) > 0.98


@pytest.mark.parametrize(
    ("colour", "kind", "level"),
    [
        # What the model sees of the colour, with its kind's mean and deviation.
        ((255, 0, 0), "isnet-general-use", 0.5),
        ((255, 0, 0), "u2net", (1 - 0.485) / 0.229),
        ((0, 0, 0), "birefnet-general-lite", -0.485 / 0.229),
    ],
)
def test_colours_are_prepared_as_the_kind_wants(
    tmp_path: Path, colour: tuple[int, int, int], kind: str, level: float
) -> None:
    """A model that shows its input's red: the right half is grey, so that it is not flat."""
    image = np.full((32, 64, 3), 128, np.uint8)
    image[:, :32] = colour
    model = red_finder(tmp_path / "model.onnx", 32, weights=(1, 0, 0), bias=0, logits=True)
    grey = 128 / 255
    mean, std = KINDS[kind].mean[0], KINDS[kind].std[0]
    inverted = level < (grey - mean) / std
    alpha = OnnxEngine(model, kind).matte(image).alpha
    assert alpha[8, 4] == (0 if inverted else 1)
    assert alpha[8, 28] == (1 if inverted else 0)


def test_a_model_may_leave_the_size_open(tmp_path: Path) -> None:
    model = red_finder(tmp_path / "model.onnx", "side")
    assert OnnxEngine(model, "u2net").matte(SCENE).alpha.shape == (213, 320)
    with pytest.raises(ModelUnusableError, match="of no known kind; name the kind: birefnet"):
        OnnxEngine(model).matte(SCENE)


def test_the_kind_is_told_from_the_input_where_the_name_says_nothing(tmp_path: Path) -> None:
    small, large = (red_finder(tmp_path / f"m{side}.onnx", side) for side in (320, 1024))
    assert max(OnnxEngine(small).matte(SCENE).alpha.shape) == 320
    assert OnnxEngine(large).matte(SCENE).alpha.shape == (600, 900)


def test_the_kind_that_is_named_wins_over_the_name(tmp_path: Path) -> None:
    model = red_finder(tmp_path / "u2net.onnx", 64)
    with pytest.raises(ModelUnusableError, match='"rmbg" is no kind of model; there are birefnet'):
        OnnxEngine(model, "rmbg").matte(SCENE)
    assert OnnxEngine(model, "isnet-general-use").matte(SCENE).alpha.shape == (43, 64)


def test_what_is_wrong_with_a_model_is_said(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    cases = {
        "is missing": path,
        "gave a flat answer": red_finder(tmp_path / "flat.onnx", weights=(0, 0, 0)),
        "takes tensor\\(float\\) \\[1, 4, 320, 320\\]": red_finder(tmp_path / "4.onnx", channels=4),
        "takes tensor\\(float\\) \\[1, 9\\]": averager(tmp_path / "flat-input.onnx", (1, 9)),
        "no mask": averager(tmp_path / "number.onnx", (1, 3, 320, 320)),
        "cannot be loaded": tmp_path / "broken.onnx",
        "cannot be loaded: ": tmp_path / "empty.onnx",
    }
    (tmp_path / "broken.onnx").write_bytes(b"no model" * 100)
    (tmp_path / "empty.onnx").touch()
    for message, model in cases.items():
        with pytest.raises(ModelUnusableError, match=message) as caught:
            OnnxEngine(model).matte(SCENE)
        assert str(caught.value).startswith("The model ")
        assert str(caught.value).endswith(".")
        assert str(tmp_path) not in str(caught.value)


def test_a_value_that_is_no_number_is_refused(tmp_path: Path) -> None:
    model = red_finder(tmp_path / "u2net.onnx", weights=(float("nan"), 0, 0))
    with pytest.raises(ModelUnusableError, match="no number"):
        OnnxEngine(model).matte(SCENE)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    engine = OnnxEngine(red_finder(tmp_path / "u2net.onnx"))
    with pytest.raises(ModelUnusableError, match="package onnxruntime, which models need"):
        engine.matte(SCENE)
    monkeypatch.undo()
    assert engine.matte(SCENE).confidence is Confidence.GOOD  # it is asked for again


def test_a_doubtful_mask_says_so(tmp_path: Path) -> None:
    ramp = np.zeros((320, 320, 3), np.uint8)
    ramp[..., 0] = np.linspace(0, 255, 320).astype(np.uint8)
    soft = OnnxEngine(red_finder(tmp_path / "u2net.onnx", weights=(1, 0, 0), bias=0))
    assert soft.matte(ramp).confidence is Confidence.CHECK_EDGES
    engine = OnnxEngine(red_finder(tmp_path / "u2net-hard.onnx"))
    pieces = np.full((320, 320, 3), 150, np.uint8)
    for start in range(10, 310, 100):
        for across in (20, 200):
            pieces[start : start + 60, across : across + 60] = (210, 30, 40)
    assert engine.matte(pieces).reason == "The model kept 6 pieces."
    dot = np.full((320, 320, 3), 150, np.uint8)
    dot[160:166, 160:166] = (210, 30, 40)
    assert engine.matte(dot).confidence is Confidence.LIKELY_WRONG


def test_the_runtime_reports_to_nobody(tmp_path: Path) -> None:
    """Without the switch, onnxruntime 1.32 keeps a database of reports in the home folder."""
    model = red_finder(tmp_path / "u2net.onnx")
    home = tmp_path / "home"
    home.mkdir()
    script = (
        "import sys, numpy; from pathlib import Path; from cutout.engines.onnx import OnnxEngine\n"
        "image = numpy.zeros((64, 64, 3), numpy.uint8); image[20:40, 20:40, 0] = 255\n"
        "print(OnnxEngine(Path(sys.argv[1])).matte(image).engine)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(model)],
        cwd=ROOT,
        env={"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "onnx\n"
    assert done.stderr == ""
    assert list(home.rglob("*")) == []
