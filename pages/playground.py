import streamlit as st

from components.common.error_message import error_message
from components.kept import kept
from components.playground import words
from components.playground.answer import answer, outcome_line
from components.playground.editor_pane import playground_editor
from components.playground.export import export_operation
from components.playground.form import playground_form
from components.playground.history import library
from components.playground.schema import schema_details
from components.playground.state import loaded_schema, open_from_link, playground
from components.playground.tabs import playground_tabs
from components.session import may_upload

LIBRARY_KEY, FORM_KEY = "playground-with-library", "playground-with-form"

st.title(words.TITLE, anchor=False)
st.write(words.PURPOSE)
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
playground_tabs(state)
with st.container(horizontal=True, vertical_alignment="center", key="playground-tools"):
    with_library = st.toggle(
        words.LIBRARY, kept(LIBRARY_KEY, False), key=LIBRARY_KEY, persist_state="session"
    )
    with_form = st.toggle(words.FORM, kept(FORM_KEY, False), key=FORM_KEY, persist_state="session")
    schema_details(schema)
if with_library:
    library(state, schema)
form_side, editor_side = st.columns([2, 3]) if with_form else (None, st.container())
if form_side:
    with form_side:
        playground_form(state, schema)
with editor_side:
    with st.container():
        outcome_line(state)
    playground_editor(state, schema)
answer(state)
export_operation(state)
