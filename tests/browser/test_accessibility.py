"""WCAG 2.2 A and AA, by axe, on the upload page in each of its states."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.app_server import AppServer
from tests.browser.background_steps import (
    disc,
    give,
    open_background,
    wait_for_result,
    wait_for_run,
)
from tests.browser.conftest import expect_no_sideways_scrolling, expect_signed_in, watch
from tests.browser.steps import (
    card_of,
    choose,
    random_file,
    send_sample_video,
    slow_down,
    wait_for_parts,
    wait_until_done,
)

Check = Callable[[Page], list[str]]


@pytest.fixture(
    params=[(theme, width) for theme in ("light", "dark") for width in (1280, 375)],
    ids=lambda param: f"{param[0]}-{param[1]}",
)
def themed_page(
    request: pytest.FixtureRequest,
    browser: Browser,
    app_server: AppServer,
    signed_in_state: dict[str, Any],
) -> Iterator[Page]:
    theme, width = request.param
    context = browser.new_context(
        color_scheme=theme,
        viewport=ViewportSize(width=width, height=900),
        storage_state=signed_in_state,  # type: ignore[arg-type] # what `storage_state()` returned
    )
    breaches: list[str] = []
    watch(context, breaches)
    page = context.new_page()
    page.goto(app_server.url)
    if width > 600:
        expect_signed_in(page)
    expect(page.get_by_text("Drop files here")).to_be_visible()
    yield page
    context.close()
    assert not breaches


def test_every_state_of_the_upload_page_is_accessible(
    themed_page: Page, accessibility_problems: Check
) -> None:
    page = themed_page
    assert accessibility_problems(page) == []
    expect_no_sideways_scrolling(page)

    slow_down(page, 12_000_000)
    card = card_of(page, send_sample_video(page, "250 MB"))
    wait_for_parts(card, 1)
    assert accessibility_problems(page) == []
    expect_no_sideways_scrolling(page)
    expect(card.locator(".state")).to_contain_text("Sending")

    card.get_by_label("Show").select_option(label="Done")
    card.get_by_role("button", name="Tries of part 1", exact=True).click()
    card.get_by_text("Timeline", exact=True).click()
    expect(card.locator(".plot .try").first).to_be_visible()
    assert accessibility_problems(page) == []
    expect_no_sideways_scrolling(page)

    slow_down(page, -1)
    wait_until_done(page, "sample-video-250-MB.mp4")
    assert accessibility_problems(page) == []
    expect_no_sideways_scrolling(page)


def test_an_error_is_accessible(themed_page: Page, accessibility_problems: Check) -> None:
    themed_page.locator("input[type=file]").set_input_files(
        {"name": "empty.png", "mimeType": "image/png", "buffer": b""}
    )
    expect(card_of(themed_page, "empty.png").get_by_role("alert")).to_contain_text("empty")
    assert accessibility_problems(themed_page) == []


def test_several_files_and_what_is_left_of_them_after_a_reload_are_accessible(
    themed_page: Page, accessibility_problems: Check, tmp_path: Path
) -> None:
    page = themed_page
    slow_down(page, 12_000_000)
    film, others = random_file(tmp_path / "film.mp4", 120_000_000), ["a.bin", "b.bin"]
    choose(page, film, *(random_file(tmp_path / name, 1000) for name in others))
    card = card_of(page, film.name)
    wait_for_parts(card, 1)
    expect(page.get_by_text("0 of 3 files done")).to_be_visible()
    assert accessibility_problems(page) == []
    expect_no_sideways_scrolling(page)

    card.get_by_role("button", name="Pause").click()
    slow_down(page, -1)
    for name in others:
        wait_until_done(page, name)
    assert accessibility_problems(page) == []
    page.wait_for_timeout(1500)  # the last confirmed part is reported within a second
    page.reload()
    record = page.locator(".record", has=page.get_by_text(film.name, exact=True)).first
    record.get_by_role("button", name="Discard").click()
    expect(record.get_by_role("button", name="Keep")).to_be_focused()
    assert accessibility_problems(page) == []
    expect_no_sideways_scrolling(page)
    record.get_by_role("button", name="Discard").last.click()
    expect(record).to_be_hidden()


def test_the_background_page_is_accessible(
    themed_page: Page, app_server: AppServer, accessibility_problems: Check, tmp_path: Path
) -> None:
    open_background(themed_page, app_server.url)
    assert accessibility_problems(themed_page) == []
    give(themed_page, disc(tmp_path / "first.png"), disc(tmp_path / "second.png", hole=True))
    wait_for_result(themed_page)
    expect(themed_page.get_by_text(re.compile(r"of \d+ pictures done"))).to_be_visible()
    themed_page.get_by_text("Put it right").click()
    themed_page.get_by_text("The mutation that was run").click()
    themed_page.get_by_role("button", name="Try another cut").click()
    expect(themed_page.get_by_role("button", name="As it came: in use")).to_be_visible()
    wait_for_run(themed_page)
    themed_page.wait_for_timeout(1000)  # what was drawn anew fades in
    assert accessibility_problems(themed_page) == []
    expect_no_sideways_scrolling(themed_page)
