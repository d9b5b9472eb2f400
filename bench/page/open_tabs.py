"""400 open tabs on one process: `python -m bench.page.open_tabs`.

What they take, and how late a health check is: with no tab open, with all open and quiet, and while
they run a page now and then.
"""

import tempfile
import time
from pathlib import Path

import psutil

from bench.page.memory import MEBIBYTE
from bench.service.load import Live, Tabs, Timed, measured
from tests.app_server import AppServer, free_port
from tests.streamlit_socket import StreamlitSocket, sign_in

TABS = 400
THINK = (10.0, 30.0)
"""Seconds at a page: 20 runs a second, all tabs together."""
KEPT = 3 * 128
"""Streamlit keeps the state of 128 closed tabs at most, each with an event loop."""
IDLE_SECONDS = 6
SECONDS = 25


def report(folder: Path) -> None:
    """Measure and print, with an app of our own in the folder."""
    server = AppServer(folder / "data", free_port())
    server.start()
    tabs: list[StreamlitSocket] = []
    try:
        cookie = sign_in(server.url, server.password)
        with StreamlitSocket(server.url, cookie=cookie) as tab:
            for page in tab.run().pages:  # imports and caches are no tab's
                tab.run(page)
        process = psutil.Process(server.pid)
        files, memory = process.num_fds(), process.memory_info().rss
        [idle] = measured([Live(server.url)], IDLE_SECONDS)
        for _ in range(TABS):
            tabs.append(StreamlitSocket(server.url, cookie=cookie))
            tabs[-1].run()
        open_files, grown = process.num_fds() - files, process.memory_info().rss - memory
        [quiet] = measured([Live(server.url)], IDLE_SECONDS)
        for tab in tabs:
            tab.close()
        closed_files = _at_rest(process) - files
        runs, busy = measured([Tabs(server.url, cookie, TABS, THINK), Live(server.url)], SECONDS)
    finally:
        for tab in tabs:
            tab.close()
        server.stop()
    _note(f"{TABS} open tabs, descriptors of each", f"{open_files / TABS:.1f}")
    _note("  memory of each", f"{grown / MEBIBYTE / TABS:.2f} MiB")
    _note("  descriptors still held just after closing all", f"{closed_files} (bar: {KEPT})")
    _live("/service/live p95, no tab", idle, idle)
    _live(f"  {TABS} tabs open and quiet", quiet, idle)
    _live(f"  {len(runs.seconds) / SECONDS:.0f} page runs a second from them", busy, idle)
    _note("  p95 of such a page run", f"{runs.p95:.0f} ms, {len(runs.problems)} errors")
    for problem in sorted({p for timed in (idle, quiet, busy, runs) for p in timed.problems}):
        print(f"  error: {problem}")


def _at_rest(process: psutil.Process) -> int:
    """Return the descriptors of a process once their number stands still for a second."""
    before, now = -1, process.num_fds()
    while before != now:
        time.sleep(1)
        before, now = now, process.num_fds()
    return now


def _live(what: str, timed: Timed, idle: Timed) -> None:
    _note(what, f"{timed.p95:.1f} ms  {timed.p95 / idle.p95:.1f} of idle, max {timed.most:.0f} ms")


def _note(what: str, value: str) -> None:
    print(f"{what:<48}{value}", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        report(Path(name))
