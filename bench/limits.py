"""What no store with ETags can beat: the MD5 of the bytes."""

import hashlib
import time
from pathlib import Path

BLOCK = 1 << 20


def md5_rate(file: Path) -> float:
    """MB/s of MD5 on one core, reading the file in 1 MiB blocks."""
    digest = hashlib.md5(usedforsecurity=False)
    started = time.perf_counter()
    with file.open("rb") as source:
        while block := source.read(BLOCK):
            digest.update(block)
    return file.stat().st_size / 1e6 / (time.perf_counter() - started)
