"""The way from the assets page to the playground."""

import streamlit as st

from client.playground.link import write_link
from client.playground.saved_operations import SavedOperation
from components.assets import words
from components.playground.state import LINK_QUERY


def playground_button(operation: SavedOperation, *, key: str) -> None:
    """Draw a button that opens the operation in a tab of the playground."""
    link = write_link(operation)
    if link:
        st.button(
            words.OPEN_IN_PLAYGROUND,
            key=key,
            icon=":material/terminal:",
            on_click=_open,
            args=(link,),
        )


def _open(link: str) -> None:
    st.switch_page("pages/playground.py", query_params={LINK_QUERY: link})
