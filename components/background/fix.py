"""Corrections of a cut-out: another cut, holes, the edge. The brush is in the viewer."""

import streamlit as st

from components.background import words
from components.background.changes import Changes, changes_of, edit_of, key_of, undo_all
from components.background.picture_run import PREVIEW, PREVIEW_FORMAT, PictureRun
from components.background.problems import problems_shown
from components.kept import kept_index
from components.session import may_upload
from cutout.editing.edits import EDGES, HOLES, Edit


def fix(run: PictureRun) -> None:
    """Draw what can be changed, once there is a result to change."""
    if run.state.result is None or not may_upload():
        return
    with st.expander(words.FIX_TITLE, icon=":material/healing:", key=key_of("fix", run)):
        st.caption(words.FIX_PURPOSE)
        holes, edge = st.columns(2)
        holes_key, edge_key = key_of("holes", run), key_of("edge", run)
        holes.radio(
            words.HOLES,
            HOLES,
            index=kept_index(holes_key, HOLES, HOLES[0]),
            format_func=words.HOLE_CHOICES.__getitem__,
            horizontal=True,
            key=holes_key,
            persist_state="session",
        )
        edge.radio(
            words.EDGE,
            EDGES,
            index=kept_index(edge_key, EDGES, "normal"),
            format_func=words.EDGE_CHOICES.__getitem__,
            horizontal=True,
            key=edge_key,
            persist_state="session",
        )
        _buttons(run)
        _offers(run, changes_of(run))


def _buttons(run: PictureRun) -> None:
    changes = changes_of(run)
    with st.container(horizontal=True):
        st.button(
            words.OTHER_CUTS,
            key=key_of("cuts", run),
            icon=":material/style:",
            help=words.OTHER_CUTS_HELP,
            on_click=_look_for_cuts,
            args=(run, changes),
        )
        st.button(
            words.ALL_AS_IT_CAME,
            key=key_of("undo-all", run),
            icon=":material/undo:",
            disabled=edit_of(run) == Edit(),
            on_click=undo_all,
            args=(run,),
        )
    if changes.cuts.wanted:
        with problems_shown(run.name), st.spinner(words.LOOKING_FOR_CUTS):
            changes.cuts.wait()


def _look_for_cuts(run: PictureRun, changes: Changes) -> None:
    def look() -> None:
        changes.offered = run.cuts()

    changes.cuts.begin(look)


def _offers(run: PictureRun, changes: Changes) -> None:
    if not changes.offered:
        return
    offers: list[tuple[int | None, bytes]] = [
        (None, run.render(Edit(), PREVIEW_FORMAT, longest=PREVIEW).content)
    ]
    offers += [(number, cut.preview) for number, cut in enumerate(changes.offered)]
    for place, (number, content) in zip(st.columns(4), offers, strict=False):
        name = words.CUT_AS_IT_CAME if number is None else words.CUT_NAME.format(number=number + 1)
        in_use = changes.cut == number
        place.image(content, alt=words.CUT_ALT.format(cut=name, name=run.name))
        place.button(
            f"{name}: {words.IN_USE}" if in_use else f"{words.USE}: {name}",
            key=key_of(f"cut-{number}", run),
            disabled=in_use,
            on_click=_use,
            args=(changes, number),
        )


def _use(changes: Changes, number: int | None) -> None:
    changes.cut = number
