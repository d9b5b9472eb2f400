"""Back and Forward show what the address says, one step for each press."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.app_server import AppServer
from tests.browser.assets.asset_steps import (
    Shelf,
    choose_folder,
    open_assets,
    open_button,
    shelf_of,
)
from tests.browser.background.background_steps import BLUE, cell, disc, give, open_background
from tests.browser.settled import settled
from tests.browser.steps import choose, result_of, wait_until_done


@pytest.fixture
def shelf(app_server: AppServer, tmp_path: Path) -> Iterator[Shelf]:
    with shelf_of(app_server, tmp_path) as shelf:
        yield shelf


def chain(page: Page) -> Locator:
    """What the background page says of the picture on show."""
    return page.locator(".st-key-chain")


def back(page: Page) -> None:
    settled(page)
    page.evaluate("history.back()")
    settled(page)


def forward(page: Page) -> None:
    page.evaluate("history.forward()")
    settled(page)


def test_between_assets(signed_in_tab: Page, app_server: AppServer, shelf: Shelf) -> None:
    page = signed_in_tab
    shoe, boot = shelf.put("Shoe"), shelf.put("Boot")
    open_assets(page, app_server.url)
    choose_folder(page, shelf.label)
    for asset in (shoe, boot):
        settled(page)
        open_button(page, asset).click()
        expect(page.get_by_role("heading", name=asset.label)).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Back to the assets").click()
        expect(page.get_by_role("heading", name="Assets", exact=True)).to_be_visible()
    back(page)
    expect(page.get_by_role("heading", name="Boot")).to_be_visible()
    back(page)
    expect(page.get_by_role("heading", name="Boot")).to_be_hidden()
    back(page)
    expect(page.get_by_role("heading", name="Shoe")).to_be_visible()
    assert f"asset={shoe.id.rstrip('=')}" in page.url
    forward(page)
    forward(page)
    expect(page.get_by_role("heading", name="Boot")).to_be_visible()
    assert f"asset={boot.id.rstrip('=')}" in page.url


def test_between_pictures(signed_in_tab: Page, app_server: AppServer, tmp_path: Path) -> None:
    page = signed_in_tab
    open_background(page, app_server.url)
    give(page, disc(tmp_path / "red.png"))
    expect(chain(page).get_by_text("red.png")).to_be_visible()
    give(page, disc(tmp_path / "blue.png", BLUE))  # the one that arrived last is on show
    expect(page.get_by_text("2 of 2 pictures done")).to_be_visible(timeout=90_000)
    for name in ("red.png", "blue.png", "red.png"):
        cell(page, name).get_by_role("button", name="Open").click()
        expect(chain(page).get_by_text(name)).to_be_visible()
        settled(page)
    addresses = [page.url]
    for name in ("blue.png", "red.png"):
        back(page)
        expect(chain(page).get_by_text(name)).to_be_visible()
        addresses.append(page.url)
    assert addresses[0] == addresses[2] != addresses[1]
    forward(page)
    expect(chain(page).get_by_text("blue.png")).to_be_visible()
    assert page.url == addresses[1]


def test_between_transfers(signed_in_page: Page, tmp_path: Path) -> None:
    page = signed_in_page
    files = [disc(tmp_path / f"{name}-{tmp_path.name}.png") for name in ("one", "two")]
    for file in files:
        choose(page, file)
        wait_until_done(page, file.name)
    heading = page.get_by_role("heading", name="Details", exact=True)
    for file in files:
        expect(result_of(page, file.name)).to_contain_text(file.name)
        expect(heading).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Close details").click()
        expect(heading).to_be_hidden()
    back(page)
    expect(heading).to_be_visible()
    back(page)
    expect(heading).to_be_hidden()
    forward(page)
    expect(heading).to_be_visible()
    assert "transfer=" in page.url
