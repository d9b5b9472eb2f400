"""The GraphQL editor: operations, their variables, and an explorer of the schema."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, cast

import streamlit as st
from streamlit.runtime import get_instance

from components.playground.editor.words import EDITOR
from components.registry import component
from components.widget_state import reported

SCHEMA_TYPE = "application/json"


@dataclass(frozen=True)
class EditorData:
    """What the editor shows.

    Attributes:
        text: of the operations.
        variables: as JSON text; empty for none.
        version: raised to replace what the editor holds by `text` and `variables`. As long as it
            stays the same, what the person typed wins; what is told of an earlier one comes too
            late, and is told again of this one.
        document: which document this is, such as a tab's id. Each keeps its own undo history; a
            higher version of the same one is an edit that can be undone.
        follows: `document/version` of an earlier document whose text goes on as this one, with its
            caret, its undo history and whatever is typed and not told yet.
        base: which of what the editor told was taken last: the version that it was typed into, its
            `draft_id` and its `run_id`. What is typed since is brought over to a higher version.
        schema: introspection result as JSON, or SDL; empty while there is none. It goes to the
            browser once, by an address of its own.
        schema_note: one line on where the schema comes from.
        headers_note: one line on what is sent beside the operation.
        last_names: names of values of earlier answers, which variables may be completed to.
        read_only: whether the person may only look and run nothing.
        caret: a number that rises when the caret is to be put at the end of the operations, as in a
            tab that somebody has just opened to write in.
        waiting: the operation whose answer is waited for: it is cancelled where others are run.
        waited: seconds that it has been waited for already.
    """

    text: str
    variables: str = ""
    version: int = 0
    document: str = ""
    follows: str = ""
    base: tuple[int, int, int] = (0, 0, 0)
    schema: str = ""
    schema_note: str = ""
    headers_note: str = ""
    last_names: tuple[str, ...] = ()
    read_only: bool = False
    caret: int = 0
    waiting: str = ""
    waited: float = 0.0


@dataclass(frozen=True)
class EditorAnswer:
    """What the editor holds.

    Attributes:
        text: of the operations.
        variables: as JSON text, as typed.
        operation_name: of the operation under the caret; empty where it has none.
        cursor: offset of the caret in `text`, in UTF-16 units.
        run_id: of the latest run, a number that only rises; 0 before the first.
        draft_id: of what was told last without a run, likewise.
        version: the version of the data that this was typed into.
        document: the document of the data that this was typed into.
    """

    text: str
    variables: str
    operation_name: str = ""
    cursor: int = 0
    run_id: int = 0
    draft_id: int = 0
    version: int = 0
    document: str = ""


def editor(
    data: EditorData,
    *,
    key: str,
    on_run: Callable[[], bool],
    on_change: Callable[[], object],
    on_cancel: Callable[[], None],
) -> EditorAnswer:
    """Draw the editor and return what it holds.

    A run brings the text with it, so that what was typed just before is in it. What is not heard
    of here, because the app was away or began anew, is told again, under the same number.

    Args:
        data: what to show.
        key: of the element; `heard(key)` returns the answer within the callbacks.
        on_run: called when the person runs an operation, with `heard(key)` being the run. It says
            whether the run was taken: one of a version that was replaced is told again of the new.
        on_change: called when typing pauses or the editor is left.
        on_cancel: called when the person waits no longer for the answer.
    """

    def report(event: str) -> None:
        answer = _answer(reported(key, event))
        if answer is None:
            return
        last = heard(key)
        if last is None or answer.run_id >= last.run_id:
            st.session_state[_heard_key(key)] = answer
        if event == "draft":
            on_change()
            st.session_state[_number_key(key, event)] = answer.draft_id
        elif on_run():
            st.session_state[_number_key(key, event)] = answer.run_id

    schema = ""
    if data.schema:  # fetched by its address, which is made of its content: behind the sign-in
        files = get_instance().media_file_mgr
        schema = files.add(data.schema.encode(), SCHEMA_TYPE, f"{key}-schema")
    component("editor")(
        key=key,
        data={
            "view": "editor",
            "key": key,
            "text": data.text,
            "variables": data.variables,
            "version": data.version,
            "document": data.document,
            "follows": data.follows,
            "base": dict(zip(("version", "draft", "run"), data.base, strict=True)),
            "schema": schema,
            "schemaNote": data.schema_note,
            "headersNote": data.headers_note,
            "lastNames": list(data.last_names),
            "readOnly": data.read_only,
            "caret": data.caret,
            "waiting": data.waiting,
            "waited": data.waited,
            "heard": {
                event: st.session_state.get(_number_key(key, event), 0)
                for event in ("draft", "run")
            },
            "words": EDITOR,
        },
        on_run_change=lambda: report("run"),
        on_draft_change=lambda: report("draft"),
        on_cancel_change=on_cancel,
    )
    answer = heard(key)
    if answer is None or (answer.version, answer.document) != (data.version, data.document):
        run_id = answer.run_id if answer else 0
        return EditorAnswer(
            data.text, data.variables, run_id=run_id, version=data.version, document=data.document
        )
    return answer


def heard(key: str) -> EditorAnswer | None:
    """Return what the editor of that key reported last; None before it did."""
    return st.session_state.get(_heard_key(key))


def _answer(told: object) -> EditorAnswer | None:
    """Return what the browser told as an answer; None where its fields or their types are wrong."""
    if not isinstance(told, Mapping):
        return None
    kinds = {field.name: field.type for field in fields(EditorAnswer)}
    values = cast("Mapping[str, Any]", told)
    if values.keys() != kinds.keys() or any(
        type(values[name]) is not kind for name, kind in kinds.items()
    ):
        return None
    return EditorAnswer(**values)


def _heard_key(key: str) -> str:
    return f"{key}-heard"


def _number_key(key: str, event: str) -> str:
    return f"{key}-heard-{event}"
