"""The open operations, one of them on show."""

import streamlit as st

from client.saved_operations import Operation
from components import playground_words as words
from components.plain_text import plain
from components.playground_state import TAB_KEY, Playground, title_of

_LONGEST_TITLE = 32


def playground_tabs(state: Playground) -> None:
    """Draw the row of tabs, and buttons to open and close one."""
    titles = {tab_id: _title(tab) for tab_id, tab in state.tabs.items()}
    st.session_state[TAB_KEY] = state.active
    with st.container(horizontal=True, vertical_alignment="bottom", key="playground-tabs"):
        st.radio(
            words.TABS,
            list(titles),
            format_func=titles.__getitem__,
            horizontal=True,
            key=TAB_KEY,
            on_change=lambda: state.show(st.session_state[TAB_KEY]),
            width="content",
        )
        st.button(
            words.NEW_TAB,
            key="playground-new-tab",
            icon=":material/add:",
            on_click=lambda: state.open(words.NEW_TEXT),
        )
        st.button(
            words.CLOSE_TAB,
            key="playground-close-tab",
            icon=":material/close:",
            on_click=lambda: state.close(state.active),
        )


def _title(tab: Operation) -> str:
    title = title_of(tab)
    return plain(title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…")
