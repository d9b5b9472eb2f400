"""Our GraphQL editor and GraphiQL on the same large schemas, in one run and one table.

Ours is measured on the real playground page, signed in, of an app whose endpoint has the schema: so
its first load has in it that the app asks for the schema, reads it and hands it on. The endpoint
answers any operation with introspection. GraphiQL is alone on its page and reads the same answer
from a file. All text is typed with real keys.

What a page's heap holds is after a collection of garbage; GraphiQL's web workers, one of which
holds the schema too, are not in it.
"""

import statistics
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import psutil
from playwright.sync_api import Browser, BrowserContext, Page

from bench.page import graphiql_page
from bench.page.memory import MEBIBYTE
from bench.page.page_run import command, metrics
from bench.page.schemas import LargeSchema, large_schemas
from client.playground.form import RootField, argument_fields, output_paths, read_form
from client.playground.form_text import new_operation, write_form
from tests.app_server import AppServer, free_port
from tests.browser.conftest import signed_in

LETTERS = 3
DELAY = 40  # milliseconds between two keys
WAIT = 20_000  # milliseconds until a page is given up
# Notes when what is sought is on show, counted from the last key, looking at each frame; and what
# blocks the page. What is in shadow roots is found too.
WATCH = """() => {
  const watched = { keys: [], blocks: [], last: 0, seen: 0 }
  const watch = (into, options) => new PerformanceObserver(
    (list) => list.getEntries().forEach((entry) => into(entry))).observe(options)
  watch((entry) => entry.name === "keydown" && watched.keys.push(entry.duration),
        { type: "event", durationThreshold: 16 })
  watch((entry) => watched.blocks.push(entry.duration), { type: "longtask", buffered: true })
  addEventListener("keydown", (event) => {
    watched.last = event.timeStamp
    watched.seen = 0
  }, true)
  const roots = (node) => [node, ...[...node.querySelectorAll("*")].flatMap(
    (one) => one.shadowRoot ? roots(one.shadowRoot) : [])]
  watched.look = (selector, label) => {
    const among = roots(document)
    const mine = watched.looking = {}
    watched.seen = 0
    const look = () => {
      if (watched.looking !== mine) return
      const there = among.some((root) => [...root.querySelectorAll(selector)].some((one) =>
        one.checkVisibility() && one.textContent.trim().startsWith(label)))
      if (there && !watched.seen) watched.seen = performance.now()
      requestAnimationFrame(look)
    }
    look()
  }
  // The policy of a page forbids what Playwright's own waiting does.
  watched.until = (patience) => new Promise((resolve) => {
    const end = performance.now() + patience
    const ask = () => watched.seen || performance.now() > end
      ? resolve(watched.seen) : setTimeout(ask, 10)
    ask()
  })
  window.watched = watched
}"""


@dataclass(frozen=True)
class Editor:
    """Where things are on an editor's page.

    Attributes:
        pane: what is clicked to type into it.
        loaded: there once the editor has the schema.
        choice: the name in a line of the completion list.
        explorer: the button that opens the explorer.
        search: its box.
        result: the name in a line of what was found.
    """

    name: str
    pane: str
    loaded: str
    choice: str
    explorer: str
    search: str
    result: str


OURS = Editor(
    "playground",
    pane=".query .cm-content",
    loaded=".playground[data-schema=there]",
    choice=".cm-tooltip-autocomplete .cm-completionLabel",
    explorer="button:text-is('Schema'):visible",
    search=".explorer input[type=search]",
    result=".explorer .names button",
)
GRAPHIQL = Editor(
    "GraphiQL",
    pane=".graphiql-query-editor .monaco-editor .view-lines",
    loaded="body[data-schema=there]",
    choice=".suggest-widget.visible .label-name",
    explorer="button[aria-label='Show Documentation Explorer']",
    search=".graphiql-doc-explorer-search input",
    result=".graphiql-doc-explorer [role=option]",
)


@dataclass
class Figures:
    """What was measured of one editor; seconds, milliseconds and MiB."""

    first_load: float = 0
    next_load: float = 0
    completion: list[float] = field(default_factory=list[float])
    key: float = 0
    block_loading: float = 0
    block_typing: float = 0
    block_searching: float = 0
    search: float = 0
    heap: float = 0


def report(browser: Browser, folder: Path) -> None:
    """Measure all schemas and print a table of each."""
    pages = folder / "graphiql"
    pages.mkdir()
    graphiql_page.bundle(pages)
    for large in large_schemas():
        (pages / "schema.json").write_bytes(large.introspection)
        with graphiql_page.served(pages) as address:
            peer = _figures(browser.new_context(), f"{address}?schema=schema.json", GRAPHIQL, large)
        with _endpoint(large) as endpoint, _app(folder / large.name, endpoint) as server:
            context = browser.new_context(storage_state=signed_in(browser, server))
            before = _resident(server)
            ours = _figures(context, f"{server.url}/playground", OURS, large)
            after = _resident(server)
        _print(large, ours, peer)
        made, written = _form_times(large)
        _line(f"form of {large.mutation}: made", f"{made:.3f} s", "-", "(bar: 1)")
        _line("  the same, written into the text", f"{written:.3f} s", "-")
        _line("server's memory before the schema", f"{before:.0f} MiB", "-")
        _line("  after it was read and shown", f"{after:.0f} MiB", "-")


def _figures(context: BrowserContext, address: str, editor: Editor, large: LargeSchema) -> Figures:
    context.add_init_script(f"({WATCH})()")
    figures = Figures()
    page = context.new_page()
    page.set_default_timeout(WAIT)
    figures.first_load = _load(page, address, editor, large)
    page.wait_for_timeout(1000)
    page.close()
    page = context.new_page()
    page.set_default_timeout(WAIT)
    figures.next_load = _load(page, address, editor, large)
    figures.block_loading = _longest_block(page)
    for name in large.fields:
        _empty(page, editor)
        page.keyboard.type("query Q { ", delay=DELAY)
        page.wait_for_timeout(500)
        page.keyboard.press("Escape")
        _look(page, editor.choice, name[:LETTERS])
        page.keyboard.type(name[:LETTERS], delay=DELAY)
        figures.completion.append(_milliseconds_until_seen(page))
        page.keyboard.press("Escape")
    _empty(page, editor)
    page.wait_for_timeout(500)
    page.evaluate("watched.keys.length = watched.blocks.length = 0")
    page.keyboard.type(large.text, delay=DELAY)
    figures.block_typing = _longest_block(page)
    figures.key = max(page.evaluate("watched.keys"), default=16)
    page.keyboard.press("Escape")
    page.locator(editor.explorer).first.click()
    page.locator(editor.search).click()
    _longest_block(page)
    _look(page, editor.result, large.found)
    page.keyboard.type(large.sought, delay=DELAY)
    figures.search = _milliseconds_until_seen(page)
    figures.block_searching = _longest_block(page)
    figures.heap = _heap(page)
    context.close()
    return figures


def _load(page: Page, address: str, editor: Editor, large: LargeSchema) -> float:
    """Return the seconds from the start of the load until a completion was on show."""
    page.goto(address)
    page.locator(editor.loaded).first.wait_for()
    _empty(page, editor)
    _look(page, editor.choice, large.fields[0][:LETTERS])
    page.keyboard.type(f"{{ {large.fields[0][:LETTERS]}")
    for _ in range(WAIT // 1000):
        if page.evaluate("watched.until(1000)"):
            break
        page.keyboard.press("Control+Space")
    seen = page.evaluate("watched.seen")
    assert seen, f"{editor.name} completed nothing."
    return seen / 1000


def _empty(page: Page, editor: Editor) -> None:
    page.locator(editor.pane).first.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")


def _look(page: Page, selector: str, label: str) -> None:
    page.evaluate("([selector, label]) => watched.look(selector, label)", [selector, label])


def _milliseconds_until_seen(page: Page) -> float:
    assert page.evaluate(f"watched.until({WAIT})"), "It was not shown."
    return page.evaluate("Math.max(watched.seen - watched.last, 0)")


def _longest_block(page: Page) -> float:
    """Return the milliseconds of the longest block since the last look; 50 for none of note."""
    page.wait_for_timeout(1000)
    return max(page.evaluate("watched.blocks.splice(0)"), default=50)


def _heap(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    command(session, "HeapProfiler.collectGarbage")
    command(session, "Performance.enable")
    return metrics(session)["JSHeapUsedSize"] / MEBIBYTE


# Python's side ---------------------------------------------------------------------------------


@contextmanager
def _endpoint(large: LargeSchema) -> Generator[str]:
    """Serve an endpoint that has the schema; yields its address."""
    content = large.introspection

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing between the lines of the table."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/graphql"
        server.shutdown()
        thread.join()


@contextmanager
def _app(folder: Path, endpoint: str) -> Generator[AppServer]:
    environment = {"AMPLIENCE_GRAPHQL_URL": endpoint, "AMPLIENCE_PAT": "none"}
    server = AppServer(folder, free_port(), environment=environment)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _resident(server: AppServer) -> float:
    return psutil.Process(server.pid).memory_info().rss / MEBIBYTE


def _form_times(large: LargeSchema) -> tuple[float, float]:
    """Return the seconds to make a mutation's form with its first values, and to write it."""
    root = RootField("mutation", large.mutation, "")
    schema = large.schema  # built before the clock starts
    began = time.perf_counter()
    text = new_operation(schema, root)
    form = read_form(schema, text, "", None)
    assert form
    members = argument_fields(schema, root)
    assert any((member.item or member).fields for member in members)
    output_paths(schema, root)
    made = time.perf_counter()
    write_form(schema, text, "", form, form.values, form.outputs)
    return made - began, time.perf_counter() - made


# The table -------------------------------------------------------------------------------------


def _print(large: LargeSchema, ours: Figures, peer: Figures) -> None:
    _line(f"{large.name}: {large.size}", "playground", "GraphiQL", "of GraphiQL")
    middle = statistics.median
    for what, unit, mine, other in (
        ("ready with the schema, first load", "s", ours.first_load, peer.first_load),
        ("  the same, next load", "s", ours.next_load, peer.next_load),
        ("  its longest block of the page", "ms", ours.block_loading, peer.block_loading),
        ("completion list, median", "ms", middle(ours.completion), middle(peer.completion)),
        ("  worst", "ms", max(ours.completion), max(peer.completion)),
        ("typing, slowest key painted", "ms", ours.key, peer.key),
        ("  longest block of the page", "ms", ours.block_typing, peer.block_typing),
        ("search, from the last letter", "ms", ours.search, peer.search),
        ("  longest block of the page", "ms", ours.block_searching, peer.block_searching),
        ("JS heap after, without workers", "MiB", ours.heap, peer.heap),
    ):
        digits = 2 if unit == "s" else 0
        ratio = f"{mine / other:.2f}" if other else "-"
        _line(what, f"{mine:.{digits}f} {unit}", f"{other:.{digits}f} {unit}", ratio)


def _line(what: str, ours: str, peer: str, ratio: str = "-") -> None:
    print(f"{what:<48}{ours:>12}{peer:>12}  {ratio}", flush=True)
