"""What happens when there is no room: refused early, nothing half-written, nothing lost."""

import shutil
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from service.errors import S3ApiError
from service.store.database import Database
from service.store.space import Space, SpaceLimits
from service.store.sweep import GRACE
from tests.service.api_client import (
    BLOCKS,
    SIZE,
    Api,
    error,
    error_code,
    part_list,
    read_all,
    send_head,
    uploaded,
    wait_until,
)
from tests.service.live import SMALL, room_is_counted_right, running
from tests.service.process import process
from tests.service.store.test_store import Clock, opened, put_part

QUOTA = 1_000_000
PATIENT: dict[str, Any] = {**SMALL, "idle_timeout": 20}


def test_the_quota_is_inclusive_and_one_byte_more_is_refused(tmp_path: Path) -> None:
    with running(tmp_path, **SMALL, quota=QUOTA) as live:
        api = live.api
        assert api.put(api.single()["uploadUrl"], bytes(QUOTA - 10)).status_code == 200
        status, elements = error(api.put(api.single()["uploadUrl"], bytes(11)))
        assert (status, elements["Code"]) == (403, "QuotaExceeded")
        assert (elements["ProposedSize"], elements["MaxSizeAllowed"]) == ("11", "10")
        assert api.put(api.single()["uploadUrl"], bytes(10)).status_code == 200
        assert room_is_counted_right(live)


@pytest.mark.parametrize(
    ("limits", "answer"),
    [
        ({"quota": 1000}, (403, "QuotaExceeded")),
        ({"disk_reserve": 10**18}, (507, "InsufficientStorage")),
    ],
)
def test_a_body_without_room_is_refused_before_a_byte_of_it_is_sent(
    tmp_path: Path, limits: dict[str, Any], answer: tuple[int, str]
) -> None:
    with running(tmp_path, **SMALL, **limits) as live:
        part = live.api.multipart(SIZE)["uploadPartUrls"][0]
        for url in (live.api.single()["uploadUrl"], part):
            with send_head(url, "Content-Length: 1001") as connection:
                told = b""
                while b"</Error>" not in told:
                    told += connection.recv(65536)
                assert told.startswith(f"HTTP/1.1 {answer[0]} ".encode())
                assert f"<Code>{answer[1]}</Code>".encode() in told
            assert error_code(live.api.put(url, bytes(1001))) == answer
        assert live.files == []
        assert room_is_counted_right(live)


def test_parallel_bodies_cannot_pass_the_quota_together(tmp_path: Path) -> None:
    with running(tmp_path, **PATIENT, quota=QUOTA) as live:
        api = live.api
        head = ("Content-Length: 600000", "Connection: close")
        with send_head(api.single()["uploadUrl"], *head) as first:
            wait_until(lambda: live.service.store.folder.space.expected == 600_000)
            refused = api.put(api.single()["uploadUrl"], bytes(600_000))
            assert error_code(refused) == (403, "QuotaExceeded")
            first.sendall(bytes(600_000))
            assert read_all(first).startswith(b"HTTP/1.1 200 ")
        assert len(live.files) == 1
        assert room_is_counted_right(live)


def test_a_body_that_does_not_arrive_gives_its_room_back(tmp_path: Path) -> None:
    with running(tmp_path, **SMALL, quota=QUOTA) as live:
        with send_head(live.api.single()["uploadUrl"], "Content-Length: 900000") as connection:
            connection.sendall(bytes(300_000))
            wait_until(lambda: live.service.store.folder.space.expected == 900_000)
        wait_until(lambda: room_is_counted_right(live))
        assert live.api.put(live.api.single()["uploadUrl"], bytes(900_000)).status_code == 200


def test_removed_files_make_room(tmp_path: Path) -> None:
    clock = Clock()
    with running(tmp_path, clock, **SMALL, quota=SIZE) as live:
        api = live.api
        _, _ = uploaded(api)
        assert error_code(api.put(api.single()["uploadUrl"], b"x")) == (403, "QuotaExceeded")
        clock.now += live.settings.url_lifetime + GRACE + 1
        live.service.store.sweep()
        assert room_is_counted_right(live)
        urls, etags = uploaded(api)
        assert api.complete(urls["completeUrl"], part_list(etags)).status_code == 200
        assert api.get(urls["downloadUrl"]).content == b"".join(BLOCKS)


def test_what_a_restart_finds_counts(tmp_path: Path) -> None:
    with running(tmp_path, **SMALL, quota=QUOTA) as live:
        assert live.api.put(live.api.single()["uploadUrl"], bytes(QUOTA)).status_code == 200
    with running(tmp_path, **SMALL, quota=QUOTA) as live:
        answer = live.api.put(live.api.single()["uploadUrl"], b"x")
        assert error_code(answer) == (403, "QuotaExceeded")


def test_the_reserve_stays_free_whatever_is_on_its_way(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    space = Space(tmp_path, SpaceLimits(disk_reserve=free // 2))
    space.expect(free // 3)
    with pytest.raises(S3ApiError) as caught:
        space.expect(free // 3)
    assert (caught.value.status, caught.value.code) == (507, "InsufficientStorage")
    space.given_up(free // 3)
    space.expect(free // 3)


LARGEST_FILE = 600_000


@pytest.mark.parametrize("fsync", ["on", "off"])
def test_a_disk_that_fills_up_during_a_put_leaves_nothing_of_it(tmp_path: Path, fsync: str) -> None:
    with process(tmp_path, largest_file=LARGEST_FILE, TFW_FSYNC=fsync) as (api, _):
        kept = api.single()
        assert api.put(kept["uploadUrl"], b"k" * 400_000).status_code == 200
        urls = api.multipart(20_000_000)
        for url in (api.single()["uploadUrl"], kept["uploadUrl"], urls["uploadPartUrls"][0]):
            answer = api.put(url, bytes(LARGEST_FILE + 1))
            assert error_code(answer) == (507, "InsufficientStorage")
        assert [path.stat().st_size for path in (tmp_path / "files").iterdir()] == [400_000]
        assert api.get(kept["downloadUrl"]).content == b"k" * 400_000
        etags = api.put_parts(urls["uploadPartUrls"], [b"fits"])
        assert api.complete(urls["completeUrl"], part_list(etags)).status_code == 200
        assert api.get(urls["downloadUrl"]).content == b"fits"


def fill_the_database(api: Api) -> tuple[dict[str, bytes], int]:
    """Upload tiny files until the database cannot grow; return what was acknowledged."""
    acknowledged: dict[str, bytes] = {}
    for number in range(300):
        urls, content = api.single(), str(number).encode()
        answer = api.put(urls["uploadUrl"], content)
        if answer.status_code != 200:
            assert error_code(answer) == (507, "InsufficientStorage")
            return acknowledged, 507
        acknowledged[urls["downloadUrl"]] = content
    return acknowledged, 200


def test_a_database_that_cannot_grow_refuses_and_keeps_what_was_acknowledged(
    tmp_path: Path,
) -> None:
    with process(tmp_path, largest_file=200_000) as (api, child):
        acknowledged, last = fill_the_database(api)
        assert acknowledged
        assert last == 507
        for url, content in acknowledged.items():
            assert api.get(url).content == content
        assert len(list((tmp_path / "files").iterdir())) == len(acknowledged)
        port = int(api.base_url.rpartition(":")[2])
        child.kill()
    with process(tmp_path, port) as (api, _):
        for url, content in acknowledged.items():
            assert api.get(url).content == content
        assert api.put(api.single()["uploadUrl"], b"room again").status_code == 200


def test_a_writer_that_waits_too_long_is_told_to_slow_down(tmp_path: Path) -> None:
    path = tmp_path / "busy.sqlite3"
    database = Database(path, busy_timeout=0.05)
    database.create_tables()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(S3ApiError) as caught, database.write():
        pass
    assert (caught.value.status, caught.value.code) == (503, "SlowDown")
    other.execute("ROLLBACK")
    other.close()
    with database.write():
        pass
    database.close()


def test_a_database_that_cannot_be_read_is_a_failing_disk(tmp_path: Path) -> None:
    database = Database(tmp_path / "missing" / "folder.sqlite3")
    with pytest.raises(OSError, match="unable to open database file"), database.read() as view:
        view.exec_driver_sql("SELECT 1")
    database.close()


def test_two_threads_that_remove_one_file_count_it_once(tmp_path: Path) -> None:
    store = opened(tmp_path, Clock())
    upload = store.uploads.create(1, 9e9)
    for number in range(1, 201):
        put_part(store, upload, number, b"x" * number)
    names = list(store.folder.sizes())
    threads = [threading.Thread(target=store.folder.remove, args=(names,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.folder.space.kept == 0
    store.close()
