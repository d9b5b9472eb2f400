"""Going on with what an answer brings: upload to its links, or use the file it points to."""

import time
from urllib.parse import urlsplit

import streamlit as st

from client.api.schema import is_amplience
from client.playground.run import Run
from client.playground.samples import Sample, samples
from client.storage.plan import UploadSlot
from client.transfers.slot import TempLink
from components.common.link.link import link
from components.common.moment import expiry_text
from components.playground import words
from components.playground.sample import open_sample
from components.playground.state import Playground, loaded_schema
from components.playground.upload_slot import open_slot
from components.session import may_upload

UPLOAD_PAGE = "pages/upload.py"
_SHOWN = 4


def answer_steps(state: Playground, run: Run, *, asked_here: bool) -> None:
    """Draw what can be done next; nothing where the answer has no links.

    Args:
        state: what is open.
        run: the outcome of the tab on show.
        asked_here: whether the connection in use was asked, so that placeholders may be its values.
    """
    if not (run.slots or run.links):
        return
    with st.container(border=True, key="playground-next"):
        st.subheader(words.NEXT, anchor=False)
        if may_upload():
            for number, slot in enumerate(run.slots):
                _slot(slot, number)
        for number, one in enumerate(run.links[:_SHOWN]):
            _link(state, one, number)
        if len(run.links) > _SHOWN:
            st.caption(words.LINKS_CUT.format(count=len(run.links) - _SHOWN))
        if run.links and asked_here:
            st.caption(words.LAST_VALUE.format(name=run.links[0].key))


def _slot(slot: UploadSlot, number: int) -> None:
    now = time.time()
    expiry = expiry_text(slot.deadline, now)
    with st.container(horizontal=True, vertical_alignment="center"):
        label = words.UPLOAD_HERE if slot.kind == "single" else words.UPLOAD_IN_PARTS
        st.button(
            label,
            key=f"playground-upload-{number}",
            type="primary",
            icon=":material/upload:",
            disabled=slot.deadline <= now,
            on_click=_upload,
            args=(slot,),
        )
        st.caption(
            words.counted(words.PUT_LINKS, len(slot.put_urls), expiry=expiry), width="content"
        )


def _upload(slot: UploadSlot) -> None:
    open_slot(slot)
    st.switch_page(UPLOAD_PAGE)


def _link(state: Playground, one: TempLink, number: int) -> None:
    link(
        one.url,
        name=words.LINK_NAMES[one.key],
        deadline=one.deadline,
        key=f"playground-link-{number}",
    )
    if not (may_upload() and is_amplience(loaded_schema().schema)):
        return
    expired = one.deadline <= time.time()
    with st.container(horizontal=True):
        st.button(
            words.REMOVE_BACKGROUND,
            key=f"playground-cut-{number}",
            icon=":material/content_cut:",
            disabled=expired,
            on_click=_remove_background,
            args=(state, one),
        )
        st.button(
            words.CREATE_ASSET,
            key=f"playground-asset-{number}",
            icon=":material/add_photo_alternate:",
            disabled=expired,
            on_click=_create_asset,
            args=(state, one),
        )


def _remove_background(state: Playground, one: TempLink) -> None:
    open_sample(state, _sample("remove-background"), imageUrl=one.url)


def _create_asset(state: Playground, one: TempLink) -> None:
    last = urlsplit(one.url).path.rpartition("/")[2]
    key = "".join(letter for letter in last if letter.isalnum())[:8] or "1"
    name = f"temp-file-{key}"
    open_asset_mutation(state, one.url, name, f"{name}.png")


def open_asset_mutation(state: Playground, url: str, name: str, file_name: str) -> None:
    """Open a tab with the mutation that makes an asset of the file a link leads to."""
    open_sample(state, _sample("create-asset"), src=url, name=name, filename=file_name)


def _sample(sample_id: str) -> Sample:
    return next(one for one in samples() if one.id == sample_id)
