"""The open operations, one of them on show."""

import streamlit as st

from client.playground.saved_operations import SavedOperation
from components.common.plain_text import plain
from components.playground import words
from components.playground.state import TAB_KEY, Playground, title_of
from components.widget_state import entered

_SHOWN = "playground_tab_shown"
_LONGEST_TITLE = 32


def playground_tabs(state: Playground) -> None:
    """Draw the row of tabs, and buttons to open and close one."""
    titles = _titles(state)

    def chosen() -> None:
        # A radio group remembers the label, which is no tab any more once its text has changed.
        if (tab_id := entered(TAB_KEY)) in state.tabs:
            state.show(tab_id)

    shown = (state.active, titles[state.active])
    if st.session_state.get(TAB_KEY) != state.active or st.session_state.get(_SHOWN) != shown:
        # Set anew with another title too: a radio group of which it is gone shows no choice.
        st.session_state[TAB_KEY] = state.active
    st.session_state[_SHOWN] = shown
    with st.container(horizontal=True, vertical_alignment="bottom", key="playground-tabs"):
        st.radio(
            words.TABS,
            list(titles),
            index=list(titles).index(state.active),  # see form.py
            format_func=titles.__getitem__,
            horizontal=True,
            key=TAB_KEY,
            on_change=chosen,
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


def _titles(state: Playground) -> dict[str, str]:
    """Return the labels of the tabs, each its own: a radio group tells equal ones not apart."""
    titles: dict[str, str] = {}
    for tab_id, tab in state.tabs.items():
        title, number = _title(tab), 1
        while title in titles.values():
            number += 1
            title = f"{_title(tab)} ({number})"
        titles[tab_id] = title
    return titles


def _title(tab: SavedOperation) -> str:
    title = title_of(tab)
    return plain(title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…")
