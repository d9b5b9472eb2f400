"""The peer of the upload page: `st.file_uploader`, then a relay with `requests`."""

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import requests
from playwright.sync_api import Page, expect

from bench.page import memory
from bench.page.uploads import Run, browser
from tests.app_server import ROOT, AppServer, free_port

APP = ROOT / "bench" / "relay_app.py"
LARGEST = 2_200  # MiB: room for the form around 2 GiB
TIMEOUT = 600_000  # milliseconds
STOP_SECONDS = 15


def upload(file: Path, store: AppServer) -> Run:
    """Send a file through the peer into the store, from choosing it to the end of the relay.

    The memory is that of the peer's server, above idle with its page open.
    """
    with _running(store) as (url, process), browser() as page:
        page.goto(url)
        expect(page.locator("input[type=file]")).to_be_attached(timeout=60_000)
        with memory.watched(process) as watch:
            rate = _send(page, file)
        return Run(rate, watch.growth)


def _send(page: Page, file: Path) -> float:
    started = time.perf_counter()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Relayed", exact=True)).to_be_visible(timeout=TIMEOUT)
    return file.stat().st_size / 1e6 / (time.perf_counter() - started)


@contextmanager
def _running(store: AppServer) -> Generator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    options = {"port": port, "maxUploadSize": LARGEST, "headless": "true"}
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(APP)]
        + [f"--server.{name}={value}" for name, value in options.items()],
        cwd=ROOT,
        env={**store.environment_of_child(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(url)
        yield url, process
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def wait_until_it_answers(url: str) -> None:
    """Wait until a Streamlit server says that it is healthy."""
    for _ in range(300):
        try:
            requests.get(f"{url}/_stcore/health", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)
