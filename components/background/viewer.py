"""The picture on show, before and after, and how far the cut-out can be trusted."""

from dataclasses import replace
from functools import partial

import streamlit as st

from components.background import words
from components.background.changes import changes_of, edit_of, key_of
from components.background.compare.compare import CompareData, compare, compare_answer
from components.background.picture_run import (
    FULL,
    PREVIEW,
    PREVIEW_FORMAT,
    PictureRun,
    RunState,
)
from components.background.problems import problems_shown
from components.common.media import picture_url
from components.common.plain_text import plain
from components.session import connection, may_upload
from components.words import size_text
from cutout.choices import ChoiceRefusedError
from cutout.editing.edits import Edit
from cutout.jobs.jobs import Original, Rendered

WEBP = "image/webp"
_FULL_FORMAT = replace(PREVIEW_FORMAT, quality=92)


def viewer(run: PictureRun) -> None:
    """Draw the picture before and after, with the brush, and the facts of the cut."""
    state = run.state
    if state.original is None or state.preview is None:
        return
    edit = edit_of(run)
    rendered = state.preview
    if state.result is not None and edit != Edit():
        with problems_shown(run.name):  # where it cannot be changed, it is shown as it came
            rendered = run.render(edit, PREVIEW_FORMAT, longest=PREVIEW)
    _compare(run, state, state.original, edit, rendered)
    _facts(state, state.original, rendered)


def _compare(
    run: PictureRun, state: RunState, original: Original, edit: Edit, rendered: Rendered
) -> None:
    changes = changes_of(run)
    key = key_of("compare", run)
    full = _full_pair(run, edit, key) if changes.detailed == edit else (None, None)
    behind = changes.backdrop_image
    data = CompareData(
        before=picture_url(original.preview, WEBP, f"{key}-before"),
        after=picture_url(rendered.content, WEBP, f"{key}-after"),
        before_full=full[0],
        after_full=full[1],
        width=original.width,
        height=original.height,
        name=run.name,
        strokes=[
            {
                "mode": stroke.mode,
                "radius": stroke.radius,
                "points": [list(p) for p in stroke.points],
            }
            for stroke in changes.strokes
        ],
        version=str(hash((edit, state.result))),
        brush=state.result is not None and may_upload(),
        busy=state.running,
        backdrop_image=picture_url(behind, WEBP, f"{key}-behind") if behind else None,
        backdrop=changes.backdrop,
    )
    compare(
        data,
        key=key,
        on_strokes=partial(_take_strokes, run, key),
        on_detail=partial(_take_detail, run),
        on_backdrop=partial(_take_backdrop, run, key),
    )


def _take_strokes(run: PictureRun, key: str) -> None:
    try:
        told = Edit.from_json({"strokes": compare_answer(key).strokes or []})
    except ChoiceRefusedError as error:
        st.toast(plain(str(error)), icon=":material/error:")
    else:
        changes_of(run).strokes = told.strokes


def _take_detail(run: PictureRun) -> None:
    changes_of(run).detailed = edit_of(run)


def _take_backdrop(run: PictureRun, key: str) -> None:
    changes_of(run).backdrop = compare_answer(key).backdrop


def _full_pair(run: PictureRun, edit: Edit, key: str) -> tuple[str | None, str | None]:
    """Return both pictures at their full size, for whoever looks that closely."""
    with problems_shown(run.name):
        before = run.original(FULL).preview
        after = run.render(edit, _FULL_FORMAT).content
        return (
            picture_url(before, WEBP, f"{key}-before-full"),
            picture_url(after, WEBP, f"{key}-after-full"),
        )
    return None, None


def _facts(state: RunState, original: Original, rendered: Rendered) -> None:
    badge = words.UNKNOWN_CONFIDENCE
    if rendered.confidence:
        badge = f"{words.CONFIDENCE[rendered.confidence]} {plain(rendered.reason or '')}"
    st.markdown(badge)
    facts = {
        words.FACT_ENGINE: plain(rendered.engine or connection().host),
        words.FACT_SIZE: words.PIXELS.format(width=original.width, height=original.height),
    }
    if state.result:
        facts[words.FACT_FILE] = f"PNG, {size_text(state.result.size)}"
    if original.notes:
        facts[words.FACT_NOTES] = plain(", ".join(original.notes))
    st.caption(" · ".join(f"{label}: {fact}" for label, fact in facts.items()))
