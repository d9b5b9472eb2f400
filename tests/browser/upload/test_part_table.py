"""What the upload page shows of files and their parts, and how it is worked by keyboard."""

import csv
import io
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.app_server import AppServer
from tests.browser.conftest import home_of, running_app, signed_in
from tests.browser.steps import (
    OWN_CARD,
    card_of,
    choose,
    choose_part_size,
    open_parts,
    parts_of,
    random_file,
    send_sample_video,
    slow_down,
    wait_for_parts,
    wait_until_done,
)

PARTS = 15
MOST_FILES = 200

RECORD_LIVE_REGION = """region => {
    window.heard = []
    new MutationObserver(() => window.heard.push(region.textContent))
        .observe(region, {childList: true, characterData: true, subtree: true})
}"""


HEARD = "sentence => window.heard.some(text => text.includes(sentence))"
DRAW_LATE = """() => {
    const soon = window.requestAnimationFrame.bind(window)
    window.requestAnimationFrame = draw => setTimeout(() => soon(draw), 2000)
}"""


@pytest.fixture(scope="module")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app whose store has room for five parts of 16 MiB."""
    with running_app(tmp_path_factory.mktemp("app"), {"TFW_QUOTA": "90000000"}) as server:
        yield server


@pytest.fixture(scope="module")
def state(browser: Browser, small_store: AppServer) -> dict[str, Any]:
    return dict(signed_in(browser, small_store))


@pytest.fixture
def failed_card(
    context: BrowserContext, small_store: AppServer, state: dict[str, Any]
) -> Iterator[Locator]:
    """The card of an upload for which the store has room for five of fifteen parts."""
    page = home_of(context, small_store, state)
    choose_part_size(page)
    name = send_sample_video(page, "250 MB")
    card = card_of(page, name)
    expect(card.locator(".state")).to_contain_text("Failed")
    expect(card.locator("tr[data-status=sending]")).to_have_count(0)
    yield card
    page.reload()
    record = page.locator(".record", has=page.get_by_text(name, exact=True))
    record.get_by_role("button", name="Discard").click()
    record.get_by_role("button", name="Discard").last.click()
    expect(record).to_be_hidden()
    wait_for_no_files(small_store)


def wait_for_no_files(server: AppServer) -> None:
    """Wait until the store has forgotten what was discarded."""
    deadline = time.monotonic() + 20
    while files := list((server.data_dir / "files").iterdir()):
        assert time.monotonic() < deadline, files
        time.sleep(0.1)


def failed_part(card: Locator) -> str:
    return next(row["part"] for row in parts_of(card) if row["status"] == "Failed")


def test_the_failing_part_is_found_its_tries_are_told_and_it_can_be_sent_alone(
    failed_card: Locator,
) -> None:
    card, number = failed_card, failed_part(failed_card)
    card.get_by_label("Show").select_option(label="Waiting")
    expect(card.locator("tr[data-status=failed]").first).to_be_hidden()
    expect(card.locator("tr[data-status=waiting]").first).to_be_visible()

    card.get_by_role("button", name="Jump to the failing part").click()
    row = card.locator("tr[data-status=failed]").first
    expect(row).to_be_focused()
    expect(row).to_be_in_viewport()

    opener = card.get_by_role("button", name=re.compile(rf"^\d+ (try|tries) of part {number}$"))
    opener.press("Enter")
    tries = card.get_by_role("table", name=f"Tries of part {number}", exact=True)
    expect(tries.get_by_role("row")).to_have_count(1 + int(opener.inner_text()))
    expect(tries).to_contain_text("QuotaExceeded")
    expect(tries).to_contain_text("direct")

    before = int(opener.inner_text())
    card.get_by_role("button", name=f"Retry part {number}", exact=True).click()
    expect(opener).to_have_text(str(before + 1))


def test_a_full_store_is_named_and_not_asked_again(failed_card: Locator) -> None:
    alert = failed_card.get_by_role("alert")
    expect(alert).to_contain_text("The store is full")
    expect(alert).to_contain_text("403 QuotaExceeded")
    assert all(row["tries"] in {"", "1"} for row in parts_of(failed_card))


def test_the_parts_are_copied_as_csv(failed_card: Locator) -> None:
    page = failed_card.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    failed_card.get_by_role("button", name="Copy as CSV").click()
    expect(failed_card.get_by_role("button", name="Copied")).to_be_visible()
    text = page.evaluate("navigator.clipboard.readText()")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    shown = parts_of(failed_card)
    assert [row["part"] for row in rows] == [row["part"] for row in shown]
    assert [f"{int(row['first byte']):,}–{int(row['last byte']):,}" for row in rows] == [
        row["bytes"] for row in shown
    ]
    assert [row["status"] for row in rows] == [row["status"].lower() for row in shown]
    done = [row for row in shown if row["status"] == "Done"]
    assert [row["ETag"] for row in rows if row["ETag"]] == [row["etag"] for row in done]
    assert sum(int(row["size"]) for row in rows) == 250_000_000


def test_a_cell_that_a_store_made_a_formula_is_text_in_the_csv(signed_in_page: Page) -> None:
    page = signed_in_page
    module = "/_stcore/bidi-components/temp-file-workbench.uploader/view/csv.js"
    part = (
        '{number: 1, start: 0, end: 5, size: 5, status: "done", tries: 1, seconds: 0, etag: "=1,2"}'
    )
    text = page.evaluate(f"import('{module}').then(({{partsCsv}}) => partsCsv([{part}]))")
    assert text.split("\r\n")[1] == '1,0,4,5,done,1,,"\'=1,2"'


def test_strip_and_timeline_say_in_words_what_they_draw(failed_card: Locator) -> None:
    strip = failed_card.locator(".strip")
    expect(strip.locator("span")).to_have_count(PARTS)
    counts = Counter(row["status"].lower() for row in parts_of(failed_card))
    assert set(counts) == {"done", "failed", "waiting"}
    label = strip.get_attribute("aria-label") or ""
    assert all(f"{count} {status}" in label for status, count in counts.items())

    failed_card.get_by_text("Timeline", exact=True).click()
    bars = failed_card.locator(".plot .try")
    expect(bars.first).to_be_visible()
    assert bars.count() == sum(int(row["tries"] or 0) for row in parts_of(failed_card))
    failed_card.locator(".plot").press("ArrowRight")
    expect(failed_card.locator(".readout")).to_contain_text("Part 1, try 1: 200")
    failed_card.locator(".plot .failed").first.hover()
    expect(failed_card.locator(".readout")).to_contain_text("QuotaExceeded")
    label = failed_card.locator(".plot svg").get_attribute("aria-label") or ""
    assert "tries of" in label


def test_a_folder_is_added_by_path_without_its_hidden_files(
    signed_in_page: Page, tmp_path: Path
) -> None:
    page = signed_in_page
    folder = tmp_path / "shoot"
    for name in ("b.bin", "a.bin", ".DS_Store", "Thumbs.db", "day 2/c.bin", ".git/config"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * 100)
    choose_folder(page, folder)
    for name in ("a.bin", "b.bin", "c.bin"):
        wait_until_done(page, name)
    names = page.locator(f"{OWN_CARD} bdi")
    assert names.evaluate_all("names => names.map(({title}) => title)") == [
        "shoot/day 2/c.bin",  # the newest link stands first
        "shoot/b.bin",
        "shoot/a.bin",
    ]
    expect(page.get_by_text("3 of 3 files done")).to_be_visible()


def test_more_files_than_fit_at_once_are_counted(signed_in_page: Page, tmp_path: Path) -> None:
    page = signed_in_page
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(MOST_FILES + 13):
        (folder / f"{number}.bin").write_bytes(b"x")
    slow_down(page, 1_000_000)
    ahead = card_of(page, send_sample_video(page, "250 MB"))
    expect(ahead.locator(".state")).to_contain_text("Sending")
    choose_folder(page, folder)
    refusal = page.get_by_role("alert").filter(has_text="213 files. At most 200")
    expect(refusal).to_be_visible()
    expect(page.get_by_text(re.compile(rf"^\d+ of {1 + MOST_FILES} files done"))).to_be_visible()
    expect(ahead.locator(".state")).to_contain_text("Sending")


def choose_folder(page: Page, folder: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a folder").click()
    chooser.value.set_files(folder)


def test_the_parts_of_what_has_arrived_can_be_looked_at(
    signed_in_page: Page, tmp_path: Path
) -> None:
    page = signed_in_page
    choose(page, random_file(tmp_path / "small.bin", 1000))
    card = wait_until_done(page, "small.bin")
    rows = card.locator("tr[data-status]")
    expect(rows).to_be_hidden()
    open_parts(card)
    expect(rows).to_have_count(1)


def test_one_table_is_open_at_a_time(signed_in_page: Page, tmp_path: Path) -> None:
    page = signed_in_page
    slow_down(page, 10_000_000)
    choose(page, random_file(tmp_path / "small.bin", 1000))
    wait_until_done(page, "small.bin")
    card = card_of(page, send_sample_video(page, "250 MB"))
    wait_for_parts(card, 1)
    expect(card.get_by_role("region", name="Parts of sample-video-250-MB.mp4")).to_be_visible()
    card_of(page, "small.bin").locator("summary").first.click()
    expect(page.get_by_role("region", name="Parts of small.bin")).to_be_visible()
    expect(card.get_by_role("region", name="Parts of sample-video-250-MB.mp4")).to_be_hidden()
    card.get_by_role("button", name="Cancel").click()


def test_the_keyboard_stays_where_it_was_of_use(signed_in_page: Page) -> None:
    page = signed_in_page
    slow_down(page, 10_000_000)
    name = send_sample_video(page, "250 MB")
    card = card_of(page, name)
    wait_for_parts(card, 1)
    card.get_by_role("button", name="Pause").press("Enter")
    expect(card.get_by_role("button", name="Resume")).to_be_focused()
    card.get_by_role("button", name="Resume").press("Enter")
    expect(card.get_by_role("button", name="Pause")).to_be_focused()
    card.get_by_role("button", name="Cancel").press("Enter")
    expect(card.get_by_role("heading", name=name)).to_be_focused()


def listened_to(page: Page, folder: Path) -> str:
    """Send a file that no test before can have begun, and record what is announced of it."""
    slow_down(page, 40_000_000)
    page.locator(".uploader > .only-heard").evaluate(RECORD_LIVE_REGION)
    choose(page, random_file(folder / "film.mp4", 120_000_000))
    return "film.mp4"


def test_start_quarters_and_end_are_announced_once(signed_in_page: Page, tmp_path: Path) -> None:
    page = signed_in_page
    name = listened_to(page, tmp_path)
    wait_until_done(page, name)
    page.wait_for_function(HEARD, arg=f"{name} is uploaded")
    heard = " | ".join(page.evaluate("window.heard"))
    for sentence in (
        f"Sending {name}",
        *(f"{name}: {percent} percent sent" for percent in (25, 50, 75)),
        f"{name} is uploaded",
    ):
        assert heard.count(sentence) == 1, heard


def test_a_start_that_is_drawn_late_is_announced_all_the_same(
    signed_in_page: Page, tmp_path: Path
) -> None:
    page = signed_in_page
    page.evaluate(DRAW_LATE)
    name = listened_to(page, tmp_path)
    page.wait_for_function(HEARD, arg=f"Sending {name}")
