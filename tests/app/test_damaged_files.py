"""Starts on a data folder in which something is wrong, each file and each kind of damage."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from client.connection.store import ConnectionStore
from client.playground.saved_operations import OperationStore, SavedOperation
from client.transfers.registry import TransferRegistry
from service.data_folder import KEPT
from service.store.lock import FolderLock
from tests.app_server import ROOT, AppServer, free_port
from tests.client.connection.test_store import STAGE
from tests.client.remembered import transfer

NAMES = [kept.name for kept in KEPT]
APP_ONLY = {
    "users.yaml",
    "web.sqlite3",
    *(f"{what}.{end}" for what in ("transfers", "operations") for end in ("sqlite3", "key")),
    "connections.key",
    "connections.sealed",
}
FOLDERS = {"files", "assets"}
STOPPED = -15


def random_bytes(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(8192))  # noqa: S311 - the same in every run


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def truncated(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def not_utf_8(path: Path) -> None:
    path.write_bytes("crédentials: {}\n".encode("latin-1"))


def a_folder_in_its_place(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
        path.write_text("a file in the place of a folder")
    else:
        path.unlink(missing_ok=True)
        path.mkdir()


def a_link_to_nothing(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.symlink_to(path.with_name("nowhere"))


OF_FILES = (random_bytes, emptied, truncated, not_utf_8)
OF_ALL = (a_folder_in_its_place, a_link_to_nothing)
CASES = [
    pytest.param(name, damage, id=f"{name}-{damage.__name__}")
    for name in NAMES
    for damage in (*(() if name in FOLDERS else OF_FILES), *OF_ALL)
]

# Everything that is not the state of a moment; `None`: it starts, and has nothing to say.
NOTHING_LOST = {
    "service.lock": OF_FILES,
    "service.open": OF_FILES,
    **{f"{name}.sqlite3": (emptied,) for name in ("service", "web", "transfers", "operations")},
}


@dataclass(frozen=True)
class Outcome:
    status: int
    output: str

    @property
    def lines(self) -> list[str]:
        """What was printed beside the addresses."""
        said = self.output.splitlines()
        usual = ("Temp File Work", "Service at")
        lines = [line for line in said if not line.startswith(usual)]
        return [line for line in lines if not line.endswith("files that no upload owns.")]


class Starts:
    """Starts of the app and of the service alone, without their loading."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, command: str, data_dir: Path, **settings: str) -> Outcome:
        environment = {"TFW_DATA_DIR": str(data_dir), "TFW_PORT": str(free_port()), **settings}
        assert self._process.stdin
        assert self._process.stdout
        request = {"command": command, "environment": {**environment, "TFW_NOTICE_SECONDS": "0"}}
        self._process.stdin.write(f"{json.dumps(request)}\n")
        self._process.stdin.flush()
        return Outcome(**json.loads(self._process.stdout.readline()))


def running_starts(*before: str) -> Generator[Starts]:
    command = [*before, sys.executable, "-m", "tests.app.forking_start"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        yield Starts(process)
        assert process.stdin
        process.stdin.close()


@pytest.fixture(scope="module")
def starts() -> Generator[Starts]:
    yield from running_starts()


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has everything in it."""
    server = AppServer(tmp_path_factory.mktemp("used") / "data", free_port())
    server.environment["TFW_DEMO_DATA"] = "on"
    server.start()
    server.stop()
    server.log_file.unlink()
    (server.data_dir / "service.open").write_text("a boot that was another one")
    with closing(TransferRegistry(server.data_dir)) as transfers:
        transfers.put(transfer())
    with closing(OperationStore(server.data_dir)) as operations:
        operations.put_tab("ann", SavedOperation("{ a }"))
    ConnectionStore(server.data_dir).put(STAGE)
    assert {name for name in NAMES if not (server.data_dir / name).exists()} == set()
    return server.data_dir


@pytest.fixture
def folder(used: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(used, tmp_path / "data"))


def test_the_folder_is_sound_before(starts: Starts, folder: Path) -> None:
    for command in ("app", "service"):
        outcome = starts.start(command, folder)
        assert (outcome.status, outcome.lines) == (STOPPED, [])


@pytest.mark.parametrize(("name", "damage"), CASES)
@pytest.mark.parametrize("command", ["app", "service"])
def test_one_line_names_the_file_and_what_to_do(
    starts: Starts, folder: Path, command: str, name: str, damage: Callable[[Path], None]
) -> None:
    damage(folder / name)
    outcome = starts.start(command, folder)
    assert "Traceback" not in outcome.output
    if damage in NOTHING_LOST.get(name, ()):
        assert (outcome.status, outcome.lines) == (STOPPED, [])
        return
    if command == "service" and name in APP_ONLY and not outcome.lines:
        assert outcome.status == STOPPED  # it does not open that file
        return
    assert outcome.status in (1, STOPPED)
    [line] = outcome.lines
    assert name in line
    assert line.endswith(".")
    assert any(
        advice in line
        for advice in (
            "move it away",
            "put a backup",
            "Put a backup",
            "put back",
            "remove it",
            "send them again",
            "sign in again",
            "no earlier transfer",
            "end it",
        )
    ), line
    if outcome.status == STOPPED:  # and the next start has nothing to say, unless it is lost still
        again = starts.start(command, folder)
        assert again.status == STOPPED
        assert again.lines in ([], [line])


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("transfers.key", "1 remembered transfers"),
        ("operations.key", "1 tabs, saved operations"),
        ("connections.key", "the connections that admins added are lost"),
    ],
)
def test_a_lost_key_is_told_with_what_went_with_it(
    starts: Starts, folder: Path, name: str, lost: str
) -> None:
    (folder / name).unlink()
    outcome = starts.start("app", folder)
    assert outcome.status == STOPPED
    [line] = outcome.lines
    assert line.startswith("Warning: ")
    assert name in line
    assert lost in line


def test_a_damaged_database_of_temp_files_is_put_aside_and_its_files_go(
    starts: Starts, folder: Path
) -> None:
    (folder / "files/somebodys").write_text("x")
    random_bytes(folder / "service.sqlite3")
    before = (folder / "service.sqlite3").read_bytes()
    assert starts.start("service", folder).status == STOPPED
    assert (folder / "service.sqlite3.damaged").read_bytes() == before
    assert list((folder / "files").iterdir()) == []


def test_a_content_hub_without_its_database_keeps_its_files(starts: Starts, folder: Path) -> None:
    before = sorted(path.name for path in (folder / "assets").iterdir())
    assert before
    for damage in (emptied, random_bytes, Path.unlink):
        damage(folder / "content-hub.sqlite3")
        assert starts.start("service", folder).status == 1
        assert sorted(path.name for path in (folder / "assets").iterdir()) == before


@pytest.mark.parametrize("command", ["app", "service"])
def test_a_folder_of_a_disks_own_is_left_alone(starts: Starts, folder: Path, command: str) -> None:
    for name in FOLDERS:
        (folder / name / "lost+found").mkdir()
    outcome = starts.start(command, folder)
    assert (outcome.status, outcome.lines) == (STOPPED, [])


def in_a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("x")
    return tmp_path / "file"


PLACES: list[tuple[str, Callable[[Path], Path]]] = [
    ("a file", in_a_file),
    ("below a file", lambda tmp_path: in_a_file(tmp_path) / "data"),
    ("below /proc", lambda _: Path("/proc/nothing/data")),
    ("in /proc", lambda _: Path("/proc/data")),
    ("/proc itself", lambda _: Path("/proc")),
]


@pytest.mark.parametrize("place", [place for _, place in PLACES], ids=[name for name, _ in PLACES])
@pytest.mark.parametrize("command", ["app", "service"])
def test_a_place_that_cannot_be_the_data_folder_is_named(
    starts: Starts, tmp_path: Path, command: str, place: Callable[[Path], Path]
) -> None:
    path = place(tmp_path)
    outcome = starts.start(command, path)
    assert outcome.status == 1
    [line] = outcome.lines
    assert str(path) in line


@pytest.mark.parametrize("command", ["app", "service"])
def test_a_folder_in_use_is_left_as_it_is(starts: Starts, folder: Path, command: str) -> None:
    random_bytes(folder / "web.sqlite3")
    with FolderLock(folder):
        outcome = starts.start(command, folder)
    assert outcome.status == 1
    [line] = outcome.lines
    assert "in use by another service; give this one its own TFW_DATA_DIR." in line
    assert not (folder / "web.sqlite3.damaged").exists()


@pytest.fixture(scope="module")
def unprivileged() -> Generator[Starts]:
    """Starts by an account for which modes count."""
    drop = "-dac_override,-dac_read_search"
    if os.geteuid() != 0:
        yield from running_starts()
    elif shutil.which("setpriv"):
        yield from running_starts("setpriv", "--bounding-set", drop, "--inh-caps", drop)
    else:
        pytest.skip("Modes do not count for root, and setpriv is not there to change that.")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ["app", "service"])
def test_what_may_not_be_read_is_said_with_what_to_do(
    unprivileged: Starts, folder: Path, command: str, name: str
) -> None:
    (folder / name).chmod(0)
    outcome = unprivileged.start(command, folder)
    (folder / name).chmod(0o700)
    assert outcome.status == 1
    [line] = outcome.lines
    assert str(folder / name) in line
    assert "let its owner run chown or chmod on it." in line


@pytest.mark.parametrize("command", ["app", "service"])
def test_a_data_folder_that_may_not_be_written_is_said(
    unprivileged: Starts, folder: Path, command: str
) -> None:
    folder.chmod(0o500)
    outcome = unprivileged.start(command, folder)
    folder.chmod(0o700)
    assert outcome.status == 1
    [line] = outcome.lines
    assert line.endswith(
        f'TFW_DATA_DIR is "{folder}"; this account cannot write there, or the disk is read-only.'
    )
