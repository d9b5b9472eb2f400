"""How fast the service receives parts, beside MD5, and how late its answers are meanwhile."""

import statistics
from pathlib import Path

import psutil

from bench import limits
from bench.files import random_file
from bench.page import memory
from bench.service import bare, calls, graphql_rate
from bench.service.sender import send

PART = 16 * 1024 * 1024
COUNT = 24  # parts in a run; every run has an upload of its own
LOAD_RUNS = 8
PARALLEL = (1, 4, 8)
ROUNDS = 3
MD5_GOAL = 0.7


def report(folder: Path) -> None:
    """Measure and print, with a service and a file of our own."""
    folder.mkdir()
    file = random_file(folder / "parts.bin", PART * COUNT)
    with bare.running(folder / "service") as service, memory.watched(service) as watch:
        _report_rates(service, file)
        print(
            f"{'  peak memory of the service':<48}{watch.peak / memory.MEBIBYTE:.0f} MiB (bar: 150)"
        )
        _report_calls(service, file)
    rate = graphql_rate.measured()
    print(
        f"{'createTempFileUploadUrl, 8 connections':<48}{rate:.0f} a second (bar: 1,000)",
        flush=True,
    )


def _report_rates(service: bare.BareService, file: Path) -> None:
    """Print, for each number of connections, the median of the rounds."""
    rates: dict[int, list[float]] = {count: [] for count in PARALLEL}
    ratios: dict[int, list[float]] = {count: [] for count in PARALLEL}
    busy: dict[int, list[float]] = {count: [] for count in PARALLEL}
    for _ in range(ROUNDS):
        md5 = limits.md5_rate(file)
        for count in PARALLEL:
            urls = calls.part_urls(service)[:COUNT]
            psutil.cpu_percent()
            rate = send(file, urls, PART, count)
            rates[count].append(rate)
            ratios[count].append(rate / md5)
            busy[count].append(psutil.cpu_percent())
            calls.abort(service, urls[0])
    print(f"{'receiving 16 MiB parts, connections at once':<48}{'1':>9}{'4':>9}{'8':>9}")
    _print_row("MB/s", rates, ".0f")
    _print_row(f"of MD5 on one core (goal: {MD5_GOAL})", ratios, ".2f")
    _print_row("cores in use, %", busy, ".0f")


def _print_row(what: str, values: dict[int, list[float]], digits: str) -> None:
    cells = "".join(f"{statistics.median(values[count]):>9{digits}}" for count in PARALLEL)
    print(f"  {what:<46}{cells}", flush=True)


def _report_calls(service: bare.BareService, file: Path) -> None:
    urls = calls.part_urls(service)[:COUNT]

    def load() -> None:
        for _ in range(LOAD_RUNS):
            send(file, urls, PART, 8)

    quiet = calls.latencies(service)
    busy = calls.latencies_during(service, load)
    print(f"{'/graphql, p50 and p99, at rest':<48}{quiet}")
    print(f"{'/graphql, p50 and p99, during 8 parallel PUTs':<48}{busy}")
    print(f"{'410 part URLs signed':<48}{calls.signing_time(410):.1f} ms (bar: 50)", flush=True)
