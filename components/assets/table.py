"""Assets as a table, for many of them."""

import time
from collections.abc import Mapping, Sequence

import streamlit as st

from client.content_hub.assets import Asset
from components.assets import words
from components.assets.state import select_asset
from components.common.moment import clock_text
from components.common.plain_text import on_one_line

_KEY = "assets-table"


def asset_table(assets: Sequence[Asset], folders: Mapping[str, str]) -> None:
    """Draw a row for each asset; a row that is chosen opens its asset.

    Args:
        assets: what to list.
        folders: folder id -> what the folder is called.
    """
    st.caption(words.TABLE_HINT)
    now = time.time()
    rows = [
        (
            on_one_line(asset.name),
            on_one_line(asset.label),
            on_one_line(asset.filename),
            on_one_line(asset.mime_type or asset.type),
            words.YES_NO[asset.published],
            clock_text(asset.created, now) if asset.created is not None else "",
            on_one_line(folders.get(asset.folder_id, "")),
        )
        for asset in assets
    ]
    columns = {name: [row[index] for row in rows] for index, name in enumerate(words.COLUMNS)}
    chosen = st.dataframe(  # pyright: ignore[reportUnknownMemberType] # names pyarrow, which has no types
        columns,
        hide_index=True,
        key=_KEY,
        alt=words.TABLE_ALT,
        on_select="rerun",
        selection_mode="single-row",
    )
    if rows_chosen := chosen.selection.rows:
        select_asset(assets[rows_chosen[0]].id)
        st.rerun()
