"""Finishes a cut-out: crop, shadow, backdrop and file format."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from PIL import Image

from cutout.choices import ChoiceRefusedError, colour, flag, number, one_of, record, whole
from cutout.finishing import backdrops
from cutout.finishing.shadow import SHADOWS, Shadow, ShadowKind, shadow_of
from cutout.imaging.arrays import Levels
from cutout.imaging.boxes import Box, bounds
from cutout.matting.edges import CutOut

Backdrop: TypeAlias = Literal["none", "colour", "gradient", "image", "blur"]
Format: TypeAlias = Literal["png", "webp", "webp-lossless", "jpeg", "zip"]

BACKDROPS: tuple[Backdrop, ...] = ("none", "colour", "gradient", "image", "blur")
FORMATS: tuple[Format, ...] = ("png", "webp", "webp-lossless", "jpeg", "zip")
MOST_MARGIN = 0.5  # of the subject's long side
MOST_PIXELS = 50_000_000  # of a canvas: twice what is taken, so that 25 megapixels have a margin
LEAST_SIDE, MOST_SIDE = 16, 16_384  # pixels of a chosen size
SUBJECT = 8  # of 255: alpha from which on a pixel is to be in the crop
STRIP = 256  # rows that are composed at a time, which bounds memory
WHITE = "#ffffff"
_FIELDS = (
    "crop",
    "margin",
    "shadow",
    "backdrop",
    "colour",
    "second_colour",
    "format",
    "quality",
    "longest",
)


@dataclass(frozen=True)
class Finish:
    """How a cut-out is to be finished.

    Attributes:
        crop: whether only the subject, its shadow and a margin are kept. Where the margin reaches
            beyond the picture the canvas grows.
        margin: of the crop, as a part of the subject's long side.
        shadow: "drop" falls to the bottom right; "contact" lies under what touches the ground.
        backdrop: what is behind; "blur" is the original, blurred.
        colour: of the backdrop, and of the top of a gradient: #rrggbb.
        second_colour: of the bottom of a gradient.
        format: of the file. JPEG has no transparency: without a backdrop it gets white. "zip" has
            the colours as a JPEG and alpha as a PNG, and no backdrop.
        quality: of JPEG and lossy WebP, 1 to 100.
        longest: the longest side of the result in pixels; None for the original size. Nothing is
            enlarged.
    """

    crop: bool = False
    margin: float = 0.05
    shadow: ShadowKind = "none"
    backdrop: Backdrop = "none"
    colour: str = WHITE
    second_colour: str = "#d0d0d0"
    format: Format = "png"
    quality: int = 90
    longest: int | None = None

    @staticmethod
    def from_json(value: object) -> "Finish":
        """Check a finish; what is left out has its default.

        Raises:
            ChoiceRefusedError: it is none.
        """
        fields = {**vars(Finish()), **record(value, "A finish", _FIELDS)}
        longest = fields["longest"]
        return Finish(
            flag(fields["crop"], "The crop"),
            number(fields["margin"], "The margin", 0, MOST_MARGIN),
            one_of(fields["shadow"], "The shadow", SHADOWS),
            one_of(fields["backdrop"], "The backdrop", BACKDROPS),
            colour(fields["colour"], "The colour"),
            colour(fields["second_colour"], "The second colour"),
            one_of(fields["format"], "The format", FORMATS),
            whole(fields["quality"], "The quality", 1, 100),
            None if longest is None else whole(longest, "The longest side", LEAST_SIDE, MOST_SIDE),
        )


def finished(
    cut: CutOut, original: Levels, finish: Finish, behind: Levels | None = None
) -> Image.Image:
    """Return the finished picture: RGBA, its colours zero where alpha is, or RGB on a backdrop.

    Args:
        cut: the subject.
        original: the picture it was cut out of, uint8 of the same size; for "blur".
        finish: what to do; of the format only whether it can be transparent.
        behind: the picture for the backdrop "image", uint8 (height, width, 3).

    Raises:
        ChoiceRefusedError: the canvas would be too large, or the backdrop's picture is missing.
    """
    thrown = shadow_of(cut.alpha, finish.shadow)
    canvas = Box(0, 0, cut.alpha.shape[1], cut.alpha.shape[0])
    if finish.crop and (subject := bounds(cut.alpha >= SUBJECT)) is not None:
        dark = thrown.bounds() if thrown else None
        margin = round(finish.margin * subject.long_side)
        canvas = (subject.joined(dark) if dark else subject).grown(margin)
    if canvas.width * canvas.height > MOST_PIXELS:
        raise ChoiceRefusedError(
            f"With this margin the picture would have {canvas.width:,} x {canvas.height:,} pixels; "
            f"at most {MOST_PIXELS:,} are made. Choose a smaller margin or no crop."
        )
    scenery = _scenery(canvas, cut, original, finish, behind)
    if scenery is None:
        image = _transparent(canvas, cut, thrown)
    else:
        image = _composed(scenery, canvas, cut, thrown)
    scale = 1 if finish.longest is None else min(1, finish.longest / max(image.size))
    if scale == 1:
        return image
    width, height = (max(1, round(scale * side)) for side in image.size)
    # Hamming: sharp, and without the ringing that would outline a subject.
    return image.resize((width, height), Image.Resampling.HAMMING)


def _scenery(
    canvas: Box, cut: CutOut, original: Levels, finish: Finish, behind: Levels | None
) -> Image.Image | None:
    if finish.format == "zip":
        return None
    match finish.backdrop:
        case "none":
            return backdrops.plain(canvas, WHITE) if finish.format == "jpeg" else None
        case "colour":
            return backdrops.plain(canvas, finish.colour)
        case "gradient":
            return backdrops.gradient(canvas, finish.colour, finish.second_colour)
        case "blur":
            return backdrops.blurred(canvas, original, cut)
        case "image":
            if behind is None:
                raise ChoiceRefusedError("Choose the picture that is to be the backdrop.")
            return backdrops.covering(canvas, behind)


def _composed(scenery: Image.Image, canvas: Box, cut: CutOut, thrown: Shadow | None) -> Image.Image:
    if thrown:
        scenery.paste((0, 0, 0), (0, 0), thrown.on(canvas))
    seen = canvas.common(Box(0, 0, cut.alpha.shape[1], cut.alpha.shape[0]))
    subject = Image.fromarray(np.ascontiguousarray(cut.rgb[seen.slices]))
    mask = Image.fromarray(np.ascontiguousarray(cut.alpha[seen.slices]))
    place = seen.moved(canvas.left, canvas.top)
    scenery.paste(subject, (place.left, place.top), mask)
    return scenery


def _transparent(canvas: Box, cut: CutOut, thrown: Shadow | None) -> Image.Image:
    pixels = np.zeros((canvas.height, canvas.width, 4), np.uint8)
    seen = canvas.common(Box(0, 0, cut.alpha.shape[1], cut.alpha.shape[0]))
    place = seen.moved(canvas.left, canvas.top)
    pixels[(*place.slices, slice(0, 3))] = cut.rgb[seen.slices]
    pixels[(*place.slices, 3)] = cut.alpha[seen.slices]
    if thrown:
        dark = np.asarray(thrown.on(canvas))
        for top in range(0, canvas.height, STRIP):
            _darken(pixels[top : top + STRIP], dark[top : top + STRIP])
    return Image.fromarray(pixels)


def _darken(pixels: Levels, dark: Levels) -> None:
    """Put black of this opacity behind RGBA pixels, in place."""
    behind = (dark > 0) & (pixels[..., 3] < 255)
    part = pixels[behind].astype(np.float32)
    alpha = part[:, 3] / 255
    both = alpha + (1 - alpha) * dark[behind].astype(np.float32) / 255
    part[:, :3] *= (alpha / np.maximum(both, 1e-6))[:, None]
    part[:, 3] = 255 * both
    part[part[:, 3] < 0.5] = 0
    pixels[behind] = np.rint(part).astype(np.uint8)
