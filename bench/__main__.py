"""`make bench`: speed and memory of the main job, beside limits of the same run.

All rates are in MB/s (10^6 bytes), all memory in MiB. A machine's speed drifts: read the ratios.
"""

import tempfile
from pathlib import Path

from bench import limits
from bench.cutout import jobs as cutout_jobs
from bench.cutout import speed as cutout_speed
from bench.files import random_file
from bench.page import (
    editor,
    large_files,
    memory,
    open_tabs,
    page,
    page_runs,
    small_files,
    uploads,
)
from bench.service import complete, graphql, load_mix, receiving
from tests.app_server import AppServer, free_port

LARGE = 2_000_000_000


def main() -> None:
    """Run every measurement and print one table."""
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        folder = Path(name)
        receiving.report(folder / "receiving")
        file = random_file(folder / "video.mp4", LARGE)
        server = AppServer(folder / "data", free_port())
        server.start()
        try:
            report(file, server)
        finally:
            server.stop()
        file.unlink()
        page_runs.report(folder / "page-runs")
        open_tabs.report(folder / "open-tabs")
        load_mix.report(folder / "load-mix")
        page.report(folder / "page")
        small_files.report(folder / "small-files")
        large_files.report(folder / "large-files")
        editor.report(folder / "editor")
        cutout_speed.report(folder)
        cutout_jobs.report()


def report(file: Path, server: AppServer) -> None:
    """Measure against a running app and print as we go."""
    md5 = limits.md5_rate(file)
    row("MD5 of the same bytes, one core", md5, md5)
    row("curl into the service, one connection", uploads.curl_parts(file, server), md5)
    with memory.watched(server) as server_memory:
        client = uploads.client_upload(file, server, parallel=4)
        row("python -m client, 4 parts at once", client.rate, md5)
    note("  server's peak above idle", f"{server_memory.growth:.0f} MiB (bar: 64)")
    note("  client's peak", f"{client.peak_memory:.0f} MiB (bar: 120)")
    for count, milliseconds in complete.server_times(server, (3, 410)):
        note(f"complete of {count} parts, server time", f"{milliseconds:.1f} ms (bar: 50)")
    note("keep-alive /graphql, median", f"{graphql.median_latency(server):.2f} ms (bar: 5)")


def row(what: str, rate: float, limit: float) -> None:
    """Print a rate and its ratio to the MD5 limit of this run."""
    note(what, f"{rate:6.0f} MB/s  {rate / limit:5.2f} of MD5")


def note(what: str, value: str) -> None:
    """Print one line of the table."""
    print(f"{what:<48}{value}", flush=True)


if __name__ == "__main__":  # also imported by the processes that bench.service.load starts
    main()
