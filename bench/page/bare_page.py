"""The peer of our pages: a page of three lines, served by `st.App` alone."""

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.app_server import free_port

PAGE = """import streamlit as st

st.title("Bare")
name = st.text_input("Name")
st.write(f"Hello {name}")
"""
APP = """from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).with_name("page.py"))
"""
CONFIG = """[server]
fileWatcherType = "none"

[browser]
gatherUsageStats = false

[runner]
postScriptGC = {collects}
"""

STOP_SECONDS = 15
LIKE_OURS = ("--ws", "websockets-sansio", "--log-level", "warning")


@dataclass(frozen=True)
class BarePage:
    """The running peer."""

    url: str
    pid: int


@contextmanager
def running(folder: Path, *, collects: bool) -> Generator[BarePage]:
    """Serve the page from a process of its own, with the server that our app has.

    Args:
        folder: where its files go; made here.
        collects: whether Streamlit collects all garbage after each run, which is its default.
    """
    (folder / ".streamlit").mkdir(parents=True)
    (folder / ".streamlit" / "config.toml").write_text(
        CONFIG.format(collects="true" if collects else "false")
    )
    (folder / "page.py").write_text(PAGE)
    (folder / "app.py").write_text(APP)
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port), *LIKE_OURS],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(url)
        yield BarePage(url, process.pid)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _wait_until_it_answers(url: str) -> None:
    for _ in range(300):
        try:
            requests.get(f"{url}/_stcore/health", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)
