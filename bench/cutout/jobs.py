"""`python -m bench.cutout.jobs`: what the jobs of the background page cost at 12 megapixels.

Processor seconds and peak memory are the job process's own, start included; memory is what it has
above an idle one. Wall time is what the page waits for, with a process started ahead.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
from PIL import Image

from cutout.editing.edits import Edit, Stroke
from cutout.finishing.finish import Finish
from cutout.jobs.jobs import MEMORY, CutOutJobs
from tests.cutout.composites import composite

SIZE = 4000, 3000
STROKES = (
    Stroke("keep", 0.02, ((0.40, 0.45), (0.45, 0.55), (0.50, 0.60))),
    Stroke("remove", 0.03, ((0.10, 0.10), (0.90, 0.08))),
)
WORK: dict[str, tuple[str, int | None, Edit, Finish]] = {
    "facts and preview of the original": ("original", 1600, Edit(), Finish()),
    "three cuts, previews": ("cuts", 480, Edit(), Finish()),
    "preview, result as it came": ("render", 1600, Edit(), Finish(format="webp")),
    "preview, strokes": ("render", 1600, Edit(strokes=STROKES), Finish(format="webp")),
    "PNG, result as it came": ("render", None, Edit(), Finish()),
    "PNG, strokes": ("render", None, Edit(strokes=STROKES), Finish()),
    "PNG, crop and drop shadow": ("render", None, Edit(), Finish(crop=True, shadow="drop")),
    "PNG, another cut, wide edge": ("render", None, Edit(cut=1, edge="hair"), Finish()),
    "JPEG on the blurred original": (
        "render",
        None,
        Edit(),
        Finish(backdrop="blur", shadow="contact", format="jpeg"),
    ),
    "WebP": ("render", None, Edit(), Finish(format="webp")),
    "WebP, lossless": ("render", None, Edit(), Finish(format="webp-lossless")),
    "zip of colour and alpha": ("render", None, Edit(), Finish(format="zip")),
}


@dataclass(frozen=True)
class Cost:
    """Processor seconds, and MiB at the peak."""

    seconds: float
    peak: float


def report() -> None:
    """Print one line for each kind of job."""
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        for subject, backdrop in (("bottle", "studio"), ("fur", "busy")):
            _report(Path(name), subject, backdrop)


def _report(folder: Path, subject: str, backdrop: str) -> None:
    original, result = folder / "original.jpg", folder / "result.png"
    picture = Image.fromarray(composite(subject, backdrop, 7).rgb)
    picture.resize(SIZE, Image.Resampling.BICUBIC).save(original, quality=92)
    jobs = CutOutJobs()
    with jobs.cut_out([original]) as cut:
        result.write_bytes(b"".join(cut.blocks))
    idle = _cost(b"").peak
    print(f"{subject} on {backdrop}, {SIZE[0]} x {SIZE[1]}: wall s, CPU s, MiB above {idle:.0f}")
    for what, (task, longest, edit, finish) in WORK.items():
        job = _job(task, original, result, longest, edit, finish)
        cost = _cost(json.dumps(job).encode())
        wall = min(_wall(jobs, job, edit, finish) for _ in range(3))
        print(f"  {what:<36}{wall:6.2f}{cost.seconds:7.2f}{cost.peak - idle:7.0f}", flush=True)
    jobs.close()


def _job(
    task: str, original: Path, result: Path, longest: int | None, edit: Edit, finish: Finish
) -> dict[str, Any]:
    return {
        "task": task,
        "files": [str(original)],
        "result": str(result),
        "longest": longest,
        "edit": asdict(edit),
        "finish": asdict(finish),
        "backdrop": None,
        "stem": "bench",
        "model": None,
        "kind": "",
        "memory": MEMORY,
        "processor_seconds": 600,
    }


def _cost(job: bytes) -> Cost:
    process = subprocess.Popen(
        [sys.executable, "-m", "cutout"],
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin
    peak = 0.0
    with process.stdin as standard_input:
        started = psutil.Process(process.pid)
        before = None
        while before != started.cpu_times():  # it gets ready
            before = started.cpu_times()
            time.sleep(1)
        peak = _peak_of(process.pid)
        standard_input.write(job)
    # Not of `wait4`: that also counts what this process had when it started the other.
    while not (ended := os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)):
        peak = max(peak, _peak_of(process.pid))
        time.sleep(0.005)
    assert ended.si_status == 0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(usage.ru_utime + usage.ru_stime, peak)


def _peak_of(process: int) -> float:
    """Return the most resident memory so far in MiB, as Linux counts it; 0 once it has ended."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0)


def _wall(jobs: CutOutJobs, job: dict[str, Any], edit: Edit, finish: Finish) -> float:
    time.sleep(1)  # a person looks at the last one; the next process gets ready
    files = [Path(job["files"][0])]
    longest = job["longest"]
    started = time.perf_counter()
    if job["task"] == "original":
        jobs.original(files, longest)
    elif job["task"] == "cuts":
        jobs.cuts(files, longest)
    else:
        jobs.render(files, Path(job["result"]), edit, finish, longest=longest)
    return time.perf_counter() - started


if __name__ == "__main__":
    report()
