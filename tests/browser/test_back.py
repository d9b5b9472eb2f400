"""Back and Forward show what the address says, one step for each press."""

import re
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
from tests.browser.steps import choose, go_by_navigation, result_of, wait_until_done


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


def test_from_an_upload_to_its_picture_and_back_is_one_step(
    signed_in_page: Page, app_server: AppServer, tmp_path: Path
) -> None:
    page = signed_in_page
    file = disc(tmp_path / f"one-{tmp_path.name}.png")
    choose(page, file)
    card = wait_until_done(page, file.name)
    settled(page)
    steps = page.evaluate("history.length")
    card.get_by_role("button", name="Remove background").click()
    expect(chain(page).get_by_text(file.name)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/background\?image=\w+$"))
    settled(page)
    assert page.evaluate("history.length") == steps + 1
    back(page)
    expect(page.get_by_role("heading", name="Upload", level=1)).to_be_visible()
    assert page.url == f"{app_server.url}/"
    forward(page)
    expect(chain(page).get_by_text(file.name)).to_be_visible()
    assert "image=" in page.url
    settled(page)
    page.reload()
    expect(chain(page).get_by_text(file.name)).to_be_visible()


def test_back_from_the_first_picture_is_the_page_as_it_was_opened(
    signed_in_tab: Page, app_server: AppServer, tmp_path: Path
) -> None:
    page = signed_in_tab
    page.goto(app_server.url)
    expect(page.get_by_text("Drop files here")).to_be_visible()
    settled(page)
    go_by_navigation(page, "Background removal", "Background")
    give(page, disc(tmp_path / "red.png"))
    expect(chain(page).get_by_text("red.png")).to_be_visible()
    give(page, disc(tmp_path / "blue.png", BLUE))
    expect(page.get_by_text("2 of 2 pictures done")).to_be_visible(timeout=90_000)
    back(page)
    expect(chain(page).get_by_text("red.png")).to_be_visible()
    back(page)
    expect(page.get_by_role("heading", name="Choose a picture first")).to_be_visible()
    assert "image=" not in page.url
    back(page)
    expect(page.get_by_role("heading", name="Upload", level=1)).to_be_visible()
    forward(page)
    forward(page)
    forward(page)
    expect(chain(page).get_by_text("blue.png")).to_be_visible()


def test_a_page_that_is_come_back_to_shows_its_picture_and_takes_one_step(
    signed_in_tab: Page, app_server: AppServer, tmp_path: Path
) -> None:
    page = signed_in_tab
    open_background(page, app_server.url)
    give(page, disc(tmp_path / "red.png"))
    expect(chain(page).get_by_text("red.png")).to_be_visible()
    settled(page)
    go_by_navigation(page, "Assets")
    settled(page)
    go_by_navigation(page, "Background removal", "Background")
    expect(chain(page).get_by_text("red.png")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/background\?image=\w+$"))
    back(page)
    expect(page.get_by_role("heading", name="Assets", exact=True)).to_be_visible()
    back(page)
    expect(chain(page).get_by_text("red.png")).to_be_visible()
