"""Processes for jobs: each does one job and ends, and the next one is ready by then.

Starting Python and loading numpy takes most of what a preview takes. So one process is always
started ahead: it has loaded everything and waits on its standard input, which costs no processor
time. When whoever started it ends, however that may be, its standard input ends and it goes too.
"""

import os
import subprocess
import sys
from pathlib import Path
from threading import Lock

_ROOT = Path(__file__).parents[2]


class Processes:
    """Starts processes and keeps one spare. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._spare: subprocess.Popen[bytes] | None = None
        self._closed = False

    @property
    def spare(self) -> int | None:
        """The process id of the spare, if there is one."""
        spare = self._spare
        return spare.pid if spare else None

    def take(self) -> subprocess.Popen[bytes]:
        """Return a process that waits for its job: the spare if it lives, else a new one."""
        with self._lock:
            process, self._spare = self._spare, None
        if process is not None:
            if process.poll() is None:
                return process
            end(process)
        return _started()

    def prepare(self) -> None:
        """Start a spare, unless there is one."""
        with self._lock:
            if self._spare is None and not self._closed:
                self._spare = _started()

    def close(self) -> None:
        """End the spare, and start none from now on."""
        with self._lock:
            process, self._spare, self._closed = self._spare, None, True
        if process is not None:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process at once, whatever it does, and leave nothing of it."""
    process.kill()
    with process:  # closes its pipes and waits
        pass


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "cutout"],
        cwd=_ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
