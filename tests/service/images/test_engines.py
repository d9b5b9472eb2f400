"""Which engine the mutation uses, and that its result says so."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cutout.engines.test_onnx import DISC, SCENE
from tests.cutout.engines.tiny_model import red_finder
from tests.cutout.imaging.test_reading import encoded
from tests.service.images.test_removal import left, remove, stored
from tests.service.live import running

ROOT = Path(__file__).parents[3]
PICTURE = encoded(Image.fromarray(SCENE))


def result(data_dir: Path, model: Path | str, kind: str = "") -> Image.Image:
    with running(data_dir, background_model=str(model), background_model_kind=kind) as live:
        answer = remove(live.api, stored(live.api, PICTURE))
        assert left(live) == 99
        url = answer.json()["data"]["removeBackgroundFromImage"]["imageUrl"]
        image = Image.open(io.BytesIO(live.api.get(url).content))
        image.load()
        return image


def test_a_configured_model_is_used(tmp_path: Path) -> None:
    image = result(tmp_path / "data", red_finder(tmp_path / "model.onnx", 64), "u2net")
    assert image.info["Cut-out engine"] == "onnx"
    alpha = np.asarray(image.getchannel("A"))
    assert ((alpha > 127) != DISC).mean() < 0.01


@pytest.mark.parametrize("kind", ["", "rmbg"])
def test_a_model_that_cannot_be_used_costs_nobody_a_result(tmp_path: Path, kind: str) -> None:
    image = result(tmp_path / "data", tmp_path / "missing.onnx", kind)
    assert image.info["Cut-out engine"] == "simple"
    wrong = "The model file missing.onnx is missing." if not kind else '"rmbg" is no kind of model'
    assert image.info["Cut-out reason"].startswith(wrong)
    assert "The engine simple did it instead." in image.info["Cut-out reason"]
    assert str(tmp_path) not in str(image.info)


def test_the_command_line_lists_the_models() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cutout", "models"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("isnet-general-use\n")
    assert "\n\nbirefnet-general-lite\n" in done.stdout
