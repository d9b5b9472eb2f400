"""A disk that something else has filled to its last byte, and one whose database cannot grow."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from service.content_hub.folders import FIRST_REPOSITORIES
from service.data_folder import prepare
from service.errors import DataFolderError, S3ApiError
from service.graphql.resolvers.global_ids import global_id
from service.store.database import DATABASE_FILE
from service.store.lock import FolderLock
from service.store.sweep import GRACE
from tests.app_server import free_port
from tests.service.api_client import MULTIPART, SINGLE, error_code, wait_until
from tests.service.live import SMALL, FastClock, Live, running
from tests.service.process import ROOT, process
from tests.service.sample_images import png
from tests.service.store.test_private_files import CREATE
from tests.small_disk import fill, small_disk

NO_RESERVE: dict[str, Any] = {**SMALL, "disk_reserve": 0}
CONTENT = b"k" * 900_000


@pytest.fixture(autouse=True)
def own_umask() -> Generator[None]:
    """`prepare` sets it for the process, which is the tests' here."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def disk(tmp_path: Path) -> Generator[Path]:
    with small_disk(tmp_path / "disk") as mounted:
        yield mounted


def uploaded_files(live: Live, count: int = 3) -> list[str]:
    """Upload files; return where they are."""
    urls = [live.api.single() for _ in range(count)]
    for url in urls:
        assert live.api.put(url["uploadUrl"], CONTENT).status_code == 200
    return [url["downloadUrl"] for url in urls]


def rows(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as database:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608


def test_expired_files_leave_a_full_disk_and_so_do_their_rows(disk: Path) -> None:
    clock = FastClock()
    with running(disk / "data", clock, **NO_RESERVE) as live:
        uploaded_files(live)
        fill(disk)
        clock.ahead = live.settings.url_lifetime + GRACE + 1
        live.service.store.sweep()
        assert live.files == []
        assert live.service.store.folder.space.kept == 0
        assert (rows(disk / "data", "parts"), rows(disk / "data", "objects")) == (0, 0)
        assert live.api.put(live.api.single()["uploadUrl"], b"room again").status_code == 200


def test_fresh_files_stay_on_a_full_disk(disk: Path) -> None:
    with running(disk / "data", **NO_RESERVE) as live:
        links = uploaded_files(live)
        fill(disk)
        live.service.store.sweep()
        for link in links:
            assert live.api.get(link).content == CONTENT


def test_a_crash_between_a_file_and_its_row_is_mended_by_the_next_start(disk: Path) -> None:
    clock = FastClock()
    with running(disk / "data", clock, **NO_RESERVE) as live:
        uploaded_files(live)
        clock.ahead = live.settings.url_lifetime + GRACE + 1
        assert live.service.store._sweeper.make_room() == 3  # pyright: ignore[reportPrivateUsage]
        assert rows(disk / "data", "parts") == 3
    with running(disk / "data", clock, **NO_RESERVE):
        assert (rows(disk / "data", "parts"), rows(disk / "data", "objects")) == (0, 0)


def test_every_mutation_that_needs_room_says_that_there_is_none(
    disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with running(disk / "data", **NO_RESERVE) as live:
        image = live.api.single()
        assert live.api.put(image["uploadUrl"], png(), **{"Content-Type": "image/png"}).ok
        given = {
            "src": image["downloadUrl"],
            "type": "IMAGE",
            "name": "a",
            "filename": "a.png",
            "assetRepositoryId": global_id("AssetRepository", next(iter(FIRST_REPOSITORIES))),
        }
        live.api.token()
        fill(disk)
        for document, variables in ((MULTIPART, {"size": 1_000_000}), (CREATE, {"in": given})):
            answer = live.api.graphql(document, variables)
            [problem] = answer.json()["errors"]
            assert (answer.status_code, problem["extensions"]) == (
                507,
                {"code": "INSUFFICIENT_STORAGE"},
            )
            assert "no room" in problem["message"]
        assert live.api.graphql(SINGLE).status_code == 200  # nothing is kept of those URLs
        refused = live.api.put(live.api.single()["uploadUrl"], CONTENT)
        assert error_code(refused) == (507, "InsufficientStorage")
    assert [record for record in caplog.records if record.exc_info] == []


def start(command: list[str], data_dir: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"TFW_DATA_DIR": str(data_dir), "TFW_PORT": str(free_port())},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", [["-m", "service"], ["app.py"]], ids=["service", "app"])
def test_a_start_without_room_says_so_and_not_that_the_folder_is_in_use(
    disk: Path, command: list[str]
) -> None:
    with running(disk / "data", **NO_RESERVE) as live:
        uploaded_files(live)
    fill(disk)
    ended = start(command, disk / "data")
    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert "is full, and no temp file on it has expired. Make room on it." in line
    assert "in use" not in line
    assert len(list((disk / "data/files").iterdir())) == 3


def test_the_lock_can_be_had_on_a_full_disk_by_one(disk: Path) -> None:
    fill(disk)
    with FolderLock(disk), pytest.raises(DataFolderError, match="in use by another service"):
        FolderLock(disk)


def test_a_start_makes_room_of_what_has_expired(disk: Path) -> None:
    with running(disk / "data", **NO_RESERVE) as live:
        port = live.settings.port
        uploaded_files(live)
    with closing(sqlite3.connect(disk / "data" / DATABASE_FILE)) as database, database:
        database.execute("UPDATE objects SET expires = 1")
    fill(disk)
    with process(disk / "data", port, TFW_DISK_RESERVE="0") as (api, _):
        assert list((disk / "data/files").iterdir()) == []
        assert api.put(api.single()["uploadUrl"], CONTENT).status_code == 200


def test_what_a_killed_process_had_not_yet_written_back_is_read_too(disk: Path) -> None:
    with process(disk / "data", TFW_DISK_RESERVE="0", TFW_URL_LIFETIME="60") as (api, child):
        for _ in range(3):
            assert api.put(api.single()["uploadUrl"], CONTENT).status_code == 200
        child.kill()
        child.wait()
    assert (disk / f"data/{DATABASE_FILE}-wal").stat().st_size
    fill(disk)
    prepared = prepare(disk / "data", FastClock(60 + GRACE + 1))
    assert prepared.warnings == ["The disk was full; 3 expired temp files were removed."]


def test_a_database_that_cannot_grow_refuses_an_upload_and_still_lets_files_go(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    settings: dict[str, Any] = {"TFW_URL_LIFETIME": "2", "TFW_SWEEP_INTERVAL": "1"}
    # What the kernel forbids here it forbids everywhere, also where nothing can be mounted.
    with process(tmp_path / "data", largest_file=200_000, log=log, **settings) as (api, _):
        answer = api.graphql(MULTIPART, {"size": 1_000_000})
        while answer.status_code == 200:
            api.put(api.single()["uploadUrl"], b"x")
            answer = api.graphql(MULTIPART, {"size": 1_000_000})
        [problem] = answer.json()["errors"]
        assert (answer.status_code, problem["extensions"]["code"]) == (507, "INSUFFICIENT_STORAGE")
        assert list((tmp_path / "data/files").iterdir())
        wait_until(lambda: not list((tmp_path / "data/files").iterdir()))
        text = log.read_text()
    assert not re.search("a resolver failed|Internal", text)


def test_other_failures_of_the_disk_are_not_called_a_full_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with running(tmp_path, **SMALL) as live:
        store = live.service.store
        store.close()
        for name in (DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        (tmp_path / DATABASE_FILE).write_bytes(b"no database at all" * 1000)
        answer = live.api.graphql(MULTIPART, {"size": 1_000_000})
        assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
        assert answer.status_code == 500
        with pytest.raises(S3ApiError) as caught:
            store.create_upload(1, 9e9)
        assert caught.value.code == "InternalError"
        (tmp_path / DATABASE_FILE).unlink()
    assert [record for record in caplog.records if record.exc_info]
