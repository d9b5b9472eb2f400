"""The before/after viewer: looks at a cut-out in six ways and takes brush strokes that fix it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

import streamlit as st

from components.background.compare.words import COMPARE
from components.registry import component

BACKDROPS = ("checkerboard", "white", "black", "colour", "gradient", "image", "blur")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class ShownBackdrop:
    """What the person looks at the cut-out on.

    Attributes:
        kind: one of `BACKDROPS`.
        colour: `#rrggbb` of `colour`, and of the top of `gradient`.
        second_colour: `#rrggbb` of the bottom of `gradient`.
    """

    kind: str = "checkerboard"
    colour: str = "#cfe0fa"
    second_colour: str = "#7fa5e0"


@dataclass(frozen=True)
class CompareData:
    """What the viewer shows.

    Attributes:
        before: URL of a preview of the original, upright, at most 1600 pixels long.
        after: URL of a preview of the cut-out with alpha, of the same size.
        before_full: URL of the original at full size, None until `on_detail` asked for it.
        after_full: URL of the cut-out at full size, likewise.
        width: of the full picture, in pixels; 1:1 and the zoom in per cent refer to it.
        height: likewise.
        name: of the file, shown as text only.
        strokes: all brush strokes that hold, oldest first, as in `CompareAnswer.strokes`. Another
            list than the one reported last replaces what the person sees and can undo.
        version: differs from cut to cut.
        brush: whether the person may brush.
        busy: whether a new cut is being made; the old one stays on show.
        backdrop_image: URL of a picture to look at the cut-out on.
        backdrop: what the cut-out is on when the viewer is drawn anew.
    """

    before: str
    after: str
    width: int
    height: int
    name: str
    version: str
    before_full: str | None = None
    after_full: str | None = None
    strokes: Sequence[Mapping[str, Any]] = ()
    brush: bool = True
    busy: bool = False
    backdrop_image: str | None = None
    backdrop: ShownBackdrop = field(default_factory=ShownBackdrop)


@dataclass(frozen=True)
class CompareAnswer:
    """What the browser reported.

    Attributes:
        backdrop: checked.
        strokes: every stroke, oldest first, as the browser sent it and so not to be trusted:
            `{"mode": "keep" | "remove", "radius": r, "points": [[x, y], ...]}` with x and y from 0
            to 1 of width and height, and r relative to the long side. None: nothing reported yet.
    """

    backdrop: ShownBackdrop
    strokes: Sequence[object] | None


def compare(
    data: CompareData,
    *,
    key: str,
    on_strokes: Callable[[], None],
    on_detail: Callable[[], None],
    on_backdrop: Callable[[], None],
) -> CompareAnswer:
    """Draw the viewer. Mode, zoom, position and tool stay in the browser, whatever `data` becomes.

    Args:
        data: what to show.
        key: of the element.
        on_strokes: called before a run in which `compare_answer(key).strokes` is another list: a
            stroke was finished, undone, redone or cleared, or the viewer took over another list
            from `data.strokes` (which then is the one reported).
        on_detail: called once per `version` when the zoom goes beyond what the previews hold and a
            full-size URL is missing.
        on_backdrop: called when the person chose another backdrop.
    """
    words = {"words": COMPARE, "backdrop": asdict(data.backdrop)}
    component("compare")(
        key=key,
        data={**vars(data), "strokes": list(data.strokes), **words},
        on_strokes_change=on_strokes,
        on_detail_change=on_detail,
        on_backdrop_change=on_backdrop,
    )
    return compare_answer(key)


def compare_answer(key: str) -> CompareAnswer:
    """Return what the viewer of that key reported; for callbacks, which run before it is drawn."""
    state = cast("Mapping[str, object]", st.session_state.get(key) or {})
    strokes = state.get("strokes")
    return CompareAnswer(
        backdrop=_backdrop(state.get("backdrop")),
        strokes=cast("list[object]", strokes) if isinstance(strokes, list) else None,
    )


def _backdrop(reported: object) -> ShownBackdrop:
    """Take over what is usable of a report, which came from a browser."""
    default = ShownBackdrop()
    if not isinstance(reported, Mapping):
        return default
    chosen = {**asdict(default), **cast("Mapping[str, object]", reported)}
    kind = chosen["kind"]
    return ShownBackdrop(
        kind=kind if isinstance(kind, str) and kind in BACKDROPS else default.kind,
        colour=_colour(chosen["colour"], default.colour),
        second_colour=_colour(chosen["second_colour"], default.second_colour),
    )


def _colour(reported: object, default: str) -> str:
    return reported if isinstance(reported, str) and _COLOUR.fullmatch(reported) else default
