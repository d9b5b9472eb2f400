"""`python -m client remove-background` against the project's own service."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from service_live import running

from client.__main__ import main
from tests.cutout.composites import composite


@pytest.fixture
def one_credit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None, None, None]:
    """A running service with one credit, which the environment names."""
    with running(tmp_path / "data", credits=1) as live:
        monkeypatch.setenv("TFW_PORT", str(live.settings.port))
        monkeypatch.setenv("TFW_DATA_DIR", str(live.settings.data_dir))
        yield


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    path = tmp_path / "gift.jpg"
    Image.fromarray(composite("gift", "white", 3).rgb).save(path, quality=90)
    return path


def test_an_image_is_sent_cut_out_and_fetched(
    one_credit: None, photograph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "gift.png"
    command = ["remove-background", str(photograph), "-o", str(target)]
    assert main(command) == 0
    assert capsys.readouterr().out.strip() == str(target)
    with Image.open(target) as image:
        assert image.size == (640, 640)
        alpha = np.asarray(image.getchannel("A"))
    assert alpha[400, 320] == 255
    assert alpha[5, 5] == 0
    assert main(command) == 1  # the only credit is spent
    assert capsys.readouterr().err.startswith("insufficient-credits: ")


def test_what_is_no_image_is_refused(
    one_credit: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "words.png"
    text.write_text("words", encoding="utf-8")
    assert main(["remove-background", str(text), "-o", str(tmp_path / "out.png")]) == 1
    assert "imageUrl" in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()
