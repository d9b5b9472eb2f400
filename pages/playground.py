import streamlit as st

from components.common.error_message import error_message
from components.kept import kept
from components.playground import words
from components.playground.answer import answer, outcome_line
from components.playground.divider.divider import divider
from components.playground.editor_pane import playground_editor
from components.playground.export import export_operation
from components.playground.filling import filling
from components.playground.panes.panes import panes
from components.playground.schema import schema_details
from components.playground.state import loaded_schema, open_from_link, playground
from components.playground.tabs import playground_tabs
from components.session import may_upload

LIBRARY_KEY, FORM_KEY = "playground-with-library", "playground-with-form"

with st.container(horizontal=True, vertical_alignment="center", key="playground-head"):
    st.title(words.TITLE, anchor=False, width="content")
    st.caption(words.PURPOSE)
    with_library = st.toggle(
        words.LIBRARY, kept(LIBRARY_KEY, False), key=LIBRARY_KEY, persist_state="session"
    )
    with_form = st.toggle(words.FORM, kept(FORM_KEY, False), key=FORM_KEY, persist_state="session")
    schema_details(loaded_schema())
if not may_upload():
    st.info(words.ONLY_LOOKING, icon=":material/visibility:")
with st.container():  # of every run, so that the editor below stays the same element
    if not open_from_link():
        st.warning(words.LINK_UNREADABLE)
    state, schema = playground(), loaded_schema()
    if state.problem:
        error_message(state.problem)
        st.caption(words.RECORDS_PROBLEM)
    if state.notice:
        st.info(state.notice, icon=":material/content_copy:")
    if state.refusal:
        st.warning(state.refusal, icon=":material/block:")
playground_tabs(state)
with st.container(key="playground-workspace"):  # side by side where there is room: shell.css
    panes(state, with_form=with_form, with_library=with_library)
    with st.container(key="playground-writing"):
        with st.container(key="playground-outcome"):
            outcome_line(state)
        playground_editor(state, schema)
    filling(state, schema, with_form=with_form, with_library=with_library)
    divider()
    with st.container(key="playground-answering"):
        answer(state)
export_operation(state)
