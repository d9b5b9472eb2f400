"""One large file: `python -m bench.page.large_files [--rounds N] [--parallel N] [BYTES...]`.

From a file on disk, in parts of 16 MiB, in turn: the upload page without and with Content-MD5, and
Uppy with as many parts at once. Every upload has an app of its own.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bench.files import make_new, random_file
from bench.page import upload_page, uploads, uppy
from bench.page.stopwatch import seconds_until_done
from bench.rounds import in_turn, median_ratio
from bench.service.complete import api_of

SIZES = (500_000_000, 2_000_000_000)
ROUNDS = 3
PART_SIZE = 16  # MiB
MEBIBYTE = 1 << 20
PARALLEL = 3
UNCHECKED, CHECKED, PEER = "page, unchecked", "page, Content-MD5", "Uppy"
GOALS = {UNCHECKED: 1.0, CHECKED: 0.8}
WIDTH = 52


def report(
    folder: Path, sizes: Iterable[int] = SIZES, rounds: int = ROUNDS, parallel: int = PARALLEL
) -> None:
    """Measure and print, with files and apps of our own in the folder."""
    folder.mkdir()
    for size in sizes:
        file = random_file(folder / "large.mp4", size)
        seconds = _in_turn(folder, file, rounds, parallel)
        file.unlink()
        title = f"{size:,} bytes, {parallel} parts of {PART_SIZE} MiB at once"
        print(f"{title:<{WIDTH}}{'MB/s':>10}{'of Uppy':>10}{'goal':>10}")
        for name, found in seconds.items():
            rate = size / 1e6 / statistics.median(found)
            ratio = median_ratio(seconds[PEER], found)
            goal = f"{GOALS[name]:.1f}" if name in GOALS else ""
            print(f"{f'  {name}':<{WIDTH}}{rate:>10.0f}{ratio:>10.2f}{goal:>10}", flush=True)


def _in_turn(folder: Path, file: Path, rounds: int, parallel: int) -> dict[str, tuple[float, ...]]:
    """Return the seconds of every sender."""
    script = uppy.bundled(folder)
    return in_turn(
        {
            UNCHECKED: lambda _: _by_page(folder, file, parallel, checking=False),
            CHECKED: lambda _: _by_page(folder, file, parallel, checking=True),
            PEER: lambda _: _by_uppy(folder, file, parallel, script),
        },
        rounds,
    )


def _by_page(folder: Path, file: Path, parallel: int, *, checking: bool) -> float:
    make_new(file)
    with uploads.app_of_its_own(folder) as server, uploads.signed_in_page(server) as page:
        upload_page.set_part_size(page, PART_SIZE)
        upload_page.set_parallel(page, parallel)
        upload_page.set_checking(page, checking)
        return seconds_until_done(page, [file], upload_page.SHOWN)


def _by_uppy(folder: Path, file: Path, parallel: int, script: Path) -> float:
    make_new(file)
    with uploads.app_of_its_own(folder) as server, uploads.browser() as page:
        api = api_of(server)
        size, part_size = file.stat().st_size, PART_SIZE * MEBIBYTE
        plan = api.plan_upload(file.name, size, "video/mp4", part_size, "multipart")
        api.close()
        uppy.open_for_parts(page, server, script, plan, parallel)
        return seconds_until_done(page, [file], uppy.SHOWN)


def main() -> None:
    """Measure with files of the sizes given, or of the full ones."""
    parser = argparse.ArgumentParser(prog="python -m bench.page.large_files")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="BYTES")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--parallel", type=int, default=PARALLEL, help="parts at once")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        report(Path(name) / "large-files", given.sizes, given.rounds, given.parallel)


if __name__ == "__main__":
    main()
