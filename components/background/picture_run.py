"""The work on one picture: fetched, previewed here, cut out by the API, fetched again.

It runs in threads, so that it goes on while the person does other things; the page asks for its
`state`. Pictures lie in a folder of their own, which goes with the run.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from client.api.api import Api
from client.api.credits import credits_left
from client.background_removal import cut_out_url
from client.errors import ClientError
from client.storage.complete import Receipt
from client.storage.plan import deadline_of
from client.transfers.download import download_file
from client.transfers.record import Problem
from components.background.file_names import cut_out_stem
from cutout.choices import ChoiceRefusedError
from cutout.editing.edits import Edit
from cutout.finishing.finish import Finish
from cutout.imaging.reading import ImageRefusedError
from cutout.jobs.jobs import BusyError, Cut, CutOutFailedError, CutOutJobs, Original, Rendered

PREVIEW = 1600
"""Pixels of the longest side of what the viewer shows first (docs/cutout-method.md 9)."""
THUMBNAIL = 320
"""Pixels of the longest side of a cut to choose from, and of a picture in the grid."""
FULL = 16_384
"""More pixels than a side may have, so nothing is scaled down."""
PREVIEW_FORMAT = Finish(format="webp", quality=85)

CutOutError = ImageRefusedError | ChoiceRefusedError | BusyError | CutOutFailedError
CUT_OUT_ERRORS = (ImageRefusedError, ChoiceRefusedError, BusyError, CutOutFailedError)
"""What the work on this machine raises."""

StepName = Literal["fetch", "preview", "remove", "result"]
StepState = Literal["waiting", "running", "done", "failed"]
Way = Literal["api", "here"]


@dataclass(frozen=True)
class Step:
    """One step of the work on a picture; `seconds` is how long it took so far."""

    name: StepName
    state: StepState = "waiting"
    seconds: float = 0.0


@dataclass(frozen=True)
class Result:
    """The endpoint's answer, or this machine's when `url` is None.

    Attributes:
        path: a PNG with alpha.
        deadline: when the URL expires, in seconds since 1970.
        credits_left: of the organization that paid, where the endpoint tells.
    """

    path: Path
    size: int
    way: Way
    url: str | None = None
    deadline: float = 0.0
    credits_left: int | None = None


@dataclass(frozen=True)
class RunState:
    """How far a run is. `original` and `preview` are there as soon as they can be shown."""

    steps: tuple[Step, ...] = ()
    running: bool = False
    original: Original | None = None
    preview: Rendered | None = None
    result: Result | None = None
    problem: Problem | None = None


class PictureRun:
    """The work on one picture. Its methods may be called from any thread."""

    def __init__(self, api: Api, jobs: CutOutJobs, transfer_id: str, receipt: Receipt) -> None:
        self.transfer_id = transfer_id
        self.name = receipt.name
        self.receipt = receipt
        self.way: Way = "api"
        self._api = api
        self._jobs = jobs
        self._home = tempfile.TemporaryDirectory(prefix="tfw-picture-")
        self._lock = threading.Lock()
        self._state = RunState()
        self._rendered: dict[object, Rendered] = {}

    @property
    def state(self) -> RunState:
        """How far it is now."""
        with self._lock:
            return self._state

    @property
    def folder(self) -> Path:
        """Where its pictures lie."""
        return Path(self._home.name)

    def begin(self, *, remove: Way | None) -> Callable[[], None] | None:
        """Mark it as running; return the work for a thread to do, or None when one does it already.

        Args:
            remove: who is to cut the picture out after the preview; None for the preview alone.
        """
        with self._lock:
            if self._state.running:
                return None
            self._state = replace(self._state, running=True, problem=None)
            self.way = remove or self.way
        return lambda: self._work(remove)

    def render(
        self,
        edit: Edit,
        finish: Finish,
        *,
        longest: int | None = None,
        backdrop: Path | None = None,
    ) -> Rendered:
        """Return the picture as edited and finished; what was asked for last is remembered.

        Raises:
            CutOutError: one of them, as `CutOutJobs.render` does.
        """
        asked = (edit, finish, longest, backdrop, self.state.result)
        if asked not in self._rendered:
            result = self.state.result
            made = self._jobs.render(
                [self._original],
                result.path if result else None,
                edit,
                finish,
                longest=longest,
                backdrop=backdrop,
                stem=cut_out_stem(self.name),
            )
            while len(self._rendered) >= 6:
                self._rendered.pop(next(iter(self._rendered)))
            self._rendered[asked] = made
        return self._rendered[asked]

    def cuts(self) -> list[Cut]:
        """Return what the local engine offers to choose from, as thumbnails."""
        return self._jobs.cuts([self._original], THUMBNAIL)

    def original(self, longest: int) -> Original:
        """Return the picture as it came, upright, with sides of at most so many pixels."""
        return self._jobs.original([self._original], longest)

    @property
    def _original(self) -> Path:
        return self.folder / "original"

    def _work(self, remove: Way | None) -> None:
        try:
            with self._api.log.about(self.transfer_id):
                self._preview()
                if remove and self.state.result is None:
                    self._remove(remove)
        except ClientError as error:
            self._set(problem=Problem(error.code, error.details, str(error)))
        except CUT_OUT_ERRORS as error:
            self._set(problem=problem_of(error, self.name))
        finally:
            self._set(running=False)

    def _preview(self) -> None:
        if not self._original.exists():
            with self._step("fetch"):
                download_file(self._api, self.receipt.download_url, self._original)
        if self.state.original is None:
            with self._step("preview"):
                self._set(original=self.original(PREVIEW))
                self._set(preview=self.render(Edit(), PREVIEW_FORMAT, longest=PREVIEW))

    def _remove(self, way: Way) -> None:
        target = self.folder / "result.png"
        if way == "here":
            with self._step("remove"):
                self._set(result=self._cut_here(target))
        else:
            with self._step("remove"):
                organization = self._api.payer()
                url = cut_out_url(self._api, organization, self.receipt.download_url)
            with self._step("result"):
                download = download_file(self._api, url, target)
                result = Result(
                    download.path,
                    download.size,
                    "api",
                    url,
                    deadline_of([url]),
                    credits_left(self._api, organization),
                )
                self._set(result=result)
        self._set(preview=self.render(Edit(), PREVIEW_FORMAT, longest=PREVIEW))

    def _cut_here(self, target: Path) -> Result:
        with self._jobs.cut_out([self._original]) as cut, target.open("wb") as file:
            for block in cut.blocks:
                file.write(block)
        return Result(target, cut.size, "here")

    @contextmanager
    def _step(self, name: StepName) -> Generator[None, None, None]:
        started = time.monotonic()
        self._set_step(Step(name, "running"))
        state: StepState = "failed"
        try:
            yield
            state = "done"
        finally:
            self._set_step(Step(name, state, time.monotonic() - started))

    def _set_step(self, step: Step) -> None:
        with self._lock:
            others = tuple(one for one in self._state.steps if one.name != step.name)
            self._state = replace(self._state, steps=(*others, step))

    def _set(self, **values: object) -> None:
        with self._lock:
            self._state = replace(self._state, **values)  # pyright: ignore[reportArgumentType]


def problem_of(error: CutOutError, name: str) -> Problem:
    """Return an error of the work on this machine as a `Problem`, with a code of `error_words`."""
    codes = {
        ImageRefusedError: "picture-refused",
        ChoiceRefusedError: "change-refused",
        BusyError: "cut-out-busy",
        CutOutFailedError: "cut-out-failed",
    }
    return Problem(codes[type(error)], {"name": name}, str(error))
