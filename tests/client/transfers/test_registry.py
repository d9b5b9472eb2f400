"""What is remembered of transfers, and for how long."""

import json
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from client.errors import RecordsUnavailableError
from client.storage.plan import PlannedPart, UploadPlan
from client.transfers.leases import LATE_FOR, LEASE_SECONDS
from client.transfers.record import Problem, Try, read_plan, write_plan
from client.transfers.registry import (
    DATABASE_FILE,
    KEPT_AFTER_DEADLINE,
    KEPT_PER_OWNER,
    KEY_FILE,
    TransferRegistry,
)
from client.transfers.tries import MOST_TRIES
from tests.app_server import ROOT
from tests.client.remembered import PART, SECRET, plan, receipt, sent, transfer

PROBLEM = Problem("part-failed", {"part": 1}, "gone")


class Clock:
    """The time, which a test may move on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry(tmp_path: Path, clock: Clock) -> Iterator[TransferRegistry]:
    registry = TransferRegistry(tmp_path / "data", clock)
    yield registry
    registry.close()


@pytest.fixture
def again(registry: TransferRegistry, tmp_path: Path) -> Iterator[TransferRegistry]:
    """The same file opened a second time, as after a restart or by another process."""
    registry = TransferRegistry(tmp_path / "data")
    yield registry
    registry.close()


def tried(part: int = 1, started: float = 1.0, **changes: Any) -> Try:
    return replace(Try(part=part, size=5, started=started, seconds=1.0, status=200), **changes)


def test_everything_survives_a_restart(registry: TransferRegistry, again: TransferRegistry) -> None:
    put = transfer(false_image=True, problem=PROBLEM, etags={1: '"a"'}, receipt=receipt())
    registry.put(put)
    registry.note("ann", "t", tries=[tried(etag='"a"', request_id="R", route="relay")])
    assert again.get("ann", "t") == put
    assert again.parts("ann", "t") == [(1, 0, PART, '"a"'), (2, PART, 2 * PART, None)]
    assert [row for _, row in again.tries.of("ann", "t")] == [
        tried(etag='"a"', request_id="R", route="relay")
    ]


def test_nothing_on_the_disk_shows_a_signed_url(registry: TransferRegistry, tmp_path: Path) -> None:
    registry.put(transfer(receipt=receipt()))
    files = list((tmp_path / "data").iterdir())
    assert {path.name for path in files} >= {DATABASE_FILE, KEY_FILE}
    for path in files:
        assert SECRET.encode() not in path.read_bytes()
        assert b"c0ffee" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "content", [Fernet.generate_key(), b"", b"not a key"], ids=["other", "empty", "none"]
)
def test_with_another_key_transfers_are_forgotten_and_new_ones_work(
    registry: TransferRegistry, tmp_path: Path, content: bytes
) -> None:
    registry.put(transfer())
    (tmp_path / "data" / KEY_FILE).write_bytes(content)
    after = TransferRegistry(tmp_path / "data")
    assert after.get("ann", "t") is None
    assert (after.list("ann"), after.finished("ann")) == ([], [])
    assert after.details("ann", "t") is None
    assert after.leases.report("ann", "t", lease_owner="page") == "unknown"
    after.put(transfer("new"))
    assert [record.id for record in after.list("ann")] == ["new"]
    assert stat.S_IMODE((tmp_path / "data" / KEY_FILE).stat().st_mode) == 0o600
    after.close()


def test_a_file_of_an_earlier_version_names_its_columns_as_ever(
    registry: TransferRegistry, tmp_path: Path
) -> None:
    registry.put(transfer())
    with sqlite3.connect(tmp_path / "data" / DATABASE_FILE) as connection:
        connection.execute("UPDATE transfers SET holder = 'another', heard = 5.0")
    connection.close()
    known = registry.get("ann", "t")
    assert known
    assert (known.lease_owner, known.heartbeat) == ("another", 5.0)
    [listed] = registry.list("ann")
    assert (listed.as_json()["holder"], listed.as_json()["heard"]) == ("another", 5.0)


def test_a_damaged_plan_is_forgotten(registry: TransferRegistry, tmp_path: Path) -> None:
    registry.put(transfer())
    with sqlite3.connect(tmp_path / "data" / DATABASE_FILE) as connection:
        connection.execute("UPDATE transfers SET plan = x'00'")
    connection.close()
    assert registry.get("ann", "t") is None


def test_processes_that_start_at_once_share_one_key_and_lose_nothing(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from client.transfers.registry import TransferRegistry
from tests.client.remembered import sent, transfer
registry = TransferRegistry(Path(sys.argv[1]))
for number in range(5):
    registry.put(transfer(f"{sys.argv[2]}-{number}"))
    name, parts = f"{sys.argv[2]}-{number}", [sent(1, '"a"')]
    registry.leases.report("ann", name, lease_owner="page", parts=parts)
"""
    command = [sys.executable, "-c", script, str(tmp_path / "data")]
    children = [subprocess.Popen([*command, str(number)], cwd=ROOT) for number in range(3)]
    assert [child.wait(60) for child in children] == [0, 0, 0]
    registry = TransferRegistry(tmp_path / "data")
    records = registry.list("ann")
    assert (len(records), {record.parts_done for record in records}) == (15, {1})
    registry.close()


def test_threads_that_report_at_once_lose_nothing(registry: TransferRegistry) -> None:
    registry.put(transfer(plan=plan(40)))

    def report(first: int) -> None:
        for number in range(first, first + 10):
            registry.leases.report(
                "ann", "t", lease_owner="page", parts=[sent(number, f'"{number}"')]
            )

    threads = [threading.Thread(target=report, args=(first,)) for first in (1, 11, 21, 31)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    known = registry.get("ann", "t")
    assert known
    assert known.etags == {number: f'"{number}"' for number in range(1, 41)}


def test_an_expired_transfer_is_listed_for_a_day(registry: TransferRegistry, clock: Clock) -> None:
    registry.put(transfer("old", plan=plan(lifetime=60)))
    clock.ahead = KEPT_AFTER_DEADLINE
    registry.put(transfer("other", plan=plan(lifetime=2 * KEPT_AFTER_DEADLINE)))
    assert {record.id for record in registry.list("ann")} == {"old", "other"}
    clock.ahead += 61
    registry.put(transfer("new", owner="bob", plan=plan(lifetime=2 * KEPT_AFTER_DEADLINE)))
    assert {record.id for record in registry.list("ann")} == {"other"}
    assert registry.parts("ann", "old") == []


def test_beyond_the_limit_ended_transfers_go_first_and_then_the_oldest(
    registry: TransferRegistry,
) -> None:
    start = time.time()
    for number in range(KEPT_PER_OWNER):
        state = "done" if number in {3, 5} else "planned"
        registry.put(transfer(f"t{number}", started=start + number, state=state))
    registry.put(transfer("b", owner="bob", started=start))

    def gone_after(name: str) -> set[str]:
        before = {record.id for record in registry.list("ann")}
        registry.put(transfer(name, started=start + KEPT_PER_OWNER))
        return before - {record.id for record in registry.list("ann")}

    assert [gone_after(name) for name in ("x", "y", "z")] == [{"t3"}, {"t5"}, {"t0"}]
    assert [record.id for record in registry.list("bob")] == ["b"]


def test_an_owner_reaches_their_own_transfers_only(registry: TransferRegistry) -> None:
    registry.put(transfer())
    assert registry.get("bob", "t") is None
    assert (registry.list("bob"), registry.parts("bob", "t"), registry.tries.of("bob", "t")) == (
        [], [], [],
    )  # fmt: skip
    assert (
        registry.leases.report("bob", "t", lease_owner="page", parts=[sent(1, '"x"')]) == "unknown"
    )
    assert not registry.leases.cancel("bob", "t", "page")
    assert not registry.leases.resume("bob", "t", "page")
    registry.leases.fail("bob", "t", "page", PROBLEM)
    registry.note("bob", "t", [sent(1, '"x"')], [tried()])
    registry.finish("bob", "t", receipt(), None)
    registry.put(transfer(owner="bob", state="cancelled"))
    known = registry.get("ann", "t")
    assert known
    assert (known.state, known.etags, registry.tries.of("ann", "t")) == ("planned", {}, [])


def test_a_list_counts_what_has_arrived_and_shows_no_url(registry: TransferRegistry) -> None:
    registry.put(transfer(etags={2: '"b"'}))
    registry.put(transfer("without a plan", plan=None, state="failed"))
    [record] = registry.list("ann")
    assert (record.parts_total, record.parts_done, record.bytes_done) == (2, 1, PART)
    assert (record.kind, record.part_size, record.lease_owner) == ("multipart", PART, "page")
    details = registry.details("ann", "t")
    assert details
    assert details["parts"] == [(1, 0, PART, None), (2, PART, 2 * PART, '"b"')]
    assert SECRET not in str(details)


def test_a_report_keeps_parts_and_tries_once(registry: TransferRegistry, clock: Clock) -> None:
    registry.put(transfer())
    told = Try(part=1, size=5, started=1.5, seconds=2.0, status=503, code="SlowDown")
    clock.ahead = 5
    for _ in range(2):
        outcome = registry.leases.report(
            "ann",
            "t",
            lease_owner="page",
            parts=[sent(1, '"a"'), sent(7, '"no such part"')],
            tries=[told],
        )
        assert outcome == "taken"
    known = registry.get("ann", "t")
    assert known
    assert known.etags == {1: '"a"'}
    assert known.heartbeat == pytest.approx(clock(), abs=2)
    assert [row for _, row in registry.tries.of("ann", "t")] == [told]


def test_a_page_load_that_ends_says_goodbye(registry: TransferRegistry) -> None:
    registry.put(transfer())
    assert registry.leases.report("ann", "t", lease_owner="page", gone=True) == "taken"
    assert registry.list("ann")[0].heartbeat < 0
    assert registry.leases.resume("ann", "t", "other")


def test_a_report_that_its_goodbye_overtook_does_not_take_that_back(
    registry: TransferRegistry, clock: Clock
) -> None:
    registry.put(transfer())
    registry.leases.report("ann", "t", lease_owner="page", gone=True)
    assert registry.leases.report("ann", "t", lease_owner="page", parts=[sent(2, '"b"')]) == "taken"
    assert registry.list("ann")[0].parts_done == 1
    assert registry.list("ann")[0].heartbeat < 0
    clock.ahead = LATE_FOR
    registry.leases.report("ann", "t", lease_owner="page")  # of a page that was gone back to
    assert registry.list("ann")[0].heartbeat > 0
    assert not registry.leases.resume("ann", "t", "other")


def test_another_page_load_takes_over_only_from_a_silent_one(
    registry: TransferRegistry, clock: Clock
) -> None:
    registry.put(transfer())
    assert registry.leases.report("ann", "t", lease_owner="other") == "elsewhere"
    assert not registry.leases.resume("ann", "t", "other")
    clock.ahead = LEASE_SECONDS + 1
    assert registry.leases.resume("ann", "t", "other")
    assert registry.leases.report("ann", "t", lease_owner="other") == "taken"
    assert (
        registry.leases.report("ann", "t", lease_owner="page", parts=[sent(1, '"x"')])
        == "elsewhere"
    )
    known = registry.get("ann", "t")
    assert known
    assert (known.lease_owner, known.etags) == ("other", {})


def test_a_failure_counts_only_from_the_page_load_that_sends(registry: TransferRegistry) -> None:
    registry.put(transfer())
    registry.leases.fail("ann", "t", "other", PROBLEM)
    assert registry.list("ann")[0].state == "planned"
    registry.leases.fail("ann", "t", "page", PROBLEM)
    known = registry.get("ann", "t")
    assert known
    assert (known.state, known.problem) == ("failed", PROBLEM)


def test_a_new_part_shows_that_a_failed_transfer_was_taken_up_again(
    registry: TransferRegistry,
) -> None:
    registry.put(transfer(etags={1: '"a"'}))
    registry.leases.fail("ann", "t", "page", PROBLEM)
    registry.leases.report("ann", "t", lease_owner="page", parts=[sent(1, '"a"')])
    assert registry.list("ann")[0].state == "failed"
    registry.leases.report("ann", "t", lease_owner="page", parts=[sent(2, '"b"')])
    known = registry.get("ann", "t")
    assert known
    assert (known.state, known.problem) == ("planned", None)


def test_done_is_final_and_cancelled_ends_the_sending(registry: TransferRegistry) -> None:
    registry.put(transfer())
    brings = receipt()
    registry.finish("ann", "t", brings, "ff" * 32)
    assert not registry.leases.cancel("ann", "t", "page")
    assert not registry.leases.resume("ann", "t", "page")
    registry.leases.fail("ann", "t", "page", PROBLEM)
    registry.put(transfer())
    [(known, brought)] = registry.finished("ann")
    assert (known.state, known.sha256, brought) == ("done", "ff" * 32, brings)
    registry.put(transfer("c"))
    assert registry.leases.cancel("ann", "c", "other")
    assert not registry.leases.cancel("ann", "c", "other")
    assert registry.leases.report("ann", "c", lease_owner="page") == "elsewhere"
    assert not registry.leases.resume("ann", "c", "other")


def test_tries_are_bounded(registry: TransferRegistry) -> None:
    registry.put(transfer())
    registry.note("ann", "t", tries=[tried(started=number) for number in range(MOST_TRIES + 3)])
    kept = [row.started for _, row in registry.tries.of("ann", "t")]
    assert (len(kept), kept[0]) == (MOST_TRIES, 3)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(b"something else entirely" * 100)
    with pytest.raises(RecordsUnavailableError, match=DATABASE_FILE):
        TransferRegistry(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordsUnavailableError, match="transfers"):
        TransferRegistry(tmp_path / "file" / "data")


def cut_later() -> UploadPlan:
    """A plan that leaves the cutting to the browser."""
    known = plan(5)
    return replace(known, part_size=None, parts=(), put_urls=tuple(known.urls.values()))


def test_parts_that_the_browser_cuts_are_kept_as_it_tells(
    registry: TransferRegistry, again: TransferRegistry
) -> None:
    registry.put(transfer(plan=cut_later(), size=5 * PART))
    [record] = registry.list("ann")
    assert (record.part_size, record.parts_total, record.parts_done) == (None, None, 0)
    first, third, lie = (1, 0, 7, '"a"'), (3, 9, 20, '"c"'), (6, 20, 21, '"no such number"')
    registry.leases.report("ann", "t", lease_owner="page", parts=[third, lie])
    registry.note("ann", "t", [first])
    known = again.get("ann", "t")
    assert known
    assert known.plan
    urls = known.plan.urls
    assert known.plan.parts == (PlannedPart(1, 0, 7, urls[1]), PlannedPart(3, 9, 20, urls[3]))
    [record] = again.list("ann")
    assert (record.parts_total, record.bytes_done) == (None, 19)


def test_what_two_windows_cut_differently_is_kept_as_it_was_joined(
    registry: TransferRegistry,
) -> None:
    registry.put(transfer(plan=cut_later(), size=2 * PART))
    registry.note("ann", "t", [(1, 0, 7, '"other"'), (4, 20, 30, '"late"')])
    registry.finish("ann", "t", receipt(), None)
    assert registry.parts("ann", "t") == [(1, 0, PART, '"a"'), (2, PART, 2 * PART, '"b"')]
    [record] = registry.list("ann")
    assert (record.parts_total, record.parts_done, record.bytes_done) == (2, 2, 2 * PART)


def test_parts_that_were_cut_otherwise_than_planned_are_passed_over(
    registry: TransferRegistry,
) -> None:
    registry.put(transfer())
    registry.note("ann", "t", [(1, 0, 7, '"a"'), (2, PART, 2 * PART, '"b"')])
    known = registry.get("ann", "t")
    assert known
    assert known.etags == {2: '"b"'}


def test_a_plan_of_an_earlier_version_is_read() -> None:
    known = plan()
    written: dict[str, Any] = json.loads(write_plan(known))
    del written["put_urls"]
    assert read_plan(json.dumps(written).encode()) == known
