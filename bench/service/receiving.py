"""How fast parts are received, beside real stores: the same sender, the same parts, in turn."""

import statistics
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import limits
from bench.files import random_file
from bench.page import memory
from bench.service import bare, calls, graphql_rate, nginx, peers
from bench.service.sender import send

PART = 16 * 1024 * 1024
COUNT = 24  # parts in a run; every run has an upload of its own
LOAD_RUNS = 8
PARALLEL = (1, 4, 8)
ROUNDS = 3
GOALS = {"Ceph RGW": 2.0, "moto": 2.0, "nginx DAV": 0.7}
MD5_GOAL = 0.7


@dataclass(frozen=True)
class Rates:
    """By store and connections, one value a round: MB/s, and percent of all cores in use.

    `md5` is MB/s of MD5 on one core.
    """

    stores: dict[tuple[str, int], list[float]]
    busy: dict[tuple[str, int], list[float]]
    md5: list[float]

    def of(self, store: str, parallel: int) -> float:
        """Return the median rate."""
        return statistics.median(self.stores[store, parallel])

    def ratio(self, store: str, parallel: int) -> float:
        """Return our rate as a multiple of a store's: the median of the rounds' ratios."""
        ours, theirs = self.stores["the service", parallel], self.stores[store, parallel]
        return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))

    def ratio_to_md5(self, parallel: int) -> float:
        """Return our rate as a multiple of MD5 on one core."""
        ours = self.stores["the service", parallel]
        return statistics.median(a / b for a, b in zip(ours, self.md5, strict=True))


def report(folder: Path) -> None:
    """Measure and print, with a service, a file and stores of our own."""
    folder.mkdir()
    file = random_file(folder / "parts.bin", PART * COUNT)
    with bare.running(folder / "service") as service, memory.watched(service) as watch:
        with _stores(service, folder) as stores:
            rates = _measure(file, stores)
        _print_rates(rates, list(stores))
        print(
            f"{'  peak memory of the service':<48}{watch.peak / memory.MEBIBYTE:.0f} MiB (bar: 150)"
        )
        _report_calls(service, file)
    rate = graphql_rate.measured()
    print(
        f"{'createTempFileUploadUrl, 8 connections':<48}{rate:.0f} a second (bar: 1,000)",
        flush=True,
    )


@contextmanager
def _stores(service: bare.BareService, folder: Path) -> Generator[dict[str, peers.Store]]:
    """Yield the service, and every peer that is installed here."""
    with ExitStack() as stack:
        stores: dict[str, peers.Store] = {
            "the service": peers.Service(service),
            "nginx DAV": peers.Dav(stack.enter_context(nginx.running(folder / "dav"))),
            "moto": stack.enter_context(peers.moto()),
        }
        if peers.ceph_is_installed():
            stores["Ceph RGW"] = stack.enter_context(peers.ceph(folder / "ceph"))
        yield stores


def _measure(file: Path, stores: dict[str, peers.Store]) -> Rates:
    runs = [(name, count) for name in stores for count in PARALLEL]
    rates = Rates({run: [] for run in runs}, {run: [] for run in runs}, [])
    for _ in range(ROUNDS):
        rates.md5.append(limits.md5_rate(file))
        for count in PARALLEL:
            for name, store in stores.items():
                urls = store.begin(COUNT)
                psutil.cpu_percent()
                rates.stores[name, count].append(send(file, urls, PART, count))
                rates.busy[name, count].append(psutil.cpu_percent())
                store.forget(urls)
    return rates


def _print_rates(rates: Rates, stores: Sequence[str]) -> None:
    print(f"{'receiving 16 MiB parts, connections at once':<48}{'1':>9}{'4':>9}{'8':>9}")
    for name in stores:
        row = "".join(f"{rates.of(name, count):9.0f}" for count in PARALLEL)
        print(f"  {name + ', MB/s':<46}{row}")
    for name in stores[1:]:
        row = "".join(f"{rates.ratio(name, count):9.2f}" for count in PARALLEL)
        print(f"  {f'the service / {name} (goal: {GOALS[name]})':<46}{row}")
    row = "".join(f"{rates.ratio_to_md5(count):9.2f}" for count in PARALLEL)
    print(f"  {f'the service / MD5 on one core (goal: {MD5_GOAL})':<46}{row}", flush=True)
    for name in stores:
        busy = (statistics.median(rates.busy[name, count]) for count in PARALLEL)
        row = "".join(f"{percent:9.0f}" for percent in busy)
        print(f"  {f'cores in use while {name} receives, %':<46}{row}", flush=True)


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
