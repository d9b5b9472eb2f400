"""The steps of the work on the picture on show, with the seconds and credits they took."""

from dataclasses import replace

import streamlit as st

from components.background import words
from components.background.picture_run import PictureRun, RunState, Step
from components.background.pictures import begin
from components.common.error_message import error_message
from components.common.plain_text import plain
from components.session import connection, may_upload, username
from process import this_process

_ICONS = {
    "waiting": ":material/schedule:",
    "running": ":material/progress_activity:",
    "done": ":material/check_circle:",
    "failed": ":material/error:",
}


def is_told(state: RunState) -> bool:
    """Return whether nothing is left to wait for or to decide, so that the picture comes first."""
    return state.result is not None and not state.running and state.problem is None


def chain(run: PictureRun) -> None:
    """Draw the steps, what went wrong, and the buttons for what comes next."""
    state = run.state
    with st.container(border=True, key="chain", gap="small"):
        st.markdown(f"**{words.CHAIN_TITLE}** · {plain(run.name)}")
        with st.container(horizontal=True, gap="small", key="links"):
            for line in _lines(run, state):
                st.markdown(line, width="content")
        if state.problem:
            error_message(state.problem)
        _next(run, state)


def _lines(run: PictureRun, state: RunState) -> list[str]:
    tries = [row for _number, row in this_process().transfers.tries.of(username(), run.transfer_id)]
    upload = Step("fetch", "done")
    if tries:
        ended = max(row.started + row.seconds for row in tries)
        upload = replace(upload, seconds=ended - min(row.started for row in tries))
    lines = [_line(words.UPLOAD_STEP, upload, seconds=bool(tries))]
    for step in state.steps:
        here = step.name == "remove" and run.way == "here"
        name = words.REMOVE_HERE_STEP if here else words.STEPS[step.name]
        lines.append(_line(name, step, extra=_cost(state, step)))
    return lines


def _line(name: str, step: Step, *, seconds: bool = True, extra: str = "") -> str:
    told = words.STEP_STATES[step.state]
    if step.state in ("done", "failed") and seconds:
        told = words.STEP_SECONDS.format(seconds=step.seconds)
    return f"{_ICONS[step.state]} {name} · {told}{extra}"


def _cost(state: RunState, step: Step) -> str:
    if step.name != "remove" or step.state != "done" or state.result is None:
        return ""
    paid = state.result.way == "api"
    cost = f" · {words.COST[int(paid)]}"
    if state.result.credits_left is None:
        return cost
    return f"{cost}, {words.CREDITS_LEFT.format(count=state.result.credits_left)}"


def _next(run: PictureRun, state: RunState) -> None:
    if state.running:
        text = words.REMOVING if state.preview else words.PREVIEWING
        st.status(text, type="compact")
        return
    if state.result or not may_upload():
        return
    if state.preview and not connection().embedded and not state.problem:
        st.caption(words.STILL_PREVIEW)
    with st.container(horizontal=True):
        again = state.problem is not None
        st.button(
            words.TRY_AGAIN if again else words.REMOVE,
            type="primary",
            key="remove-background",
            on_click=begin,
            args=(run, "api"),
        )
        if state.preview:
            st.button(words.REMOVE_HERE, key="remove-here", on_click=begin, args=(run, "here"))
