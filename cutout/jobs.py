"""Cut-outs in processes of their own, few at a time.

A process and not a thread, because only a process can be held to an amount of memory and ended when
its time is over, and because a decoder that crashes on a stranger's file takes nothing else with
it. It starts anew for each image, which costs a few tenths of a second. The event loop and the
threads of uploads share nothing with it but the processor, and there it gives way.
"""

import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import IO, Any, cast

from cutout.reading import ImageRefusedError

AT_ONCE = 1
WAITING = 4  # each holds a thread of GraphQL's twelve
MEMORY = 3 * 2**30  # bytes of address space, of which 25 megapixels use a part
SECONDS = 60  # contract 9 is synchronous, and its callers wait about so long
BLOCK = 2**20
LONGEST_LINE = 65_536
_ROOT = Path(__file__).parents[1]


class BusyError(Exception):
    """As many images as may wait are waiting; nothing was charged."""

    code = "SERVICE_UNAVAILABLE"
    message = (
        "Other images are being cut out and no more may wait; try again in a moment. "
        "No credit was charged."
    )


class CutOutFailedError(Exception):
    """The image took too long, or broke what was to read it; nothing was charged."""

    code = "BACKGROUND_REMOVAL_FAILED"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.message = f"{what} No credit was charged; try a smaller image."


@dataclass(frozen=True)
class CutOutFile:
    """A PNG as it comes out of its process: its size in bytes, and its blocks once."""

    size: int
    blocks: Iterator[bytes]


class CutOutJobs:
    """Runs cut-outs: one at a time, four wait, each for 60 seconds at most. Thread-safe."""

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        memory: int = MEMORY,
        seconds: float = SECONDS,
    ) -> None:
        self._running = BoundedSemaphore(at_once)
        self._admitted = BoundedSemaphore(at_once + waiting)
        self._memory = memory
        self._seconds = seconds

    @contextmanager
    def cut_out(
        self, files: Sequence[Path], size_limit: int | None = None
    ) -> Generator[CutOutFile, None, None]:
        """Cut out the image that these files, joined, are.

        Args:
            files: the pieces of one image.
            size_limit: the longest side of the result in pixels, for a preview.

        Raises:
            BusyError: too many are waiting.
            ImageRefusedError: it is no image that can be used.
            CutOutFailedError: it took too much time, or its process broke down.
        """
        if not self._admitted.acquire(blocking=False):
            raise BusyError
        try:
            with self._running, self._process(files, size_limit) as answer:
                yield answer
        finally:
            self._admitted.release()

    @contextmanager
    def _process(
        self, files: Sequence[Path], size_limit: int | None
    ) -> Generator[CutOutFile, None, None]:
        job = {
            "files": [str(path.resolve()) for path in files],
            "size_limit": size_limit,
            "memory": self._memory,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "cutout"],
            cwd=_ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        timer = Timer(self._seconds, process.kill)
        timer.start()
        with process:
            try:
                yield _answer_of(process, job)
            finally:
                timer.cancel()
                process.kill()


def _answer_of(process: subprocess.Popen[bytes], job: Mapping[str, Any]) -> CutOutFile:
    standard_input, output = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    try:
        with standard_input:
            standard_input.write(json.dumps(job).encode())
    except BrokenPipeError as error:
        raise _broken_down() from error
    line = output.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise _broken_down()
    answer = json.loads(line)
    if "refused" in answer:
        raise ImageRefusedError(answer["refused"])
    return CutOutFile(answer["size"], _blocks(output, answer["size"]))


def _blocks(output: IO[bytes], size: int) -> Iterator[bytes]:
    while size:
        block = output.read(min(size, BLOCK))
        if not block:
            raise _broken_down()
        size -= len(block)
        yield block


def _broken_down() -> CutOutFailedError:
    return CutOutFailedError("Cutting out the image took too long, or its process broke down.")
