"""Tells a page whether it is shown again, or anew after another one."""

import streamlit as st

_PAGE, _COUNT = "page_on_show", "page_visits"


def note_page(path: str) -> None:
    """Say which page is shown; every change of it is a visit."""
    if st.session_state.get(_PAGE) != path:
        st.session_state[_PAGE] = path
        st.session_state[_COUNT] = page_visit() + 1


def page_visit() -> int:
    """Return the number of the page's visit: it stays while no other page is shown."""
    return st.session_state.get(_COUNT, 0)
