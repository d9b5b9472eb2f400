"""The same file into a store, by different senders."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.page import upload_page
from bench.service.complete import api_of
from client.storage.plan import DEFAULT_PART_SIZE
from tests.app_server import ROOT, AppServer, free_port
from tests.browser.conftest import CHROMIUM, QUIET

KIBIBYTE = 1 << 10
CURL = ("curl", "-sS", "--no-progress-meter", "--fail", "--header", "Expect:", "--config", "-")


@dataclass(frozen=True)
class Run:
    """A finished upload: MB/s, and the sender's peak resident memory in MiB."""

    rate: float
    peak_memory: float


def curl_parts(file: Path, server: AppServer, parallel: int = 1) -> float:
    """MB/s of one curl putting the file to part URLs of the service on kept connections."""
    api = api_of(server)
    plan = api.plan_upload(file.name, file.stat().st_size, "video/mp4", kind="multipart")
    rate = _curl(file, [part.url for part in plan.parts], parallel)
    api.close()
    return rate


def _curl(file: Path, urls: Sequence[str], parallel: int = 1) -> float:
    """Put consecutive slices of a file to URLs, with one curl process, timed."""
    slices = _split(file, len(urls))
    configuration = "\n".join(
        f'upload-file = "{part}"\nurl = "{url}"\noutput = "{os.devnull}"'
        for part, url in zip(slices, urls, strict=True)
    )
    # Without "immediate" curl waits whether a connection could carry several transfers.
    at_once = ["--parallel", "--parallel-immediate", "--parallel-max", str(parallel)]
    started = time.perf_counter()
    subprocess.run(
        [*CURL, *(at_once if parallel > 1 else [])],
        input=configuration,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - started
    for part in slices:
        part.unlink()
    return file.stat().st_size / 1e6 / seconds


def _split(file: Path, count: int) -> list[Path]:
    folder = file.parent
    size = str(DEFAULT_PART_SIZE)
    subprocess.run(
        ["split", "-b", size, "-d", "-a", "4", str(file), str(folder / "slice")], check=True
    )
    slices = sorted(folder.glob("slice*"))
    assert len(slices) == count
    return slices


def client_upload(file: Path, server: AppServer, parallel: int) -> Run:
    """Upload with `python -m client upload`, start-up and completion included."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "client", "upload", str(file), "--parallel", str(parallel)],
        cwd=ROOT,
        env=server.environment_of_child(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    rate = file.stat().st_size / 1e6 / (time.perf_counter() - started)
    return Run(rate, usage.ru_maxrss / KIBIBYTE)


def app_of_its_own(folder: Path) -> AbstractContextManager[AppServer]:
    """Run an app with a data folder in this one."""
    return running(AppServer(folder / "app", free_port()))


@contextmanager
def running(server: AppServer) -> Generator[AppServer]:
    """Run an app whose data goes away with it: the files of many uploads would fill a disk."""
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.data_dir)


@contextmanager
def browser() -> Generator[Page]:
    """Start Chromium and yield a new page of it."""
    executable = str(CHROMIUM) if CHROMIUM.exists() else None
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=[*QUIET, "--no-sandbox"]
        )
        yield chromium.new_page()
        chromium.close()


@contextmanager
def signed_in_page(server: AppServer) -> Generator[Page]:
    """Open the upload page in Chromium, signed in and at rest."""
    with browser() as page:
        upload_page.open_signed_in(page, server)
        yield page
