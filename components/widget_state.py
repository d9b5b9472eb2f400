"""What a widget or a component holds, as its callback may read it.

Streamlit runs callbacks before the page, with the state that the run before has left. That run may
have ended before the widget was drawn: another click interrupted it, or the visitor was signed out.
Then there is no state, and `st.session_state[key]` would fail before anything is drawn.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st


def reported(key: str, event: str) -> Any:
    """Return what a component reports with the event that its callback is about; else None.

    The event came with the message, so it is found even where the component's state is gone:
    Streamlit adds events to the state, whatever is in that.
    """
    if key not in st.session_state:
        st.session_state[key] = {}
    state: Mapping[str, Any] = st.session_state[key]
    return state.get(event)


def entered(key: str) -> Any:
    """Return what was entered into a widget; without it the callback ends and the page is drawn."""
    if key not in st.session_state:
        st.rerun()
    return st.session_state[key]
