"""Long lines: `python -m bench.page.wan [--lines NAME...] [--bytes BYTES] [--rounds N]`.

One file over lines with delay, rate and loss, in turn: by one curl, by four curls that send a
quarter each, by Uppy and by the upload page. What this needs of a machine says line.py.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.files import random_file
from bench.page import uploads, uppy
from bench.page.wan import senders
from bench.page.wan.line import LINES, Line, missing, namespaces, round_trip, up
from bench.rounds import in_turn, median_ratio

ROUNDS = 1
ONE, FOUR, PEER, OURS = "1 curl", "4 curls", "Uppy", "page"
WIDTH, CELL = 40, 9
NOTES = (
    "medians of the rounds; /4: what it is of four curls in the same round, goal of the page: 0.9",
    "curl: PUTs alone, with nothing asked before or completed after; Uppy: 16 MiB parts, its 6 at",
    "once, URLs beforehand, and completes; page: everything, nothing set",
)


def main() -> None:
    """Measure over the lines given, or over all."""
    lines, size, rounds = arguments(sys.argv[1:])
    if lacking := missing():
        raise SystemExit(f"A line between two network namespaces needs {', '.join(lacking)}.")
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name, namespaces():
        report(Path(name), lines, size, rounds)


def arguments(given: Sequence[str]) -> tuple[Sequence[Line], int | None, int]:
    """Return the lines, the bytes of the file (None: as each line has them) and the rounds."""
    parser = argparse.ArgumentParser(prog="python -m bench.page.wan")
    named = {line.name: line for line in LINES}
    parser.add_argument(
        "--lines",
        nargs="+",
        choices=named,
        default=list(named),
        metavar="NAME",
        help=f"any of {', '.join(named)}",
    )
    parser.add_argument("--bytes", type=int, help="of the file; else as many as suit the line")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    found = parser.parse_args(given)
    return [named[name] for name in found.lines], found.bytes, found.rounds


def report(folder: Path, lines: Sequence[Line], size: int | None, rounds: int) -> None:
    """Measure and print, with files and apps of our own in the folder."""
    script = uppy.bundled(folder)
    columns = (ONE, FOUR, PEER, OURS, f"{PEER}/4", f"{OURS}/4")
    print(
        f"{'line, Mbit/s':<{WIDTH}}" + "".join(f"{column:>{CELL}}" for column in columns),
        flush=True,
    )
    for line in lines:
        file = random_file(folder / "line.mp4", size or line.file_size)
        with up(line, folder):
            seen = round_trip()
            seconds = _in_turn(folder, file, script, rounds)
        label = f"{line.name}, {seen:.0f} ms seen, {file.stat().st_size / 1e6:.0f} MB"
        print(f"{label:<{WIDTH}}{row(file.stat().st_size, seconds)}", flush=True)
        file.unlink()
    for note in NOTES:
        print(f"  {note}")


def row(size: int, seconds: Mapping[str, Sequence[float]]) -> str:
    """Return the cells of a line: Mbit/s of each sender, and what Uppy and the page are of four."""
    rates = [size * 8 / 1e6 / statistics.median(seconds[name]) for name in (ONE, FOUR, PEER, OURS)]
    ratios = [median_ratio(seconds[FOUR], seconds[name]) for name in (PEER, OURS)]
    cells = (*(f"{rate:.1f}" for rate in rates), *(f"{ratio:.2f}" for ratio in ratios))
    return "".join(f"{cell:>{CELL}}" for cell in cells)


def _in_turn(folder: Path, file: Path, script: Path, rounds: int) -> dict[str, tuple[float, ...]]:
    """Return the seconds of every sender, into an app at the far end of the line."""
    quarters = senders.quarters(file)
    with (
        senders.far_app(folder) as server,
        uploads.signed_in_page(server) as page,
    ):
        found = in_turn(
            {
                ONE: lambda _: senders.curls(server, [file]),
                FOUR: lambda _: senders.curls(server, quarters),
                PEER: lambda _: senders.by_uppy(server, page, script, file),
                OURS: lambda _: senders.by_page(server, page, file),
            },
            rounds,
        )
    for quarter in quarters:
        quarter.unlink()
    return found


if __name__ == "__main__":
    main()
