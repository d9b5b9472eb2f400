"""Uploads that meet bad luck. Each ends with the same bytes at its link, or says what is wrong."""

import itertools
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from components.words import AWAY
from tests.app_server import AppServer, free_port
from tests.browser.conftest import expect_signed_in, expect_signed_out, sign_in
from tests.browser.service_control import ServiceControl
from tests.browser.settled import reported, settled
from tests.browser.steps import (
    OWN_CARD,
    UPLOAD_TIMEOUT,
    card_of,
    choose,
    choose_part_size,
    download,
    expect_same_file,
    parts_of,
    random_file,
    sha256,
    slow_down,
    unfold,
    wait_for_parts,
    wait_until_done,
)

SIZE = 125_000_000
WIRES = 5  # parts at once, at most
PARTS = 24  # of 5 MiB
NUMBERS = itertools.count(1)
SLOW = 15_000_000  # bytes a second: the file takes 8 s
RECORDS = "/transfers"
NOTICE = "getComputedStyle(document.querySelector('[data-testid=stApp]'), '::after').content"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app whose service permits faults."""
    server = AppServer(tmp_path_factory.mktemp("app") / "data", free_port())
    server.environment["TFW_FAULTS"] = "on"
    server.start()
    yield server
    server.stop()


@pytest.fixture
def service(server: AppServer) -> Iterator[ServiceControl]:
    control = ServiceControl(server.url, server.data_dir)
    yield control
    control.switch()


@pytest.fixture
def home(context: BrowserContext, server: AppServer, state: dict[str, Any]) -> Page:
    """The upload page, signed in."""
    context.add_cookies(state["cookies"])
    return open_home(context, server)


@pytest.fixture
def film(tmp_path: Path) -> Iterator[Path]:
    """A file of a name that no other test uses, so that none finds what another left unfinished."""
    file = random_file(tmp_path / f"film {next(NUMBERS)}.mp4", SIZE)
    yield file
    file.unlink()


def open_home(context: BrowserContext, server: AppServer) -> Page:
    page = context.new_page()
    page.goto(server.url)
    expect(page.get_by_text("Drop files here")).to_be_visible()
    return page


def start_slowly(page: Page, film: Path, parts: int = 3) -> Locator:
    """Begin to send over a slow line and wait for some parts, with most of the file still to go."""
    choose_part_size(page, 5)
    slow_down(page, SLOW)
    choose(page, film)
    card = card_of(page, film.name)
    wait_for_parts(card, parts)
    return card


def record_of(page: Page, name: str) -> Locator:
    """Return the card of a remembered transfer that this window does not send."""
    return page.locator(".record", has=page.get_by_text(name, exact=True)).first


def choose_again(page: Page, record: Locator, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        record.get_by_role("button", name="Choose the file again").click()
    chooser.value.set_files(file)


def done_count(card: Locator) -> int:
    return card.locator("tr[data-status=done]").count()


def test_a_part_fails_twice_and_then_arrives(
    home: Page, service: ServiceControl, film: Path, tmp_path: Path
) -> None:
    choose_part_size(home)
    service.switch(fail_part={"part": 7, "times": 2})
    choose(home, film)
    card = wait_until_done(home, film.name)
    assert [row["tries"] for row in parts_of(card)] == [*["1"] * 6, "3", "1"]
    expect_same_file(home, film, tmp_path)


def test_a_connection_breaks_in_the_middle_of_a_part(
    home: Page, service: ServiceControl, film: Path, tmp_path: Path
) -> None:
    choose_part_size(home)
    # Until switched off: Chromium itself repeats what breaks on a connection it has used before.
    service.switch(drop_part={"part": 3, "after_bytes": 4_000_000, "times": None})
    choose(home, film)
    card = card_of(home, film.name)
    expect(card.locator("tr[data-status]").nth(2)).to_have_attribute("data-status", "retrying")
    service.switch()
    wait_until_done(home, film.name)
    tries = [row["tries"] for row in parts_of(card)]
    assert int(tries.pop(2)) > 1
    assert tries == ["1"] * 7
    expect_same_file(home, film, tmp_path)


def test_the_app_is_killed_and_started_again(
    home: Page, server: AppServer, film: Path, tmp_path: Path
) -> None:
    """The card says what is the matter, nothing lies over the page, and all goes on by itself."""
    card = start_slowly(home, film)
    server.kill()
    expect(card.locator("tr[data-status=retrying]").first).to_be_attached()
    expect(card.locator(".state")).to_contain_text("The app does not answer, waiting for it")
    home.wait_for_timeout(10_000)  # Streamlit's dialog comes after six tries, which take it 3 s
    expect(home.get_by_role("dialog")).to_have_count(0)
    expect(card.locator(".state")).to_contain_text("The app does not answer, waiting for it")
    assert home.evaluate(NOTICE) == f'"{AWAY}"'
    before = {row["part"]: row["etag"] for row in parts_of(card) if row["status"] == "Done"}
    server.start()
    slow_down(home, -1)
    wait_until_done(home, film.name)
    assert {row["part"]: row["etag"] for row in parts_of(card)}.items() >= before.items()
    expect_same_file(home, film, tmp_path)
    assert home.evaluate(NOTICE) == "none"


def test_the_network_is_gone_for_ten_seconds(
    home: Page, service: ServiceControl, film: Path, tmp_path: Path
) -> None:
    # The line is slow at the service: Chromium does not emulate a slow line and none at once.
    service.switch(bandwidth={"bytes_per_second": SLOW})
    choose(home, film)
    card = card_of(home, film.name)
    wait_for_parts(card, 1)
    home.context.set_offline(True)
    expect(card.locator(".state")).to_contain_text("Waiting for the network")
    home.wait_for_timeout(10_000)  # longer than six tries may take
    expect(card.locator(".state")).to_contain_text("Waiting for the network")
    home.context.set_offline(False)
    wait_until_done(home, film.name)
    expect_same_file(home, film, tmp_path)


def test_after_a_pause_and_a_reload_only_missing_parts_are_sent(
    home: Page, service: ServiceControl, film: Path, tmp_path: Path
) -> None:
    before = service.stored_parts()
    card = start_slowly(home, film, parts=4)
    card.get_by_role("button", name="Pause").click()
    expect(card.locator(".state")).to_contain_text("Paused")
    reported(home)
    done = done_count(card)
    home.reload()
    record = record_of(home, film.name)
    expect(record).to_contain_text(f"{done} of {PARTS} parts")
    paused = service.stored_parts()
    assert paused - before >= done  # the last bytes of a part may have left before the pause
    slow_down(home, -1)
    choose_again(home, record, film)
    card = wait_until_done(home, film.name)
    assert service.stored_parts() - paused == PARTS - done
    assert [row["tries"] for row in parts_of(card)].count("1") == PARTS - done
    expect_same_file(home, film, tmp_path)


def test_parts_cut_on_the_way_are_found_again_after_a_reload(
    home: Page, film: Path, tmp_path: Path
) -> None:
    """Part 2 does not come through, so that what is there has a gap that was cut once already."""
    home.route(re.compile(r"/files/.*partNumber=2&"), lambda route: route.abort("connectionreset"))
    slow_down(home, SLOW)
    choose(home, film)
    card = card_of(home, film.name)
    wait_for_parts(card, 4)
    card.get_by_role("button", name="Pause").click()
    reported(home)
    before = {row["part"]: row for row in parts_of(card) if row["status"] == "Done"}
    assert "2" not in before
    home.reload()
    record = record_of(home, film.name)
    expect(record).to_contain_text(f"{len(before)} parts done")
    home.unroute_all()
    slow_down(home, -1)
    choose_again(home, record, film)
    card = wait_until_done(home, film.name)
    after = {row["part"]: row for row in parts_of(card)}
    assert {part: row["etag"] for part, row in before.items()}.items() <= {
        part: row["etag"] for part, row in after.items()
    }.items()
    assert {after[part]["tries"] for part in before} == {""}, "none of them was sent again"
    expect_same_file(home, film, tmp_path)


def test_what_was_sent_whole_is_completed_without_the_file(
    home: Page, server: AppServer, film: Path, tmp_path: Path
) -> None:
    """The page goes when all is sent, and the app has not heard that it is to be completed."""
    home.route("**/transfers/complete", lambda _: None)
    choose(home, film)
    state = card_of(home, film.name).locator(".state")
    expect(state).to_contain_text("Completing", timeout=UPLOAD_TIMEOUT)
    reported(home)
    home.close()
    other = open_home(home.context, server)
    link = other.get_by_role("link", name=f"Open: {film.name}", exact=True)
    expect(link).to_be_visible(timeout=UPLOAD_TIMEOUT)
    expect(record_of(other, film.name)).to_be_hidden()
    assert sha256(download(str(link.get_attribute("href")), tmp_path / "copy")) == sha256(film)


def test_another_file_than_the_one_begun_is_refused_with_the_reason(
    home: Page, film: Path, tmp_path: Path
) -> None:
    start_slowly(home, film)
    home.reload()
    record = record_of(home, film.name)

    slow_down(home, -1)
    smaller = random_file(tmp_path / "other" / film.name, 1000)
    choose_again(home, record, smaller)
    expect(record.get_by_role("alert")).to_contain_text("size")
    expect(record.get_by_role("alert")).to_contain_text("Code: file-differs")

    times = film.stat()
    impostor = random_file(tmp_path / "impostor" / film.name, SIZE)
    os.utime(impostor, ns=(times.st_atime_ns, times.st_mtime_ns))
    choose_again(home, record, impostor)
    expect(record.get_by_role("alert")).to_contain_text("content")

    edited = change_a_byte(Path(shutil.copy(film, smaller)))
    choose_again(home, record, edited)
    expect(record.get_by_role("alert")).to_contain_text("content of part 1")

    choose_again(home, record, film)
    wait_until_done(home, film.name)
    expect_same_file(home, film, tmp_path)


def test_the_file_begun_is_recognised_when_it_is_simply_added_again(
    home: Page, service: ServiceControl, film: Path, tmp_path: Path
) -> None:
    before = service.stored_parts()
    start_slowly(home, film)
    home.reload()
    expect(record_of(home, film.name)).to_be_visible()
    slow_down(home, -1)
    choose(home, film)
    wait_until_done(home, film.name)
    expect(record_of(home, film.name)).to_be_hidden()
    assert service.stored_parts() - before == PARTS
    expect_same_file(home, film, tmp_path)


@pytest.mark.parametrize("way", ["zone", "record"])
def test_the_same_bytes_of_another_name_and_time_go_on(
    home: Page, service: ServiceControl, film: Path, tmp_path: Path, way: str
) -> None:
    before = service.stored_parts()
    start_slowly(home, film)
    reported(home)
    home.reload()
    record = record_of(home, film.name)
    expect(record).to_be_visible()
    copy = Path(shutil.copy(film, tmp_path / f"copy of {film.name}"))
    os.utime(copy, (0, 0))
    slow_down(home, -1)
    if way == "zone":
        choose(home, copy)
    else:
        choose_again(home, record, copy)
    card = wait_until_done(home, film.name)
    expect(record).to_be_hidden()
    # What was on the wire at the reload may have arrived without anybody hearing of it.
    assert PARTS <= service.stored_parts() - before <= PARTS + WIRES
    assert [row["tries"] for row in parts_of(card)].count("") >= 3
    expect(card).to_contain_text(f"Its bytes are those of “{copy.name}”.")
    expect_same_file(home, film, tmp_path)


def test_a_file_edited_meanwhile_is_sent_anew_and_the_page_says_why(
    home: Page, film: Path, tmp_path: Path
) -> None:
    start_slowly(home, film)
    reported(home)
    home.reload()
    expect(record_of(home, film.name)).to_be_visible()
    slow_down(home, SLOW)
    choose(home, change_a_byte(film))
    card = card_of(home, film.name)
    expect(card).to_contain_text("The unfinished upload of this name is not gone on with.")
    expect(card).to_contain_text("content of part 1")
    slow_down(home, -1)
    wait_until_done(home, film.name)
    expect(record_of(home, film.name)).to_be_visible()
    expect_same_file(home, film, tmp_path)


def change_a_byte(file: Path) -> Path:
    """Change a byte of the first part that no sample of the file has, at a time of its own."""
    with file.open("r+b") as writer:
        writer.seek(1_000_000)
        [byte] = writer.read(1)
        writer.seek(1_000_000)
        writer.write(bytes([byte ^ 1]))
    os.utime(file, (1, 1))
    return file


def test_links_that_expire_on_the_way_are_named_with_what_a_fresh_start_costs(
    home: Page, service: ServiceControl, film: Path, tmp_path: Path
) -> None:
    card = start_slowly(home, film)
    service.switch(expire_urls={"seconds": 1})
    expect(card.locator(".state")).to_contain_text("Failed", timeout=UPLOAD_TIMEOUT)
    expect(card.get_by_role("alert")).to_contain_text("Code: link-expired")
    done = done_count(card)
    expect(card).to_contain_text(f"{done} of {PARTS} parts")
    expect(card).to_contain_text("all 125 MB")
    assert {row["tries"] for row in parts_of(card)} <= {"1", ""}  # nothing is sent again blindly
    expect(card.get_by_role("button", name="Retry what failed")).to_be_hidden()
    service.switch()
    slow_down(home, -1)
    card.get_by_role("button", name="Start again with new links").click()
    wait_until_done(home, film.name)
    expect_same_file(home, film, tmp_path)


def test_cancel_leaves_no_bytes(home: Page, service: ServiceControl, film: Path) -> None:
    before = set(service.files())
    card = start_slowly(home, film)
    assert set(service.files()) > before
    card.get_by_role("button", name="Cancel").click()
    expect(card.locator(".state")).to_contain_text("Cancelled")
    deadline = time.monotonic() + 20
    while set(service.files()) != before:
        assert time.monotonic() < deadline, set(service.files()) - before
        home.wait_for_timeout(200)
    with home.expect_response(f"**{RECORDS}"):
        home.reload()
    expect(home.get_by_text("Drop files here")).to_be_visible()
    settled(home)
    expect(record_of(home, film.name)).to_have_count(0)


def test_what_is_discarded_leaves_no_bytes(home: Page, service: ServiceControl, film: Path) -> None:
    before = set(service.files())
    start_slowly(home, film)
    home.reload()
    record = record_of(home, film.name)
    record.get_by_role("button", name="Discard").click()
    record.get_by_role("button", name="Discard").last.click()
    expect(record).to_be_hidden()
    deadline = time.monotonic() + 20
    while set(service.files()) != before:
        assert time.monotonic() < deadline, set(service.files()) - before
        home.wait_for_timeout(200)


def test_three_files_at_once_all_arrive(home: Page, tmp_path: Path) -> None:
    sizes = {"a.mp4": 120_000_000, "b.bin": 130_000_000, "c.dat": 3_000_000}
    files = [random_file(tmp_path / name, size) for name, size in sizes.items()]
    choose(home, *files)
    expect(home.locator(OWN_CARD)).to_have_count(3)
    for file in files:
        wait_until_done(home, file.name)
        expect_same_file(home, file, tmp_path)


def test_an_upload_goes_on_while_other_pages_are_shown(
    home: Page, film: Path, tmp_path: Path
) -> None:
    start_slowly(home, film)
    home.get_by_role("link", name="Requests", exact=True).click()
    expect(home.get_by_role("heading", name="Requests", level=1)).to_be_visible()
    expect(home.locator(".tray")).to_contain_text(film.name)
    home.get_by_role("link", name="Upload", exact=True).click()
    slow_down(home, -1)
    wait_until_done(home, film.name)
    expect_same_file(home, film, tmp_path)


def test_a_second_window_sees_the_upload_and_takes_over_when_the_first_is_closed(
    home: Page, server: AppServer, service: ServiceControl, film: Path, tmp_path: Path
) -> None:
    before = service.stored_parts()
    start_slowly(home, film)
    slow_down(home, SLOW // 50)  # so that it is not over before the other window has opened
    other = open_home(home.context, server)
    record = record_of(other, film.name)
    expect(record).to_contain_text("Being sent in another window")
    expect(record.get_by_role("button", name="Choose the file again")).to_have_count(0)
    home.close()
    choose_again(other, record, film)
    card = wait_until_done(other, film.name)
    # What was on the wire when the window closed may have arrived without anybody hearing of it.
    assert PARTS <= service.stored_parts() - before <= PARTS + WIRES
    assert [row["tries"] for row in parts_of(card)].count("") >= 3
    expect_same_file(other, film, tmp_path)


def test_two_windows_may_send_different_files(
    home: Page, server: AppServer, film: Path, tmp_path: Path
) -> None:
    other_file = random_file(tmp_path / "second.bin", 120_000_000)
    other = open_home(home.context, server)
    choose(home, film)
    choose(other, other_file)
    wait_until_done(home, film.name)
    wait_until_done(other, other_file.name)
    expect_same_file(home, film, tmp_path)
    expect_same_file(other, other_file, tmp_path)


def test_a_session_that_ends_on_the_way_costs_one_sign_in(
    context: BrowserContext, server: AppServer, film: Path, tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(server.url)
    sign_in(page, server.password)
    expect_signed_in(page)
    expect(page.get_by_text("Drop files here")).to_be_visible()
    start_slowly(page, film, 1)
    loads: list[str] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    end_newest_session(server)
    expect_signed_out(page)
    slow_down(page, -1)
    sign_in(page, server.password)
    expect_signed_in(page)
    card = wait_until_done(page, film.name)
    assert {row["tries"] for row in parts_of(card)} == {"1"}
    assert not loads
    expect_same_file(page, film, tmp_path)


def end_newest_session(server: AppServer) -> None:
    """Do at once what eight hours do."""
    with sqlite3.connect(server.data_dir / "web.sqlite3") as connection:
        connection.execute("DELETE FROM sessions WHERE rowid = (SELECT max(rowid) FROM sessions)")


RECORD_PROGRESS = """card => {
    const bar = card.querySelector('.bar')
    window.progress = []
    const note = () => window.progress.push([
        Number(bar.getAttribute('aria-valuenow')),
        [...bar.children].reduce((sum, span) => sum + parseFloat(span.style.width || 0), 0),
        card.dataset.state,
    ])
    note()
    const attributeFilter = ['aria-valuenow', 'style', 'data-state']
    new MutationObserver(note).observe(card, {subtree: true, attributeFilter})
}"""


def test_progress_never_falls_nor_passes_100_when_one_part_in_five_fails(
    home: Page, service: ServiceControl, film: Path, tmp_path: Path
) -> None:
    unfold(home, "Advanced: how files are sent")
    size = home.get_by_role("spinbutton", name="Part size in MiB")
    size.fill("5")
    size.press("Enter")
    service.switch(fail_some={"percent": 20})
    slow_down(home, SLOW)
    choose(home, film)
    card = card_of(home, film.name)
    # Before, it may be compared with files of the same size that other tests left unfinished.
    expect(card).to_have_attribute("data-state", "sending")
    card.evaluate(RECORD_PROGRESS)
    wait_until_done(home, film.name)
    recorded: list[tuple[int, float, str]] = home.evaluate("window.progress")
    values = [value for value, _, _ in recorded]
    assert len(set(values)) > 15
    assert values == sorted(values)
    assert max(values) == 99  # what is done has a link in place of a bar
    assert max(width for _, width, _ in recorded) <= 100.01
    tries = [int(row["tries"]) for row in parts_of(card)]
    assert len(tries) == 24
    assert sum(tries) > 24
    expect_same_file(home, film, tmp_path)
