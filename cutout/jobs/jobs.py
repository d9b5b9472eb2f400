"""Runs each cut-out in a process of its own, few at a time.

A process and not a thread, because only a process can be held to an amount of memory and ended when
its time is over, and because a decoder that crashes on a stranger's file takes nothing else with
it. Each does one job; the next is started ahead. The event loop and the threads of uploads share
nothing with it but the processor, and there it gives way.
"""

import json
import math
import os
import subprocess
import time
import weakref
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import IO, Any, cast

from cutout.choices import ChoiceRefusedError
from cutout.description.describe import Description
from cutout.editing.edits import Edit
from cutout.engines.choice import EngineChoice
from cutout.finishing.finish import Finish
from cutout.imaging.reading import ImageRefusedError
from cutout.jobs.processes import Processes, end
from cutout.matting.cutting import PREVIEW_SIDE

AT_ONCE = 2
PREVIEWS_AT_ONCE = 1
WAITING = 4  # each holds a thread of GraphQL's twelve
MEMORY = 3 * 2**30  # bytes of address space, of which 25 megapixels use a part
SECONDS = 60  # contract 9 is synchronous, and its callers wait about so long
BLOCK = 2**20
LONGEST_LINE = 65_536


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


@dataclass(frozen=True)
class Original:
    """What a file is, and how it looks.

    Attributes:
        width: upright, in pixels.
        height: the same.
        format: Pillow's name, such as JPEG.
        mode: Pillow's name: L for grey, P for a palette, and so on.
        notes: what was done to read it, such as "orientation applied".
        preview: a WebP, with transparency if the image has any.
    """

    width: int
    height: int
    format: str
    mode: str
    notes: tuple[str, ...]
    preview: bytes


@dataclass(frozen=True)
class Cut:
    """One of the cuts to choose from.

    Attributes:
        engine: who made it.
        confidence: "good", "check edges" or "likely wrong".
        reason: why, a sentence for people.
        preview: a WebP with transparency.
    """

    engine: str
    confidence: str
    reason: str
    preview: bytes


@dataclass(frozen=True)
class Rendered:
    """A finished picture.

    Attributes:
        content: the file.
        media_type: of the file.
        width: pixels.
        height: pixels.
        milliseconds: what the work took, without waiting for others.
        engine: who made the cut that was edited; None when the result does not say.
        confidence: of that cut before edits, as in `Cut`; None when it is not known.
        reason: as in `Cut`; None when it is not known.
    """

    content: bytes
    media_type: str
    width: int
    height: int
    milliseconds: int
    engine: str | None = None
    confidence: str | None = None
    reason: str | None = None


class CutOutJobs:
    """Runs jobs: few at once, few wait, each for 60 seconds at most. Thread-safe.

    Previews have a line of their own, so that neither they nor whole pictures wait for the other.
    """

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        memory: int = MEMORY,
        seconds: float = SECONDS,
        engine: EngineChoice | None = None,
    ) -> None:
        self._whole = _Line(at_once, waiting)
        self._previews = _Line(min(at_once, PREVIEWS_AT_ONCE), waiting)
        self._seconds = seconds
        choice = engine or EngineChoice()
        self._common: Mapping[str, Any] = {
            "memory": memory,
            # An engine may use every processor at once.
            "processor_seconds": math.ceil(seconds * (os.cpu_count() or 1)) + 1,
            "model": choice.model and str(choice.model.resolve()),
            "kind": choice.kind,
        }
        self._processes = Processes()
        # Without `close` too, no process outlives this object.
        weakref.finalize(self, self._processes.close)

    @property
    def spare(self) -> int | None:
        """The id of the process that is started ahead, if there is one."""
        return self._processes.spare

    def close(self) -> None:
        """End the process that is started ahead; running jobs go on, and no more are readied."""
        self._processes.close()

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
        with self._answer("cut_out", files, size_limit) as answer:
            (size,) = answer.sizes
            yield CutOutFile(size, answer.blocks(size))

    def original(self, files: Sequence[Path], longest: int = PREVIEW_SIDE) -> Original:
        """Return what the image is that these files, joined, are.

        Args:
            files: the pieces of one image.
            longest: the longest side of the preview in pixels.

        Raises:
            BusyError, ImageRefusedError, CutOutFailedError: as in `cut_out`.
        """
        with self._answer("original", files, longest) as answer:
            facts = answer.facts
            (preview,) = answer.files()
            return Original(
                facts["width"],
                facts["height"],
                facts["format"],
                facts["mode"],
                tuple(facts["notes"]),
                preview,
            )

    def cuts(self, files: Sequence[Path], longest: int = PREVIEW_SIDE) -> list[Cut]:
        """Return up to three cuts to choose from, the automatic one first.

        Args:
            files: the pieces of one image.
            longest: the longest side of the previews in pixels.

        Raises:
            BusyError, ImageRefusedError, CutOutFailedError: as in `cut_out`.
        """
        with self._answer("cuts", files, min(longest, PREVIEW_SIDE)) as answer:
            verdicts = answer.facts["verdicts"]
            return [
                Cut(**verdict, preview=preview)
                for verdict, preview in zip(verdicts, answer.files(), strict=True)
            ]

    def render(
        self,
        files: Sequence[Path],
        result: Path | None,
        edit: Edit,
        finish: Finish,
        *,
        longest: int | None = None,
        backdrop: Path | None = None,
        stem: str = "cut-out",
    ) -> Rendered:
        """Edit and finish a cut-out.

        Args:
            files: the pieces of the original.
            result: its cut-out, a PNG that may be of another size; None to cut out here.
            edit: what to change.
            finish: what becomes of it.
            longest: the longest side of the original in the work, in pixels, for a preview.
            backdrop: the picture for the backdrop "image".
            stem: the beginning of the names in a zip.

        Raises:
            BusyError, ImageRefusedError, CutOutFailedError: as in `cut_out`.
            ChoiceRefusedError: what was chosen cannot be done.
        """
        choices = {
            "result": result and str(result.resolve()),
            "edit": asdict(edit),
            "finish": asdict(finish),
            "backdrop": backdrop and str(backdrop.resolve()),
            "stem": stem,
        }
        with self._answer("render", files, longest, choices) as answer:
            facts = answer.facts
            verdict: Mapping[str, str] = facts["verdict"] or {}
            (content,) = answer.files()
            return Rendered(
                content,
                facts["media_type"],
                facts["width"],
                facts["height"],
                answer.milliseconds(),
                **verdict,
            )

    def describe(self, files: Sequence[Path]) -> Description:
        """Return what can be said of the image that these files, joined, are.

        Raises:
            BusyError, ImageRefusedError, CutOutFailedError: as in `cut_out`.
        """
        with self._answer("describe", files, None) as answer:
            return Description.from_facts(answer.facts["description"])

    @contextmanager
    def _answer(
        self,
        task: str,
        files: Sequence[Path],
        longest: int | None,
        choices: Mapping[str, Any] | None = None,
    ) -> Generator["_ProcessAnswer", None, None]:
        job = {
            **self._common,
            **(choices or {}),
            "task": task,
            "files": [str(path.resolve()) for path in files],
            "longest": longest,
        }
        small = longest is not None and longest <= PREVIEW_SIDE
        with (self._previews if small else self._whole).place(), self._process(job) as answer:
            yield answer

    @contextmanager
    def _process(self, job: Mapping[str, Any]) -> Generator["_ProcessAnswer", None, None]:
        started = time.monotonic()
        process = self._processes.take()
        timer = Timer(self._seconds, process.kill)
        timer.start()
        try:
            _send(process, job)
            self._processes.prepare()
            yield _answer_of(process, started)
        finally:
            timer.cancel()
            end(process)


class _Line:
    """A line of jobs: so many at once, so many more wait, the rest is turned away."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._running = BoundedSemaphore(at_once)
        self._admitted = BoundedSemaphore(at_once + waiting)

    @contextmanager
    def place(self) -> Generator[None, None, None]:
        if not self._admitted.acquire(blocking=False):
            raise BusyError
        try:
            with self._running:
                yield
        finally:
            self._admitted.release()


@dataclass(frozen=True)
class _ProcessAnswer:
    """What a process answered, and the pipe that has its files, each to be read once, in order."""

    facts: Mapping[str, Any]
    sizes: Sequence[int]
    output: IO[bytes]
    started: float

    def blocks(self, size: int) -> Iterator[bytes]:
        while size:
            block = self.output.read(min(size, BLOCK))
            if not block:
                raise _broken_down()
            size -= len(block)
            yield block

    def files(self) -> list[bytes]:
        return [b"".join(self.blocks(size)) for size in self.sizes]

    def milliseconds(self) -> int:
        return round(1000 * (time.monotonic() - self.started))


def _send(process: subprocess.Popen[bytes], job: Mapping[str, Any]) -> None:
    try:
        with cast(IO[bytes], process.stdin) as standard_input:
            standard_input.write(json.dumps(job).encode())
    except BrokenPipeError as error:
        raise _broken_down() from error


def _answer_of(process: subprocess.Popen[bytes], started: float) -> _ProcessAnswer:
    output = cast(IO[bytes], process.stdout)
    line = output.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise _broken_down()
    facts = json.loads(line)
    if "refused" in facts:
        raise ImageRefusedError(facts["refused"])
    if "choice_refused" in facts:
        raise ChoiceRefusedError(facts["choice_refused"])
    return _ProcessAnswer(facts, facts["sizes"], output, started)


def _broken_down() -> CutOutFailedError:
    return CutOutFailedError("Cutting out the image took too long, or its process broke down.")
