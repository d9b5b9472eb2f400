"""What a person needs from a file to its link, cut-out and asset: clicks, and no scrolling."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from components.assets import words as asset_words
from tests.app_server import AppServer
from tests.browser.background.background_steps import RUN_TIMEOUT, disc
from tests.browser.conftest import home_of
from tests.browser.settled import lies_still, settled
from tests.browser.steps import card_of, choose, link_of, wait_until_done

LAPTOP, PHONE = (1280, 800), (390, 664)
NUMBERS = itertools.count(1)
SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"


class Hand:
    """Presses what it sees with the mouse, counts that, and never scrolls."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def press(self, control: Locator) -> None:
        """Press a control, which has to be in sight as a whole."""
        expect(control).to_be_enabled()
        lies_still(control)
        expect(control).to_be_in_viewport(ratio=1)
        box = control.bounding_box()
        assert box
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.clicks += 1


@pytest.fixture(params=[LAPTOP, PHONE], ids=["1280x800", "390x664"])
def hand(
    request: pytest.FixtureRequest,
    context: BrowserContext,
    server: AppServer,
    state: dict[str, Any],
) -> Hand:
    """A hand on the upload page, in a window of that size."""
    width, height = request.param
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    page = home_of(context, server, state)
    page.set_viewport_size({"width": width, "height": height})
    return Hand(page)


def send(page: Page, folder: Path) -> tuple[Path, Locator]:
    """Send a picture after another one; return it with its row, which stands first of several."""
    number = next(NUMBERS)  # an asset has a name that no other has
    before, picture = (disc(folder / f"{name} {number}.jpg") for name in ("before", "a picture"))
    for file in (before, picture):
        choose(page, file)
        wait_until_done(page, file.name)
    return picture, card_of(page, picture.name)


def test_from_a_file_to_its_copied_link(hand: Hand, tmp_path: Path) -> None:
    page = hand.page
    file, row = send(page, tmp_path)
    hand.press(row.get_by_role("button", name="Copy link"))
    expect(card_of(page, file.name).get_by_role("button", name="Copy link")).to_have_text("Copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == link_of(page, file.name)
    assert hand.clicks == 1
    assert page.evaluate(SCROLLED) == 0


def test_from_a_file_to_its_cut_out(hand: Hand, tmp_path: Path) -> None:
    page = hand.page
    _, row = send(page, tmp_path)
    hand.press(row.get_by_role("button", name="Remove background"))
    expect(page.get_by_role("heading", name="Take it along")).to_be_visible(timeout=RUN_TIMEOUT)
    settled(page)
    expect(page.locator(".compare .stage")).to_be_in_viewport(ratio=0.85)
    assert hand.clicks == 1
    assert page.evaluate(SCROLLED) == 0


def test_from_a_file_to_its_asset(hand: Hand, tmp_path: Path) -> None:
    page = hand.page
    _, row = send(page, tmp_path)
    hand.press(row.get_by_role("button", name="Create asset"))
    dialog = page.get_by_role("dialog")
    create = dialog.get_by_role("button", name=asset_words.CREATE, exact=True)
    hand.press(create)
    expect(dialog.get_by_text(" is in Content Hub")).to_be_visible()
    assert hand.clicks == 2
