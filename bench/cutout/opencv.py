"""What OpenCV's GrabCut makes of an image: the peer of the engine that comes with the app."""

import importlib
import sys
from typing import Any

import numpy as np

from cutout.engines.simple.region_graph import region_graph
from cutout.imaging.arrays import MASK_SIDE, Floats, Levels, Mask, resized, shrunk
from cutout.imaging.lab import lab_of
from tests.app_server import ROOT

FOLDER = ROOT / ".venv" / "peers" / "opencv"
ROUNDS = 5
MARGIN = 0.05  # of the sides: what is outside the rectangle
LIKELY, SURE, SURELY_NOT = 0.5, 0.8, 0.08  # of salience


def grabcut_rectangle(rgb: Levels) -> Mask:
    """Return GrabCut's foreground within a rectangle just inside the border."""
    cv2 = _opencv()
    height, width = rgb.shape[:2]
    left, top = round(MARGIN * width), round(MARGIN * height)
    rectangle = (left, top, width - 2 * left, height - 2 * top)
    return _grabcut(rgb, np.zeros((height, width), np.uint8), rectangle, cv2.GC_INIT_WITH_RECT)


def grabcut_salient(rgb: Levels) -> Mask:
    """Return GrabCut's foreground seeded by what stands out: the best OpenCV pipeline measured."""
    cv2 = _opencv()
    graph = region_graph(lab_of(shrunk(rgb, MASK_SIDE)))
    salient: Floats = graph.salient[graph.patches.labels]
    field = resized(salient, (rgb.shape[0], rgb.shape[1]))
    seeds = np.full(field.shape, cv2.GC_PR_BGD, np.uint8)
    seeds[field > LIKELY] = cv2.GC_PR_FGD
    seeds[field > SURE] = cv2.GC_FGD
    seeds[field < SURELY_NOT] = cv2.GC_BGD
    return _grabcut(rgb, seeds, None, cv2.GC_INIT_WITH_MASK)


def _grabcut(
    rgb: Levels, seeds: Levels, rectangle: tuple[int, int, int, int] | None, mode: int
) -> Mask:
    cv2 = _opencv()
    models = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = np.ascontiguousarray(rgb[..., ::-1])
    cv2.setRNGSeed(1)
    cv2.grabCut(bgr, seeds, rectangle, *models, ROUNDS, mode)
    return (seeds == cv2.GC_FGD) | (seeds == cv2.GC_PR_FGD)


def _opencv() -> Any:
    """Return the module from the folder of the benchmarks' peers; the app does without it."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    cv2 = importlib.import_module("cv2")
    cv2.setNumThreads(1)
    return cv2
