"""WCAG 2.2 A and AA, by axe, on the upload page in each of its states."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.app_server import AppServer
from tests.browser.background.background_steps import (
    RUN_TIMEOUT,
    disc,
    give,
    open_background,
    wait_for_result,
    wait_for_run,
)
from tests.browser.steps import (
    UPLOAD_TIMEOUT,
    card_of,
    choose,
    choose_part_size,
    random_file,
    send_sample_video,
    slow_down,
    unfold,
    wait_for_parts,
    wait_until_done,
)

Check = Callable[[Page], None]
QUICK, SLOW = 10_000_000, 100_000  # bytes a second: until there is something to see, and then


def test_every_state_of_the_upload_page_is_accessible(
    signed_in_page: Page, expect_accessible: Check
) -> None:
    page = signed_in_page
    expect_accessible(page)

    slow_down(page, QUICK)
    card = card_of(page, send_sample_video(page, "250 MB"))
    wait_for_parts(card, 1)
    slow_down(page, SLOW)
    expect_accessible(page)
    expect(card.locator(".state")).to_contain_text("Sending")

    card.get_by_label("Show").select_option(label="Done")
    card.get_by_role("button", name=re.compile(r"^\d+ (try|tries) of part 1$")).click()
    card.get_by_text("Timeline", exact=True).click()
    expect(card.locator(".plot .try").first).to_be_visible()
    expect_accessible(page)

    slow_down(page, -1)
    wait_until_done(page, "sample-video-250-MB.mp4")
    expect_accessible(page)


def test_an_error_is_accessible(signed_in_page: Page, expect_accessible: Check) -> None:
    page = signed_in_page
    page.locator("input[type=file]").set_input_files(
        {"name": "empty.png", "mimeType": "image/png", "buffer": b""}
    )
    expect(card_of(page, "empty.png").get_by_role("alert")).to_contain_text("Code: empty-file")
    expect_accessible(page)


def test_several_files_and_what_is_left_of_them_after_a_reload_are_accessible(
    signed_in_page: Page, expect_accessible: Check, tmp_path: Path
) -> None:
    page = signed_in_page
    slow_down(page, QUICK)
    choose_part_size(page, 5)
    film, others = random_file(tmp_path / "film.mp4", 120_000_000), ["a.bin", "b.bin"]
    choose(page, *(random_file(tmp_path / name, 1000) for name in others), film)
    card = card_of(page, film.name)
    wait_for_parts(card, 1)
    slow_down(page, SLOW)
    wait_for_parts(card, 5)  # what was on the wire then, so that nothing changes from here on
    expect(page.get_by_text("2 of 3 files done")).to_be_visible(timeout=UPLOAD_TIMEOUT)
    expect_accessible(page)

    card.get_by_role("button", name="Pause").click()
    slow_down(page, -1)
    for name in others:
        wait_until_done(page, name)
    expect_accessible(page)
    page.reload()
    record = page.locator(".record", has=page.get_by_text(film.name, exact=True)).first
    record.get_by_role("button", name="Discard").click()
    expect(record.get_by_role("button", name="Keep")).to_be_focused()
    expect_accessible(page)
    record.get_by_role("button", name="Discard").last.click()
    expect(record).to_be_hidden()


def test_the_background_page_is_accessible(
    signed_in_page: Page, app_server: AppServer, expect_accessible: Check, tmp_path: Path
) -> None:
    page = signed_in_page
    open_background(page, app_server.url)
    expect_accessible(page)
    give(page, disc(tmp_path / "first.png"), disc(tmp_path / "second.png", hole=True))
    wait_for_result(page)
    expect(page.get_by_text("2 of 2 pictures done")).to_be_visible(timeout=RUN_TIMEOUT)
    unfold(page, "Put it right")
    unfold(page, "The mutation that was run")
    page.get_by_role("button", name="Try another cut").click()
    expect(page.get_by_role("button", name="As it came: in use")).to_be_visible()
    wait_for_run(page)
    expect_accessible(page)
