"""What a process has once: one of each for routes and pages, closed together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from process import Process, open_process, this_process
from settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("TFW_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TFW_PORT", "9001")
    opened: list[Process] = []
    monkeypatch.setattr("process._opened", opened)
    yield read_settings({"TFW_DATA_DIR": str(tmp_path)}, tmp_path / "none.toml")
    for process in opened:
        process.close()


def test_pages_find_what_the_app_opened(settings: Settings) -> None:
    opened = open_process(settings)
    assert this_process() is opened
    assert this_process().settings is settings


def test_a_page_alone_opens_it_once_with_the_settings_of_the_environment(
    settings: Settings,
) -> None:
    assert this_process() is this_process()
    assert this_process().settings.port == 9001
    assert this_process().settings.data_dir == settings.data_dir


def test_its_end_closes_its_files(settings: Settings) -> None:
    opened = open_process(settings)
    logs = [settings.data_dir / f"{name}.sqlite3-wal" for name in ("transfers", "operations")]
    assert [log.exists() for log in logs] == [True, True]
    opened.close()
    assert [log.exists() for log in logs] == [False, False]  # SQLite's last connection removes it
