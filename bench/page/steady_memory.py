"""Memory over 2,000 page runs and 300 uploads: `python -m bench.page.steady_memory`.

Nobody collects garbage by force after a run any more (.streamlit/config.toml), so this watches that
what Python collects by itself is enough. It ends with status 1 when memory has grown.
"""

import sys
import tempfile
from pathlib import Path

import psutil

from bench.page.memory import MEBIBYTE
from bench.service.graphql import token_of
from bench.service.load import Uploads, measured
from tests.app_server import AppServer, free_port
from tests.streamlit_socket import StreamlitSocket, sign_in

RUNS = 2_000
RUNS_OF_A_TAB = 20
FILLED = 130
"""Tabs opened and closed beforehand: Streamlit keeps the state of the last 128 closed ones."""
UPLOADS = 300
ROUNDS = 10
AT_ONCE = 5
BAR = 8  # MiB
"""How much the last round may be above the first one."""
SETTINGS = {"TFW_URL_LIFETIME": "60", "TFW_SWEEP_INTERVAL": "10"}
"""Files go soon: 300 uploads would be 6 GB."""


def report(folder: Path) -> float:
    """Measure and print, with an app of our own in the folder; return the growth in MiB."""
    server = AppServer(folder / "data", free_port(), environment=SETTINGS)
    server.start()
    try:
        cookie, token = sign_in(server.url, server.password), token_of(server)
        process = psutil.Process(server.pid)
        _run_pages(server.url, cookie, FILLED, 8)
        found: list[float] = []
        print(f"{'page runs':>10}{'uploads':>9}{'MiB':>7}{'files open':>12}")
        for number in range(1, ROUNDS + 1):
            _run_pages(server.url, cookie, RUNS // ROUNDS // RUNS_OF_A_TAB, RUNS_OF_A_TAB)
            per_thread = UPLOADS // ROUNDS // AT_ONCE
            [sent] = measured([Uploads(server.url, token, AT_ONCE, most=per_thread)], 600)
            if sent.problems:
                raise RuntimeError(sent.problems[0])
            memory, files = process.memory_info().rss / MEBIBYTE, process.num_fds()
            found.append(memory)
            runs, uploads = RUNS // ROUNDS * number, per_thread * AT_ONCE * number
            print(f"{runs:>10}{uploads:>9}{memory:>7.0f}{files:>12}", flush=True)
    finally:
        server.stop()
    growth = found[-1] - found[0]
    print(f"{'memory, growth since the first round':<48}{growth:.1f} MiB (bar: {BAR})", flush=True)
    return growth


def _run_pages(url: str, cookie: str, tabs: int, runs: int) -> None:
    for _ in range(tabs):
        with StreamlitSocket(url, cookie=cookie) as tab:
            pages = tab.run().pages
            for number in range(runs - 1):
                run = tab.run(pages[number % len(pages)])
                if run.exceptions:
                    raise RuntimeError(run.exceptions[0])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        sys.exit(report(Path(name)) > BAR)
