"""An operation runs whatever becomes of the page that asked for it."""

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from client.playground.saved_operations import OperationStore
from tests.app_server import AppServer
from tests.browser.playground.playground_steps import (
    answer_text,
    execute,
    operations,
    outcome,
    playground,
    shown_tab,
    switch,
    tab,
)
from tests.browser.settled import settled
from tests.client.scripted_endpoint import Action, Handler, ScriptedEndpoint, graphql_error
from tests.service.api_client import wait_until

SET = "mutation Set {\n  echo(a: 1)\n}\n"
FINISHED = "Set · HTTP 200"
Check = Callable[[Page], None]


class Gate:
    """Holds the answers of an endpoint back until it is opened."""

    def __init__(self) -> None:
        self._opened = threading.Event()

    def open(self) -> None:
        self._opened.set()

    def action(self) -> Action:
        def wait(handler: Handler) -> None:
            self._opened.wait()
            handler.carry_on()

        return wait


@pytest.fixture
def gate(endpoint: ScriptedEndpoint) -> Iterator[Gate]:
    gate = Gate()
    endpoint.on("graphql", gate.action())
    yield gate
    gate.open()


@pytest.fixture
def page(
    context: BrowserContext, connected_server: AppServer, endpoint: ScriptedEndpoint, gate: Gate
) -> Page:
    """The playground, with an operation that waits for its answer until the gate is open."""
    page = playground(context, connected_server, SET)
    settled(page)
    execute(page)
    expect(cancel(page)).to_be_visible()
    expect(outcome(page)).to_contain_text("Running · Set")
    return page


def cancel(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Cancel ·"))


def test_typing_meanwhile_loses_no_answer(page: Page, gate: Gate) -> None:
    operations(page).press("Control+End")
    operations(page).press_sequentially("# x")
    settled(page)
    gate.open()
    expect(outcome(page)).to_contain_text(FINISHED)
    expect(answer_text(page)).to_contain_text("echo")
    expect(operations(page)).to_contain_text("# x")
    expect(cancel(page)).to_have_count(0)


def test_another_page_and_a_reload_lose_no_answer(page: Page, gate: Gate) -> None:
    page.get_by_role("link", name="Requests").click()
    expect(page.get_by_role("heading", name="Requests", level=1)).to_be_visible()
    page.get_by_role("link", name="Playground").click()
    expect(cancel(page)).to_be_visible()
    page.reload()
    expect(cancel(page)).to_be_visible()
    gate.open()
    expect(outcome(page)).to_contain_text(FINISHED)


def test_an_answer_that_came_while_nobody_looked_is_there(page: Page, gate: Gate) -> None:
    address = page.url
    page.goto("about:blank")
    gate.open()
    page.goto(address)
    expect(outcome(page)).to_contain_text(FINISHED)


def test_another_window_sees_it_too(page: Page, context: BrowserContext, gate: Gate) -> None:
    other = context.new_page()
    other.goto(page.url)
    expect(cancel(other)).to_be_visible()
    gate.open()
    for window in (page, other):
        expect(outcome(window)).to_contain_text(FINISHED)


def test_three_presses_send_one(page: Page, endpoint: ScriptedEndpoint, gate: Gate) -> None:
    for _ in range(2):
        operations(page).press("Control+Enter")
    expect(page.get_by_text("Set still runs.")).to_be_visible()
    settled(page)
    gate.open()
    expect(outcome(page)).to_contain_text(FINISHED)
    assert endpoint.times("graphql") == 1


def test_three_clicks_at_once_send_one(
    context: BrowserContext, connected_server: AppServer, endpoint: ScriptedEndpoint, gate: Gate
) -> None:
    page = playground(context, connected_server, SET)
    settled(page)
    page.get_by_role("button", name="Run Set").click(click_count=3)
    expect(outcome(page)).to_contain_text("Running · Set")
    gate.open()
    expect(outcome(page)).to_contain_text(FINISHED)
    assert endpoint.times("graphql") == 1


def test_cancelled_it_is_not_waited_for_and_in_the_history_all_the_same(
    page: Page, endpoint: ScriptedEndpoint, gate: Gate
) -> None:
    expect(cancel(page)).to_have_text(re.compile("[2-9] s"))
    cancel(page).click()
    expect(outcome(page)).to_contain_text("Cancelled · Set")
    expect(page.get_by_text("You wait no longer for the answer.")).to_be_visible()
    gate.open()
    switch(page, "Samples, saved, history")
    page.get_by_role("tab", name="History").click()
    history = page.locator(".st-key-playground-history")
    expect(history.get_by_text(re.compile("Running ·|Success ·"))).to_be_visible()
    execute(page)
    expect(outcome(page)).to_contain_text(FINISHED)
    expect(history.get_by_text(re.compile("Success · HTTP 200"))).to_have_count(2)
    assert endpoint.times("graphql") == 2


def test_a_restart_of_the_app_is_told_and_the_first_press_after_it_works(
    page: Page, connected_server: AppServer, endpoint: ScriptedEndpoint, gate: Gate
) -> None:
    connected_server.stop()
    operations(page).press("Control+End")
    operations(page).press_sequentially("# typed meanwhile")
    connected_server.start()
    told = page.get_by_text("The app was restarted while Set ran")
    expect(told).to_be_visible(timeout=60_000)
    gate.open()
    settled(page)
    execute(page)
    expect(outcome(page)).to_contain_text(FINISHED)
    assert endpoint.times("graphql") == 2
    page.reload()
    expect(operations(page)).to_contain_text("# typed meanwhile")


@pytest.mark.parametrize("is_away", [True, False], ids=["while it is away", "after it is back"])
def test_the_first_press_at_a_restart_of_the_app_runs_once(
    is_away: bool, context: BrowserContext, connected_server: AppServer, endpoint: ScriptedEndpoint
) -> None:
    page = playground(context, connected_server, SET)
    settled(page)
    connected_server.stop()
    if is_away:
        operations(page).press("Control+Enter")
        expect(page.get_by_text("The app does not answer.")).to_be_visible()
    with page.expect_websocket():
        connected_server.start()
    if not is_away:
        operations(page).press("Control+Enter")
    expect(outcome(page)).to_contain_text(FINISHED)
    settled(page)
    assert endpoint.times("graphql") == 1


def test_what_is_typed_while_the_app_is_away_is_kept(
    context: BrowserContext, connected_server: AppServer
) -> None:
    page = playground(context, connected_server, SET)
    settled(page)
    connected_server.stop()
    operations(page).press("Control+End")
    operations(page).press_sequentially("# typed meanwhile")
    with page.expect_websocket():
        connected_server.start()
    store = OperationStore(connected_server.data_dir)
    wait_until(lambda: any("# typed meanwhile" in tab.text for tab in store.tabs("demo")))
    store.close()
    page.reload()
    expect(operations(page)).to_contain_text("# typed meanwhile")


def test_a_tab_says_that_it_runs_until_its_answer_is_there(page: Page, gate: Gate) -> None:
    expect(shown_tab(page)).to_have_text("Set is running")
    page.get_by_role("button", name="New tab").click()
    expect(shown_tab(page)).to_have_text("Untitled")
    settled(page)
    expect(tab(page, "Set is running")).to_be_visible()
    gate.open()
    expect(tab(page, "Set")).to_be_visible()
    tab(page, "Set").click()
    expect(outcome(page)).to_contain_text(FINISHED)


def heard(page: Page) -> Locator:
    return page.locator(".tab-strip > .only-heard[role=status]")


def test_what_came_of_a_run_is_heard_and_the_same_once_more(
    page: Page, gate: Gate, endpoint: ScriptedEndpoint
) -> None:
    expect(heard(page)).to_be_empty()
    gate.open()
    expect(heard(page)).to_have_text("Set: Success, HTTP 200")
    for _ in range(2):
        heard(page).evaluate("node => node.replaceChildren()")
        endpoint.on("graphql", graphql_error("no"))
        operations(page).press("Control+Enter")
        expect(heard(page)).to_have_text("Set: Failed, HTTP 200")
    page.reload()
    expect(outcome(page)).to_contain_text("Failed")
    expect(heard(page)).to_be_empty()


def test_what_came_of_a_run_is_heard_beside_another_tab(page: Page, gate: Gate) -> None:
    page.get_by_role("button", name="New tab").click()
    expect(shown_tab(page)).to_have_text("Untitled")
    settled(page)
    gate.open()
    expect(heard(page)).to_have_text("Set: Success, HTTP 200")


def test_a_tab_that_is_closed_while_it_runs_comes_back_with_its_answer(
    page: Page, gate: Gate
) -> None:
    shown_tab(page).press("Delete")
    expect(tab(page, "Set is running")).to_have_count(0)
    gate.open()
    page.get_by_role("button", name="More for this tab").click()
    page.get_by_role("menuitem", name="Reopen closed tab").click()
    expect(outcome(page)).to_contain_text(FINISHED)


def test_waiting_is_accessible(page: Page, expect_accessible: Check) -> None:
    operations(page).press("Control+Enter")
    expect(page.get_by_text("Set still runs.")).to_be_visible()
    expect_accessible(page)
