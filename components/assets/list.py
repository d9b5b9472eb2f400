"""The assets of a place, as pictures or as a table, a page at a time."""

import streamlit as st

from client.content_hub.library import PAGE
from components.assets import words
from components.assets.grid import asset_grid
from components.assets.place import SEARCH_KEY, ChosenPlace
from components.assets.state import AssetBrowser, AssetListing
from components.assets.table import asset_table
from components.common.error_message import error_message
from components.common.plain_text import plain


def asset_list(state: AssetBrowser, chosen: ChosenPlace) -> None:
    """Draw what is in the place chosen, reading it first when it was not read yet."""
    with st.spinner(words.READING):
        listing = state.list_assets(chosen.place, chosen.keyword)
    if listing.assets:
        more = listing.next is not None
        st.caption(words.shown_text(len(listing.assets), listing.total, more=more))
        if chosen.view == "table":
            folders = {folder.id: " / ".join(folder.path) for folder in chosen.tree.folders}
            asset_table(listing.assets, folders)
        else:
            asset_grid(listing.assets, state.thumbnails)
    elif not listing.problem:
        _nothing(listing, chosen)
    if listing.problem:
        error_message(listing.problem)
        _read_more(state, listing, words.TRY_AGAIN)
    elif listing.next:
        rest = listing.total - len(listing.assets) if listing.total else PAGE
        _read_more(state, listing, words.SHOW_MORE.format(count=min(PAGE, rest)))


def _read_more(state: AssetBrowser, listing: AssetListing, label: str) -> None:
    st.button(label, key="assets-more", on_click=state.read_more, args=(listing,))


def _nothing(listing: AssetListing, chosen: ChosenPlace) -> None:
    if listing.keyword:
        st.subheader(words.NOTHING_FOUND_TITLE, anchor=False)
        text = words.NOTHING_FOUND
        st.write(text.format(place=plain(chosen.label), keyword=plain(listing.keyword)))
        st.button(words.CLEAR_SEARCH, key="assets-clear", on_click=_clear_search)
        return
    st.subheader(words.EMPTY_TITLE, anchor=False)
    st.write(words.EMPTY)
    st.button(words.UPLOAD, key="assets-upload", icon=":material/upload:", on_click=_upload)


def _upload() -> None:
    st.switch_page("pages/upload.py")


def _clear_search() -> None:
    st.session_state[SEARCH_KEY] = ""
