"""The editor alone on a page, with what it reports written below it: `st.App` under our headers.

Python's side of the page is as small as it can be: buttons replace the text or switch documents.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path

import streamlit as st

from components.playground.editor.answer_view import answer_view
from components.playground.editor.editor import EditorData, editor, heard

KEY = "editor"
SCHEMAS = Path(os.environ["EDITOR_TEST_SCHEMAS"])
TEXTS = {"a": ("query Viewer {\n  viewer {\n    id\n  }\n}\n", ""), "b": ("", "")}


def main() -> None:
    """Draw the page."""
    st.set_page_config(layout="wide")
    schema = st.query_params.get("schema", "service.graphql")
    document = st.query_params.get("document", "a")
    st.title("Editor")
    state = st.session_state
    state.setdefault("version", 1)
    state.setdefault("texts", dict(TEXTS))
    state.setdefault("runs", [])
    if st.button("Replace by Python"):
        state.version += 1
        state.texts[document] = ("query Replaced { viewer { name } }\n", '{"a": 1}')
    if st.button("Odd spaces by Python"):
        state.version += 1
        state.texts[document] = ("query Odd {\u00a0viewer { name } }\n", "")
    if st.button("Go on as another"):
        state.texts["c"] = state.texts[document]
        st.query_params["follows"] = f"{document}/{state.version}"
        st.query_params["document"] = "c"
        st.rerun()
    if st.button("Other document"):
        st.query_params["document"] = "b" if document == "a" else "a"
        st.rerun()
    st.button("Rerun")
    if st.checkbox("Another page"):
        return
    text, variables = state.texts[document]
    data = EditorData(
        text,
        variables,
        state.version,
        document,
        st.query_params.get("follows", ""),
        state.setdefault("bases", {}).get(document, (0, 0, 0)),
        (SCHEMAS / schema).read_text(encoding="utf-8") if schema != "none" else "",
        f"Schema: {schema}",
        "The token is added by the server.",
        read_only="read_only" in st.query_params,
    )
    answer = editor(data, key=KEY, on_run=run, on_change=remember, on_cancel=cancel)
    st.code(json.dumps(asdict(answer)), language=None, wrap_lines=True)
    st.markdown(f"Runs: {len(state.runs)}")
    if state.runs:
        answer_view(
            state.runs[-1],
            label="Answer",
            key="answer",
            file_name="answer.json",
            media_type="application/json",
        )


def run() -> bool:
    """Take a run down, as the page would send it."""
    answer = heard(KEY)
    assert answer
    if answer.version != st.session_state.version:
        return False
    runs = st.session_state.runs
    runs.append(json.dumps({"number": len(runs) + 1, **asdict(answer)}, indent=2))
    remember()
    return True


def cancel() -> None:
    """Count it."""
    st.session_state.cancelled = st.session_state.get("cancelled", 0) + 1


def remember() -> None:
    """Keep what was typed, as the page keeps it."""
    answer = heard(KEY)
    assert answer
    if answer.version == st.session_state.version:
        base = (answer.version, answer.draft_id, answer.run_id)
        st.session_state.bases[answer.document] = base
        st.session_state.texts[answer.document] = (answer.text, answer.variables)


main()
