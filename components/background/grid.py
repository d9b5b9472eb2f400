"""Several pictures at once: each with its state, all of them to download."""

import io
import zipfile
from collections.abc import Sequence

import streamlit as st

from components.background import words
from components.background.changes import edit_of
from components.background.file_names import cut_out_stem
from components.background.picture_run import PREVIEW_FORMAT, THUMBNAIL, PictureRun, RunState
from components.background.pictures import begin, forget, pictures, show
from components.background.problems import problems_shown
from components.common.error_words import error_text
from components.common.plain_text import plain
from components.session import connection, may_upload
from cutout.editing.edits import Edit
from cutout.finishing.finish import Finish

COLUMNS = 4


def grid() -> None:
    """Draw the pictures of this visit, the newest first; one alone only while it is not on show."""
    runs = list(pictures().runs.values())
    if not runs or (len(runs) == 1 and pictures().shown == runs[0].transfer_id):
        return
    done = [run for run in runs if run.state.result]
    st.subheader(words.GRID_TITLE, anchor=False)
    st.caption(words.GRID_CAPTION.format(done=len(done), count=len(runs)))
    waiting = [run for run in runs if not run.state.result and not run.state.running]
    with st.container(horizontal=True):
        if waiting and may_upload() and not connection().embedded:
            st.button(
                words.REMOVE_ALL.format(count=len(waiting)),
                type="primary",
                key="remove-all",
                on_click=_begin_all,
                args=(waiting,),
            )
        if done:
            edits = [(run, edit_of(run)) for run in done]
            st.download_button(
                words.DOWNLOAD_ALL,
                data=lambda: archive(edits),
                file_name="cut-outs.zip",
                mime="application/zip",
                key="download-all",
                on_click="ignore",
                icon=":material/folder_zip:",
            )
    newest = runs[::-1]
    for start in range(0, len(newest), COLUMNS):
        for place, run in zip(st.columns(COLUMNS), newest[start : start + COLUMNS], strict=False):
            with place.container(border=True, key=f"cell-{run.transfer_id}", gap="small"):
                _cell(run)


def _begin_all(runs: list[PictureRun]) -> None:
    for run in runs:
        begin(run, "api")


def archive(edits: Sequence[tuple[PictureRun, Edit]]) -> bytes:
    """Return a zip with every cut-out as a PNG, changed as said, under names that differ."""
    content = io.BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as file:
        for run, edit in edits:
            stem = cut_out_stem(run.name)
            number, name = 1, f"{stem}.png"
            while name in taken:
                number += 1
                name = f"{stem}-{number}.png"
            taken.add(name)
            file.writestr(name, run.render(edit, Finish()).content)
    return content.getvalue()


def _cell(run: PictureRun) -> None:
    state = run.state
    if state.preview is not None:
        with problems_shown(run.name):
            small = run.render(edit_of(run), PREVIEW_FORMAT, longest=THUMBNAIL)
            alt = words.THUMB_ALT["done" if state.result else "other"].format(name=run.name)
            st.image(small.content, alt=alt)
    st.markdown(plain(run.name))
    st.caption(_status(state))
    if state.problem:
        problem = state.problem
        text = error_text(problem.code, problem.details, problem.message)
        st.caption(f":material/error: {plain(f'{text.title}. {text.text}')} `{text.code}`")
    with st.container(horizontal=True, gap="small"):
        shown = pictures().shown == run.transfer_id
        st.button(
            words.OPENED if shown else words.OPEN,
            key=f"open-{run.transfer_id}",
            disabled=shown,
            on_click=show,
            args=(run.transfer_id,),
        )
        st.button(
            words.FORGET,
            key=f"forget-{run.transfer_id}",
            disabled=state.running,
            on_click=forget,
            args=(run.transfer_id,),
        )


def _status(state: RunState) -> str:
    seconds = sum(step.seconds for step in state.steps)
    if state.running:
        return words.RUN_STATES["running"]
    if state.problem:
        return words.RUN_STATES["failed"]
    if state.result is None:
        return words.RUN_STATES["preview" if state.preview else "waiting"]
    badge = ""
    if state.preview and state.preview.confidence:
        badge = f" {words.CONFIDENCE[state.preview.confidence]}"
    return f"{words.RUN_STATES['done']} · {words.STEP_SECONDS.format(seconds=seconds)}{badge}"
