"""One upload through the upload page, and what it costs the browser."""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import CDPSession, Locator, Page

from tests.browser.steps import card_of, choose

LOOK_EVERY = 100  # milliseconds between two looks at the state: 1 % of a run of 10 s
TIMEOUT = 600  # seconds
COUNT_FRAMES = """() => {
  const seconds = []
  const start = performance.now()
  const count = (now) => {
    const second = Math.max(0, Math.floor((now - start) / 1000))
    seconds[second] = (seconds[second] ?? 0) + 1
    window.benchFrames.next = requestAnimationFrame(count)
  }
  window.benchFrames = { seconds, next: requestAnimationFrame(count) }
}"""
STOP_COUNTING = """() => {
  cancelAnimationFrame(window.benchFrames.next)
  return Array.from(window.benchFrames.seconds, (frames) => frames ?? 0)
}"""


@dataclass(frozen=True)
class Frames:
    """Frames a second: the median second, and the worst."""

    median: float
    worst: int


@dataclass(frozen=True)
class PageRun:
    """An upload through the page, from choosing the file to its link.

    Attributes:
        rate: MB/s.
        scripting: seconds of JavaScript on the page's main thread per second of transfer.
        working: the same for all work of that thread: scripts, layout, style, painting.
        frames: while it ran.
        rows: of the part table, as drawn.
    """

    rate: float
    scripting: float
    working: float
    frames: Frames
    rows: int


def upload(page: Page, file: Path) -> PageRun:
    """Send a file and measure until the page says that it is done."""
    session = page.context.new_cdp_session(page)
    command(session, "Performance.enable")
    page.evaluate(COUNT_FRAMES)
    before, started = metrics(session), time.perf_counter()
    choose(page, file)
    card = card_of(page, file.name)
    rows = _wait_for_the_end(page, card)
    seconds = time.perf_counter() - started
    after = metrics(session)
    frames = _frames(page)
    session.detach()
    return PageRun(
        rate=file.stat().st_size / 1e6 / seconds,
        scripting=(after["ScriptDuration"] - before["ScriptDuration"]) / seconds,
        working=(after["TaskDuration"] - before["TaskDuration"]) / seconds,
        frames=frames,
        rows=rows,
    )


def idle_frames(page: Page, seconds: int = 5) -> Frames:
    """Return the frames of the page while nothing happens: the limit of the run."""
    page.evaluate(COUNT_FRAMES)
    page.wait_for_timeout(seconds * 1000 + 200)
    return _frames(page)


def _wait_for_the_end(page: Page, card: Locator) -> int:
    """Return the rows of the part table, counted once while the parts are on their way."""
    state, rows = card.locator(".state"), 0
    for _ in range(TIMEOUT * 1000 // LOOK_EVERY):
        text = state.text_content() or ""
        if "Done" in text:
            return rows
        if "Failed" in text:
            raise RuntimeError(card.inner_text())
        rows = rows or card.locator("tbody tr").count()
        page.wait_for_timeout(LOOK_EVERY)
    raise TimeoutError(card.inner_text())


def _frames(page: Page) -> Frames:
    """Stop counting; the first and the last second are left out where there are others."""
    seconds = cast("list[int]", page.evaluate(STOP_COUNTING))
    whole = seconds[1:-1] or seconds
    return Frames(statistics.median(whole), min(whole))


def metrics(session: CDPSession) -> dict[str, float]:
    """Return what Chromium counts of a page, by name, once `Performance.enable` was sent."""
    answer = command(session, "Performance.getMetrics")
    return {metric["name"]: metric["value"] for metric in answer["metrics"]}


def command(session: CDPSession, method: str) -> dict[str, Any]:
    """Send a command of Chromium's protocol and return its answer."""
    answer = session.send(method)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] # a bare Dict
    return cast("dict[str, Any]", answer)
