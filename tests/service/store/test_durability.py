"""What survives a power loss, and in which order it reaches the disk."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from service.errors import S3ApiError
from service.store.database import Database
from service.store.local import DATABASE_FILE, OPEN_FILE
from tests.service.api_client import SIZE, part_list
from tests.service.live import SMALL, running
from tests.service.store.test_store import Clock, code, content, opened, put_object, put_part


class DiskCalls:
    """Records what a running service asks the system to do; every call is carried out."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.made: list[str] = []
        self._folder = folder
        self._fsync, self._rename = os.fsync, os.rename
        monkeypatch.setattr(os, "fsync", self.fsync)
        monkeypatch.setattr(os, "rename", self.rename)

    def fsync(self, descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path == self._folder:
            self.made.append("fsync folder")
        elif path.parent == self._folder:
            self.made.append(f"fsync {path.suffix} with {os.fstat(descriptor).st_size} bytes")
        self._fsync(descriptor)

    def rename(self, source: Any, target: Any) -> None:
        if Path(source).parent == self._folder:
            self.made.append(f"rename {Path(source).suffix} to {Path(target).suffix or 'final'}")
        self._rename(source, target)

    def committed(self, _connection: Any) -> None:
        self.made.append("commit")


@pytest.mark.parametrize(
    ("fsync", "expected"),
    [
        (True, ["fsync .partial with 7 bytes", "rename .partial to final", "fsync folder"]),
        (False, ["rename .partial to final"]),
    ],
)
def test_bytes_then_name_then_folder_then_row_then_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fsync: bool, expected: list[str]
) -> None:
    with running(tmp_path, **SMALL, fsync=fsync) as live:
        url = live.api.multipart(SIZE)["uploadPartUrls"][0]
        calls = DiskCalls(monkeypatch, live.service.store.folder.path)
        engine = live.service.store._database._engine  # pyright: ignore[reportPrivateUsage]
        event.listen(engine, "commit", calls.committed)
        assert live.api.put(url, b"content").status_code == 200
        made = calls.made
        event.remove(engine, "commit", calls.committed)
    assert made[made.index(expected[0]) :] == [*expected, "commit"]


@pytest.mark.parametrize(("fsync", "level"), [(False, 1), (True, 2)])
def test_the_database_syncs_each_commit_only_with_fsync(
    tmp_path: Path, fsync: bool, level: int
) -> None:
    database = Database(tmp_path / DATABASE_FILE, fsync=fsync)
    database.create_tables()
    expected = {"journal_mode": "wal", "synchronous": level, "wal_autocheckpoint": 1000}
    for view in (database.read, database.write):
        with view() as connection:
            pragmas = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected
            }
        assert pragmas == expected
    database.close()


def test_a_folder_that_cannot_be_synced_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_path: Path) -> None:
        raise OSError(5, "Input/output error")

    with running(tmp_path, **SMALL, fsync=True) as live:
        monkeypatch.setattr("service.store.folder.sync_folder", failing)
        assert live.api.put(live.api.single()["uploadUrl"], b"x").status_code == 500
        assert live.files == []
        assert (live.service.store.folder.space.kept, live.service.store.folder.space.expected) == (
            0,
            0,
        )


def test_the_mark_of_an_open_store_goes_when_it_is_closed(tmp_path: Path) -> None:
    store = opened(tmp_path, Clock())
    assert (tmp_path / OPEN_FILE).exists()
    store.close()
    assert not (tmp_path / OPEN_FILE).exists()


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[1] ^= 1
    path.write_bytes(content)


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2])


DAMAGES: list[Callable[[Path], None]] = [flip_a_byte, shorten, Path.unlink]


@pytest.mark.parametrize("damage", DAMAGES)
def test_after_a_power_loss_no_wrong_byte_is_served_and_whole_files_stay(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    store = opened(tmp_path, Clock())
    for key in ("damaged", "whole"):
        put_object(store, key, b"content", 9e9)
    path = store.objects.find("damaged").segments[0].path
    store.close()
    (tmp_path / OPEN_FILE).write_text("the boot before")
    damage(path)
    again = opened(tmp_path, Clock())
    with pytest.raises(S3ApiError) as caught:
        again.objects.find("damaged")
    assert code(caught) == "NoSuchKey"
    assert content(again, "whole") == b"content"
    assert list(again.folder.sizes().values()) == [7]
    again.close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_after_a_power_loss_an_open_upload_keeps_its_undamaged_parts(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    store = opened(tmp_path, Clock())
    upload = store.uploads.create(1, 9e9)
    first = put_part(store, upload, 1, b"first")
    store.close()
    path = next(store.folder.path.iterdir())
    store.open()
    second = put_part(store, upload, 2, b"second")
    store.close()
    (tmp_path / OPEN_FILE).write_text("the boot before")
    damage(path)
    again = opened(tmp_path, Clock())
    with pytest.raises(S3ApiError) as caught:
        again.uploads.complete(upload, [first, second])
    assert (code(caught), caught.value.elements["PartNumber"]) == ("InvalidPart", 1)
    put_part(again, upload, 1, b"first")
    again.uploads.complete(upload, [first, second])
    assert content(again, upload.key) == b"firstsecond"
    again.close()


def test_urls_parts_and_files_outlive_a_restart(tmp_path: Path) -> None:
    with running(tmp_path, **SMALL) as live:
        urls = live.api.multipart(SIZE)
        etags = live.api.put_parts(urls["uploadPartUrls"], [b"only"])
        live.service.store.close()
        live.service.store.open()
        assert live.api.complete(urls["completeUrl"], part_list(etags)).status_code == 200
        live.service.store.close()
        live.service.store.open()
        assert live.api.get(urls["downloadUrl"]).content == b"only"
