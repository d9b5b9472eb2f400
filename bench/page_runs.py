"""What running a page costs, beside a bare Streamlit page: `python -m bench.page_runs`.

The load comes from a process of its own, over the websocket that a browser would open. Processor
time is that of the server's process alone, user and system.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import bare_page
from tests.app_server import AppServer, free_port
from tests.streamlit_socket import StreamlitSocket, sign_in

RUNS = 40
"""Of each page, one after the other."""
TABS = 50
SECONDS = 15
"""Of the closed loop: every tab asks for its next run as soon as one has ended."""
WARM_UP = 3
"""Runs of each page before anything counts: imports, caches, the first answers."""


@dataclass(frozen=True)
class Cost:
    """What runs cost.

    Attributes:
        milliseconds: of processor time a run.
        rate: runs a second in the closed loop, all tabs together.
        p95: milliseconds until such a run had ended.
    """

    milliseconds: float
    rate: float
    p95: float


def report(folder: Path) -> None:
    """Measure and print, with an app and peers of our own in the folder."""
    print(f"{'running a page':<48}{'CPU ms':>9}{'runs/s':>9}{'p95 ms':>9}", flush=True)
    bare = _bare(folder / "bare", collects=False)
    _row("a bare Streamlit page", bare)
    _row("  as Streamlit ships it: collects after each run", _bare(folder / "gc", collects=True))
    server = AppServer(folder / "data", free_port())
    server.start()
    try:
        cookie = sign_in(server.url, server.password)
        with StreamlitSocket(server.url, cookie=cookie) as tab:
            pages = tab.run().pages
            costs = {page: processor_time(tab, server.pid, [page]) for page in pages}
        rate, p95 = closed_loop(server.url, cookie, pages)
    finally:
        server.stop()
    for page, milliseconds in costs.items():
        print(f"{f'  /{page}':<48}{milliseconds:9.1f}")
    ours = Cost(statistics.mean(costs.values()), rate, p95)
    _row(f"our {len(pages)} pages in turn, {TABS} tabs", ours)
    print(
        f"{'  ratio to the bare page':<48}{ours.milliseconds / bare.milliseconds:9.1f}"
        f"{ours.rate / bare.rate:9.2f}{ours.p95 / bare.p95:9.1f}",
        flush=True,
    )


def processor_time(tab: StreamlitSocket, pid: int, pages: Sequence[str]) -> float:
    """Return the milliseconds of processor time that a run takes, over `RUNS` of each page."""
    for page in list(pages) * WARM_UP:
        tab.run(page)
    before = _busy(pid)
    for _ in range(RUNS):
        for page in pages:
            tab.run(page)
    return (_busy(pid) - before) * 1000 / (RUNS * len(pages))


def closed_loop(url: str, cookie: str, pages: Sequence[str]) -> tuple[float, float]:
    """Return runs a second, and the ms within which 95 % of them ended, of `TABS` tabs."""
    seconds: list[float] = []
    problems: list[Exception] = []
    all_open = threading.Barrier(TABS + 1)
    over = threading.Event()

    def work(first: int) -> None:
        try:
            with StreamlitSocket(url, cookie=cookie) as tab:
                tab.run(pages[first % len(pages)])
                all_open.wait()
                number = first
                while not over.is_set():
                    number += 1
                    started = time.perf_counter()
                    tab.run(pages[number % len(pages)])
                    seconds.append(time.perf_counter() - started)
        except Exception as error:  # noqa: BLE001 - raised below, in the main thread
            problems.append(error)
            all_open.abort()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(TABS)]
    for thread in threads:
        thread.start()
    all_open.wait()
    started = time.perf_counter()
    time.sleep(SECONDS)
    over.set()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return len(seconds) / (time.perf_counter() - started), p95(seconds)


def p95(seconds: Sequence[float]) -> float:
    """Return the 95th percentile, in milliseconds."""
    return statistics.quantiles(seconds, n=20)[18] * 1000


def _bare(folder: Path, *, collects: bool) -> Cost:
    with bare_page.running(folder, collects=collects) as peer:
        with StreamlitSocket(peer.url) as tab:
            milliseconds = processor_time(tab, peer.pid, [""])
        return Cost(milliseconds, *closed_loop(peer.url, "", [""]))


def _busy(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _row(what: str, cost: Cost) -> None:
    print(f"{what:<48}{cost.milliseconds:9.1f}{cost.rate:9.1f}{cost.p95:9.0f}", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        report(Path(name))
