"""The GraphQL editor: size, time until it is there, keeping up: `python -m bench.page.editor`.

Ready is when the text is on show and can be typed into, counted from the page's heading, in the
browser. Cold is a browser that never saw the page; warm is its next load.
On large schemas, beside GraphiQL: `bench/page/beside_graphiql.py`.
"""

import gzip
import statistics
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    expect,
    sync_playwright,
)

from bench.page import beside_graphiql
from tests.app_server import ROOT, AppServer, free_port
from tests.browser.conftest import CHROMIUM, QUIET, signed_in
from tests.large_schema import large_schema

RUNS = 7
TYPES = 400
WIDTH = 48
TEXT = "query Large { object12(id: 1) { name count next { name all(first: 3) { name price } } } "
# Set before any script of the page: notes when the heading and the editor are first on show.
WATCH = """() => {
  window.bench = {}
  const roots = (node) => [node, ...[...node.querySelectorAll("*")].flatMap(
    (one) => one.shadowRoot ? roots(one.shadowRoot) : [])]
  const look = () => {
    if (!bench.heading && document.querySelector("h1")) bench.heading = performance.now()
    if (roots(document).some((root) => root.querySelector(".query .cm-line"))) {
      bench.editor = performance.now()
    } else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}"""
# Notes how long each keystroke takes until it is painted, and what blocks the page meanwhile.
WATCH_KEYS = """() => {
  window.keys = []
  window.blocks = []
  const watch = (into, options) => new PerformanceObserver(
    (list) => list.getEntries().forEach((entry) => into(entry))).observe(options)
  watch((entry) => entry.name === "keydown" && keys.push(entry.duration),
        { type: "event", durationThreshold: 16 })
  watch((entry) => blocks.push(entry.duration), { type: "longtask" })
}"""


def report(folder: Path) -> None:
    """Measure and print, with an app of our own in the folder."""
    size = sum(len(gzip.compress(path.read_bytes())) for path in _bundles())
    _note("GraphQL editor, one file, gzip", f"{size / 1000:.0f} kB (bar: 220)")
    with _browser() as browser:
        with _running(AppServer(folder / "app", free_port())) as server:
            visitor = signed_in(browser, server)
            times = [_ready_times(browser, server, visitor) for _ in range(RUNS)]
        cold, warm = zip(*times, strict=True)
        _note("  ready after the page's heading, cold", f"{_middle(cold)} (bar: 0.6)")
        _note("  the same, warm", f"{_middle(warm)} (bar: 0.2)")
        with _editor_alone(folder) as server:
            _report_large(browser, server)
        beside_graphiql.report(browser, folder)


def _bundles() -> list[Path]:
    return list((ROOT / "components" / "playground" / "editor").glob("editor.*.js"))


def _middle(seconds: tuple[float, ...]) -> str:
    middle, least, most = statistics.median(seconds), min(seconds), max(seconds)
    return f"{middle:.2f} s, {least:.2f} to {most:.2f}"


@contextmanager
def _editor_alone(folder: Path) -> Generator[AppServer]:
    ours = (ROOT / "contract" / "schema.graphql").read_text(encoding="utf-8")
    (folder / "service.graphql").write_text(ours, encoding="utf-8")
    (folder / "large.graphql").write_text(large_schema(TYPES), encoding="utf-8")
    server = AppServer(
        folder / "data",
        free_port(),
        environment={"EDITOR_TEST_SCHEMAS": str(folder)},
        command=("-m", "tests.browser.playground.editor_server"),
    )
    with _running(server):
        yield server


@contextmanager
def _running(server: AppServer) -> Generator[AppServer]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _browser() -> Generator[Browser]:
    with sync_playwright() as playwright:
        path = CHROMIUM if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, "--no-sandbox"])
        yield browser
        browser.close()


def _ready_times(browser: Browser, server: AppServer, visitor: StorageState) -> tuple[float, float]:
    context = browser.new_context(storage_state=visitor)
    context.add_init_script(f"({WATCH})()")
    times = _ready_time(context, server), _ready_time(context, server)
    context.close()
    return times


def _ready_time(context: BrowserContext, server: AppServer) -> float:
    page = context.new_page()
    page.goto(f"{server.url}/playground")
    page.locator(".query .cm-line").first.wait_for()
    page.wait_for_timeout(100)
    seconds = page.evaluate("(bench.editor - bench.heading) / 1000")
    page.wait_for_timeout(500)  # so that nothing of this load runs into the next one
    page.close()
    return float(seconds)


def _report_large(browser: Browser, server: AppServer) -> None:
    page = browser.new_page()
    page.goto(f"{server.url}/?schema=large.graphql")
    operations = page.get_by_role("textbox", name="GraphQL operations")
    operations.press("Control+a")
    operations.press("Delete")
    page.wait_for_timeout(1500)
    page.evaluate(WATCH_KEYS)
    operations.press_sequentially(TEXT, delay=40)
    page.wait_for_timeout(1000)
    keys: list[float] = page.evaluate("keys")
    _note(f"typing with {TYPES} types, slowest key painted", f"{max(keys, default=16):.0f} ms")
    _note("  longest block of the page", _longest_block(page))
    page.get_by_role("button", name="Schema", exact=True).click()
    expect(page.get_by_role("heading", name="Subscription")).to_be_visible()
    _note("  the same when the explorer opens", _longest_block(page))
    page.get_by_role("searchbox").press_sequentially("object1", delay=40)
    expect(page.get_by_text("found, the closest")).to_be_visible()
    _note("  the same when it is searched", _longest_block(page))
    page.close()


def _longest_block(page: Page) -> str:
    page.wait_for_timeout(500)
    blocks: list[float] = page.evaluate("blocks.splice(0)")
    return f"{max(blocks):.0f} ms" if blocks else "under 50 ms"


def _note(what: str, value: str) -> None:
    print(f"{what:<{WIDTH}}{value}", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        report(Path(name) / "editor")
