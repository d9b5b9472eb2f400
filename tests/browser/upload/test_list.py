"""The list of files as a whole: what passes what, cancelling, clearing, words afterwards."""

from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.settled import settled
from tests.browser.steps import (
    OWN_CARD,
    card_of,
    choose,
    choose_part_size,
    random_file,
    slow_down,
    unfold,
    wait_for_parts,
    wait_until_done,
)

SLOW = 5_000_000  # bytes per second
FILM = 120_000_000
NUMBERS = count()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return random_file(tmp_path / "film.mp4", FILM)


@pytest.fixture
def small(tmp_path: Path) -> list[Path]:
    """Files of names that no other test uses, so that none finds what another left."""
    return [random_file(tmp_path / f"small {next(NUMBERS)}.bin", 2_000) for _ in range(3)]


def expect_keyboard_in(place: Locator) -> None:
    expect(place.locator(":focus")).to_have_count(1)


def test_small_files_pass_a_large_one(signed_in_page: Page, film: Path, small: list[Path]) -> None:
    page = signed_in_page
    choose_part_size(page, 5)
    slow_down(page, SLOW)
    choose(page, film, *small)
    for file in small:
        wait_until_done(page, file.name)
    expect(card_of(page, film.name).locator(".state")).to_contain_text("Sending")
    slow_down(page, -1)
    wait_until_done(page, film.name)


def test_a_small_file_that_vanishes_while_larger_ones_are_sent_is_named(
    signed_in_page: Page, film: Path, small: list[Path], tmp_path: Path
) -> None:
    page = signed_in_page
    before = random_file(tmp_path / "before.bin", 40_000_000)
    slow_down(page, SLOW)
    choose(page, film, before, small[0])
    for file in (film, before):
        expect(card_of(page, file.name).locator(".state")).to_contain_text("Sending")
    expect(card_of(page, small[0].name).locator(".state")).to_contain_text("Waiting")
    small[0].unlink()
    slow_down(page, -1)
    card = card_of(page, small[0].name)
    expect(card.get_by_role("alert")).to_contain_text("Code: file-changed", timeout=20_000)
    wait_until_done(page, film.name)


def test_all_that_is_not_done_is_cancelled_after_a_question(
    signed_in_page: Page, film: Path, small: list[Path], tmp_path: Path
) -> None:
    page = signed_in_page
    other = random_file(tmp_path / "other.mp4", FILM)
    choose_part_size(page, 5)
    choose(page, small[0])
    wait_until_done(page, small[0].name)
    slow_down(page, SLOW)
    choose(page, film, other)
    wait_for_parts(card_of(page, film.name), 1)
    totals = page.locator(".totals")
    expect(totals).to_contain_text("0 of 2 files done")  # the file of before is no part of it
    totals.get_by_role("button", name="Cancel all").press("Enter")
    expect(totals).to_contain_text("Cancel 2 files that are not done yet?")
    expect(totals.get_by_role("button", name="Go on")).to_be_focused()
    page.keyboard.press("Escape")
    expect(totals.get_by_role("button", name="Cancel all")).to_be_focused()
    page.keyboard.press("Enter")
    totals.get_by_role("button", name="Cancel them").press("Enter")
    for name in (film.name, other.name):
        expect(card_of(page, name).locator(".state")).to_contain_text("Cancelled")
    expect(totals).to_be_hidden()
    expect_keyboard_in(page.locator(".uploader"))
    expect(card_of(page, small[0].name).locator(".state")).to_contain_text("Done")


def test_what_was_cleared_can_be_brought_back_until_the_page_is_left(
    signed_in_page: Page, small: list[Path]
) -> None:
    page = signed_in_page
    choose(page, *small)
    for file in small:
        wait_until_done(page, file.name)
    before = page.locator(OWN_CARD).count()
    page.get_by_role("button", name="Clear finished").press("Enter")
    expect(page.locator(OWN_CARD)).to_have_count(0)
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(page.locator(OWN_CARD)).to_have_count(before)
    expect(undo).to_have_count(0)
    expect_keyboard_in(page.locator(".uploader"))
    page.get_by_role("button", name="Clear finished").click()
    expect(page.locator(OWN_CARD)).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Drop files here")).to_be_visible()
    settled(page)
    for file in small:
        expect(page.get_by_text(file.name, exact=True)).to_have_count(0)


def test_what_was_refused_before_it_had_links_is_asked_for_anew(
    signed_in_page: Page, film: Path
) -> None:
    page = signed_in_page
    unfold(page, "Advanced: how files are sent")
    page.get_by_text("One PUT", exact=True).click()
    choose(page, film)
    card = card_of(page, film.name)
    expect(card.get_by_role("alert")).to_contain_text("100 MB")
    page.get_by_text("Automatic", exact=True).first.click()
    settled(page)
    card.get_by_role("button", name="Retry what failed").click()
    wait_until_done(page, film.name)


def test_files_that_had_not_begun_are_named_until_they_are_chosen_again(
    signed_in_page: Page, film: Path, tmp_path: Path
) -> None:
    page = signed_in_page
    others = [random_file(tmp_path / f"other {number}.mp4", FILM) for number in range(2)]
    slow_down(page, SLOW)
    choose(page, film, *others)
    expect(card_of(page, film.name).locator(".state")).to_contain_text("Sending")
    page.reload()
    told = page.get_by_text("had not begun when this page was left")
    expect(told).to_contain_text("2 files were chosen")
    slow_down(page, -1)
    choose(page, others[0])
    expect(told).to_contain_text("1 file was chosen")
    choose(page, others[1])
    expect(told).to_have_count(0)
    for other in others:
        wait_until_done(page, other.name)
