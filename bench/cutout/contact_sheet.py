"""`python -m bench.cutout.contact_sheet OUT.jpg`: photographs, cut out without help, on one sheet.

Each row has the photograph, the cut-out on a checkerboard, what the engine says of it, and, where
there is an outline drawn by hand, the overlap with it. Failures are on it too.
"""

import sys
import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from bench.cutout.photographs import PHOTOGRAPHS, Photograph, fetch_photographs
from bench.cutout.quality import score
from cutout.engines.simple.engine import SimpleEngine
from cutout.matting.edges import solve_edges

CELL, TEXT, GAP = 260, 230, 8  # pixels
COLUMNS = 2
SQUARE, LIGHT, DARK = 10, 245, 205  # of the checkerboard


def main() -> None:
    """Cut out every photograph and write the sheet."""
    fetch_photographs()
    rows = [_row(photograph) for photograph in PHOTOGRAPHS]
    height = max(row.height for row in rows)
    lines = -(-len(rows) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * rows[0].width, lines * height), "white")
    for number, row in enumerate(rows):
        sheet.paste(row, (number % COLUMNS * row.width, number // COLUMNS * height))
    sheet.save(Path(sys.argv[1]), quality=88)


def _row(photograph: Photograph) -> Image.Image:
    pixels = photograph.pixels()
    matte = SimpleEngine().matte(pixels)
    result = solve_edges(pixels, matte.alpha)
    said = f"{matte.confidence.value}: {matte.reason}"
    if photograph.outline:
        overlap = score(result.alpha, photograph.subject().astype(np.float32)).overlap
        said += f" Overlap {overlap:.2f}."
    print(f"{photograph.name} ({photograph.package}) {said}")
    row = Image.new("RGB", (2 * (CELL + GAP) + TEXT, CELL + GAP), "white")
    original = Image.fromarray(pixels)
    original.thumbnail((CELL, CELL))
    row.paste(original, (0, 0))
    cut = Image.fromarray(np.dstack([result.rgb, result.alpha]))
    cut.thumbnail((CELL, CELL))
    row.paste(Image.alpha_composite(_checkerboard(cut.size), cut).convert("RGB"), (CELL + GAP, 0))
    words = "\n".join(textwrap.wrap(said, 34))
    draw = ImageDraw.Draw(row)
    draw.multiline_text(
        (2 * (CELL + GAP), 4), f"{photograph.name}, {photograph.package}\n{words}", fill="black"
    )
    return row


def _checkerboard(size: tuple[int, int]) -> Image.Image:
    down, across = np.indices((size[1], size[0])) // SQUARE
    levels = np.where((down + across) % 2, LIGHT, DARK).astype(np.uint8)
    return Image.fromarray(levels).convert("RGBA")


if __name__ == "__main__":
    main()
