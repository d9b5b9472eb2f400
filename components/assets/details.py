"""One asset: its picture, what is known of it, and what can be done with it."""

import time
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from client.content_hub.assets import Asset
from client.errors import ClientError
from client.playground.asset_operations import asset_operation
from components.assets import words
from components.assets.actions import asset_actions
from components.assets.open_in_playground import playground_button
from components.assets.state import QUERY, AssetBrowser, title_of
from components.assets.thumbnail import thumbnail
from components.common.error_message import error_message
from components.common.moment import clock_text
from components.common.plain_text import plain


def asset_details(state: AssetBrowser, asset_id: str) -> None:
    """Draw the asset that the address names."""
    st.button(
        words.BACK,
        key="asset-back",
        icon=":material/arrow_back:",
        on_click=state.close,
    )
    try:
        opened = state.open(asset_id)
    except ClientError as error:
        error_message(error)
        st.button(words.TRY_AGAIN, key="asset-try-again")
        return
    asset = opened.asset
    if asset is None:
        st.subheader(words.NOT_FOUND_TITLE, anchor=False)
        st.write(words.NOT_FOUND)
        return
    title = title_of(asset)
    st.header(plain(title), anchor=False)
    picture_side, rest = st.columns([1, 2])
    with picture_side:
        content = state.thumbnails.kept(asset)
        if content is None:
            with st.skeleton(height=200):
                [(_, content)] = state.thumbnails.fetch([asset])
        thumbnail(asset, title, content)
    with rest:
        _facts(state, asset)
    st.subheader(words.NEXT, anchor=False)
    asset_actions(state, opened, asset)
    _ids(asset)


def _facts(state: AssetBrowser, asset: Asset) -> None:
    repository, folder = _place(state, asset)
    facts = {
        "name": asset.name,
        "label": asset.label,
        "filename": asset.filename,
        "type": asset.type,
        "mime_type": asset.mime_type,
        "published": words.YES_NO[asset.published],
        "status": asset.status,
        "revision": "" if asset.revision is None else str(asset.revision),
        "created": "" if asset.created is None else clock_text(asset.created, time.time()),
        "repository": repository,
        "folder": folder,
        "tags": ", ".join(asset.tags),
    }
    known = [f"**{words.FACTS[name]}**: {plain(fact)}" for name, fact in facts.items() if fact]
    st.markdown("  \n".join(known))


def _place(state: AssetBrowser, asset: Asset) -> tuple[str, str]:
    """Return what repository and folder are called, their ids where that cannot be told."""
    try:
        labels = {one.id: one.label for one in state.repositories()}
        known = asset.repository_id in labels
        folders = state.folders(asset.repository_id).folders if known else ()
    except ClientError:
        return asset.repository_id, asset.folder_id
    paths = {folder.id: " / ".join(folder.path) for folder in folders}
    folder = paths.get(asset.folder_id, asset.folder_id) if asset.folder_id else words.NO_FOLDER
    return labels.get(asset.repository_id, asset.repository_id), folder


def _ids(asset: Asset) -> None:
    here = urlsplit(st.context.url or "")
    link = urlunsplit((here.scheme, here.netloc, here.path, urlencode({QUERY: asset.id}), ""))
    for label, value in (
        (words.ASSET_ID, asset.id),
        (words.ASSET_UUID, asset.asset_id),
        (words.LINK, link),
    ):
        if value:
            st.caption(label)
            st.code(value, language=None, wrap_lines=True)
    playground_button(asset_operation(asset.id), key="asset-playground")
