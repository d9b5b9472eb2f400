"""Backdrops to put behind a cut-out: opaque RGB images of the canvas's size."""

import numpy as np
from PIL import Image, ImageColor, ImageFilter, ImageOps

from cutout.imaging.arrays import Levels, shrunk
from cutout.imaging.boxes import Box
from cutout.imaging.regions import dilated
from cutout.matting.edges import CutOut, extended

BLUR_SIDE = 256  # pixels: what is blurred needs no more
BLUR = 0.02  # of the canvas's long side: standard deviation
AROUND = 3  # pixels at BLUR_SIDE around the subject that have something of its colours


def plain(canvas: Box, colour: str) -> Image.Image:
    """Return one colour, #rrggbb."""
    return Image.new("RGB", (canvas.width, canvas.height), colour)


def gradient(canvas: Box, first: str, second: str) -> Image.Image:
    """Return a gradient from the first colour, at the top, to the second, at the bottom."""
    ends = [np.array(ImageColor.getrgb(colour)[:3], np.float32) for colour in (first, second)]
    part = np.linspace(0, 1, canvas.height, dtype=np.float32)[:, None]
    column = np.rint(ends[0] + part * (ends[1] - ends[0])).astype(np.uint8)
    rows = np.broadcast_to(column[:, None], (canvas.height, canvas.width, 3))
    return Image.fromarray(np.ascontiguousarray(rows))


def covering(canvas: Box, picture: Levels) -> Image.Image:
    """Return another picture, uint8 (height, width, 3), that covers the canvas, centred."""
    size = canvas.width, canvas.height
    return ImageOps.fit(Image.fromarray(picture), size, Image.Resampling.BICUBIC)


def blurred(canvas: Box, original: Levels, cut: CutOut) -> Image.Image:
    """Return the original, blurred, without a halo of the subject.

    The subject gives way to the colours around it before anything is blurred, and beyond the
    picture its border goes on.
    """
    small = shrunk(original, BLUR_SIDE).astype(np.float32)
    shape = small.shape[0], small.shape[1]
    alpha = Image.fromarray(cut.alpha).resize((shape[1], shape[0]), Image.Resampling.BOX)
    around = ~dilated(np.asarray(alpha) > 1, AROUND)
    filled = extended(small, around) if around.any() else small
    scale = original.shape[1] / shape[1], original.shape[0] / shape[0]
    left, right = -canvas.left / scale[0], canvas.right / scale[0] - shape[1]
    top, bottom = -canvas.top / scale[1], canvas.bottom / scale[1] - shape[0]
    sides = [max(0, int(np.ceil(side))) for side in (top, bottom, left, right)]
    padded = np.pad(filled, ((sides[0], sides[1]), (sides[2], sides[3]), (0, 0)), mode="edge")
    soft = Image.fromarray(np.rint(padded).clip(0, 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(BLUR * canvas.long_side / max(scale))
    )
    x, y = sides[2] - left, sides[0] - top
    width = min(canvas.width / scale[0], soft.width - x)  # sums of fractions may end beyond it
    height = min(canvas.height / scale[1], soft.height - y)
    area = (x, y, x + width, y + height)
    return soft.resize((canvas.width, canvas.height), Image.Resampling.BICUBIC, box=area)
