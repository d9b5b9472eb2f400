"""Makes a cut-out of a picture and a matte; the same for every engine."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from cutout.engines.engine import Confidence, Engine, Matte
from cutout.imaging.arrays import Floats, Levels
from cutout.imaging.density import Density
from cutout.imaging.reading import Picture
from cutout.matting.edges import CutOut, solve_edges

PREVIEW_SIDE = 1600  # pixels: what a viewer shows first (docs/cutout-method.md 9)
MOST_CUTS = 3
LONGEST_TEXT = 500  # characters of a result's text, which may come from elsewhere
_ENGINE, _CONFIDENCE, _REASON = "Cut-out engine", "Cut-out confidence", "Cut-out reason"


@dataclass(frozen=True)
class CutOutVerdict:
    """Who made a cut-out, and how sure that is.

    Attributes:
        engine: its name.
        confidence: "good", "check edges" or "likely wrong".
        reason: why, a sentence for people.
    """

    engine: str
    confidence: str
    reason: str


def matte_of(picture: Picture, engine: Engine) -> Matte:
    """Return the matte of a picture; one that is transparent already keeps its own."""
    return _own_matte(picture, engine) or engine.matte(picture.rgb)


def mattes_of(picture: Picture, engine: Engine) -> list[Matte]:
    """Return up to three mattes to choose from; the first is the one of `matte_of`."""
    own = _own_matte(picture, engine)
    mattes = engine.hypotheses(picture.rgb)
    return ([own, *mattes] if own else mattes)[:MOST_CUTS]


def cut_out(picture: Picture, matte: Matte) -> CutOut:
    """Return the picture without its background, of the picture's size.

    What was transparent stays so; a matte that is the picture's own is taken as it is. Colours
    under full transparency are zero, so that what was removed cannot be brought back.
    """
    if picture.alpha is not None and np.array_equal(np.rint(matte.alpha * 255), picture.alpha):
        return shown(picture.rgb, picture.alpha)
    return solved(picture, matte.alpha)


def solved(picture: Picture, soft: Floats, width: float = 1.0) -> CutOut:
    """Return the picture cut out along a soft matte of any size; what was transparent stays so.

    `width` is the factor of the band along the edge whose alpha is solved.
    """
    cut = solve_edges(picture.rgb, soft, width)
    if picture.alpha is None:
        return cut
    return shown(cut.rgb, np.minimum(cut.alpha, picture.alpha))


def shown(rgb: Levels, alpha: Levels) -> CutOut:
    """Return colours and alpha as they are, without the colours that alpha hides."""
    return CutOut(rgb * (alpha > 0)[..., None].astype(np.uint8), alpha)


def verdict_of(matte: Matte) -> CutOutVerdict:
    """Return what an engine says of its matte."""
    return CutOutVerdict(matte.engine, matte.confidence.value, matte.reason)


def encoded(result: CutOut, matte: Matte, density: Density | None = None) -> bytes:
    """Return a PNG with alpha, and with text that says who made it and how sure that is.

    It states the density of the picture, as in `cutout.finishing.encoding`.

    Compression level 1: level 6 takes three times as long to save a tenth
    (docs/cutout-method.md 9).
    """
    image = Image.fromarray(np.dstack([result.rgb, result.alpha]))
    text = PngImagePlugin.PngInfo()
    text.add_text(_ENGINE, matte.engine)
    text.add_text(_CONFIDENCE, matte.confidence.value)
    text.add_text(_REASON, matte.reason)
    content = BytesIO()
    image.save(content, "PNG", compress_level=1, pnginfo=text, dpi=density)
    return content.getvalue()


def stated(result: Path) -> CutOutVerdict | None:
    """Return what the text of a PNG says, if `encoded` may have written it.

    Raises:
        OSError: it cannot be read.
    """
    with Image.open(result, formats=("PNG",)) as image:
        texts = [image.info.get(name) for name in (_ENGINE, _CONFIDENCE, _REASON)]
    engine, confidence, reason = (str(text or "")[:LONGEST_TEXT] for text in texts)
    if not engine or confidence not in [one.value for one in Confidence]:
        return None
    return CutOutVerdict(engine, confidence, reason)


def _own_matte(picture: Picture, engine: Engine) -> Matte | None:
    if picture.alpha is None:
        return None
    return Matte(
        picture.alpha.astype(np.float32) / 255,
        engine.name,
        Confidence.GOOD,
        "The image was transparent already, and its transparency was kept.",
    )
