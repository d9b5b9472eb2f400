"""How long a page takes with files, by the page's own clock.

It starts when the files are given to the page's file input, and ends when the page shows the last
one as done. Python looks at neither: it would be late for both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from playwright.sync_api import Page

PATIENCE = 1_800  # seconds
WATCH = """(input, { done, failed, counted, count, patience }) => {
  const place = input.getRootNode()
  const countDone = () => counted
    ? Number(place.querySelector(done)?.dataset[counted] ?? 0)
    : place.querySelectorAll(done).length
  window.benchSeconds = new Promise((resolve, reject) => {
    const start = () => {
      const started = performance.now()
      const before = countDone()
      const look = () => {
        const now = performance.now()
        const broken = place.querySelector(failed)
        if (broken) end(() => reject(new Error(broken.textContent)))
        else if (countDone() >= before + count)
          end(() => resolve((now - started) / 1000))
      }
      const end = (tell) => {
        observer.disconnect()
        clearTimeout(timer)
        tell()
      }
      const observer = new MutationObserver(look)
      observer.observe(place, { subtree: true, childList: true, attributes: true })
      const giveUp = () => {
        const there = countDone() - before
        reject(new Error(`${there} of ${count} files are done after ${patience} s`))
      }
      const timer = setTimeout(() => end(giveUp), patience * 1000)
    }
    input.addEventListener("change", start, { capture: true, once: true })
  })
  window.benchSeconds.catch(() => {}) // whoever asks for it hears of it, however late that is
}"""


@dataclass(frozen=True)
class Shown:
    """What of a page is to be watched, as CSS selectors.

    Attributes:
        file_input: what takes the files.
        done: one element for each file that is done; or one that says how many there are.
        counted: what that one says it in, as the name of its `data-` attribute.
        failed: one for each file that cannot be sent.
    """

    file_input: str
    done: str
    failed: str
    counted: str = ""


def seconds_until_done(
    page: Page, files: Sequence[Path], shown: Shown, patience: int = PATIENCE
) -> float:
    """Give files to a page and return how long it took until it showed all of them as done.

    Raises:
        playwright.sync_api.Error: one failed, or not all were done when patience was at its end.
    """
    place = page.locator(shown.file_input)
    watched = {
        "done": shown.done,
        "failed": shown.failed,
        "counted": shown.counted,
        "count": len(files),
    }
    place.evaluate(WATCH, {**watched, "patience": patience})
    place.set_input_files(files)
    return cast("float", page.evaluate("window.benchSeconds"))
