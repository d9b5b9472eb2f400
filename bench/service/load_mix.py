"""Everybody at once: `python -m bench.service.load_mix`.

50 people at signed-in tabs, 20 uploads of 20 MiB at a time, GraphQL and a health check, each from a
process of its own; beside each alone on the same app just before. Machines drift: read the ratios.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.service.graphql import token_of
from bench.service.load import Job, Live, Mutations, Tabs, Timed, Uploads, measured
from tests.app_server import AppServer, free_port
from tests.streamlit_socket import sign_in

PEOPLE = 50
THINK = (2.0, 6.0)
UPLOADS = 20
ALONE_SECONDS = 6
SECONDS = 25


def report(folder: Path) -> None:
    """Measure and print, with an app of our own in the folder."""
    server = AppServer(folder / "data", free_port())
    server.start()
    try:
        url, token = server.url, token_of(server)
        cookie = sign_in(url, server.password)
        alone: Sequence[Job] = (
            Tabs(url, cookie, 1),
            Uploads(url, token, 1),
            Mutations(url, token, rate=50),
            Live(url),
        )
        idle = [measured([job], ALONE_SECONDS)[0] for job in alone]
        together: Sequence[Job] = (
            Tabs(url, cookie, PEOPLE, THINK),
            Uploads(url, token, UPLOADS),
            Mutations(url, token),
            Live(url),
        )
        busy = measured(together, SECONDS)
    finally:
        server.stop()
    columns = ("calls", "errors", "p95 ms", "alone", "ratio", "max ms")
    print(f"{f'{PEOPLE} people, {UPLOADS} uploads, GraphQL':<34}", end="")
    print("".join(f"{column:>9}" for column in columns))
    names = ("page run", "PUT of 5 MiB", "mutation", "/service/live")
    for name, before, now in zip(names, idle, busy, strict=True):
        print(f"  {name:<32}{_cells(before, now)}", flush=True)
    for problem in sorted({problem for timed in (*idle, *busy) for problem in timed.problems}):
        print(f"  error: {problem}", flush=True)


def _cells(alone: Timed, now: Timed) -> str:
    return (
        f"{len(now.seconds):9}{len(now.problems):9}{now.p95:9.0f}"
        f"{alone.p95:9.1f}{now.p95 / alone.p95:9.1f}{now.most:9.0f}"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        report(Path(name))
