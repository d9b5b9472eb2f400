"""The upload page beside curl: `python -m bench.page.page [BYTES [BYTES]]`.

The second size is that of the file for the most rows.

Every upload has an app of its own, so that no run finds the memory or the files of another one.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from bench.files import random_file
from bench.page import memory, page_run, upload_page, uploads
from components.upload.uploader.choices import MOST_PARALLEL
from tests.app_server import AppServer

SIZE = 2_000_000_000
LARGEST = 2_147_483_648
"""In parts of the smallest size these are 410 rows, the most there can be."""
SMALLEST_PART = 5  # MiB
CURL_GOAL = 0.8
MEMORY_BAR = 64  # MiB
WIDTH = 46
NOTES = (
    "curl: in the same app just before, on one connection (1 curl) and on as many as the page",
    "8 at once cannot be: a browser opens six connections to one origin, and the page keeps one",
    "script, all work: ms of the page's main thread per second of transfer",
    f"goals: {CURL_GOAL} of curl; memory of the server above idle under {MEMORY_BAR} MiB",
)


@dataclass(frozen=True)
class Row:
    """One upload through the page, its server's memory in MiB, and curl in the same app."""

    run: page_run.PageRun
    memory: float
    curl_alone: float
    curl_as_many: float


def report(folder: Path, size: int = SIZE, largest: int = LARGEST) -> None:
    """Measure and print, with files and apps of our own in the folder."""
    folder.mkdir()
    file = random_file(folder / "page.mp4", size)
    _report_rates(file, folder)
    file.unlink()
    _report_many_rows(folder, largest)


def _report_rates(file: Path, folder: Path) -> None:
    columns = ("MB/s", "of 1 curl", "of curl", "script", "all work", "MiB")
    print(f"{f'the page, {file.stat().st_size:,} bytes':<{WIDTH}}", end="")
    print("".join(f"{column:>10}" for column in columns))
    for checking in (True, False):
        for parallel in (1, 4, MOST_PARALLEL):
            found = _page_beside_curl(file, folder, parallel, checking)
            print(f"{_label(parallel, checking):<{WIDTH}}{_cells(found)}", flush=True)
    for note in NOTES:
        print(f"  {note}")


def _label(parallel: int, checking: bool) -> str:
    most = ", the most there is" if parallel == MOST_PARALLEL else ""
    return f"  {parallel} at once{most}, {'each with its MD5' if checking else 'unchecked'}"


def _cells(found: Row) -> str:
    run = found.run
    cells = (
        f"{run.rate:.0f}",
        f"{run.rate / found.curl_alone:.2f}",
        f"{run.rate / found.curl_as_many:.2f}",
        f"{run.scripting * 1000:.0f}",
        f"{run.working * 1000:.0f}",
        f"{found.memory:.0f}",
    )
    return "".join(f"{cell:>10}" for cell in cells)


def _page_beside_curl(file: Path, folder: Path, parallel: int, checking: bool) -> Row:
    with uploads.app_of_its_own(folder) as server:
        alone = uploads.curl_parts(file, server)
        as_many = uploads.curl_parts(file, server, parallel) if parallel > 1 else alone
    with uploads.app_of_its_own(folder) as server, uploads.signed_in_page(server) as page:
        upload_page.set_parallel(page, parallel)
        upload_page.set_checking(page, checking)
        run, growth = _watched_upload(page, file, server)
    return Row(run, growth, alone, as_many)


def _watched_upload(page: Page, file: Path, server: AppServer) -> tuple[page_run.PageRun, float]:
    """Return the run, and the server's peak above idle in MiB."""
    with memory.watched(server) as watch:
        run = page_run.upload(page, file)
    return run, watch.growth


def _report_many_rows(folder: Path, size: int) -> None:
    file = random_file(folder / "rows.mp4", size)
    with uploads.app_of_its_own(folder) as server, uploads.signed_in_page(server) as page:
        upload_page.set_part_size(page, SMALLEST_PART)
        idle = page_run.idle_frames(page)
        run = page_run.upload(page, file)
    file.unlink()
    _note(f"frames a second with {run.rows} rows, median and worst", _frames(run.frames))
    _note("  the same page idle", _frames(idle))
    _note(
        "  script and all work per second",
        f"{run.scripting * 1000:.0f} and {run.working * 1000:.0f} ms at {run.rate:.0f} MB/s",
    )


def _frames(frames: page_run.Frames) -> str:
    return f"{frames.median:.0f} and {frames.worst}"


def _note(what: str, value: str) -> None:
    print(f"{what:<{WIDTH + 2}}{value}", flush=True)


def main(arguments: Sequence[str]) -> None:
    """Measure with files of the sizes given, or of the full ones."""
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        report(Path(name) / "page", *map(int, arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
