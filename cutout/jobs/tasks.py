"""The requests that a job's process understands, and its answers.

A job is a JSON object: `task` names one of `TASKS`, `files` are the pieces of the original. The
answer is a line of JSON, whose `sizes` say how many bytes of how many files follow it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cutout.choices import ChoiceRefusedError
from cutout.description.describe import described
from cutout.editing.edits import Edit
from cutout.engines.choice import EngineChoice, engine_for
from cutout.engines.engine import Engine
from cutout.finishing.finish import Finish
from cutout.imaging.reading import ImageRefusedError, read_picture
from cutout.jobs.rendering import Choices, cuts_of, original_of, rendered
from cutout.matting.cutting import cut_out, encoded, matte_of

TOO_LARGE = "needs more memory than one image may use; make it smaller"

Job = Mapping[str, Any]


@dataclass(frozen=True)
class TaskAnswer:
    """Facts, as JSON takes them, and files."""

    facts: Mapping[str, Any]
    files: Sequence[bytes]


def run(job: Job, output: BinaryIO) -> None:
    """Do a job and write its answer; what cannot be done is an answer too."""
    try:
        answer = TASKS[job["task"]](job)
    except ImageRefusedError as error:
        answer = TaskAnswer({"refused": str(error)}, ())
    except ChoiceRefusedError as error:
        answer = TaskAnswer({"choice_refused": str(error)}, ())
    except MemoryError:
        answer = TaskAnswer({"refused": TOO_LARGE}, ())
    line = {**answer.facts, "sizes": [len(file) for file in answer.files]}
    output.write(json.dumps(line).encode() + b"\n")
    for file in answer.files:
        output.write(file)
    output.flush()


def _cut_out(job: Job) -> TaskAnswer:
    picture = read_picture(_content(job), job["longest"])
    matte = matte_of(picture, _engine(job))
    return TaskAnswer({}, [encoded(cut_out(picture, matte), matte, picture.density)])


def _original(job: Job) -> TaskAnswer:
    source, notes, preview = original_of(_content(job), job["longest"])
    return TaskAnswer({**asdict(source), "notes": notes}, [preview])


def _cuts(job: Job) -> TaskAnswer:
    cuts = cuts_of(_content(job), job["longest"], _engine(job))
    return TaskAnswer(
        {"verdicts": [asdict(verdict) for verdict, _ in cuts]}, [preview for _, preview in cuts]
    )


def _render(job: Job) -> TaskAnswer:
    choices = Choices(
        _path(job["result"]),
        Edit.from_json(job["edit"]),
        Finish.from_json(job["finish"]),
        job["longest"],
        _path(job["backdrop"]),
        job["stem"],
    )
    found = rendered(_content(job), choices, _engine(job))
    facts = {
        "media_type": found.file.media_type,
        "width": found.width,
        "height": found.height,
        "verdict": found.verdict and asdict(found.verdict),
    }
    return TaskAnswer(facts, [found.file.content])


def _describe(job: Job) -> TaskAnswer:
    return TaskAnswer({"description": asdict(described(_content(job), _engine(job)))}, ())


TASKS: Mapping[str, Callable[[Job], TaskAnswer]] = {
    "cut_out": _cut_out,
    "original": _original,
    "cuts": _cuts,
    "render": _render,
    "describe": _describe,
}


def _content(job: Job) -> Path | bytes:
    files = [Path(name) for name in job["files"]]
    return files[0] if len(files) == 1 else b"".join(file.read_bytes() for file in files)


def _engine(job: Job) -> Engine:
    return engine_for(EngineChoice.of(job["model"], job["kind"]))


def _path(name: str | None) -> Path | None:
    return None if name is None else Path(name)
