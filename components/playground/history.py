"""Operations to start from: samples, what was saved under a name, and what was run."""

import time
from collections.abc import Callable

import streamlit as st
from graphql import parse, validate

from client.api.schema import LoadedSchema, is_amplience
from client.errors import ClientError
from client.playground.operation_files import TOOLS, read_operations, write_operations
from client.playground.samples import OF_ANY_SCHEMA, Sample, samples
from client.playground.saved_operations import LONGEST_NAME, SavedOperation
from components.common.error_message import error_message
from components.common.moment import clock_text
from components.common.plain_text import plain
from components.playground import words
from components.playground.sample import open_sample
from components.playground.state import RUNNING, Playground, title_of
from components.session import connection, may_upload
from components.widget_state import entered

_HEIGHT = 340
_LISTED = 50
_TOOL = "playground-export-tool"
_NOTE, _PROBLEM = "playground_note", "playground_import_problem"


def library(state: Playground, loaded: LoadedSchema) -> None:
    """Draw the lists; each is made, and sent to the browser, once its tab is open."""
    with st.container(border=True, key="playground-library"):
        tabs = st.tabs(words.LIBRARY_TABS, key="playground-library-tabs", on_change="rerun")
        drawers: tuple[Callable[[Playground, LoadedSchema], None], ...] = (
            _samples,
            _saved,
            _history,
        )
        for tab, draw in zip(tabs, drawers, strict=True):
            if tab.open:
                with tab:
                    try:
                        draw(state, loaded)
                    except ClientError as error:
                        error_message(error)


def _search(key: str) -> str:
    return st.text_input(
        words.SEARCH, key=f"playground-search-{key}", placeholder=words.SEARCH_HINT, live="0.3s"
    )


def _entry(label: str, caption: str, key: str, open_it: Callable[[], None]) -> None:
    with st.container(gap=None, key=f"row-{key}"):
        st.button(plain(label), key=key, type="tertiary", on_click=open_it)
        st.caption(caption)


# Samples -------------------------------------------------------------------------------------


def _samples(state: Playground, loaded: LoadedSchema) -> None:
    asked = _search("samples").casefold().split()
    known = [one for one in samples() if is_amplience(loaded.schema) or one.id in OF_ANY_SCHEMA]
    found = [
        one
        for one in known
        if all(word in f"{one.title} {one.sentence} {one.text}".casefold() for word in asked)
    ]
    if not found:
        st.caption(words.NOTHING_FOUND)
        return
    with st.container(height=_HEIGHT, key="playground-samples"):
        for sample in found:
            caption = sample.sentence
            if not _fits(sample, loaded):
                caption = f"{caption} {words.NOT_IN_SCHEMA}"
            _entry(
                sample.title,
                plain(caption),
                f"sample-{sample.id}",
                lambda sample=sample: open_sample(state, sample),
            )


def _fits(sample: Sample, loaded: LoadedSchema) -> bool:
    fitting: dict[tuple[str, str], bool] = st.session_state.setdefault("playground_fitting", {})
    key = (loaded.id, sample.id)
    if key not in fitting:
        fitting[key] = not validate(loaded.schema, parse(sample.text))
    return fitting[key]


# Saved ---------------------------------------------------------------------------------------


def _saved(state: Playground, _loaded: LoadedSchema) -> None:
    key = "playground-save-name"
    with st.container(horizontal=True, vertical_alignment="bottom", key="playground-save-row"):
        st.text_input(
            words.SAVE_NAME, key=key, max_chars=LONGEST_NAME, placeholder=title_of(state.tab)
        )
        st.button(
            words.SAVE,
            key="playground-save",
            icon=":material/bookmark_add:",
            on_click=lambda: _save(state, entered(key)),
        )
    if note := st.session_state.pop(_NOTE, ""):
        st.success(note, icon=":material/check_circle:")
    asked = _search("saved")
    found = state.store.saved(state.owner, asked)
    if not found:
        st.caption(words.NOTHING_FOUND if asked else words.NOTHING_SAVED)
    elif len(found) > _LISTED:
        st.caption(words.DIFFERENCES_CUT.format(count=len(found) - _LISTED))
    with st.container(height=_HEIGHT if len(found) > 4 else "content", key="playground-saved"):
        for entry in found[:_LISTED]:
            _saved_entry(state, entry)
    _files(state)


def _save(state: Playground, name: str) -> None:
    tab = state.tab
    entry = SavedOperation(tab.text, tab.variables, name.strip() or title_of(tab))
    try:
        saved = state.store.save(state.owner, entry)
    except ClientError as error:
        st.session_state[_PROBLEM] = error
        return
    st.session_state[_NOTE] = words.SAVED.format(name=plain(saved.name))


def _saved_entry(state: Playground, entry: SavedOperation) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"saved-row-{entry.id}"):
        st.button(
            plain(title_of(entry)),
            key=f"saved-{entry.id}",
            type="tertiary",
            on_click=lambda: state.open(entry.text, entry.variables, entry.name),
        )
        st.button(
            words.DELETE.format(name=plain(entry.name)),
            key=f"saved-delete-{entry.id}",
            icon=":material/delete:",
            type="tertiary",
            on_click=state.store.delete,
            args=(state.owner, entry.id),
        )


def _files(state: Playground) -> None:
    if saved := state.store.saved(state.owner):
        address = connection().graphql_url  # what is downloaded is made outside of a visit
        with st.container(
            horizontal=True, vertical_alignment="bottom", key="playground-export-row"
        ):
            tool = st.selectbox(
                words.EXPORT_FOR, list(TOOLS), format_func=words.TOOLS.__getitem__, key=_TOOL
            )
            st.download_button(
                words.EXPORT,
                lambda: write_operations(tool, saved, address),
                TOOLS[tool],
                "application/json",
                key="playground-export",
                on_click="ignore",
                icon=":material/download:",
            )
    if may_upload():  # web/sign_in/gate.py refuses the file of anybody else
        st.file_uploader(
            words.IMPORT,
            type=["json", "agc", "agq"],
            help=words.IMPORT_HELP,
            key="playground-import",
            max_upload_size=5,
            on_change=lambda: _import(state),
        )
    if problem := st.session_state.pop(_PROBLEM, None):
        error_message(problem)


def _import(state: Playground) -> None:
    file = entered("playground-import")
    if file is None:
        return
    try:
        found = read_operations(file.getvalue())
        for operation in found.operations:
            state.store.save(state.owner, operation)
    except ClientError as error:
        st.session_state[_PROBLEM] = error
        return
    note = words.counted(words.IMPORTED, len(found.operations))
    if found.left_out:
        note += f" {words.counted(words.REQUESTS_LEFT_OUT, found.left_out)}"
    st.session_state[_NOTE] = f"{note} {words.IMPORTED_ALONE}"


# History -------------------------------------------------------------------------------------


def _history(state: Playground, _loaded: LoadedSchema) -> None:
    asked = _search("history")
    found = state.store.history(state.owner, asked)
    if not found:
        st.caption(words.NOTHING_FOUND if asked else words.NO_HISTORY)
        return
    with st.container(height=_HEIGHT, key="playground-history"):
        for entry in found:
            facts = entry.facts
            _entry(
                str(facts.get("operation") or title_of(entry)),
                _line(state, entry),
                f"history-{entry.id}",
                lambda entry=entry: state.open(entry.text, entry.variables, entry.name),
            )
    st.button(
        words.CLEAR_HISTORY,
        key="playground-clear-history",
        icon=":material/delete:",
        on_click=state.store.clear_history,
        args=(state.owner,),
    )


def _line(state: Playground, entry: SavedOperation) -> str:
    facts, clock = entry.facts, clock_text(entry.at, time.time())
    outcome = str(facts["outcome"])
    if outcome == RUNNING:
        now = "running" if entry.at >= state.runs.since else "interrupted"
        return words.HISTORY_OPEN.format(outcome=words.OUTCOMES[now], clock=clock)
    status = facts.get("status")
    return words.HISTORY_LINE.format(
        outcome=words.OUTCOMES[outcome],
        status=f"HTTP {status}" if status else words.NO_STATUS,
        time=words.seconds_text(facts.get("seconds")),
        size=words.bytes_text(facts.get("size")),
        clock=clock,
    )
