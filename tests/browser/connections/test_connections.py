"""Connections as people use them: an admin adds one, visitors choose it, uploads keep theirs."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from client.connection.draft import ConnectionDraft
from client.connection.store import STORE_FILE, ConnectionStore
from components.connections import words
from tests.app_server import AppServer
from tests.browser.conftest import (
    expect_signed_in,
    home_of,
    sign_in,
)
from tests.browser.connections.connection_steps import add, fill_in, open_connections, rename, use
from tests.browser.endpoint import Endpoint
from tests.browser.settled import settled
from tests.browser.steps import (
    card_of,
    choose,
    expect_same_file,
    go_by_navigation,
    link_of,
    random_file,
    slow_down,
    unfold,
    wait_for_parts,
    wait_until_done,
)


@pytest.fixture
def home(context: BrowserContext, server: AppServer, state: dict[str, Any]) -> Iterator[Page]:
    """The home page of an app to which no connection has been added yet."""
    yield home_of(context, server, state)
    (server.data_dir / STORE_FILE).unlink(missing_ok=True)


def begin_upload(page: Page, folder: Path) -> Path:
    """Choose a file that is sent in parts and slowly; return it when its first part is there."""
    slow_down(page, 12_000_000)
    film = random_file(folder / "film.bin", 120_000_000)
    choose(page, film)
    wait_for_parts(card_of(page, film.name), 1)
    return film


def banner(page: Page) -> Locator:
    return page.locator(".st-key-connection-banner")


def test_an_added_connection_is_tested_used_and_carries_an_upload(
    home: Page, endpoint: Endpoint, server: AppServer, tmp_path: Path
) -> None:
    received: list[str] = []

    def keep(payload: str | bytes) -> None:
        received.append(payload.decode("latin-1") if isinstance(payload, bytes) else payload)

    home.on("websocket", lambda socket: socket.on("framereceived", keep))
    home.reload()
    expect_signed_in(home)
    open_connections(home)
    add(home, endpoint)
    use(home, "Stage")
    host = urlsplit(endpoint.url).netloc
    expect(banner(home)).to_contain_text(f"Stage on {host}")
    home.get_by_role("button", name=words.TEST).click()
    expect(home.get_by_text(words.GOOD_OUTCOME)).to_be_visible()
    home.goto(f"{server.url}/?connection=Stage")
    expect(banner(home)).to_contain_text(f"Stage on {host}")
    expect(banner(home)).not_to_contain_text("Load the page again")
    file = random_file(tmp_path / "film.bin", 300_000)
    choose(home, file)
    wait_until_done(home, file.name)
    assert link_of(home, file.name).startswith(f"{endpoint.url}/files/")
    expect_same_file(home, file, tmp_path)
    assert received
    assert "canary" not in "".join(received)
    assert "canary" not in home.content()
    assert "canary" not in server.log_file.read_text()
    for path in server.data_dir.rglob("*"):
        assert not path.is_file() or b"canary" not in path.read_bytes()


def test_an_upload_ends_where_it_began_although_another_connection_is_chosen(
    home: Page, endpoint: Endpoint, server: AppServer, tmp_path: Path
) -> None:
    open_connections(home)
    add(home, endpoint)
    home.goto(server.url)  # with a policy that knows the added endpoint
    expect_signed_in(home)
    film = begin_upload(home, tmp_path)
    open_connections(home)
    use(home, "Stage")
    home.get_by_role("link", name="Upload").click()
    expect(banner(home)).to_be_visible()
    slow_down(home, -1)
    wait_until_done(home, film.name)
    assert link_of(home, film.name).startswith(f"{server.url}/files/")
    other = random_file(tmp_path / "other.bin", 1000)
    choose(home, other)
    wait_until_done(home, other.name)
    assert link_of(home, other.name).startswith(f"{endpoint.url}/files/")


def test_an_upload_ends_although_its_connection_is_renamed_meanwhile(
    home: Page, endpoint: Endpoint, server: AppServer, tmp_path: Path
) -> None:
    open_connections(home)
    add(home, endpoint)
    home.goto(f"{server.url}/?connection=Stage")
    expect(banner(home)).to_contain_text("Stage on")
    film = begin_upload(home, tmp_path)
    open_connections(home)
    rename(home, "Stage", "Review")
    expect(banner(home)).to_contain_text("Review on")
    home.get_by_role("link", name="Upload").click()
    slow_down(home, -1)
    wait_until_done(home, film.name)
    assert link_of(home, film.name).startswith(f"{endpoint.url}/files/")
    expect_same_file(home, film, tmp_path)


@pytest.mark.parametrize("gap", [30, 250, 600])
def test_a_second_click_removes_no_other_connection(
    home: Page, endpoint: Endpoint, server: AppServer, gap: int
) -> None:
    store = ConnectionStore(server.data_dir)
    for name in ("Stage A", "Stage B", "Stage C"):
        draft = ConnectionDraft(
            name=name,
            graphql_url=f"{endpoint.url}/graphql",
            token_url=f"{endpoint.url}/oauth/token",
            client_id=endpoint.client_id,
            client_secret=endpoint.client_secret,
        )
        store.put(draft.connection())
    open_connections(home)
    home.get_by_role("button", name=words.REMOVE.format(name="Stage A")).click()
    place = home.get_by_role("button", name=words.REMOVE_NOW).bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    home.mouse.click(x, y)
    home.wait_for_timeout(gap)
    home.mouse.click(x, y)
    expect(home.get_by_text(words.REMOVED.format(name="Stage A"))).to_be_visible()
    settled(home)
    expect(home.get_by_role("button", name=words.REMOVE_NOW)).to_have_count(0)
    assert [one.name for one in store.all()] == ["Stage B", "Stage C"]


def test_a_double_click_saves_once(home: Page, endpoint: Endpoint, server: AppServer) -> None:
    open_connections(home)
    fill_in(home, endpoint, "Stage")
    home.get_by_role("button", name=words.SAVE, exact=True).dblclick()
    expect(home.get_by_text(words.SAVED.format(name="Stage"))).to_be_visible()
    settled(home)
    expect(home.get_by_test_id("stAlert")).to_have_count(1)
    assert [one.name for one in ConnectionStore(server.data_dir).all()] == ["Stage"]


@dataclass(frozen=True)
class Silent:
    """An endpoint that takes every request and answers none."""

    listener: socket.socket
    open: ExitStack

    def wait_until_asked(self) -> None:
        """Wait for a connection, and keep it open."""
        self.open.enter_context(self.listener.accept()[0])


@pytest.fixture
def silent(server: AppServer) -> Iterator[Silent]:
    """The endpoint of the connection "Silent"."""
    with ExitStack() as opened:
        listener = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        listener.settimeout(30)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        draft = ConnectionDraft(
            name="Silent",
            graphql_url=f"{url}/graphql",
            token_url=f"{url}/oauth/token",
            client_id="id",
            client_secret="secret",
        )
        ConnectionStore(server.data_dir).put(draft.connection())
        yield Silent(listener, opened)


def test_while_a_silent_endpoint_is_tested_pages_are_shown_and_uploads_go_on(
    home: Page, silent: Silent, tmp_path: Path
) -> None:
    film = begin_upload(home, tmp_path)
    open_connections(home)
    use(home, "Silent")
    test = home.get_by_role("button", name=words.TEST, exact=True)
    test.click()
    testing = home.get_by_text(words.TESTING, exact=True)
    expect(testing).to_be_visible()
    silent.wait_until_asked()
    go_by_navigation(home, "Upload")
    wait_until_done(home, film.name)
    go_by_navigation(home, "Connections")
    expect(testing).to_be_visible()
    expect(test).to_be_visible()
    expect(home.get_by_role("button", name=re.compile("^Use "))).to_be_visible()


@pytest.mark.parametrize("page", ["Playground", "Assets"])
def test_a_page_that_waits_for_a_silent_endpoint_is_left_by_a_click(
    home: Page, silent: Silent, page: str
) -> None:
    open_connections(home)
    use(home, "Silent")
    home.get_by_role("link", name=page, exact=True).click()
    silent.wait_until_asked()
    go_by_navigation(home, "Requests")


def test_what_a_silent_endpoint_is_asked_for_a_file_holds_up_no_page(
    home: Page, silent: Silent, tmp_path: Path
) -> None:
    open_connections(home)
    use(home, "Silent")
    go_by_navigation(home, "Upload")
    choose(home, random_file(tmp_path / "one.bin", 1000))
    silent.wait_until_asked()
    go_by_navigation(home, "Requests")


def test_a_page_whose_policy_is_older_than_the_connection_says_so(
    home: Page, endpoint: Endpoint
) -> None:
    open_connections(home)
    add(home, endpoint)
    use(home, "Stage")
    expect(banner(home)).to_contain_text("Load the page again")


def test_the_choice_is_each_visit_s_own_and_a_link_brings_it(
    home: Page, endpoint: Endpoint, server: AppServer
) -> None:
    open_connections(home)
    add(home, endpoint, "Stage two")
    use(home, "Stage two")
    other = home.context.new_page()
    other.goto(server.url)
    expect_signed_in(other)
    expect(other.get_by_text(words.EMBEDDED_NOTE)).to_be_visible()
    expect(banner(other)).to_have_count(0)
    other.goto(f"{server.url}/playground?connection=Stage%20two")
    expect(banner(other)).to_contain_text("Stage two on")
    expect(other).to_have_url(re.compile(r"/playground$"))
    other.goto(f"{server.url}/?connection=Nowhere")
    alert = other.get_by_role("alert").filter(has_text="not there: Nowhere")
    expect(alert).to_contain_text("Embedded service")


def test_a_window_goes_on_with_its_connection_after_a_reload_and_a_restart(
    home: Page, endpoint: Endpoint, server: AppServer
) -> None:
    open_connections(home)
    add(home, endpoint, "Stage three")
    use(home, "Stage three")
    expect(banner(home)).to_contain_text("Stage three on")
    home.reload()
    expect(banner(home)).to_contain_text("Stage three on")
    server.stop()
    with home.expect_websocket():
        server.start()
    go_by_navigation(home, "Requests")
    settled(home)
    expect(banner(home)).to_contain_text("Stage three on")
    open_connections(home)
    use(home, "Embedded service")
    expect(banner(home)).to_have_count(0)
    home.reload()
    expect(home.get_by_role("heading", name="In use: Embedded service")).to_be_visible()
    settled(home)
    expect(banner(home)).to_have_count(0)


def test_a_link_to_a_connection_survives_the_sign_in(page: Page, remote_app: AppServer) -> None:
    page.goto(f"{remote_app.url}/connections?connection=Embedded%20service")
    sign_in(page, remote_app.password)
    expect(page.get_by_role("heading", name="In use: Embedded service")).to_be_visible()


def test_the_page_is_accessible_in_its_states(
    home: Page, endpoint: Endpoint, expect_accessible: Callable[[Page], None]
) -> None:
    page = home
    open_connections(page)
    expect(page.get_by_role("heading", name=words.LIST_TITLE)).to_be_visible()
    expect_accessible(page)
    unfold(page, words.ADD_TITLE)
    page.get_by_role("button", name=words.SAVE, exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("connection-incomplete")
    expect_accessible(page)
    page.reload()
    expect(page.get_by_role("heading", name=words.LIST_TITLE)).to_be_visible()
    add(page, endpoint)
    use(page, "Stage")
    page.get_by_role("button", name=words.TEST).click()
    expect(page.get_by_text(words.GOOD_OUTCOME)).to_be_visible()
    expect_accessible(page)
    page.get_by_role("button", name=words.REMOVE.format(name="Stage")).click()
    expect(page.get_by_role("button", name=words.REMOVE_NOW)).to_be_visible()
    expect_accessible(page)
