"""The tabs of the open operations, with mouse, keys and finger."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from client.playground.saved_operations import (
    LONGEST_NAME,
    MOST_TABS,
    OperationStore,
    SavedOperation,
)
from tests.app_server import AppServer
from tests.browser.playground.playground_steps import operations, shown_tab, tab, tabs
from tests.browser.settled import settled
from tests.service.api_client import wait_until

Check = Callable[[Page], None]
Opened = Callable[..., Page]
LONG = "AnOperationWhoseNameIsSoLongThatItIsCutAndOnlyItsTooltipHasAllOfIt"


def text_of(name: str) -> str:
    return f"query {name} {{ viewer {{ id }} }}"


@pytest.fixture
def opened(context: BrowserContext, server: AppServer, state: dict[str, Any]) -> Opened:
    """Opens the playground with these operations in tabs, the last of them on show."""

    def open_tabs(*names: str) -> Page:
        store = OperationStore(server.data_dir)
        for one in store.tabs("demo"):
            store.close_tab("demo", one.id)
        for number, name in enumerate(names, 1):
            facts = {"used": float(number)}
            store.put_tab("demo", SavedOperation(text_of(name), at=float(number), facts=facts))
        store.close()
        context.add_cookies(state["cookies"])
        page = context.new_page()
        page.goto(f"{server.url}/playground")
        expect(operations(page)).to_contain_text(names[-1])
        expect(shown_tab(page)).to_have_text(names[-1])
        settled(page)
        return page

    return open_tabs


def close_button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"Close {name}", exact=True)


def expect_tabs(page: Page, *names: str) -> None:
    expect(tabs(page)).to_have_text(names)


def expect_shown(page: Page, name: str) -> None:
    expect(shown_tab(page)).to_have_text(name)
    expect(operations(page)).to_contain_text(f"query {name}")


def choose(page: Page, item: str) -> None:
    page.get_by_role("button", name="More for this tab").click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def middle(box: Locator) -> tuple[float, float]:
    place = box.bounding_box()
    assert place
    return place["x"] + place["width"] / 2, place["y"] + place["height"] / 2


# Showing -------------------------------------------------------------------------------------


def test_a_press_shows_a_tab(opened: Opened) -> None:
    page = opened("One", "Two", "Three")
    expect(page.get_by_role("tablist", name="Open operations")).to_be_attached()
    tab(page, "One").click()
    expect_shown(page, "One")
    expect(tab(page, "One")).to_be_focused()


def test_arrow_keys_go_round_the_tabs_and_enter_shows_one(opened: Opened) -> None:
    page = opened("One", "Two", "Three")
    tab(page, "Three").press("ArrowRight")
    expect(tab(page, "One")).to_be_focused()
    tab(page, "One").press("ArrowLeft")
    tab(page, "Three").press("Home")
    expect(tab(page, "One")).to_be_focused()
    tab(page, "One").press("End")
    tab(page, "Three").press("ArrowLeft")
    expect(tab(page, "Two")).to_be_focused()
    expect_shown(page, "Three")
    tab(page, "Two").press("Enter")
    expect_shown(page, "Two")
    settled(page)
    expect(tab(page, "Two")).to_be_focused()


def test_the_tab_key_comes_to_one_tab_and_its_close_button(opened: Opened) -> None:
    page = opened("One", "Two", "Three")
    tab(page, "Two").click()
    expect_shown(page, "Two")
    page.keyboard.press("Tab")
    expect(close_button(page, "Two")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="New tab")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(tab(page, "Two")).to_be_focused()


def test_many_presses_at_once_are_all_carried_out(opened: Opened) -> None:
    page = opened("One", "Two", "Three", "Four", "Five")
    for name in ("One", "Three", "Five"):
        close_button(page, name).evaluate("button => button.click()")
    expect_tabs(page, "Two", "Four")
    settled(page)
    expect_shown(page, "Four")
    page.reload()
    expect_tabs(page, "Two", "Four")


def test_a_new_tab_begins_without_an_error(opened: Opened) -> None:
    page = opened("One")
    page.get_by_role("button", name="New tab").click()
    expect_tabs(page, "One", "Untitled")
    expect(operations(page)).to_contain_text("Write an operation here")
    settled(page)
    expect(page.locator(".cm-lintRange-error, .cm-lint-marker-error")).to_have_count(0)
    operations(page).press("Control+End")
    operations(page).press_sequentially("query Fresh { viewer { id ")
    expect(shown_tab(page)).to_have_text("Fresh")


def test_a_new_tab_is_written_in_at_once(opened: Opened) -> None:
    page = opened("One")
    page.get_by_role("button", name="New tab").press("Enter")
    expect_tabs(page, "One", "Untitled")
    expect(operations(page)).to_be_focused()
    page.keyboard.type("query Fresh { viewer { id ")
    expect(shown_tab(page)).to_have_text("Fresh")
    expect_tabs(page, "One", "Fresh")
    settled(page)
    page.reload()  # nobody asked for the caret here
    expect(operations(page)).to_contain_text("query Fresh { viewer { id")
    expect(operations(page)).not_to_be_focused()


# Closing -------------------------------------------------------------------------------------


def test_a_tab_is_closed_by_its_button_by_the_middle_button_and_by_delete(opened: Opened) -> None:
    page = opened("One", "Two", "Three", "Four")
    close_button(page, "Two").click()
    expect_tabs(page, "One", "Three", "Four")
    expect_shown(page, "Four")
    tab(page, "One").click(button="middle")
    expect_tabs(page, "Three", "Four")
    tab(page, "Three").click()
    expect_shown(page, "Three")
    tab(page, "Three").press("Delete")
    expect_tabs(page, "Four")
    expect(tab(page, "Four")).to_be_focused()
    expect_shown(page, "Four")
    tab(page, "Four").press("Delete")
    expect_tabs(page, "Untitled")
    settled(page)
    expect(tab(page, "Untitled")).to_be_focused()


def test_closed_tabs_come_back_one_after_the_other_where_they_were(opened: Opened) -> None:
    page = opened("One", "Two", "Three")
    choose(page, "Move left")
    expect_tabs(page, "One", "Three", "Two")
    operations(page).press("Control+End")
    operations(page).press_sequentially(" # typed just before")
    close_button(page, "Three").click()
    expect_tabs(page, "One", "Two")
    close_button(page, "One").click()
    expect_tabs(page, "Two")
    settled(page)
    page.reload()
    expect_tabs(page, "Two")
    choose(page, "Reopen closed tab")
    expect_tabs(page, "One", "Two")
    expect_shown(page, "One")
    choose(page, "Reopen closed tab")
    expect_tabs(page, "One", "Three", "Two")
    expect_shown(page, "Three")
    expect(operations(page)).to_contain_text("# typed just before")


def test_all_other_tabs_are_closed_at_once(opened: Opened) -> None:
    page = opened("One", "Two", "Three")
    choose(page, "Close others")
    expect_tabs(page, "Three")
    expect_shown(page, "Three")


def test_above_the_most_tabs_the_one_used_longest_ago_is_closed_with_a_word(
    opened: Opened,
) -> None:
    names = [f"Query{number}" for number in range(1, MOST_TABS + 1)]
    page = opened(*names)
    tab(page, "Query1").click()
    expect_shown(page, "Query1")
    page.get_by_role("button", name="New tab").click()
    expect(page.get_by_text("30 tabs can be open, so Query2, which")).to_be_visible()
    expect_tabs(page, "Query1", *names[2:], "Untitled")
    expect(tab(page, "Untitled")).to_be_in_viewport()
    choose(page, "Reopen closed tab")
    expect_shown(page, "Query2")
    expect_tabs(page, "Query1", "Query2", *names[3:], "Untitled")


# Naming --------------------------------------------------------------------------------------


def test_a_name_is_typed_in_the_tab_s_place(opened: Opened) -> None:
    page = opened("One", "Two")
    field = page.get_by_role("textbox", name="Name of the tab")
    tab(page, "One").dblclick()
    expect(field).to_be_focused()
    field.fill("<b>Mine</b> r c")
    field.press("Enter")
    expect_tabs(page, "<b>Mine</b> r c", "Two")
    expect(tab(page, "<b>Mine</b> r c")).to_be_focused()
    settled(page)
    page.keyboard.press("F2")
    field.fill("Not this")
    field.press("Escape")
    expect_tabs(page, "<b>Mine</b> r c", "Two")
    settled(page)
    page.reload()
    expect_tabs(page, "<b>Mine</b> r c", "Two")
    expect(operations(page)).to_contain_text("query One")
    choose(page, "Rename")
    field.fill("")
    field.press("Enter")
    expect_tabs(page, "One", "Two")


def test_a_name_that_is_as_long_as_names_are_is_said_to_be(opened: Opened) -> None:
    page = opened("One")
    choose(page, "Rename")
    field = page.get_by_role("textbox", name="Name of the tab")
    field.fill("x" * (LONGEST_NAME - 1))
    field.press_sequentially("yz")
    told = page.get_by_text(f"A name has at most {LONGEST_NAME} characters.")
    expect(told).to_be_visible()
    operations(page).click()  # leaving keeps it
    expect(told).to_be_hidden()
    expect_tabs(page, "x" * (LONGEST_NAME - 1) + "y")


# Order ---------------------------------------------------------------------------------------


def drag(page: Page, name: str, to: str) -> None:
    """Drag a tab onto the far side of another one."""
    x, y = middle(tab(page, name))
    place = tab(page, to).bounding_box()
    assert place
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y)
    page.mouse.move(place["x"] + (place["width"] - 2 if x < place["x"] else 2), y, steps=3)


def test_a_dragged_tab_is_where_it_was_let_go_after_a_reload_too(opened: Opened) -> None:
    page = opened("One", "Two", "Three")
    drag(page, "One", to="Two")
    page.mouse.up()
    expect_tabs(page, "Two", "One", "Three")
    expect_shown(page, "Three")  # dragging shows nothing
    drag(page, "Three", to="Two")
    page.keyboard.press("Escape")
    page.mouse.up()
    drag(page, "One", to="Three")
    page.mouse.up()
    expect_tabs(page, "Two", "Three", "One")
    expect(tab(page, "One")).to_be_focused()
    page.keyboard.press("Enter")
    expect_shown(page, "One")
    settled(page)
    page.reload()
    expect_tabs(page, "Two", "Three", "One")


def test_keys_move_a_tab_and_say_where_it_is(opened: Opened) -> None:
    page = opened("One", "Two", "Three")
    tab(page, "Three").press("Alt+Shift+ArrowLeft")
    expect_tabs(page, "One", "Three", "Two")
    expect(page.get_by_text("Three is tab 2 of 3")).to_be_attached()
    expect(tab(page, "Three")).to_be_focused()
    tab(page, "Three").press("Control+Shift+ArrowLeft")
    expect_tabs(page, "Three", "One", "Two")
    tab(page, "Three").press("Control+Shift+ArrowLeft")
    settled(page)
    expect_tabs(page, "Three", "One", "Two")
    expect(tab(page, "Three")).to_be_focused()


def test_the_order_outlives_the_app_and_other_windows_add_to_it(
    context: BrowserContext, opened: Opened, server: AppServer
) -> None:
    page = opened("One", "Two", "Three")
    other = context.new_page()
    other.goto(page.url)
    expect_tabs(other, "One", "Two", "Three")
    choose(page, "Move left")
    expect_tabs(page, "One", "Three", "Two")
    settled(page)
    other.get_by_role("button", name="New tab").click()
    expect_tabs(other, "One", "Two", "Three", "Untitled")
    settled(other)
    other.close()
    server.stop()
    server.start()
    page.reload()
    expect_tabs(page, "One", "Three", "Two", "Untitled")


def test_a_tab_is_duplicated_beside_itself(opened: Opened) -> None:
    page = opened("One", "Two")
    tab(page, "One").click()
    expect_shown(page, "One")
    choose(page, "Duplicate")
    expect_tabs(page, "One", "One (2)", "Two")
    expect(shown_tab(page)).to_have_text("One (2)")


# By touch, and looks -------------------------------------------------------------------------


def test_a_wish_the_app_did_not_hear_is_told_again(opened: Opened, server: AppServer) -> None:
    page = opened("One", "Two")
    server.stop()
    close_button(page, "One").click()
    expect_tabs(page, "Two")
    server.start()
    store = OperationStore(server.data_dir)
    wait_until(lambda: [text_of("Two")] == [one.text for one in store.tabs("demo")])
    store.close()


def test_the_menu_goes_by_keys(opened: Opened) -> None:
    page = opened("One", "Two")
    more = page.get_by_role("button", name="More for this tab")
    more.press("Enter")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Reopen closed tab")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(more).to_be_focused()


def scrolled(page: Page) -> Sequence[float]:
    """How far the strip is scrolled, and how far it can be."""
    return tabs(page).first.evaluate(
        """tab => {
          const { scrollLeft, scrollWidth, clientWidth } = tab.closest(".scroller")
          return [scrollLeft, scrollWidth - clientWidth]
        }"""
    )


def test_on_a_narrow_window_the_strip_scrolls_and_the_page_does_not(opened: Opened) -> None:
    page = opened(LONG, "Two", "Three", "Four", "Five", "Six")
    page.set_viewport_size({"width": 375, "height": 812})
    settled(page)
    assert scrolled(page)[1] > 0
    page.mouse.move(*middle(page.locator(".tab-strip")))
    page.mouse.wheel(0, 2000)
    page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
    tab(page, "Six").focus()
    tab(page, "Six").press("Home")
    expect(tab(page, LONG)).to_be_in_viewport()
    expect(tab(page, LONG)).to_have_attribute("title", LONG)
    width = tab(page, LONG).evaluate("tab => tab.offsetWidth")
    assert width <= 240, "a long title is cut"
    tab(page, LONG).press("Enter")
    expect_shown(page, LONG)
    choose(page, "Move right")
    expect(tabs(page).nth(1)).to_have_text(LONG)


def test_the_tab_on_show_stays_in_view_with_a_longer_name_and_in_a_narrower_window(
    opened: Opened,
) -> None:
    page = opened(*(f"Number{number}" for number in range(1, 13)))
    shown = page.locator('.slot:has([aria-selected="true"])')
    expect(shown).to_be_in_viewport(ratio=0.99)
    shown_tab(page).press("F2")
    page.keyboard.type(LONG[:50])
    page.keyboard.press("Enter")
    expect(shown_tab(page)).to_have_text(LONG[:50])
    expect(shown).to_be_in_viewport(ratio=0.99)
    settled(page)
    for width in (1100, 768, 640, 375):
        page.set_viewport_size({"width": width, "height": 800})
        settled(page)
        expect(shown, f"in a window of {width} px").to_be_in_viewport(ratio=0.99)


def test_the_tabs_are_accessible(opened: Opened, expect_accessible: Check) -> None:
    page = opened(LONG, "Two", "Three", "Four", "Five", "Six", "Seven")
    expect_accessible(page)
    choose(page, "Rename")
    expect(page.get_by_role("textbox", name="Name of the tab")).to_be_visible()
    expect_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More for this tab").click()
    expect(page.get_by_role("menu")).to_be_visible()
    expect_accessible(page)
