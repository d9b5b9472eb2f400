"""What a person does on the upload page, as the browser tests say it."""

import hashlib
import os
from pathlib import Path
from weakref import WeakKeyDictionary

import requests
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser.settled import lies_still, settled

COLUMNS = ("part", "bytes", "size", "status", "progress", "tries", "speed", "etag")
OWN_CARD = '.card:not([data-own="false"])'
"""A file of this load of the page: of others there are links only."""
UPLOAD_TIMEOUT = 180_000  # milliseconds
_lines: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()


def unfold(place: Page | Locator, title: str) -> None:
    """Open the expander that has this in its title, and wait until all of it is there."""
    summary = place.get_by_test_id("stExpander").locator("summary", has_text=title).first
    summary.click()
    lies_still(summary.locator("xpath=.."))


def choose(page: Page, *files: Path) -> None:
    """Give files to the page the way the file dialog does; what was clicked before has its effect.

    The page learns how files are to be sent from a run of the script, which a file dialog outlasts.
    """
    settled(page)
    page.locator("input[type=file]").set_input_files(files)


def card_of(page: Page, name: str) -> Locator:
    """Return the card of the newest file of that name; once it is done, the row of its link."""
    return page.locator(OWN_CARD, has=page.get_by_text(name, exact=True)).first


def wait_until_done(page: Page, name: str) -> Locator:
    """Wait for a file's upload and its link, and return its card.

    "Failed" is no reason to stop waiting: it may be what a press of "Retry" is about to change.
    """
    card = card_of(page, name)
    try:
        expect(card.locator(".state")).to_contain_text("Done", timeout=UPLOAD_TIMEOUT)
    except AssertionError as error:
        error.add_note(card.inner_text())
        raise
    expect(_link(page, name)).to_be_visible()
    expect(card.get_by_role("button", name="Details")).to_be_enabled()  # Python has it, too
    return card


def slow_down(page: Page, bytes_per_second: int) -> None:
    """Give the page's uploads a line of that speed, with Chromium's own network emulation.

    -1 is as fast as it goes. A page has one session for this: while a first one is attached,
    Chromium heeds none that came later.
    """
    conditions = {
        "offline": False,
        "latency": 0,
        "downloadThroughput": -1,
        "uploadThroughput": bytes_per_second,
    }
    session = _lines.get(page) or page.context.new_cdp_session(page)
    _lines[page] = session
    for method, parameters in (
        ("Network.enable", None),
        ("Network.emulateNetworkConditions", conditions),
    ):
        session.send(method, parameters)  # pyright: ignore[reportUnknownMemberType] # a bare Dict


def send_sample_video(page: Page, size: str) -> str:
    """Start the upload of a sample video of that size, as the page offers it; return its name."""
    settled(page)
    page.get_by_label("Size of the sample video").select_option(label=size)
    page.get_by_role("button", name="Sample video").click()
    number, unit = size.split()
    return f"sample-video-{int(number) * (1000 if unit == 'GB' else 1)}-MB.mp4"


def choose_part_size(page: Page, mebibytes: int = 16) -> None:
    """Have files cut into parts of one size, where a test counts on which parts there will be."""
    size = page.get_by_role("spinbutton", name="Part size in MiB")
    if not size.is_visible():
        unfold(page, "Advanced: how files are sent")
    size.fill(str(mebibytes))
    size.press("Enter")
    settled(page)


def wait_for_parts(card: Locator, count: int) -> None:
    """Wait until that many parts of a card are done while the upload goes on."""
    expect(card.locator("tr[data-status=done]").nth(count - 1)).to_be_attached(
        timeout=UPLOAD_TIMEOUT
    )
    expect(card.locator(".state")).to_contain_text("Sending")


def link_of(page: Page, name: str) -> str:
    """Return the download link shown for the newest file of that name."""
    return _link(page, name).get_attribute("href") or ""


def parts_of(card: Locator) -> list[dict[str, str]]:
    """Return the rows of a card's part table, by column.

    The card of a file that was sent while another page was on show has not had its parts open.
    """
    table_rows = card.locator("tr[data-status]")
    if not table_rows.count():
        open_parts(card)
    rows: list[list[str]] = table_rows.evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    named = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return [{**row, "status": row["status"].split(" ", 1)[1]} for row in named]


def open_parts(card: Locator) -> None:
    """Open the parts of a file that is not on its way, and wait until they are to be seen."""
    summary = card.locator(".part-section > summary")
    lies_still(summary)
    summary.click()
    expect(card.locator("tr[data-status]").first).to_be_visible()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def random_file(path: Path, size: int) -> Path:
    """Fill a new file with `size` random bytes."""
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        for start in range(0, size, 1_000_000):
            file.write(os.urandom(min(1_000_000, size - start)))
    return path


def expect_same_file(page: Page, file: Path, folder: Path) -> None:
    """Fetch the newest link to a file of that name and compare what comes with the file."""
    assert sha256(download(link_of(page, file.name), folder / "copy")) == sha256(file)


def download(url: str, path: Path) -> Path:
    """Fetch a link to a file, in bounded memory."""
    with requests.get(url, stream=True, timeout=60) as answer, path.open("wb") as file:
        answer.raise_for_status()
        for block in answer.iter_content(1 << 20):
            file.write(block)
    return path


def result_of(page: Page, name: str) -> Locator:
    """Open the details of the newest file of that name, and return them."""
    card = card_of(page, name)
    result = page.locator(f".st-key-result-{card.get_attribute('data-transfer')}")
    if not result.is_visible():
        card.get_by_role("button", name="Details").click()
        expect(result).to_be_visible()
    return result


def _link(page: Page, name: str) -> Locator:
    return card_of(page, name).get_by_role("link", name=f"Open: {name}", exact=True)


def fold_sidebar(page: Page) -> None:
    page.get_by_test_id("stSidebarHeader").hover()  # which shows the button
    page.get_by_role("button", name="Collapse sidebar").click()
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible()
    settled(page)


def go_by_navigation(page: Page, heading: str, link: str | None = None) -> None:
    """Follow a link of the navigation; on a narrow screen it is folded away, so widen that."""
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": 1280, "height": size["height"]})
    page.get_by_role("link", name=link or heading, exact=True).click()
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    page.set_viewport_size(size)
