"""`python -m client remove-background` against the project's own service."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from client.__main__ import main
from client.cut_out_report import CutOutReport, read_report
from tests.cutout.composites import composite
from tests.service.live import running


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
    shown = capsys.readouterr()
    assert shown.out.strip() == str(target)
    assert "made by simple; good: The backdrop is plain" in shown.err
    assert "Credits left: 0." in shown.err
    with Image.open(target) as image:
        assert image.size == (640, 640)
        alpha = np.asarray(image.getchannel("A"))
    assert alpha[400, 320] == 255
    assert alpha[5, 5] == 0
    assert main(command) == 1  # the only credit is spent
    assert capsys.readouterr().err.startswith("insufficient-credits: ")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("words.png", b"words", 'not-an-image: "words.png" is no image that background removal'),
        ("paper.jpg", b"%PDF-1.7 ", "by its bytes it is application/pdf."),
        ("empty.png", b"", "empty-file: "),
        ("missing.png", None, "file-missing: "),
    ],
)
def test_what_is_no_image_is_not_even_sent(
    name: str,
    content: bytes | None,
    message: str,
    one_credit: None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert main(["remove-background", str(path), "-o", str(tmp_path / "out.png")]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()
    assert list((tmp_path / "data" / "files").iterdir()) == []


def test_what_the_service_refuses_is_said(
    one_credit: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dot = tmp_path / "dot.png"
    Image.new("RGB", (1, 1)).save(dot)
    assert main(["remove-background", str(dot), "-o", str(tmp_path / "out.png")]) == 1
    assert "has 1 x 1 pixels; sides must have 16" in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()


def png(tmp_path: Path, mode: str = "RGBA", **texts: str) -> Path:
    path = tmp_path / "result.png"
    info = PngInfo()
    for keyword, text in texts.items():
        info.add_text(keyword.replace("_", " "), text)
    Image.new(mode, (20, 20)).save(path, pnginfo=info)
    return path


def test_a_report_is_read_from_the_png(tmp_path: Path) -> None:
    texts = {"Cut-out_engine": "simple", "Cut-out_confidence": "check edges"}
    reason = "The reason – in any script: \u65e5\u672c."
    path = png(tmp_path, **texts, **{"Cut-out_reason": reason})
    assert read_report(path) == CutOutReport("simple", "check edges", reason)


def test_a_report_is_data_and_may_be_missing(tmp_path: Path) -> None:
    assert read_report(png(tmp_path)) == CutOutReport()
    assert read_report(png(tmp_path, "RGB")) is None
    escape = png(tmp_path, **{"Cut-out_engine": "\x1b[31mred\nline", "Cut-out_reason": "x" * 9_000})
    assert read_report(escape) == CutOutReport(engine="[31mred line")
    whole = escape.read_bytes()
    for length in (0, 8, 33, 50, 60):
        escape.write_bytes(whole[:length])
        assert read_report(escape) in (None, CutOutReport())
    escape.write_bytes(b"no PNG" * 20)
    assert read_report(escape) is None
