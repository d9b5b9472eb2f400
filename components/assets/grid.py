"""Assets as pictures."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from client.content_hub.assets import Asset
from client.content_hub.thumbnails import Thumbnails
from components.assets import words
from components.assets.state import select_asset, title_of
from components.assets.thumbnail import thumbnail
from components.common.plain_text import plain

_WIDTH = 220
"""Pixels of a card at least; as many stand beside each other as there is room for."""
_PICTURE_HEIGHT = 160


def asset_grid(assets: Sequence[Asset], thumbnails: Thumbnails) -> None:
    """Draw a card for each asset; pictures that are not here yet follow as they arrive."""
    waiting: dict[str, DeltaGenerator] = {}
    with st.grid(min_column_width=_WIDTH, key="assets-grid") as grid:
        for asset in assets:
            with grid.cell(), st.container(border=True, key=f"asset-{asset.id}", gap="small"):
                place = st.empty()
                content = thumbnails.kept(asset)
                if content is None:
                    place.skeleton(height=_PICTURE_HEIGHT)
                    waiting[asset.id] = place
                else:
                    _picture(place, asset, content)
                title = plain(title_of(asset))
                st.markdown(f"**{title}**")
                st.caption(words.PUBLISHED if asset.published else words.NOT_PUBLISHED)
                st.button(
                    words.OPEN_ASSET.format(name=title),
                    key=f"asset-open-{asset.id}",
                    on_click=select_asset,
                    args=(asset.id,),
                    width="stretch",
                )
    missing = [asset for asset in assets if asset.id in waiting]
    for asset, content in thumbnails.fetch(missing):
        _picture(waiting[asset.id], asset, content)


def _picture(place: DeltaGenerator, asset: Asset, content: bytes) -> None:
    with place.container():
        thumbnail(asset, title_of(asset), content)
