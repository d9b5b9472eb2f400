"""The same file over the same line, by different senders; each returns its seconds.

What curl sends are parts that nobody completes, to URLs that were asked for before, so that it
shows what the line carries. The page's seconds have all in them, from the choice of the file on.
"""

import os
import subprocess
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from playwright.sync_api import Page

from bench.files import make_new
from bench.page import upload_page, uploads, uppy
from bench.page.stopwatch import seconds_until_done
from bench.page.wan.line import IN_SERVER, SERVER_ADDRESS
from bench.service.complete import api_of
from client.storage.plan import DEFAULT_PART_SIZE, MIN_PART_SIZE
from tests.app_server import AppServer, free_port

CURLS = 4
CURL = ("curl", "-sS", "--no-progress-meter", "--fail", "--header", "Expect:", "-o", os.devnull)


def far_app(folder: Path) -> AbstractContextManager[AppServer]:
    """Run an app at the far end of the line."""
    server = AppServer(folder / "app", free_port(), host=SERVER_ADDRESS, inside=IN_SERVER)
    return uploads.running(server)


def quarters(file: Path) -> list[Path]:
    """Write a file's quarters beside it."""
    quarter = -(-file.stat().st_size // CURLS)
    prefix = f"{file}.quarter-"
    subprocess.run(["split", "-b", str(quarter), "-a", "1", file, prefix], check=True)
    return sorted(file.parent.glob(f"{Path(prefix).name}*"))


def curls(server: AppServer, files: Sequence[Path]) -> float:
    """Return the seconds of as many curls at once as there are files, each with one PUT."""
    urls = _part_urls(server, len(files))
    started = time.perf_counter()
    running = [
        subprocess.Popen([*CURL, "--upload-file", file, url])
        for file, url in zip(files, urls, strict=True)
    ]
    statuses = [process.wait() for process in running]
    seconds = time.perf_counter() - started
    assert not any(statuses), f"curl ended with {statuses}"
    return seconds


def by_uppy(server: AppServer, page: Page, script: Path, file: Path) -> float:
    """Return the seconds of Uppy, with as many parts at once as it likes, completion included."""
    api = api_of(server)
    size = file.stat().st_size
    plan = api.plan_upload(file.name, size, "video/mp4", DEFAULT_PART_SIZE, "multipart")
    api.close()
    uppy.open_for_parts(page, server, script, plan)
    return seconds_until_done(page, [file], uppy.SHOWN)


def by_page(server: AppServer, page: Page, file: Path) -> float:
    """Return the seconds of the upload page as a person finds it: nothing is set."""
    make_new(file)
    upload_page.open_anew(page, server)
    return seconds_until_done(page, [file], upload_page.SHOWN)


def _part_urls(server: AppServer, count: int) -> list[str]:
    """Return the URLs of that many parts of one upload."""
    api = api_of(server)
    slot = api.operations.create_multipart(count * MIN_PART_SIZE)
    api.close()
    return list(slot.put_urls[:count])
