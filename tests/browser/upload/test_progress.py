"""How far an upload is, how fast, and how long it takes: of files that go in one PUT above all."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.steps import (
    card_of,
    choose,
    expect_same_file,
    random_file,
    slow_down,
    wait_until_done,
)

SIZE = 30_000_000
RATE = 3_000_000  # bytes a second: the file takes 10 s
NOTE_PROGRESS = """card => {
    const bar = card.querySelector('.bar')
    const live = card.getRootNode().querySelector('.only-heard')
    window.noted = {values: [], texts: [], heard: [], numbers: []}
    const note = (list, text) => list.at(-1) === text || list.push(text)
    const look = () => {
        note(window.noted.values, Number(bar.ariaValueNow))
        note(window.noted.texts, bar.ariaValueText)
        note(window.noted.heard, live.textContent)
        note(window.noted.numbers, card.querySelector('.numbers').textContent)
    }
    look()
    const changes = {subtree: true, childList: true, characterData: true, attributes: true}
    for (const watched of [card, live]) new MutationObserver(look).observe(watched, changes)
}"""


def test_one_put_says_from_the_first_seconds_how_far_it_is(
    signed_in_page: Page, tmp_path: Path
) -> None:
    page = signed_in_page
    slow_down(page, RATE)
    photo, other = (random_file(tmp_path / name, SIZE) for name in ("photo.bin", "other.bin"))
    choose(page, photo, other)
    card = card_of(page, photo.name)
    expect(card).to_have_attribute("data-state", "sending")
    card.evaluate(NOTE_PROGRESS)
    expect(card.locator(".numbers")).to_contain_text(
        re.compile(r"^\d+ % sent · [\d.]+ MB of 30 MB · \d(\.\d)? MB/s · about \d+ s left$")
    )
    expect(page.locator(".totals > span").first).to_contain_text(
        re.compile(r"MB of 60 MB sent, 0 bytes confirmed · \d(\.\d)? MB/s · about \d+ s left$")
    )
    wait_until_done(page, photo.name)
    slow_down(page, -1)
    noted: dict[str, list[str]] = page.evaluate("window.noted")
    values = [int(value) for value in noted["values"]]
    assert values == sorted(values)
    assert len(values) > 20
    assert values[-1] == 99  # what is done has a link in place of a bar
    assert {"50 % sent", "99 % sent"} & set(noted["texts"])
    heard = " ".join(noted["heard"])
    assert [quarter for quarter in (25, 50, 75) if f"{quarter} percent sent" in heard] == [
        25,
        50,
        75,
    ]
    wait_until_done(page, other.name)


def test_a_pause_of_one_put_says_that_it_starts_again(signed_in_page: Page, tmp_path: Path) -> None:
    page = signed_in_page
    slow_down(page, RATE)
    photo = random_file(tmp_path / "paused.bin", SIZE)
    choose(page, photo)
    card = card_of(page, photo.name)
    bar, numbers = card.get_by_role("progressbar").first, card.locator(".numbers")
    expect(numbers).to_contain_text("MB/s")
    card.get_by_role("button", name="Pause").click()
    expect(numbers).to_contain_text("Resume starts again from the beginning")
    paused_at = int(bar.get_attribute("aria-valuenow") or 0)
    assert paused_at > 0
    card.get_by_role("button", name="Resume").click()
    expect(numbers).to_contain_text("sent again from the beginning: ")
    assert int(bar.get_attribute("aria-valuenow") or 0) == paused_at
    slow_down(page, -1)
    wait_until_done(page, photo.name)
    expect_same_file(page, photo, tmp_path)
