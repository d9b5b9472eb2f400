"""The browser, watched: requests to other hosts, policy breaches and script errors fail a test."""

import os
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    StorageState,
    WebError,
    expect,
)

from tests.app_server import AppServer

CHROMIUM = Path("/usr/bin/chromium")
OWN_HOSTS = {"127.0.0.1", "localhost"}
# The script is done, and no element is still faded as the rest of an earlier run.
SETTLED = """() => document.querySelector('[data-test-script-state=notRunning]')
  && [...document.querySelectorAll('[data-testid=stElementContainer]')]
    .every(one => one.dataset.stale !== 'true' && getComputedStyle(one).opacity === '1')"""
CONSOLE_BREACHES = ("Content Security Policy", "BidiComponent Error")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
AXE_RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "rules": {"target-size": {"enabled": True}},
}
FIRST_PAINT = 30_000  # milliseconds, on a busy machine with a cold cache

expect.set_options(timeout=FIRST_PAINT)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium where there is one, else the browser Playwright installed."""
    arguments = {**browser_type_launch_args, "args": list(QUIET)}
    if CHROMIUM.exists():
        arguments["executable_path"] = str(CHROMIUM)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments["args"].append("--no-sandbox")
    return arguments


@pytest.fixture(autouse=True)
def no_breach(context: BrowserContext) -> Iterator[None]:
    """Fail the test when a page left our origin, broke its policy or had a script error."""
    breaches: list[str] = []
    watch(context, breaches)
    yield
    assert not breaches, f"broke a rule of the browser tests: {breaches}"


def watch(context: BrowserContext, breaches: list[str]) -> None:
    """Collect requests to other hosts, policy violations and script errors of all pages."""

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in OWN_HOSTS:
            breaches.append(request.url)

    def on_console(message: ConsoleMessage) -> None:
        if any(words in message.text for words in CONSOLE_BREACHES):
            breaches.append(message.text)

    def on_error(error: WebError) -> None:
        breaches.append(str(error.error))

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", on_error)


def sign_in(page: Page, password: str, username: str = "demo") -> None:
    """Fill in the sign-in form of the page shown and submit it."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def expect_signed_in(page: Page) -> None:
    expect(page.get_by_text("Signed in as Demo user")).to_be_visible()


def signed_in(browser: Browser, server: AppServer) -> StorageState:
    """Sign in as `demo` and return the cookies, for contexts of the caller's own."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.url)
    sign_in(page, server.password)
    expect_signed_in(page)
    state = context.storage_state()
    context.close()
    return state


def expect_signed_out(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def expect_no_sideways_scrolling(page: Page) -> None:
    """Wait until the page is no wider than its window."""
    page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture(scope="session")
def signed_in_state(browser: Browser, app_server: AppServer) -> dict[str, Any]:
    """The cookies of one sign-in as `demo`. Do not sign out of it: others use it too."""
    return dict(signed_in(browser, app_server))


@pytest.fixture
def signed_in_page(
    context: BrowserContext, signed_in_state: dict[str, Any], app_server: AppServer
) -> Page:
    """The home page, signed in as `demo`."""
    context.add_cookies(signed_in_state["cookies"])
    page = context.new_page()
    page.goto(app_server.url)
    expect_signed_in(page)
    return page


@pytest.fixture(scope="session")
def accessibility_problems() -> Callable[[Page], list[str]]:
    """Return a check of a drawn page against WCAG 2.2 A and AA: one line per violation."""
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")

    def check(page: Page) -> list[str]:
        page.wait_for_function(SETTLED)
        page.evaluate(axe)
        result = page.evaluate("options => axe.run(document, options)", AXE_RULES)
        return [
            f"{rule['id']}: {node['html']} {node['failureSummary']}"
            for rule in result["violations"]
            for node in rule["nodes"]
        ]

    return check
