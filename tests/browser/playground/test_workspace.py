"""The workspace: query, variables and answer on one screen, or one at a time where it is narrow."""

import csv
import json
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.app_server import AppServer
from tests.browser.conftest import expect_no_sideways_scrolling
from tests.browser.playground.playground_steps import (
    answer_text,
    execute,
    operations,
    outcome,
    playground,
    switch,
    variables,
    write,
)
from tests.browser.settled import settled
from tests.browser.steps import fold_sidebar

LAPTOP = {"width": 1280, "height": 900}
TABLET = {"width": 768, "height": 1024}
PHONE = {"width": 375, "height": 812}
SIZES = ((1280, 900), (1440, 900), (1280, 720), (1100, 768))
LIBRARY = "Samples, saved, history"
WRITTEN = (
    ".desk > .bar",
    ".pane.query",
    ".pane.query + .problems",
    ".desk h3",
    ".pane.variables",
    ".pane.variables + .problems",
    ".writing > .note",
    ".st-key-playground-filling",
)
"""What stands below each other where something is written."""
FLAGS = [f"f{number}" for number in range(8)]
DECLARED = " ".join(f"${flag}: Boolean = true" for flag in FLAGS)
USED = " ".join(f"{flag}: __typename @skip(if: ${flag})" for flag in FLAGS)
UNKNOWN = " ".join(f"unknown{number}(by: $v{number})" for number in range(12))
TEXTS = {  # with how many rows of problems stand below the query and below the variables
    "8 lines of variables": (
        f"query Q({DECLARED}) {{ {USED} }}",
        json.dumps(dict.fromkeys(FLAGS, True), indent=0),
        (0, 0),
    ),
    "12 undeclared variables": (
        f"{{ {UNKNOWN} }}",
        json.dumps({f"v{number}": 1 for number in range(12)}, indent=0),
        (4, 4),
    ),
    "long warnings on one line": (
        "{ __typename }",
        json.dumps({letter * 150: letter for letter in "ab"}),
        (0, 2),
    ),
}
HEIGHTS = "pane => [pane, pane.firstElementChild].map(one => one.getBoundingClientRect().height)"
PARTS = """mutation Parts {
  createTempFileMultipartUploadUrl(input: { filesize: 11723249 }) {
    uploadPartUrls
  }
}
"""


def answered(context: BrowserContext, server: AppServer, size: dict[str, int]) -> Page:
    """Open the playground in a window of that size and run its operation."""
    page = playground(context, server)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.locator(".panes").wait_for(state="attached")  # it shows what comes from now on
    execute(page)
    expect(outcome(page)).to_contain_text("HTTP 200")
    settled(page)
    return page


def pane(page: Page, name: str) -> Locator:
    return page.locator(f".pane.{name}")


def divider(page: Page) -> Locator:
    return page.get_by_role("separator", name="Width of the answer")


def width(box: Locator) -> float:
    found = box.bounding_box()
    assert found
    return found["width"]


def test_query_variables_and_answer_are_on_one_screen(
    context: BrowserContext, server: AppServer
) -> None:
    """And at least 60 % of it is theirs, with the beginning of how to go on with the answer."""
    page = answered(context, server, LAPTOP)
    area = 0.0
    for name in ("query", "variables", "answer"):
        box = pane(page, name).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= LAPTOP["height"]
        assert box["x"] + box["width"] <= LAPTOP["width"]
        area += box["width"] * box["height"]
    further = page.locator(".st-key-playground-next").bounding_box()
    column = page.locator(".st-key-playground-answering").bounding_box()
    assert further
    assert column
    area += further["width"] * (column["y"] + column["height"] - further["y"])
    assert area >= 0.6 * LAPTOP["width"] * LAPTOP["height"]
    expect(page.get_by_role("tablist", name="Parts of the workspace")).to_be_hidden()


def test_with_the_sidebar_folded_the_head_is_below_the_header_after_a_reload_too(
    context: BrowserContext, server: AppServer
) -> None:
    page = answered(context, server, LAPTOP)
    fold_sidebar(page)
    page.reload()
    expect(operations(page)).to_be_visible()
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible()
    settled(page)
    for name in ("query", "variables"):
        box = pane(page, name).bounding_box()
        assert box
        assert box["y"] + box["height"] <= LAPTOP["height"]
    switch(page, "Samples, saved, history")
    expect(page.get_by_role("tab", name="History")).to_be_visible()
    switch(page, "Form")
    expect(page.get_by_text("Fields to answer with")).to_be_visible()
    page.get_by_text("Schema in use").click()
    expect(page.get_by_role("button", name="Read it again")).to_be_visible()


def test_problems_and_long_variables_push_nothing_off_the_screen(
    context: BrowserContext, server: AppServer
) -> None:
    page = answered(context, server, LAPTOP)
    write(operations(page), "{ " + " ".join(f"unknown{number}" for number in range(20)) + " }")
    write(variables(page), "{" + ",\n".join(f'"v{number}": 1' for number in range(20)) + "}")
    expect(page.get_by_text("and 17 more")).to_have_count(2)
    for name in ("query", "variables"):
        box = pane(page, name).bounding_box()
        assert box
        assert box["height"] >= 80
        assert box["y"] + box["height"] <= LAPTOP["height"]


@pytest.mark.parametrize("switched", [(), ("Form",), (LIBRARY,), (LIBRARY, "Form")])
def test_nothing_lies_over_what_is_below_it(
    context: BrowserContext, server: AppServer, switched: tuple[str, ...]
) -> None:
    page = playground(context, server)
    page.set_viewport_size({"width": LAPTOP["width"], "height": LAPTOP["height"]})
    for name in switched:
        switch(page, name)
        settled(page)
    for what, (text, values, problems) in TEXTS.items():
        write(operations(page), text)
        write(variables(page), values)
        for name, count in zip(("query", "variables"), problems, strict=True):
            rows = page.locator(f".pane.{name} + .problems:not([hidden]) li")
            expect(rows).to_have_count(count)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            settled(page)
            assert_below_each_other(page, f"{what}, {width}x{height}")


def assert_below_each_other(page: Page, when: str) -> None:
    boxes = [
        (name, box)
        for name in WRITTEN
        for one in page.locator(name).all()
        if (box := one.bounding_box())
    ]
    for (above, box), (below, next_box) in pairwise(boxes):
        assert box["y"] + box["height"] <= next_box["y"], f"{above} over {below}: {when}"
    for name in ("query", "variables"):
        height, within = pane(page, name).evaluate(HEIGHTS)
        assert height >= 80, f"{name}: {when}"
        assert within < height, f"the text of {name} is higher than its frame: {when}"


@pytest.mark.parametrize("switched", ["Form", "Samples, saved, history"])
def test_the_query_stays_beside_its_answer_with_more_on_show(
    context: BrowserContext, server: AppServer, switched: str
) -> None:
    page = answered(context, server, LAPTOP)
    switch(page, switched)
    settled(page)
    for text in (operations(page), variables(page), answer_text(page)):
        expect(text).to_be_in_viewport()
    expect_no_sideways_scrolling(page)


@pytest.mark.parametrize("switched", [(), ("Form",)])
@pytest.mark.parametrize("size", [*SIZES[:3], (1920, 1080), (768, 1024), (375, 812)])
def test_the_schema_opens_in_sight_and_escape_closes_it(
    context: BrowserContext, server: AppServer, size: tuple[int, int], switched: tuple[str, ...]
) -> None:
    page = playground(context, server)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for name in switched:
        switch(page, name)
        settled(page)
    if size[0] < 1100:
        page.get_by_role("tab", name="Query", exact=True).click()
    button = page.get_by_role("button", name="Schema", exact=True)
    explorer = page.get_by_role("region", name="Schema")
    button.click()
    expect(explorer.get_by_role("searchbox")).to_be_focused()
    expect(explorer).to_be_in_viewport(ratio=1)
    if size[0] >= 1100:  # what is inserted is seen where it comes
        expect(operations(page)).to_be_in_viewport()
    explorer.get_by_role("searchbox").fill("viewer")
    page.keyboard.press("Escape")
    expect(explorer.get_by_role("searchbox")).to_have_value("")
    page.keyboard.press("Escape")
    expect(explorer).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(explorer).to_be_visible()
    button.click()
    expect(explorer).to_be_hidden()


def test_the_divider_is_dragged_and_stays_where_it_was_left(
    context: BrowserContext, server: AppServer
) -> None:
    page = answered(context, server, LAPTOP)
    before = width(pane(page, "answer"))
    handle = divider(page).bounding_box()
    assert handle
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + 100
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 150, y, steps=5)
    page.mouse.up()
    wide = width(pane(page, "answer"))
    assert wide == pytest.approx(before + 150, abs=10)
    execute(page)
    settled(page)
    assert width(pane(page, "answer")) == wide
    page.reload()
    execute(page)
    expect(outcome(page)).to_contain_text("HTTP 200")
    assert width(pane(page, "answer")) == pytest.approx(wide, abs=2)
    divider(page).dblclick()
    assert width(pane(page, "answer")) == pytest.approx(before, abs=2)


def test_the_divider_is_moved_by_keys(context: BrowserContext, server: AppServer) -> None:
    page = answered(context, server, LAPTOP)
    before = width(pane(page, "answer"))
    divider(page).press("ArrowLeft")
    assert width(pane(page, "answer")) > before
    divider(page).press("Home")
    widest = width(pane(page, "answer"))
    assert widest > 1.2 * before
    assert width(pane(page, "query")) > 250  # what is written stays of use
    divider(page).press("ArrowLeft")
    assert width(pane(page, "answer")) == widest
    divider(page).press("ArrowRight")
    assert width(pane(page, "answer")) < widest
    divider(page).press("End")
    expect(divider(page)).to_have_attribute("aria-valuenow", "20")
    divider(page).press("Enter")
    assert width(pane(page, "answer")) == pytest.approx(before, abs=2)


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_a_narrow_window_shows_one_at_a_time_and_the_answer_once_it_is_there(
    context: BrowserContext, server: AppServer, size: dict[str, int]
) -> None:
    page = answered(context, server, size)
    tabs = page.get_by_role("tablist", name="Parts of the workspace")
    expect(divider(page)).to_be_hidden()
    expect(tabs.get_by_role("tab", selected=True)).to_have_text("Answer")
    expect(answer_text(page)).to_be_in_viewport()
    expect(operations(page)).to_be_hidden()
    tabs.get_by_role("tab", selected=True).press("ArrowLeft")
    expect(tabs.get_by_role("tab", name="Variables")).to_be_focused()
    expect(variables(page)).to_be_in_viewport()
    for hidden in (operations(page), answer_text(page)):
        expect(hidden).to_be_hidden()
    tabs.get_by_role("tab", name="Query").click()
    expect(operations(page)).to_be_in_viewport()
    expect(variables(page)).to_be_hidden()
    operations(page).press("Control+End")
    page.keyboard.type("# typed")
    settled(page)
    expect(tabs.get_by_role("tab", selected=True)).to_have_text("Query")
    execute(page)
    expect(tabs.get_by_role("tab", selected=True)).to_have_text("Answer")
    expect_no_sideways_scrolling(page)


def test_an_answer_takes_nothing_from_who_types_on(
    context: BrowserContext, server: AppServer
) -> None:
    page = playground(context, server)
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    tabs = page.get_by_role("tablist", name="Parts of the workspace")
    expect(tabs).to_be_visible()
    operations(page).press("Control+End")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("# this is typed while it runs", delay=40)
    expect(tabs.get_by_role("tab", name="Answer (new)")).to_be_visible()
    page.keyboard.type(" and after it")
    expect(operations(page)).to_contain_text("# this is typed while it runs and after it")
    tabs.get_by_role("tab", name="Answer (new)").click()
    expect(outcome(page)).to_contain_text("HTTP 200")
    expect(tabs.get_by_role("tab", selected=True)).to_have_text("Answer")
    tabs.get_by_role("tab", name="Query").click()
    operations(page).press("Control+Enter")  # and waits
    expect(tabs.get_by_role("tab", selected=True)).to_have_text("Answer")
    expect(tabs.get_by_role("tab", selected=True)).to_be_focused()


def test_form_and_library_have_a_tab_of_their_own_in_a_narrow_window(
    context: BrowserContext, server: AppServer
) -> None:
    page = answered(context, server, TABLET)
    tabs = page.get_by_role("tablist", name="Parts of the workspace")
    switch(page, "Form")
    expect(tabs.get_by_role("tab", selected=True)).to_have_text("Form")
    expect(page.get_by_text("Fields to answer with")).to_be_in_viewport()
    expect(answer_text(page)).to_be_hidden()
    tabs.get_by_role("tab", name="Answer").click()
    switch(page, "Samples, saved, history")
    shown = tabs.get_by_role("tab", selected=True)
    expect(shown).to_have_text("Form · Samples, saved, history")
    switch(page, "Form")
    expect(shown).to_have_text("Samples, saved, history")
    switch(page, "Samples, saved, history")
    expect(shown).to_have_text("Query")
    expect(operations(page)).to_be_in_viewport()


@pytest.mark.parametrize("size", [LAPTOP, TABLET], ids=["laptop", "tablet"])
def test_of_form_and_library_the_one_switched_on_last_is_in_sight(
    context: BrowserContext, server: AppServer, size: dict[str, int]
) -> None:
    page = playground(context, server)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    form, lists = (
        page.get_by_text("Mutation or query"),
        page.get_by_role("tab", name="Samples", exact=True),
    )
    switch(page, LIBRARY)
    expect(lists).to_be_in_viewport()
    switch(page, "Form")
    expect(form).to_be_in_viewport()
    switch(page, LIBRARY)
    expect(lists).to_be_hidden()
    column = page.locator(".st-key-playground-filling")
    column.evaluate("column => column.scrollTo(0, column.scrollHeight)")
    switch(page, LIBRARY)
    expect(lists).to_be_in_viewport()


def test_what_differs_from_the_answer_before_is_shown(
    context: BrowserContext, server: AppServer
) -> None:
    page = answered(context, server, LAPTOP)
    page.get_by_role("tab", name="Compare").click()
    expect(page.get_by_text("Run it again, and what differs")).to_be_visible()
    execute(page)
    changes = page.locator(".st-key-playground-answering code")
    expect(changes).to_contain_text('-      "uploadUrl"')
    expect(changes).to_contain_text('+      "uploadUrl"')
    expect(page.get_by_text("What differs from the answer to the run of")).to_be_visible()


def test_a_table_is_saved_as_csv(context: BrowserContext, server: AppServer) -> None:
    page = playground(context, server, PARTS)
    execute(page)
    expect(outcome(page)).to_contain_text("HTTP 200")
    page.get_by_role("tab", name="Table").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="uploadPartUrls as CSV").click()
    with Path(waiting.value.path()).open(newline="") as file:
        head, *rows = list(csv.reader(file))
    assert waiting.value.suggested_filename == "createTempFileMultipartUploadUrl.uploadPartUrls.csv"
    assert head == ["value"]
    assert len(rows) == 3
    assert all(url.startswith(server.url) for (url,) in rows)


def test_the_keyboard_comes_to_the_operations_in_two_presses(
    context: BrowserContext, server: AppServer
) -> None:
    page = answered(context, server, PHONE)
    page.evaluate("() => { document.body.tabIndex = -1; document.body.focus() }")
    skip = page.get_by_role("button", name="Skip to the operations")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(operations(page)).to_be_focused()
    page.set_viewport_size({"width": LAPTOP["width"], "height": LAPTOP["height"]})
    page.get_by_role("link", name="Requests", exact=True).click()
    expect(page.get_by_role("heading", name="Requests", level=1)).to_be_visible()
    expect(skip).to_have_count(0)
