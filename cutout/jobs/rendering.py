"""The work of a job inside its process: from a file to a finished picture."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from cutout.choices import ChoiceRefusedError
from cutout.editing.apply import Start, edited, working_alpha
from cutout.editing.edits import Edit
from cutout.engines.engine import Engine
from cutout.finishing.encoding import Encoded, encoded, preview
from cutout.finishing.finish import Finish, finished
from cutout.imaging.arrays import Levels, shrunk
from cutout.imaging.density import Density
from cutout.imaging.reading import ImageRefusedError, Picture, Source, read_picture
from cutout.matting.cutting import (
    PREVIEW_SIDE,
    CutOutVerdict,
    cut_out,
    matte_of,
    mattes_of,
    shown,
    stated,
    verdict_of,
)
from cutout.matting.edges import CutOut

Content = Path | bytes


@dataclass(frozen=True)
class Rendering:
    """A finished picture as a file, with the engine that made its cut, if known."""

    file: Encoded
    width: int
    height: int
    verdict: CutOutVerdict | None


@dataclass(frozen=True)
class Choices:
    """The options of a rendering.

    Attributes:
        result: the cut-out as the endpoint answered it; None to cut the original out here.
        edit: the changes to it.
        finish: what becomes of it.
        longest: the longest side of a preview, to which the original is reduced before the work;
            None for all pixels.
        backdrop: the picture for the backdrop "image".
        stem: the beginning of the names in a zip.
    """

    result: Path | None
    edit: Edit
    finish: Finish
    longest: int | None
    backdrop: Path | None
    stem: str


def original_of(content: Content, longest: int) -> tuple[Source, tuple[str, ...], bytes]:
    """Return what a file is, what was done to read it, and a preview of it.

    Raises:
        ImageRefusedError: it is no image that can be used.
    """
    picture = read_picture(content, longest)
    image = Image.fromarray(picture.rgb)
    if picture.alpha is not None:
        image = _with_alpha(CutOut(picture.rgb, picture.alpha))
    return _source_of(picture), picture.notes, preview(image)


def cuts_of(content: Content, longest: int, engine: Engine) -> list[tuple[CutOutVerdict, bytes]]:
    """Return the cuts to choose from: what is said of each, and a preview.

    Raises:
        ImageRefusedError: it is no image that can be used.
    """
    picture = read_picture(content, PREVIEW_SIDE)
    mattes = mattes_of(picture, engine)
    small = _reduced(picture, longest)
    return [(verdict_of(matte), preview(_with_alpha(cut_out(small, matte)))) for matte in mattes]


def rendered(content: Content, choices: Choices, engine: Engine) -> Rendering:
    """Return the original cut out, edited and finished.

    Raises:
        ImageRefusedError: the original is no image that can be used.
        ChoiceRefusedError: what was chosen cannot be done with it.
    """
    # Encoders need the memory of all else.
    image, density, verdict = _image(content, choices, engine)
    quick = choices.longest is not None
    file = encoded(image, choices.finish, choices.stem, density, quick=quick)
    return Rendering(file, image.width, image.height, verdict)


def _image(
    content: Content, choices: Choices, engine: Engine
) -> tuple[Image.Image, Density | None, CutOutVerdict | None]:
    picture, small, start, verdict = _begun(content, choices, engine)
    cut = edited(picture, small, start, choices.edit)
    image = finished(cut, picture.rgb, choices.finish, _behind(choices))
    return image, picture.density, verdict


def _begun(
    content: Content, choices: Choices, engine: Engine
) -> tuple[Picture, Picture, Start, CutOutVerdict | None]:
    with ThreadPoolExecutor(1) as beside:  # two decoders, which leave Python to each other
        reading = beside.submit(_read_result, choices)
        picture = read_picture(content, choices.longest)
        small = _small(content, picture, choices)
        result = reading.result()
    return picture, small, *_start(picture, small, result, choices.edit, engine)


def _small(content: Content, picture: Picture, choices: Choices) -> Picture:
    """Return the picture as engines and strokes see it: the same for every size of result."""
    source = _source_of(picture)
    longest = min(PREVIEW_SIDE, max(source.width, source.height))
    if max(picture.rgb.shape[:2]) == longest:
        return picture
    decided_before = choices.result is not None and choices.edit.cut is None
    if decided_before and not choices.edit.strokes and choices.edit.holes != "punch":
        return picture  # nothing looks at it
    return read_picture(content, PREVIEW_SIDE)


def _read_result(choices: Choices) -> tuple[Picture, CutOutVerdict | None] | None:
    if choices.result is None or choices.edit.cut is not None:
        return None
    longest = None if choices.longest is None else max(choices.longest, PREVIEW_SIDE)
    try:
        found = read_picture(choices.result, longest)
    except ImageRefusedError as error:
        raise ChoiceRefusedError(f"The cut-out {error}.") from error
    return found, stated(choices.result) if _source_of(found).format == "PNG" else None


def _start(
    picture: Picture,
    small: Picture,
    result: tuple[Picture, CutOutVerdict | None] | None,
    edit: Edit,
    engine: Engine,
) -> tuple[Start, CutOutVerdict | None]:
    if result is not None:
        found, verdict = result
        _check_proportions(_source_of(picture), _source_of(found))
        return Start(working_alpha(_alpha_of(found)), _at_size_of(picture, found)), verdict
    if edit.cut is None:
        matte = matte_of(small, engine)
    else:
        mattes = mattes_of(small, engine)
        if edit.cut >= len(mattes):
            raise ChoiceRefusedError(
                f"There is no cut number {edit.cut + 1} of this picture, only {len(mattes)}."
            )
        matte = mattes[edit.cut]
    own = small.alpha is not None and not edit.cut
    cut = shown(picture.rgb, _alpha_of(picture)) if own else None
    return Start(matte.alpha, cut), verdict_of(matte)


def _check_proportions(original: Source, result: Source) -> None:
    # One of the sides may have been rounded to whole pixels.
    rounded = max(result.width, result.height, original.width, original.height)
    if abs(result.width * original.height - result.height * original.width) > rounded:
        raise ChoiceRefusedError(
            f"The cut-out has {result.width:,} x {result.height:,} pixels, which is not the shape "
            f"of the original's {original.width:,} x {original.height:,}: they are different "
            "pictures."
        )


def _at_size_of(picture: Picture, result: Picture) -> CutOut | None:
    """Return the result at the picture's size; None when it has fewer pixels than that."""
    height, width = picture.rgb.shape[:2]
    if result.rgb.shape == picture.rgb.shape:
        return shown(result.rgb, _alpha_of(result))
    if result.rgb.shape[0] < height or result.rgb.shape[1] < width:
        return None
    image = _with_alpha(CutOut(result.rgb, _alpha_of(result)))
    pixels = np.asarray(image.resize((width, height), Image.Resampling.BOX))
    return shown(pixels[..., :3], np.ascontiguousarray(pixels[..., 3]))


def _behind(choices: Choices) -> Levels | None:
    if choices.backdrop is None or choices.finish.backdrop != "image":
        return None
    # A panorama that covers a square canvas needs more than the canvas's own side.
    longest = None if choices.longest is None else 2 * choices.longest
    try:
        picture = read_picture(choices.backdrop, longest)
    except ImageRefusedError as error:
        raise ChoiceRefusedError(f"The picture for the backdrop {error}.") from error
    white = Image.new("RGB", (picture.rgb.shape[1], picture.rgb.shape[0]), "white")
    white.paste(Image.fromarray(picture.rgb), mask=Image.fromarray(_alpha_of(picture)))
    return np.asarray(white)


def _source_of(picture: Picture) -> Source:
    if picture.source is None:
        raise ValueError("the picture was not read from a file")
    return picture.source


def _alpha_of(picture: Picture) -> Levels:
    if picture.alpha is not None:
        return picture.alpha
    return np.full(picture.rgb.shape[:2], 255, np.uint8)


def _reduced(picture: Picture, longest: int) -> Picture:
    pixels = np.dstack([picture.rgb, _alpha_of(picture)])
    small = shrunk(pixels, longest)
    alpha = None if picture.alpha is None else np.ascontiguousarray(small[..., 3])
    return Picture(np.ascontiguousarray(small[..., :3]), alpha)


def _with_alpha(cut: CutOut) -> Image.Image:
    return Image.fromarray(np.dstack([cut.rgb, cut.alpha]))
