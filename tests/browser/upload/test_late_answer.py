"""Every byte has left and the answer is late: a proxy before the store took the whole PUT at once.

The browser's clock is the test's, so that minutes pass at once.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.app_server import AppServer
from tests.browser.conftest import home_of, running_app
from tests.browser.endpoint import running_endpoint
from tests.browser.steps import (
    card_of,
    choose,
    expect_same_file,
    open_parts,
    parts_of,
    random_file,
    unfold,
    wait_until_done,
)
from tests.browser.upload.late_proxy import LateProxy, running_late_proxy

SINGLE, IN_PARTS = 3_000_000, 101_000_000  # of parts of 16 MiB
AT_ONCE = 5  # parts on their way, as MOST_WIRES has it


@pytest.fixture(scope="module")
def proxy() -> Iterator[LateProxy]:
    with running_late_proxy() as proxy:
        yield proxy


@pytest.fixture(scope="module")
def server(proxy: LateProxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app whose files go to a service behind the proxy."""
    folder = tmp_path_factory.mktemp("endpoint")
    with running_endpoint(folder, {"TFW_PUBLIC_URL": proxy.url}) as endpoint:
        proxy.upstream = endpoint.url
        with running_app(tmp_path_factory.mktemp("app"), endpoint.settings()) as server:
            yield server


@pytest.fixture
def home(
    context: BrowserContext, server: AppServer, proxy: LateProxy, state: dict[str, Any]
) -> Iterator[Page]:
    proxy.open.clear()
    proxy.taken.clear()
    page = home_of(context, server, state, lambda page: page.clock.install())
    expect(page.get_by_text("Drop files here")).to_be_visible()
    yield page
    proxy.open.set()


def through_the_app(page: Page) -> None:
    unfold(page, "Advanced: how files are sent")
    page.get_by_role("radiogroup").get_by_text("Through this app", exact=True).click()


@pytest.mark.parametrize("route", ["direct", "relay"])
def test_a_put_whose_answer_is_late_is_waited_for(
    home: Page, proxy: LateProxy, tmp_path: Path, route: str
) -> None:
    if route == "relay":
        through_the_app(home)
    photo = random_file(tmp_path / "photo.bin", SINGLE)
    choose(home, photo)
    card = card_of(home, photo.name)
    expect(card.locator(".state")).to_contain_text("Waiting for the store's answer")
    open_parts(card)
    home.clock.fast_forward("08:00")
    expect(card.locator("tr[data-status=sending]")).to_contain_text("Sent, waiting for answer")
    expect(card.locator(".numbers")).to_contain_text(
        "99 % sent · 3 MB of 3 MB · no answer for 8 min"
    )
    expect(card.locator(".numbers")).to_contain_text("up to 10 min are waited for")
    home.get_by_role("link", name="Requests", exact=True).click()
    expect(home.locator(".tray")).to_contain_text("Waiting for the store's answer")
    home.get_by_role("link", name="Upload", exact=True).click()
    proxy.open.set()
    wait_until_done(home, photo.name)
    assert [row["tries"] for row in parts_of(card)] == ["1"]
    assert proxy.taken == [SINGLE]
    expect_same_file(home, photo, tmp_path)


def test_parts_whose_answers_are_late_are_sent_once(
    home: Page, proxy: LateProxy, tmp_path: Path
) -> None:
    film = random_file(tmp_path / "film.mp4", IN_PARTS)
    choose(home, film)
    card = card_of(home, film.name)
    waiting = card.locator("tr[data-status=sending]").filter(has_text="Sent, waiting for answer")
    expect(waiting).to_have_count(AT_ONCE)  # one whose bytes still moved would rightly be given up
    expect(card.locator(".state")).to_contain_text("Sending")  # other parts have not begun
    home.clock.fast_forward("02:30")
    expect(waiting).to_have_count(AT_ONCE)
    proxy.open.set()
    wait_until_done(home, film.name)
    assert {row["tries"] for row in parts_of(card)} == {"1"}
    assert sum(proxy.taken) == IN_PARTS


def test_an_answer_that_never_comes_is_named(home: Page, proxy: LateProxy, tmp_path: Path) -> None:
    photo = random_file(tmp_path / "lost.bin", SINGLE)
    choose(home, photo)
    card = card_of(home, photo.name)
    open_parts(card)
    for count in (1, 2):
        expect(card.locator("td.tries")).to_have_text(str(count))
        expect(card.locator(".state")).to_contain_text("Waiting for the store's answer")
        home.clock.fast_forward("11:00")
    expect(card.locator(".state")).to_contain_text("Failed")
    expect(card.get_by_role("alert")).to_contain_text("Code: store-silent")
    proxy.open.set()
    card.get_by_role("button", name="Retry what failed").click()
    wait_until_done(home, photo.name)
    assert proxy.taken == [SINGLE] * 3
    expect_same_file(home, photo, tmp_path)
