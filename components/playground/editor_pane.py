"""The editor with the tab on show, and what happens when somebody types or runs."""

import time

import streamlit as st

from client.api.cost import LIMIT, UNLIMITED_PAGE, estimated_cost
from client.api.document import choose_operation, read_variables
from client.api.schema import LoadedSchema, is_amplience
from client.connection.connection import Connection, NoToken
from client.errors import NotSentError
from client.playground.last_values import names_in
from client.playground.saved_operations import LONGEST_TEXT
from components.playground import words
from components.playground.editor.editor import EditorAnswer, EditorData, editor, heard
from components.playground.schema import schema_note
from components.playground.state import Playground
from components.session import connection, may_upload

KEY = "playground-editor"
_MOST_NAMES = 50


def playground_editor(state: Playground, loaded: LoadedSchema) -> None:
    """Draw the editor; what it tells is kept, and run, before the page is drawn."""
    waiting = state.run if state.run and state.run.awaited else None
    data = EditorData(
        text=state.tab.text,
        variables=state.tab.variables,
        version=state.version,
        document=state.active,
        follows=state.follows,
        base=state.taken.get(state.active, (0, 0, 0)),
        schema=loaded.sdl,
        schema_note=schema_note(loaded),
        headers_note=_headers_note(connection()),
        last_names=names_in(state.answers.here, _MOST_NAMES),
        read_only=not may_upload(),
        caret=state.caret_wanted,
        waiting=waiting.operation if waiting else "",
        waited=time.time() - waiting.begun if waiting else 0.0,
    )
    editor(
        data,
        key=KEY,
        on_run=lambda: run(state, heard(KEY)),
        on_change=lambda: take(state, heard(KEY)),
        on_cancel=state.cancel,
    )
    if max(len(state.tab.text), len(state.tab.variables)) > LONGEST_TEXT:
        st.warning(words.TOO_LONG_TO_KEEP.format(most=f"{LONGEST_TEXT:,}"))
    if is_amplience(loaded.schema):
        _cost(state, loaded)


def _headers_note(endpoint: Connection) -> str:
    note = words.HEADERS_NOTE
    if isinstance(endpoint.credentials, NoToken):
        note = words.HEADERS_NOTE_NO_TOKEN
    if not endpoint.headers:
        return note
    names = ", ".join(name for name, _ in endpoint.headers)
    return f"{note} {words.HEADERS_ALONG.format(names=names)}"


def take(state: Playground, answer: EditorAnswer | None) -> str | None:
    """Keep what was typed; return the tab that holds it.

    What was typed into a text that was replaced since, by the form maybe, comes too late: the
    editor brings it over to the new text and tells it again.
    """
    if answer is None or answer.version != state.versions.get(_tab_of(state, answer), 0):
        return None
    tab_id = state.typed(_tab_of(state, answer), answer.text, answer.variables)
    state.taken[tab_id] = (answer.version, answer.draft_id, answer.run_id)
    state.carets[tab_id] = (answer.operation_name, _characters(answer.text, answer.cursor))
    return tab_id


def run(state: Playground, answer: EditorAnswer | None) -> bool:
    """Run what the person saw; return False for what is told again of the text that replaced it."""
    if not answer or _tab_of(state, answer) not in state.tabs or not may_upload():
        return True
    tab_id = take(state, answer)
    if tab_id:
        state.execute(tab_id, answer.run_id)
    return tab_id is not None


def _tab_of(state: Playground, answer: EditorAnswer) -> str:
    """Return the tab that typed text belongs to: a new one after another window changed the old."""
    return state.moved.get((answer.document, answer.version), answer.document)


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
