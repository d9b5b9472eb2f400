"""The upload page, as the benches use it: what is to be changed here when the page changes."""

from playwright.sync_api import Page, expect

from bench.page.stopwatch import Shown
from tests.app_server import AppServer
from tests.browser.conftest import sign_in

SHOWN = Shown(
    file_input="input[type=file]",
    done="section[data-done]",
    counted="done",
    failed="li.card[data-state=failed]",
)
READY = "Drop files here"
ADVANCED = "Advanced: how files are sent"
CHECKING = "Check every part (Content-MD5)"
PARALLEL = "Parts at once"
PART_SIZE = "Part size in MiB"
FIRST_PAINT = 60_000  # milliseconds
AT_REST = 1_000  # milliseconds after which a page that is drawn, or a choice, has reached Python


def open_signed_in(page: Page, server: AppServer) -> None:
    """Sign in to an app and wait until the page takes files."""
    page.goto(server.url)
    sign_in(page, server.password)
    _wait_until_ready(page)


def open_anew(page: Page, server: AppServer) -> None:
    """Load the page once more, signed in as before: without cards, and with the usual choices."""
    page.goto(server.url)
    _wait_until_ready(page)


def set_parallel(page: Page, count: int) -> None:
    """Set how many parts go at once, the way a person does with the keyboard."""
    _open_advanced(page)
    slider = page.get_by_role("slider", name=PARALLEL)
    for _ in range(10):
        now = int(slider.get_attribute("aria-valuenow") or slider.input_value())
        if now == count:
            return
        slider.press("ArrowRight" if now < count else "ArrowLeft")
        page.wait_for_timeout(300)
    raise ValueError(f"The page does not let {count} parts go at once.")


def set_part_size(page: Page, mebibytes: int) -> None:
    """Set the part size of the next file."""
    _open_advanced(page)
    box = page.get_by_role("spinbutton", name=PART_SIZE)
    box.fill(str(mebibytes))
    box.press("Enter")
    page.wait_for_timeout(AT_REST)


def set_checking(page: Page, wanted: bool) -> None:
    """Say whether each part goes with its MD5."""
    _open_advanced(page)
    box = page.get_by_role("checkbox", name=CHECKING)
    if box.is_checked() != wanted:
        page.get_by_text(CHECKING, exact=True).click()
    expect(box).to_be_checked(checked=wanted)
    page.wait_for_timeout(AT_REST)


def wait_until_completed(page: Page) -> None:
    """Wait until the app has completed every file that is done."""
    waiting = page.get_by_role("button", name="Details", disabled=True)
    expect(waiting).to_have_count(0, timeout=FIRST_PAINT)


def _open_advanced(page: Page) -> None:
    if not page.get_by_role("slider", name=PARALLEL).is_visible():
        page.get_by_text(ADVANCED).click()
        expect(page.get_by_role("slider", name=PARALLEL)).to_be_visible()
        page.wait_for_timeout(AT_REST)


def _wait_until_ready(page: Page) -> None:
    expect(page.get_by_text(READY)).to_be_visible(timeout=FIRST_PAINT)
    page.wait_for_timeout(AT_REST)
