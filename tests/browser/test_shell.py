"""What is around every page: the product's name, no dead space, as wide as content needs."""

import pytest
from playwright.sync_api import Page, expect

from components.words import NO_SUCH_PAGE, PRODUCT
from tests.app_server import AppServer
from tests.browser.conftest import expect_no_sideways_scrolling, expect_signed_in
from tests.browser.controls import controls, first_control_top
from tests.browser.settled import settled
from tests.browser.steps import fold_sidebar, go_by_navigation

PAGES = {
    "": "Upload",
    "playground": "Playground",
    "background": "Background removal",
    "assets": "Assets",
    "requests": "Requests",
    "checks": "Checks",
    "connections": "Connections",
}
NAME_OF = """selector => [...document.querySelectorAll(selector)].flatMap(element =>
  ['::before', '::after'].map(part => getComputedStyle(element, part).content))"""
UPPERMOST = """heading => {
  const { left, top } = heading.getBoundingClientRect()
  return heading.contains(document.elementFromPoint(left + 5, top + 10))
}"""
WIDTH = "element => element.getBoundingClientRect().width"
LAPTOP, PHONE, ZOOMED, WALL = (1280, 800), (320, 640), (640, 400), (2560, 1200)


def show(page: Page, server: AppServer, path: str, size: tuple[int, int] = LAPTOP) -> None:
    """Open a page in a window of that size and wait until all of it is there."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{server.url}/{path}")
    expect(page.get_by_role("heading", name=PAGES[path], level=1, exact=True)).to_be_visible()
    expect_signed_in(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)  # in the place of our components
    settled(page)


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    settled(page)


def test_the_products_name_and_mark_are_on_the_sign_in_page(
    page: Page, app_server: AppServer
) -> None:
    page.goto(app_server.url)
    title = page.get_by_role("heading", name=PRODUCT, level=1)
    expect(title).to_be_visible()
    assert "data:image/svg" in title.evaluate("it => getComputedStyle(it).backgroundImage")
    page.set_viewport_size({"width": 320, "height": 640})
    expect_no_sideways_scrolling(page)


def test_the_products_name_is_in_the_sidebar_and_where_that_is_folded_in_the_header(
    signed_in_tab: Page, app_server: AppServer
) -> None:
    page = signed_in_tab
    for path in ("", "assets"):  # the mark is a link everywhere but on the first page
        show(page, app_server, path)
        expect(page.get_by_test_id("stSidebarLogo")).to_be_in_viewport()
        assert f'"{PRODUCT}"' in page.evaluate(NAME_OF, "[data-testid=stSidebarHeader]")
        fold_sidebar(page)
        for size in (LAPTOP, (375, 800)):
            resize(page, size)
            expect(page.get_by_test_id("stHeaderLogo")).to_be_in_viewport()
            assert f'"{PRODUCT}"' in page.evaluate(NAME_OF, "[data-testid=stHeader] div")
        page.evaluate("localStorage.clear()")


@pytest.mark.parametrize("path", PAGES, ids=PAGES.values())
def test_a_page_fits_its_window_and_begins_at_its_top(
    signed_in_tab: Page, app_server: AppServer, path: str
) -> None:
    """The first control is in the first third of 1280 by 800; lines of text stay readable."""
    page = signed_in_tab
    show(page, app_server, path)
    title = page.get_by_role("heading", name=PAGES[path], level=1, exact=True)
    box = title.bounding_box()
    assert box
    assert box["y"] <= 48
    assert first_control_top(page) <= LAPTOP[1] / 3
    assert title.evaluate(UPPERMOST)
    for size in (ZOOMED, PHONE):
        resize(page, size)
        expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()  # it slides away
        expect_no_sideways_scrolling(page)
        assert title.evaluate(UPPERMOST), f"something lies over the title at {size}"
        narrow = title.bounding_box()
        assert narrow
        assert narrow["y"] <= 108  # of which 60 are the header with the product's name

    resize(page, WALL)
    lines = page.locator("[data-testid=stMain] [data-testid=stMarkdownContainer] > p")
    assert max(line.evaluate(WIDTH) for line in lines.all()) <= 52 * 16
    content = page.get_by_test_id("stMainBlockContainer").evaluate(WIDTH)
    assert (content > 2000) == (path in {"playground", "requests"})
    assert content >= 1600

    fold_sidebar(page)
    for size in (WALL, LAPTOP):
        resize(page, size)
        assert title.evaluate(UPPERMOST), f"the header lies over the title at {size}"


def test_an_address_without_a_page_is_named_on_the_first_page_only(
    signed_in_tab: Page, app_server: AppServer
) -> None:
    page = signed_in_tab
    page.goto(f"{app_server.url}/no-such-page")
    said = page.get_by_text(NO_SUCH_PAGE.format(address="no-such-page"))
    expect(said).to_be_visible()
    expect(page.get_by_role("heading", name="Upload", level=1)).to_be_visible()
    go_by_navigation(page, "Checks")
    expect(said).to_be_hidden()
    go_by_navigation(page, "Upload")
    expect(said).to_be_hidden()


@pytest.mark.parametrize("path", PAGES, ids=PAGES.values())
def test_every_control_is_called_as_it_reads(
    signed_in_tab: Page, app_server: AppServer, path: str
) -> None:
    page = signed_in_tab
    show(page, app_server, path)
    found = controls(page)
    assert len(found) > 8  # those of the sidebar, at least
    assert [control for control in found if not control.is_called_as_it_reads] == []
