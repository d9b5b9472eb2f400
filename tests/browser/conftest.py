"""The browser, watched: requests to other hosts, policy breaches and script errors fail a test."""

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    StorageState,
    WebError,
    expect,
)

from tests.app_server import AppServer, free_port
from tests.browser.controls import controls
from tests.browser.endpoint import Endpoint, running_endpoint
from tests.browser.settled import EVENTS, WATCH_RUNS, settled

# The engine without the window around it, which takes more than half of a test's processor time.
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
Scheme = Literal["light", "dark"]
LOOKS: tuple[tuple[Scheme, int], ...] = (
    ("light", 1280),
    ("light", 375),
    ("dark", 375),
    ("dark", 1280),
)
SIDEBAR_FOLDS = 768  # pixels of width, in Streamlit's layout
HAS_LOOK = f"""([scheme, width]) => {{
  const app = document.querySelector('[data-testid=stApp]')
  const sidebar = document.querySelector('[data-testid=stSidebar]')
  return getComputedStyle(app).colorScheme === scheme && innerWidth === width
    && (!sidebar || sidebar.getBoundingClientRect().right > 0 === width > {SIDEBAR_FOLDS})
}}"""
OWN_HOSTS = {"127.0.0.1", "localhost"}
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
    "resultTypes": ["violations"],
}
VIOLATIONS = "async rules => (await axe.run(document, rules)).violations"
STORAGE = "local_storage,indexeddb,cache_storage,service_workers"
FIRST_PAINT = 30_000  # milliseconds, on a busy machine with a cold cache

expect.set_options(timeout=FIRST_PAINT)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say of a test that failed what its page had been asked and had done before."""
    report = yield
    context = item.funcargs.get("context")
    if call.when == "call" and report.failed and isinstance(context, BrowserContext):
        for page in context.pages:
            report.sections.append((f"Events of {page.url}", _events(page)))
    return report


def _events(page: Page) -> str:
    try:
        return str(page.evaluate(EVENTS))
    except Error as error:  # a page that is just left, or has crashed
        return str(error)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium where there is one, else the browser Playwright installed."""
    arguments = {**browser_type_launch_args, "args": list(QUIET)}
    if CHROMIUM.exists():
        arguments["executable_path"] = str(CHROMIUM)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments["args"].append("--no-sandbox")
    return arguments


@pytest.fixture(scope="module")
def context(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """What the tests of a module share of the browser: its HTTP cache and compiled scripts.

    Each test has pages, cookies, storage, permissions and routes of its own: `no_breach`.
    """
    with new_context(browser, **browser_context_args) as context:
        yield context


@contextmanager
def new_context(browser: Browser, **options: Any) -> Generator[BrowserContext]:
    """Open a context in which `settled` can wait for runs."""
    context = browser.new_context(**options)
    context.add_init_script(WATCH_RUNS)
    try:
        yield context
    finally:
        context.close()


@pytest.fixture(autouse=True)
def no_breach(context: BrowserContext) -> Iterator[None]:
    """Fail the test when a page left our origin, broke its policy or had a script error.

    Afterwards nothing of the test is left in the context that the next one uses too.
    """
    with watched(context) as breaches:
        yield
    origins = {origin for page in context.pages if (origin := origin_of(page.url))}
    for page in context.pages:
        page.close()
    forget(context, origins)
    assert not breaches, f"broke a rule of the browser tests: {breaches}"


def origin_of(url: str) -> str:
    """Return scheme, host and port of a page of a server, "" for others such as about:blank."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} else ""


def forget(context: BrowserContext, origins: set[str]) -> None:
    """Take from a context without pages what tests left there, other than what it has cached."""
    context.unroute_all()
    context.clear_cookies()
    context.clear_permissions()
    context.set_offline(False)
    context.set_extra_http_headers({})
    page = context.new_page()
    session = context.new_cdp_session(page)
    for origin in origins:
        parameters = {"origin": origin, "storageTypes": STORAGE}
        session.send("Storage.clearDataForOrigin", parameters)  # pyright: ignore[reportUnknownMemberType] # a bare Dict
    page.close()


@contextmanager
def watched(context: BrowserContext) -> Generator[list[str]]:
    """Collect requests to other hosts, policy violations and script errors of all pages."""
    breaches: list[str] = []

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
    yield breaches
    context.remove_listener("request", on_request)
    context.remove_listener("console", on_console)
    context.remove_listener("weberror", on_error)


def sign_in(page: Page, password: str, username: str = "demo") -> None:
    """Fill in the sign-in form of the page shown and submit it."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def expect_signed_in(page: Page) -> None:
    expect(page.get_by_text("Signed in as Demo user")).to_be_visible()


def signed_in(browser: Browser, server: AppServer) -> StorageState:
    """Sign in as `demo` and return the cookies, for contexts of the caller's own."""
    with new_context(browser) as context:
        page = context.new_page()
        page.goto(server.url)
        sign_in(page, server.password)
        expect_signed_in(page)
        return context.storage_state()


def expect_signed_out(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def expect_no_sideways_scrolling(page: Page) -> None:
    """Wait until the page is no wider than its window."""
    page.wait_for_function("() => document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
def own_app_server(own_app_server: AppServer, context: BrowserContext) -> Iterator[AppServer]:
    """An app of the test's own; its pages go before it does, as they would miss its files."""
    yield own_app_server
    for page in context.pages:
        page.close()


@pytest.fixture(scope="session")
def signed_in_state(browser: Browser, app_server: AppServer) -> dict[str, Any]:
    """The cookies of one sign-in as `demo`. Do not sign out of it: others use it too."""
    return dict(signed_in(browser, app_server))


@pytest.fixture
def signed_in_page(
    context: BrowserContext, signed_in_state: dict[str, Any], app_server: AppServer
) -> Page:
    """The home page, signed in as `demo`."""
    return home_of(context, app_server, signed_in_state)


@pytest.fixture
def signed_in_tab(context: BrowserContext, signed_in_state: dict[str, Any]) -> Page:
    """An empty tab, signed in as `demo`, for tests that begin on another page than the first."""
    context.add_cookies(signed_in_state["cookies"])
    return context.new_page()


def home_of(
    context: BrowserContext,
    server: AppServer,
    state: Mapping[str, Any],
    prepare: Callable[[Page], object] = lambda _page: None,
) -> Page:
    """Open the home page of an app with the cookies of an earlier sign-in.

    Args:
        prepare: what is done to the tab before anything is loaded in it.
    """
    context.add_cookies(state["cookies"])
    page = context.new_page()
    prepare(page)
    page.goto(server.url)
    expect_signed_in(page)
    return page


@contextmanager
def running_app(folder: Path, environment: Mapping[str, str]) -> Generator[AppServer]:
    """Run an app with these settings until the block ends, for the tests of a module."""
    server = AppServer(folder / "data", free_port(), environment=dict(environment))
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app that the tests of one module share; one that needs another has its own `server`."""
    with running_app(tmp_path_factory.mktemp("app"), {}) as server:
        yield server


@pytest.fixture(scope="module")
def state(browser: Browser, server: AppServer) -> dict[str, Any]:
    """A signed-in visitor of `server`."""
    return dict(signed_in(browser, server))


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """A service of its own for all tests of a run; switch off the faults that you switch on."""
    with running_endpoint(tmp_path_factory.mktemp("endpoint")) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def remote_app(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app that uses `endpoint` in the place of its own service, for all tests of a run."""
    with running_app(tmp_path_factory.mktemp("remote"), endpoint.settings()) as server:
        yield server


@pytest.fixture(scope="session")
def remote_state(browser: Browser, remote_app: AppServer) -> dict[str, Any]:
    """The cookies of one sign-in to `remote_app`."""
    return dict(signed_in(browser, remote_app))


@pytest.fixture
def remote_home(
    context: BrowserContext, remote_app: AppServer, remote_state: dict[str, Any]
) -> Page:
    """The home page of `remote_app`, signed in."""
    return home_of(context, remote_app, remote_state)


@pytest.fixture(scope="session")
def expect_accessible() -> Callable[[Page], None]:
    """Return a check of the state a page is in, light and dark, wide and narrow.

    It holds the page against WCAG 2.2 A and AA, the names of controls included, and lets nothing
    scroll sideways; afterwards the page is light and wide.
    """
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")

    def check(page: Page) -> None:
        problems: list[str] = []
        page.evaluate(axe)
        for scheme, width in LOOKS:
            look_at(page, scheme, width)
            violations = page.evaluate(VIOLATIONS, AXE_RULES)
            problems += [
                f"{scheme}, {width} px: {rule['id']}: {node['html']} {node['failureSummary']}"
                for rule in violations
                for node in rule["nodes"]
            ]
            expect_no_sideways_scrolling(page)
        look_at(page, *LOOKS[0])
        problems += [
            f"{one.role} that reads {one.words!r} is called {one.name!r}"
            for one in controls(page)
            if not one.is_called_as_it_reads
        ]
        assert problems == []

    return check


def look_at(page: Page, scheme: Scheme, width: int) -> None:
    """Give a page that colour scheme and width, and wait until it has them."""
    size = page.viewport_size
    assert size
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": size["height"]})
    page.wait_for_function(HAS_LOOK, arg=[scheme, width])
    settled(page)
