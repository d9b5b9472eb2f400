"""What running a page costs, beside a bare Streamlit page: `python -m bench.page.page_runs`.

The load comes over the websocket that a browser would open. Processor time is that of the server's
process alone, user and system.
"""

import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.page import bare_page
from bench.service.load import Tabs, Timed, measured
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
        loop: the runs of the closed loop, all tabs together.
    """

    milliseconds: float
    loop: Timed

    @property
    def rate(self) -> float:
        """Runs a second in the closed loop."""
        return len(self.loop.seconds) / SECONDS


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
        loop = closed_loop(server.url, cookie)
    finally:
        server.stop()
    for page, milliseconds in costs.items():
        print(f"{f'  /{page}':<48}{milliseconds:9.1f}")
    ours = Cost(statistics.mean(costs.values()), loop)
    _row(f"our {len(pages)} pages in turn, {TABS} tabs", ours)
    print(
        f"{'  ratio to the bare page':<48}{ours.milliseconds / bare.milliseconds:9.1f}"
        f"{ours.rate / bare.rate:9.2f}{ours.loop.p95 / bare.loop.p95:9.1f}",
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


def closed_loop(url: str, cookie: str) -> Timed:
    """Have `TABS` tabs ask for the next page as soon as they have one.

    Raises:
        RuntimeError: a run failed, so that the figures would say nothing.
    """
    [loop] = measured([Tabs(url, cookie, TABS)], SECONDS)
    if loop.problems:
        raise RuntimeError(loop.problems[0])
    return loop


def _bare(folder: Path, *, collects: bool) -> Cost:
    with bare_page.running(folder, collects=collects) as peer:
        with StreamlitSocket(peer.url) as tab:
            milliseconds = processor_time(tab, peer.pid, [""])
        return Cost(milliseconds, closed_loop(peer.url, ""))


def _busy(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _row(what: str, cost: Cost) -> None:
    print(f"{what:<48}{cost.milliseconds:9.1f}{cost.rate:9.1f}{cost.loop.p95:9.0f}", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        report(Path(name))
