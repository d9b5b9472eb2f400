"""Resident memory of the server while something happens."""

import gc
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import psutil

MEBIBYTE = 1 << 20
INTERVAL = 0.05  # seconds between two looks


class Process(Protocol):
    """Anything with a process id."""

    @property
    def pid(self) -> int: ...


@dataclass
class Watch:
    """Resident bytes at the start and at the highest since."""

    idle: int
    peak: int

    @property
    def growth(self) -> float:
        """MiB above idle at the peak."""
        return (self.peak - self.idle) / MEBIBYTE


@contextmanager
def watched(server: Process) -> Generator[Watch]:
    """Watch the server's memory; what it has at the start counts as idle."""
    gc.collect()
    process = psutil.Process(server.pid)
    idle = process.memory_info().rss
    watch = Watch(idle, idle)
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(INTERVAL):
            watch.peak = max(watch.peak, process.memory_info().rss)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        stop.set()
        thread.join()
