"""The assets page in a real browser: find, look, publish, delete, go on, on any endpoint."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app_server import AppServer
from tests.browser.assets.asset_steps import (
    Shelf,
    choose_folder,
    expect_picture,
    open_assets,
    open_button,
    search_for,
    shelf_of,
)
from tests.browser.conftest import expect_signed_in, sign_in
from tests.browser.endpoint import running_endpoint
from tests.browser.settled import settled

Check = Callable[[Page], None]


@pytest.fixture
def shelf(app_server: AppServer, tmp_path: Path) -> Iterator[Shelf]:
    with shelf_of(app_server, tmp_path) as shelf:
        yield shelf


def test_from_a_folder_to_an_asset_and_its_end(
    signed_in_tab: Page, app_server: AppServer, shelf: Shelf
) -> None:
    page = signed_in_tab
    shoe, boot = shelf.put("Shoe"), shelf.put("Boot")
    open_assets(page, app_server.url)
    choose_folder(page, shelf.label)
    expect(page.get_by_text("2 assets", exact=True)).to_be_visible()
    expect_picture(page, "Shoe")
    expect_picture(page, "Boot")

    search_for(page, "Boot")
    expect(open_button(page, shoe)).to_be_hidden()
    open_button(page, boot).click()
    expect(page.get_by_role("heading", name="Boot")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/assets\?asset=QXNzZXQ6"))
    expect_picture(page, "Boot")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Publishing was asked for")).to_be_visible()
    expect(page.get_by_text("Published: Yes")).to_be_visible()

    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("Boot is deleted.")).to_be_visible()
    expect(page.get_by_text("No asset found")).to_be_visible()
    page.get_by_role("button", name="Clear the search").click()
    expect(open_button(page, shoe)).to_be_visible()
    assert shelf.library.asset(boot.id) is None
    assert shelf.library.asset(shoe.id)


def test_what_was_pressed_is_done_although_the_page_is_left_in_the_same_moment(
    signed_in_tab: Page, app_server: AppServer, shelf: Shelf
) -> None:
    page = signed_in_tab
    boot = shelf.put("Boot")
    open_assets(page, app_server.url)
    choose_folder(page, shelf.label)
    open_button(page, boot).click()
    page.get_by_role("button", name="Delete", exact=True).click()
    requests = page.get_by_role("link", name="Requests", exact=True).element_handle()
    page.get_by_role("button", name="Delete for good").evaluate(
        "(button, link) => { button.click(); link.click() }", requests
    )
    expect(page.get_by_role("heading", name="Requests", level=1)).to_be_visible()
    settled(page)
    expect(page.get_by_role("heading", name="Requests", level=1)).to_be_visible()
    page.get_by_role("link", name="Assets", exact=True).click()
    expect(page.get_by_text("Boot is deleted.")).to_be_visible()
    assert shelf.library.asset(boot.id) is None


def test_the_folder_and_the_search_stay_while_an_asset_is_looked_at(
    signed_in_tab: Page, app_server: AppServer, shelf: Shelf
) -> None:
    page = signed_in_tab
    shoe = shelf.put("Shoe")
    shelf.put("Boot")
    open_assets(page, app_server.url)
    choose_folder(page, shelf.label)
    expect(page.get_by_text("2 assets", exact=True)).to_be_visible()
    search_for(page, "Sho")
    expect(page.get_by_text("1 asset", exact=True)).to_be_visible()
    open_button(page, shoe).click()
    page.get_by_role("button", name="Back to the assets").click()
    expect(page.get_by_text("1 asset", exact=True)).to_be_visible()
    expect(page.get_by_label("Search", exact=True)).to_have_value("Sho")
    choose_folder(page, "All folders")
    open_button(page, shoe).first.click()
    page.get_by_role("button", name="Back to the assets").click()
    expect(page.get_by_role("combobox", name="Folder")).to_have_value("All folders")
    expect(page).to_have_url(re.compile(r"/assets$"))


def test_an_address_leads_a_new_visitor_to_the_asset(
    page: Page, app_server: AppServer, shelf: Shelf
) -> None:
    shoe = shelf.put("Shoe")
    page.goto(f"{app_server.url}/assets?asset={shoe.id}")
    sign_in(page, app_server.password)
    expect(page.get_by_role("heading", name="Shoe")).to_be_visible()
    expect(page.get_by_text(shoe.asset_id)).to_be_visible()


def test_the_query_goes_to_the_playground_and_runs_there(
    signed_in_tab: Page, app_server: AppServer, shelf: Shelf
) -> None:
    page = signed_in_tab
    shoe = shelf.put("Shoe")
    page.goto(f"{app_server.url}/assets?asset={shoe.id}")
    page.get_by_role("button", name="Open in playground").click()
    expect(page.get_by_role("heading", name="Playground")).to_be_visible()
    expect(page.get_by_text("AssetDetails").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Run")).first.click()
    expect(page.get_by_text(shoe.name).first).to_be_visible()


def test_a_picture_goes_on_to_background_removal(
    signed_in_tab: Page, app_server: AppServer, shelf: Shelf
) -> None:
    page = signed_in_tab
    shoe = shelf.put("Shoe")
    page.goto(f"{app_server.url}/assets?asset={shoe.id}")
    page.get_by_role("button", name="Remove background").click()
    expect(page).to_have_url(re.compile(r"/background\?image="))
    expect(page.get_by_text("Shoe.png").first).to_be_visible()


def test_a_row_of_the_table_opens_its_asset(
    signed_in_tab: Page, app_server: AppServer, shelf: Shelf
) -> None:
    page = signed_in_tab
    shelf.put("Shoe")
    open_assets(page, app_server.url)
    choose_folder(page, shelf.label)
    expect(page.get_by_text("1 asset", exact=True)).to_be_visible()
    page.get_by_text("Table", exact=True).click()
    table = page.locator(".st-key-assets-table canvas").first
    expect(table).to_be_visible()
    settled(page)
    # The box before the first row; what scrolls the canvas lies above it and passes the click on.
    table.click(position={"x": 15, "y": 52}, force=True)
    expect(page.get_by_role("heading", name="Shoe")).to_be_visible()
    page.get_by_role("button", name="Back to the assets").click()
    expect(table).to_be_visible()


def test_the_same_on_another_endpoint(
    page: Page, own_app_server: AppServer, tmp_path: Path
) -> None:
    with running_endpoint(tmp_path / "endpoint") as endpoint:
        own_app_server.environment.update(endpoint.settings())
        own_app_server.start()
        with shelf_of(own_app_server, tmp_path) as shelf:
            shoe = shelf.put("Shoe")
            page.goto(own_app_server.url)
            sign_in(page, own_app_server.password)
            expect_signed_in(page)
            page.get_by_role("link", name="Assets").click()
            choose_folder(page, shelf.label)
            expect_picture(page, "Shoe")
            open_button(page, shoe).click()
            expect_picture(page, "Shoe")
            page.get_by_role("button", name="Delete", exact=True).click()
            page.get_by_role("button", name="Delete for good").click()
            expect(page.get_by_text("Shoe is deleted.")).to_be_visible()
    page.get_by_role("button", name="Read again").click()
    expect(page.get_by_text("service-down").first).to_be_visible()


def test_every_state_is_accessible(
    signed_in_tab: Page, app_server: AppServer, shelf: Shelf, expect_accessible: Check
) -> None:
    page = signed_in_tab
    open_assets(page, app_server.url)
    choose_folder(page, shelf.label)
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    expect_accessible(page)
    page.get_by_role("button", name="New folder").click()
    page.get_by_role("button", name="Create folder").click()
    expect(page.get_by_text("Give the folder a name.")).to_be_visible()
    expect_accessible(page)
    page.keyboard.press("Escape")

    shoe = shelf.put("Shoe")
    shelf.put("A boot with a very long label that goes on and on and on without end or sense")
    page.get_by_role("button", name="Read again").click()
    expect_picture(page, "Shoe")
    expect_accessible(page)
    page.get_by_text("Table", exact=True).click()
    expect(page.locator(".st-key-assets-table canvas").first).to_be_visible()
    expect_accessible(page)
    page.get_by_text("Pictures", exact=True).click()
    search_for(page, "nothing of this name")
    expect(page.get_by_text("No asset found")).to_be_visible()
    expect_accessible(page)
    page.get_by_role("button", name="Clear the search").click()

    open_button(page, shoe).click()
    expect(page.get_by_role("button", name="Open in playground")).to_have_count(1)
    expect(page.get_by_text("Link to this page")).to_be_visible()
    expect_picture(page, "Shoe")
    expect_accessible(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Publishing was asked for")).to_be_visible()
    expect_accessible(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("button", name="Keep it")).to_be_visible()
    expect_accessible(page)
    shelf.library.delete([shoe.id])
    page.reload()
    expect(page.get_by_text("This asset is not here")).to_be_visible()
    expect_accessible(page)
