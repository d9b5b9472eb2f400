"""Tells a page whether it is shown again or anew, and what another page opened it for."""

import streamlit as st

_PAGE, _COUNT, _PICTURE = "page_on_show", "page_visits", "picture_to_open"


def note_page(path: str) -> None:
    """Say which page is shown; every change of it is a visit."""
    if st.session_state.get(_PAGE) != path:
        st.session_state[_PAGE] = path
        st.session_state[_COUNT] = page_visit() + 1


def page_visit() -> int:
    """Return the number of the page's visit: it stays while no other page is shown."""
    return st.session_state.get(_COUNT, 0)


def open_picture(transfer_id: str) -> None:
    """Lead to a picture on the background page, in one step of the browser's history.

    Streamlit's `query_params` of a switch would make two of it, the first on the page that is left.
    So the background page names the picture in its address itself (`picture_drop.js`).
    """
    st.session_state[_PICTURE] = transfer_id
    st.switch_page("pages/background.py")


def opened_picture() -> str | None:
    """Return the picture that another page led to, once."""
    return st.session_state.pop(_PICTURE, None)
