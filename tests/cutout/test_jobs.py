"""Jobs in processes of their own: what they answer, what bounds them, and what is left of them."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from cutout.choices import ChoiceRefusedError
from cutout.description.describe import described
from cutout.editing.edits import Edit, Stroke
from cutout.engines.choice import EngineChoice, engine_for
from cutout.finishing.finish import Finish
from cutout.imaging.reading import ImageRefusedError
from cutout.jobs.jobs import BusyError, CutOutFailedError, CutOutJobs, Rendered
from tests.cutout.test_render import RED, file_of, photograph

ROOT = Path(__file__).parents[2]


@pytest.fixture
def jobs() -> Iterator[CutOutJobs]:
    jobs = CutOutJobs()
    yield jobs
    jobs.close()


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return file_of(photograph(), tmp_path / "original.png")


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so; fail when it is not after a long time."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def children() -> set[int]:
    return {process.pid for process in psutil.Process().children()}


def spare_of(jobs: CutOutJobs) -> psutil.Process:
    assert jobs.spare
    return psutil.Process(jobs.spare)


def is_idle(process: psutil.Process) -> bool:
    """Whether it has loaded all it needs and waits for its job."""
    before = process.cpu_times()
    time.sleep(0.3)
    return process.status() == psutil.STATUS_SLEEPING and process.cpu_times() == before


def test_every_job_answers(jobs: CutOutJobs, original: Path, tmp_path: Path) -> None:
    facts = jobs.original([original], 100)
    assert (facts.width, facts.height, facts.format, facts.mode) == (320, 240, "PNG", "RGB")
    assert facts.preview.startswith(b"RIFF")
    description = jobs.describe([original])
    assert description == described(original, engine_for(EngineChoice()))
    assert len(description.objects) == 1
    cuts = jobs.cuts([original], 100)
    assert cuts[0].engine == "simple"
    assert cuts[0].confidence == "good"
    assert cuts[0].reason.endswith(".")
    assert all(cut.preview.startswith(b"RIFF") for cut in cuts)
    result = tmp_path / "result.png"
    with jobs.cut_out([original]) as cut:
        result.write_bytes(b"".join(cut.blocks))
        assert result.stat().st_size == cut.size
    behind = file_of(np.full((40, 40, 3), (0, 0, 200), np.uint8), tmp_path / "behind.png")
    finish, stroke = Finish(backdrop="image"), Stroke("remove", 0.1, ((0.5, 0.5),))
    plain = jobs.render([original], result, Edit(), finish, longest=160, backdrop=behind)
    assert (plain.media_type, plain.width, plain.height) == ("image/png", 160, 120)
    assert (plain.engine, plain.confidence) == ("simple", "good")
    assert plain.milliseconds > 0
    assert pixel(plain, 2, 2) == (0, 0, 200)
    assert pixel(plain, 80, 60) == RED
    edit = Edit(strokes=(stroke,))
    edited = jobs.render([original], result, edit, finish, longest=160, backdrop=behind)
    assert pixel(edited, 80, 60) == (0, 0, 200)


def pixel(rendered: Rendered, x: int, y: int) -> object:
    with Image.open(io.BytesIO(rendered.content)) as image:
        return image.getpixel((x, y))


def test_a_cut_out_states_the_density_of_its_picture(jobs: CutOutJobs, tmp_path: Path) -> None:
    original = file_of(photograph(), tmp_path / "original.jpg", dpi=(300, 300))
    with jobs.cut_out([original]) as cut, Image.open(io.BytesIO(b"".join(cut.blocks))) as image:
        assert image.info["dpi"] == pytest.approx((300, 300), rel=0.001)


def test_pieces_are_one_image(jobs: CutOutJobs, original: Path, tmp_path: Path) -> None:
    content = original.read_bytes()
    pieces = [tmp_path / "one", tmp_path / "two"]
    pieces[0].write_bytes(content[:100])
    pieces[1].write_bytes(content[100:])
    assert jobs.original(pieces).width == 320
    assert jobs.render(pieces, None, Edit(), Finish(format="webp")).width == 320


def test_refusals_cross_the_pipe(jobs: CutOutJobs, original: Path, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_bytes(b"no image at all")
    for task in (jobs.original, jobs.cuts):
        with pytest.raises(ImageRefusedError, match="none of"):
            task([text])
    with pytest.raises(ImageRefusedError, match="none of"):
        jobs.render([text], None, Edit(), Finish())
    with pytest.raises(ChoiceRefusedError, match="cut-out"):
        jobs.render([original], text, Edit(), Finish())
    with pytest.raises(ChoiceRefusedError, match="Choose the picture"):
        jobs.render([original], None, Edit(), Finish(backdrop="image"))


def test_a_model_that_is_missing_is_said_and_replaced(original: Path, tmp_path: Path) -> None:
    jobs = CutOutJobs(engine=EngineChoice(model=tmp_path / "missing.onnx"))
    cut = jobs.cuts([original], 100)[0]
    jobs.close()
    assert cut.engine == "simple"
    assert "missing.onnx" in cut.reason or "model" in cut.reason


def test_many_strokes_pass_the_pipe(jobs: CutOutJobs, original: Path) -> None:
    points = tuple((0.5 + 0.3 * np.cos(i / 99), 0.5 + 0.3 * np.sin(i / 99)) for i in range(20_000))
    strokes = tuple(Stroke("keep", 0.001, points[i::20]) for i in range(20))
    assert jobs.render([original], None, Edit(strokes=strokes), Finish()).width == 320


def test_a_spare_waits_without_work_and_does_the_next_job(jobs: CutOutJobs, original: Path) -> None:
    assert jobs.spare is None  # nothing is started before it is known to be needed
    jobs.original([original])
    spare = spare_of(jobs)
    until(lambda: is_idle(spare))
    before = spare.cpu_times()
    time.sleep(1)
    assert spare.cpu_times() == before
    jobs.original([original])
    assert not spare.is_running()
    assert jobs.spare not in (None, spare.pid)


def test_a_spare_that_died_is_replaced(jobs: CutOutJobs, original: Path) -> None:
    jobs.original([original])
    spare = spare_of(jobs)
    spare.kill()
    until(lambda: spare.status() == psutil.STATUS_ZOMBIE)
    assert jobs.original([original]).width == 320
    assert not psutil.pid_exists(spare.pid)
    assert spare_of(jobs).is_running()


def test_closing_leaves_no_process_and_starts_no_more(original: Path) -> None:
    before = children()
    jobs = CutOutJobs()
    jobs.original([original])
    assert len(children() - before) == 1
    jobs.close()
    assert children() == before
    assert jobs.original([original]).width == 320
    assert jobs.spare is None
    assert children() == before
    jobs.close()


def test_forgetting_to_close_leaves_no_process_either(original: Path) -> None:
    before = children()
    CutOutJobs().original([original])
    assert children() == before


def test_a_job_that_takes_too_long_leaves_nothing(original: Path, tmp_path: Path) -> None:
    before = children()
    jobs = CutOutJobs(seconds=0.01)
    with pytest.raises(CutOutFailedError):
        jobs.cuts([original])
    jobs.close()
    assert children() == before  # no zombie: a zombie is still a child
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)  # nobody will ever write to it
    jobs = CutOutJobs(seconds=2)
    with pytest.raises(CutOutFailedError):
        jobs.original([fifo])
    assert jobs.original([original]).width == 320
    jobs.close()
    assert children() == before


def test_a_spare_ends_with_whoever_started_it(original: Path) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\n"
            "from pathlib import Path\n"
            "from cutout.jobs.jobs import CutOutJobs\n"
            "jobs = CutOutJobs()\n"
            "jobs.original([Path(sys.argv[1])])\n"
            "print(jobs.spare, flush=True)\n"
            "time.sleep(600)\n",
            str(original),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout
        spare = psutil.Process(int(parent.stdout.readline()))
        until(lambda: is_idle(spare))
        parent.send_signal(signal.SIGKILL)
        assert parent.wait() == -signal.SIGKILL
    until(lambda: _has_ended(spare))


def _has_ended(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE  # whoever adopted it will see to it
    return True


def test_previews_do_not_wait_for_whole_pictures_nor_the_other_way_round(
    original: Path,
) -> None:
    jobs = CutOutJobs(at_once=1, waiting=0)
    with jobs.cut_out([original]):
        assert jobs.original([original]).width == 320
        with pytest.raises(BusyError):
            jobs.render([original], None, Edit(), Finish())
    with jobs.cut_out([original], size_limit=100):
        assert jobs.render([original], None, Edit(), Finish()).width == 320
        with pytest.raises(BusyError):
            jobs.original([original])
    jobs.close()


def test_those_who_wait_get_their_turn(jobs: CutOutJobs, original: Path) -> None:
    widths: list[int] = []
    threads = [
        threading.Thread(target=lambda: widths.append(jobs.original([original]).width))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert widths == [320] * 5


def test_a_job_is_bounded_in_processor_time_even_alone(original: Path) -> None:
    job = {
        "task": "cuts",
        "files": [str(original)],
        "longest": 100,
        "model": None,
        "kind": "",
        "memory": 2**32,
        "processor_seconds": 0,
    }
    process = subprocess.run(
        [sys.executable, "-m", "cutout"], cwd=ROOT, input=json.dumps(job).encode(), check=False
    )
    assert process.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_choices_are_checked_again_in_the_process(jobs: CutOutJobs, original: Path) -> None:
    with pytest.raises(ChoiceRefusedError, match="must be a colour"):
        jobs.render([original], None, Edit(), Finish(backdrop="colour", colour="url(x)"))
    finish = Finish(crop=True, margin=99.0)
    assert jobs.render([original], None, Edit(), finish).width == 160 + 2 * 80
