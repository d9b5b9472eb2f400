"""The editor with the tab on show, and what happens when somebody types or runs."""

import streamlit as st

from client.api.cost import LIMIT, UNLIMITED_PAGE, estimated_cost
from client.api.document import choose_operation, read_variables
from client.api.schema import LoadedSchema
from client.errors import NotSentError
from components.playground import words
from components.playground.editor.editor import EditorAnswer, EditorData, editor, heard
from components.playground.schema import schema_note
from components.playground.state import Playground
from components.session import may_upload

KEY = "playground-editor"


def playground_editor(state: Playground, loaded: LoadedSchema) -> None:
    """Draw the editor; what it tells is kept, and run, before the page is drawn."""
    data = EditorData(
        text=state.tab.text,
        variables=state.tab.variables,
        version=state.version,
        document=state.active,
        follows=state.follows,
        schema=loaded.sdl,
        schema_note=schema_note(loaded),
        headers_note=words.HEADERS_NOTE,
        read_only=not may_upload(),
    )
    editor(data, key=KEY, on_run=lambda: _run(state), on_change=lambda: _take(state))
    _cost(state, loaded)


def _take(state: Playground) -> None:
    """Keep what was typed; a draft of a text that was replaced since comes too late."""
    answer = heard(KEY)
    if answer and answer.version == state.versions.get(_tab_of(state, answer), 0):
        _keep(state, answer)


def _run(state: Playground) -> None:
    """Run what the person saw, whatever became of the tab meanwhile."""
    answer = heard(KEY)
    if answer and _tab_of(state, answer) in state.tabs and may_upload():
        tab_id = _keep(state, answer)
        state.execute(tab_id, *state.caret_of(tab_id))


def _tab_of(state: Playground, answer: EditorAnswer) -> str:
    """Return the tab that typed text belongs to: a new one after another window changed the old."""
    return state.moved.get((answer.document, answer.version), answer.document)


def _keep(state: Playground, answer: EditorAnswer) -> str:
    tab_id = state.typed(_tab_of(state, answer), answer.text, answer.variables)
    state.carets[tab_id] = (answer.operation_name, _characters(answer.text, answer.cursor))
    return tab_id


def _characters(text: str, utf16_units: int) -> int:
    """Return a place in a text, which browsers count in UTF-16 units, in characters."""
    return len(text.encode("utf-16-le")[: utf16_units * 2].decode("utf-16-le", "ignore"))


def _cost(state: Playground, loaded: LoadedSchema) -> None:
    name, cursor = state.caret_of(state.active)
    try:
        chosen = choose_operation(state.tab.text, name, cursor)
        cost = estimated_cost(loaded.schema, chosen, read_variables(state.tab.variables))
    except NotSentError:
        return
    points, limit = f"{cost.points:,}", f"{LIMIT:,}"
    if cost.too_much:
        st.warning(words.COST_TOO_MUCH.format(points=points, limit=limit))
    elif cost.guessed:
        st.caption(words.COST_GUESSED.format(points=points, limit=limit, page=UNLIMITED_PAGE))
    else:
        st.caption(words.COST.format(points=points, limit=limit))
