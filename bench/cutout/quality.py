"""`python -m bench.cutout.quality`: how good the cut-outs are.

Pictures with exact alpha, by class of backdrop: intersection over union of alpha > 0.5, mean
absolute error of alpha, and gradient error (squared difference of the slopes, blurred by 1.4
pixels, as alphamatting.com measures it), both times 1000. "on photo" is before real photographs.
Last come photographs as they are, with outlines drawn by hand: only their overlap means anything.
The ranking of cuts has learned from those photographs, and from the same subjects before other
backdrops; `python -m bench.cutout.learn_ranking` prints what it reaches on what it has not seen.

A seed gives other pictures: `--seed 3`.
"""

import argparse
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from PIL import Image, ImageFilter

from bench.cutout.photographs import PHOTOGRAPHS, fetch_photographs
from bench.cutout.ranking_pictures import on_photograph
from bench.cutout.strokes import corrected
from cutout.engines.simple.engine import SimpleEngine
from cutout.imaging.arrays import Floats, Levels
from cutout.matting.edges import solve_edges
from tests.cutout.composites import BACKDROPS, SUBJECTS, composite

PHOTOGRAPH, ON_PHOTOGRAPH = "photograph", "on photo"
AUTOMATIC, OFFERED, STROKES = "simple, automatic", "simple, best offered", "... and <= 6+6 strokes"
GRADIENT_BLUR = 1.4  # pixels


@dataclass(frozen=True)
class Score:
    """Intersection over union; mean absolute and gradient error, both times 1000."""

    overlap: float
    error: float
    gradient: float


@dataclass(frozen=True)
class Task:
    """A picture to measure: a subject before a backdrop, or a photograph by its number."""

    backdrop: str
    subject: str
    seed: int

    def picture(self) -> tuple[Levels, Floats]:
        """Return the image and its true alpha."""
        if self.backdrop == PHOTOGRAPH:
            photograph = PHOTOGRAPHS[self.seed]
            return photograph.pixels(), photograph.subject().astype(np.float32)
        if self.backdrop == ON_PHOTOGRAPH:
            return on_photograph(self.subject, self.seed)
        image = composite(self.subject, self.backdrop, self.seed)
        return image.rgb, image.alpha


def score(alpha: Levels, truth: Floats) -> Score:
    """Compare an alpha of 0 to 255 with the true one of 0 to 1."""
    found, real = alpha > 127, truth > 0.5
    overlap = float((found & real).sum() / max(int((found | real).sum()), 1))
    slopes = _slope(alpha / np.float32(255)) - _slope(truth)
    error = float(np.abs(alpha / np.float32(255) - truth).mean())
    return Score(overlap, 1000 * error, 1000 * float((slopes**2).mean()))


def automatic(rgb: Levels, truth: Floats) -> Score:
    """Return the score of the automatic cut."""
    return score(solve_edges(rgb, SimpleEngine().matte(rgb).alpha).alpha, truth)


def scores(task: Task) -> dict[str, Score]:
    """Return every method's score on a picture."""
    rgb, truth = task.picture()
    mattes = [matte.alpha for matte in SimpleEngine().hypotheses(rgb)]
    offered = [score(solve_edges(rgb, alpha).alpha, truth) for alpha in mattes]
    best = max(range(len(offered)), key=lambda number: offered[number].overlap)
    better = corrected(rgb, mattes[best], truth).alpha
    return {
        AUTOMATIC: offered[0],
        OFFERED: offered[best],
        STROKES: score(solve_edges(rgb, better).alpha, truth),
    }


def _slope(alpha: Floats) -> Floats:
    levels = Image.fromarray((alpha * 255).astype(np.uint8))
    soft = np.asarray(levels.filter(ImageFilter.GaussianBlur(GRADIENT_BLUR)), dtype=np.float32)
    down, across = np.gradient(soft / 255)
    return np.hypot(down, across)


def tasks(seed: int) -> Iterator[Task]:
    """Yield the pictures of a seed, and the photographs."""
    for number, subject in enumerate(SUBJECTS):
        for place, backdrop in enumerate(BACKDROPS):
            yield Task(backdrop, subject, 10_000 * seed + 100 * number + place)
        yield Task(ON_PHOTOGRAPH, subject, 10_000 * seed + 100 * number)
    for number, photograph in enumerate(PHOTOGRAPHS):
        if photograph.outline:
            yield Task(PHOTOGRAPH, photograph.name, number)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.cutout.quality")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", action="store_true", help="print every picture's overlaps")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    fetch_photographs()
    work = list(tasks(options.seed))
    with get_context("spawn").Pool() as pool:  # anew, so that numpy sees the variable
        results = pool.map(scores, work, chunksize=2)
    if options.each:
        _print_each(work, results)
    _print_table(work, results)


def _print_each(work: list[Task], results: list[dict[str, Score]]) -> None:
    for task, result in zip(work, results, strict=True):
        overlaps = "".join(f"{one.overlap:7.3f}" for one in result.values())
        print(f"{task.backdrop:<11}{task.subject:<17}{overlaps}")


def _print_table(work: list[Task], results: list[dict[str, Score]]) -> None:
    by_class: dict[str, list[dict[str, Score]]] = defaultdict(list)
    for task, result in zip(work, results, strict=True):
        by_class[task.backdrop].append(result)
    names = list(by_class)
    for what in ("overlap", "error", "gradient"):
        print(f"{what:<24}" + "".join(f"{name:>11}" for name in names))
        for method in results[0]:
            means = [
                float(np.mean([getattr(one[method], what) for one in by_class[name]]))
                for name in names
            ]
            digits = 3 if what == "overlap" else 1
            print(f"{method:<24}" + "".join(f"{mean:>11.{digits}f}" for mean in means))
        print()


if __name__ == "__main__":
    main()
