"""Presigned links that were asked for in the playground, kept for the next file to go to."""

import time

import streamlit as st

from client.storage.plan import UploadSlot
from components.common.moment import expiry_text
from components.playground import words
from components.session import connection, of_connection, username
from components.words import limit_text
from process import this_process

_SLOT = "upload_slot"


def open_slot(slot: UploadSlot) -> None:
    """Have the next file go to these links."""
    of_connection()[_SLOT] = this_process().slots.keep(username(), slot), slot


def close_slot() -> None:
    """Forget these links: the next file asks for its own."""
    if kept := of_connection().pop(_SLOT, None):
        this_process().slots.take(username(), kept[0])


def waiting_slot() -> str | None:
    """Return the id of the links for the next file; None without any that are still there."""
    kept: tuple[str, UploadSlot] | None = of_connection().get(_SLOT)
    return kept[0] if kept and this_process().slots.get(username(), kept[0]) else None


def slot_notice() -> None:
    """Say on the upload page where the next file goes, and let people choose otherwise."""
    kept: tuple[str, UploadSlot] | None = of_connection().get(_SLOT)
    with st.container():  # also while empty, so that the uploader below stays the same element
        if kept is None:
            return
        _, slot = kept
        if slot.deadline <= time.time():
            st.warning(words.SLOT_EXPIRED)
        if waiting_slot() is None:
            close_slot()
            return
        limits = {"single": connection().single_limit, "multipart": connection().multipart_limit}
        limit = min(limits[slot.kind], slot.max_part_size * len(slot.put_urls))
        st.info(
            words.SLOT_NOTICE.format(
                expiry=expiry_text(slot.deadline, time.time()), limit=limit_text(limit)
            ),
            icon=":material/input:",
        )
        st.button(words.SLOT_DROP, key="upload-slot-drop", on_click=close_slot)
