"""Times are the visitor's, in one form, whoever draws them: the server or the browser."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from tests.app_server import AppServer
from tests.browser.conftest import home_of, new_context, watched
from tests.browser.settled import settled
from tests.browser.steps import choose, go_by_navigation, random_file, result_of, wait_until_done

AWAY = "America/New_York"
CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)\b(?![^(]* UTC\))")
DAY = 24 * 60
EVERY_TEXT = """() => {
  const texts = (node) => [...node.childNodes].map((one) => one.nodeType === Node.TEXT_NODE
    ? one.data : texts(one.shadowRoot ?? one)).join(' ')
  return texts(document.querySelector('[data-testid=stMain]'))
}"""


@pytest.fixture
def traveller(
    browser: Browser, app_server: AppServer, signed_in_state: dict[str, Any]
) -> Iterator[Page]:
    """The home page in a browser that is far away and writes "8:17 PM"."""
    options = {"locale": "en-US", "timezone_id": AWAY}
    with new_context(browser, **options) as context, watched(context) as breaches:
        yield home_of(context, app_server, signed_in_state)
        assert breaches == []


def minutes_from_now(text: str) -> list[int]:
    """Return how far each time of day in a text is from now in New York, by its clock."""
    there = datetime.now(ZoneInfo(AWAY))
    now = there.hour * 60 + there.minute
    found = [int(hour) * 60 + int(minute) for hour, minute in CLOCK.findall(text)]
    return [(moment - now + DAY // 2) % DAY - DAY // 2 for moment in found]


def test_every_time_is_the_visitors_whoever_draws_it(traveller: Page, tmp_path: Path) -> None:
    page = traveller
    file = random_file(tmp_path / "a.bin", 1000)
    choose(page, file)
    wait_until_done(page, file.name)
    result_of(page, file.name)
    settled(page)
    text = page.evaluate(EVERY_TEXT)
    times = minutes_from_now(text)
    assert times  # of the link, which the browser draws, and of the list, which the server draws
    assert all(-5 <= time <= 61 for time in times), text
    assert not re.search(r"\d [AP]M\b", text)
    assert " UTC" not in text

    go_by_navigation(page, "Requests")
    settled(page)
    page.get_by_test_id("stExpander").locator("summary", has_text="One request in full").click()
    settled(page)
    chosen = page.locator(".st-key-request_chosen input").get_attribute("value") or ""
    assert minutes_from_now(chosen) in ([0], [-1], [-2])
