"""A failure on demand, from the click that switches it on to the upload that gets over it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from components.upload import fault_words
from components.words import QA_TOOLS
from tests.app_server import AppServer
from tests.browser.conftest import home_of
from tests.browser.service_control import ServiceControl
from tests.browser.settled import lies_still, settled
from tests.browser.steps import parts_of, send_sample_video, slow_down, unfold, wait_until_done

Check = Callable[[Page], None]
BANNER = "Things go wrong here on purpose"


@pytest.fixture
def admin(context: BrowserContext, server: AppServer, state: dict[str, Any]) -> Iterator[Page]:
    """The home page of an admin with the QA tools on, and no fault switched on."""
    page = home_of(context, server, state)
    if not tools(page).is_checked():
        switch_tools(page)
    yield page
    ServiceControl(server.url, server.data_dir).switch()


def tools(page: Page) -> Locator:
    return page.get_by_role("switch", name=QA_TOOLS)


def switch_tools(page: Page) -> None:
    page.get_by_test_id("stSidebar").get_by_text(QA_TOOLS, exact=True).click()
    settled(page)


def open_panel(page: Page) -> Locator:
    """Open the panel, wait until it has unrolled (a list over it would close), and return it."""
    unfold(page, fault_words.TITLE)
    panel = page.locator(".st-key-faults")
    expect(button(panel, "Part 7 fails twice, then recovers")).to_be_visible()
    return panel


def button(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("button", name=name, exact=True)


def test_the_panel_is_there_for_who_switched_the_qa_tools_on(admin: Page) -> None:
    panel = admin.locator(".st-key-faults")
    expect(panel).to_be_visible()
    admin.reload()  # a new session of Streamlit, and the same person
    expect(tools(admin)).to_be_checked()
    expect(panel).to_be_visible()
    settled(admin)
    switch_tools(admin)
    expect(panel).to_have_count(0)
    expect(tools(admin)).not_to_be_checked()


def test_part_7_fails_twice_and_recovers_after_two_clicks(admin: Page) -> None:
    panel = open_panel(admin)
    button(panel, "Part 7 fails twice, then recovers").click()
    banner = admin.get_by_text(BANNER)
    expect(banner).to_be_visible()
    expect(panel.get_by_text("Part 7 is refused with HTTP 500, 2 more times")).to_be_visible()

    card = wait_until_done(admin, send_sample_video(admin, "250 MB"))
    row = parts_of(card)[6]
    assert (row["part"], row["tries"], row["status"]) == ("7", "3", "Done")
    expect(panel.get_by_text(fault_words.NOTHING_ON)).to_be_visible()
    expect(banner).to_be_hidden()


def test_switching_while_a_file_is_on_its_way_leaves_it_alone(admin: Page) -> None:
    panel = open_panel(admin)
    slow_down(admin, 20_000_000)
    name = send_sample_video(admin, "250 MB")
    button(panel, "Every answer 300 ms late").click()
    expect(panel.get_by_text("Every answer of the service comes 300 ms late")).to_be_visible()
    button(panel, "CORS off").click()
    expect(panel.get_by_text("Answers have no CORS headers, until switched off")).to_be_visible()
    button(panel, "Switch off CORS off").click()
    expect(panel.get_by_text("Answers have no CORS headers")).to_be_hidden()
    button(panel, fault_words.ALL_OFF).click()
    expect(panel.get_by_text(fault_words.NOTHING_ON)).to_be_visible()
    slow_down(admin, -1)
    rows = parts_of(wait_until_done(admin, name))
    assert {row["tries"] for row in rows} == {"1"}


def test_what_stands_below_the_banner_stays_the_same_element_when_it_comes_and_goes(
    admin: Page,
) -> None:
    """A click between two drawings would else be made on an element that is gone."""
    panel = open_panel(admin)
    below = [panel, panel.get_by_role("combobox"), admin.locator(".st-key-uploader")]
    marked = "element => element.dataset.marked"
    for place in below:
        place.evaluate("element => { element.dataset.marked = 'before' }")
    button(panel, "CORS off").click()
    expect(admin.get_by_text(BANNER)).to_be_visible()
    settled(admin)
    assert [place.evaluate(marked) for place in below] == ["before"] * len(below)
    button(panel, fault_words.ALL_OFF).click()
    expect(admin.get_by_text(BANNER)).to_be_hidden()
    settled(admin)
    assert [place.evaluate(marked) for place in below] == ["before"] * len(below)


def test_any_switch_is_set_with_the_form(admin: Page) -> None:
    panel = open_panel(admin)
    button(panel, fault_words.SWITCH_ON).scroll_into_view_if_needed()
    switch = panel.get_by_role("combobox")
    switch.focus()
    lies_still(switch)  # an open list closes when the page below it moves
    switch.press_sequentially("Wrong")
    expect(admin.get_by_role("option")).to_have_text(["Wrong ETag"])
    switch.press("Enter")
    expect(switch).to_have_value("Wrong ETag")
    part = panel.get_by_label("Part number")
    part.fill("3")
    part.press("Tab")
    button(panel, fault_words.SWITCH_ON).press("Enter")
    expect(panel.get_by_text("The answer to part 3 has a wrong ETag, once more")).to_be_visible()
    expect(admin.get_by_text(BANNER)).to_be_visible()


def test_the_open_panel_is_accessible(admin: Page, expect_accessible: Check) -> None:
    page = admin
    panel = open_panel(page)
    for label, off in (
        ("Connection drops in part 3", "Switch off dropped connection"),
        ("Slow line, 5 MB/s", "Switch off slow line"),
    ):
        button(panel, label).click()
        expect(button(panel, off)).to_be_visible()
        expect(page.get_by_text(BANNER)).to_be_visible()  # above the buttons, which move
        settled(page)
    expect_accessible(page)
