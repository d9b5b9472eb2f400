"""The clock of the benches: from the input's change until the page shows the last file as done."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page

from bench.page.stopwatch import Shown, seconds_until_done

SHOWN = Shown(file_input="input", done="li.done", failed="li.failed")
# Shows a file of before, then each one given, one a moment; notes when it was given them and when
# it showed the last one.
PAGE = """<input type=file multiple><ul><li class=done>before</ul><script>
  const show = (state) => {
    const line = document.createElement("li")
    document.querySelector("ul").append(line)
    line.className = state
    window.shown = performance.now()
  }
  document.querySelector("input").addEventListener("change", async ({ target }) => {
    window.given = performance.now()
    for (const { name } of target.files) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      show(name)
    }
  })
</script>"""


@pytest.fixture
def plain(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_content(PAGE)
    return page


def files(folder: Path, *states: str) -> list[Path]:
    """Return files that the page is to show in these states."""
    paths: list[Path] = []
    for number, state in enumerate(states):
        (folder / str(number)).mkdir()
        paths.append(folder / str(number) / state)
        paths[-1].write_text(state)
    return paths


def test_it_ends_with_the_last_file_of_those_given(plain: Page, tmp_path: Path) -> None:
    seconds = seconds_until_done(plain, files(tmp_path, "done", "done", "done"), SHOWN)

    assert plain.locator("li.done").count() == 4
    assert seconds >= plain.evaluate("(window.shown - window.given) / 1000")
    assert seconds <= plain.evaluate("performance.now() / 1000")


def test_a_file_that_fails_ends_it(plain: Page, tmp_path: Path) -> None:
    with pytest.raises(Error):
        seconds_until_done(plain, files(tmp_path, "done", "failed", "done"), SHOWN)


def test_its_patience_ends(plain: Page, tmp_path: Path) -> None:
    with pytest.raises(Error, match="1 of 2 files are done after 1 s"):
        seconds_until_done(plain, files(tmp_path, "done", "waiting"), SHOWN, patience=1)
