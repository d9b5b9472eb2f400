"""`python -m bench.cutouts`: quality of the cut-outs on pictures whose alpha is known exactly.

IoU of alpha > 0.5 and mean absolute error of alpha, by class of backdrop, for the automatic matte
and for the best of the cuts that are offered.
"""

import time
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cutout.cutting import cut_out
from cutout.engine import Matte
from cutout.reading import Picture
from cutout.simple import SimpleEngine
from tests.cutout.composites import Composite, composites


@dataclass(frozen=True)
class Score:
    """Intersection over union, and mean absolute error times 1000."""

    overlap: float
    error: float


def score(alpha: NDArray[np.uint8], truth: NDArray[np.float32]) -> Score:
    """Compare an alpha of 0 to 255 with the true one of 0 to 1."""
    found, real = alpha > 127, truth > 0.5
    overlap = float((found & real).sum() / max(int((found | real).sum()), 1))
    return Score(overlap, 1000 * float(np.abs(alpha / 255 - truth).mean()))


def automatic(image: Composite) -> Score:
    """Return the score of the automatic matte."""
    return _score_of(image, SimpleEngine().matte(image.rgb))


def best_offered(image: Composite) -> Score:
    """Return the score of the best of the hypotheses."""
    return max(
        (_score_of(image, matte) for matte in SimpleEngine().hypotheses(image.rgb)),
        key=lambda one: one.overlap,
    )


def _score_of(image: Composite, matte: Matte) -> Score:
    return score(cut_out(Picture(image.rgb), matte).alpha, image.alpha)


def main() -> None:
    """Print one line for each class of backdrop."""
    first: dict[str, list[Score]] = defaultdict(list)
    best: dict[str, list[Score]] = defaultdict(list)
    seconds = 0.0
    for image in composites():
        started = time.process_time()
        first[image.backdrop].append(automatic(image))
        seconds += time.process_time() - started
        best[image.backdrop].append(best_offered(image))
    print(f"{'backdrop':<10}{'IoU':>7}{'MAE x1000':>11}{'best of 3: IoU':>16}{'MAE x1000':>11}")
    everything = [one for scores in first.values() for one in scores]
    for name, scores in first.items():
        _print_row(name, scores, best[name])
    _print_row("all", everything, [one for scores in best.values() for one in scores])
    print(f"CPU {seconds / len(everything):.2f} s an image of 640 x 640, automatic")


def _print_row(name: str, scores: list[Score], best: list[Score]) -> None:
    cells = [np.mean([one.overlap for one in scores]), np.mean([one.error for one in scores])]
    cells += [np.mean([one.overlap for one in best]), np.mean([one.error for one in best])]
    print(f"{name:<10}{cells[0]:>7.3f}{cells[1]:>11.1f}{cells[2]:>16.3f}{cells[3]:>11.1f}")


if __name__ == "__main__":
    main()
