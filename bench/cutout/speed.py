"""`python -m bench.cutout.speed`: CPU seconds and memory of one cut-out, by the image's size.

Each measurement is a process of its own, with one thread. Memory is the highest resident memory
above that of the process once everything is imported.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from cutout.engines.simple.engine import SimpleEngine
from cutout.finishing.encoding import preview
from cutout.imaging.reading import read_picture
from cutout.matting.cutting import PREVIEW_SIDE, cut_out, encoded, matte_of
from tests.app_server import ROOT
from tests.cutout.composites import composite

MEGAPIXELS = (1, 4, 12, 24)
SUBJECTS = {"plain": ("bottle", "studio", 2), "general": ("portrait", "busy", 305)}
ENGINE = SimpleEngine()
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Cost:
    """CPU seconds, and MiB above the idle process."""

    seconds: float
    memory: float


def bare(path: Path) -> None:
    """Decode the image and encode it as PNG: what any program must do."""
    pixels = read_picture(path).rgb
    opaque = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    image = Image.fromarray(np.concatenate([pixels, opaque], axis=2))
    image.save(BytesIO(), "PNG", compress_level=1)


def whole(path: Path) -> None:
    """Do what a job of the service does."""
    picture = read_picture(path)
    matte = matte_of(picture, ENGINE)
    encoded(cut_out(picture, matte), matte)


def previewed(path: Path) -> None:
    """Do what is shown first."""
    picture = read_picture(path, PREVIEW_SIDE)
    result = cut_out(picture, matte_of(picture, ENGINE))
    preview(Image.fromarray(np.dstack([result.rgb, result.alpha])))


WORK: dict[str, Callable[[Path], None]] = {
    "bare": bare,
    "whole": whole,
    "preview": previewed,
}


def measured(work: str, path: Path) -> Cost:
    """Run the work in a process of its own."""
    command = [sys.executable, "-m", "bench.cutout.speed", work, path]
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | threads, check=True, capture_output=True
    )
    return Cost(**json.loads(done.stdout))


def measure(work: str, path: Path) -> None:
    """Do the work here and print its cost."""
    idle = _resident("VmRSS")
    started = time.process_time()
    WORK[work](path)
    seconds = time.process_time() - started
    print(json.dumps({"seconds": seconds, "memory": (_resident("VmHWM") - idle) / MEBIBYTE}))


def _resident(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(field)


def photograph(kind: str, megapixels: int, folder: Path) -> Path:
    """Write a JPEG of a composite, enlarged to so many megapixels, 4:3, with a camera's noise."""
    height = round((megapixels * 1_000_000 * 3 / 4) ** 0.5)
    width = round(height * 4 / 3)
    small = Image.fromarray(composite(*SUBJECTS[kind]).rgb).crop((0, 80, 640, 560))
    large = np.asarray(small.resize((width, height), Image.Resampling.BICUBIC), dtype=np.int16)
    noise = np.random.default_rng(0).integers(-3, 4, large.shape, np.int16)
    path = folder / f"{kind}-{megapixels}.jpg"
    Image.fromarray((large + noise).clip(0, 255).astype(np.uint8)).save(path, quality=90)
    return path


def report(folder: Path) -> None:
    """Print the table."""
    folder.mkdir(exist_ok=True)
    print(f"{'CPU s (MiB above idle)':<24}" + "".join(f"{size:>9} MP" for size in MEGAPIXELS))
    for kind in SUBJECTS:
        paths = {size: photograph(kind, size, folder) for size in MEGAPIXELS}
        for work in WORK:
            cells = [_cell(work, path) for path in paths.values()]
            print(
                f"{kind + ': ' + work:<24}" + "".join(f"{cell:>12}" for cell in cells), flush=True
            )


def _cell(work: str, path: Path) -> str:
    cost = measured(work, path)
    return f"{cost.seconds:.2f} ({cost.memory:.0f})"


def main() -> None:
    """Measure one work in this process, or print the table."""
    if len(sys.argv) == 3:
        measure(sys.argv[1], Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        report(Path(name))


if __name__ == "__main__":
    main()
