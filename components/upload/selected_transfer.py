"""The transfer that the address names, with all that is known of it."""

import time

import streamlit as st

from client.transfers.leases import LEASE_SECONDS
from client.transfers.record import Transfer
from components.common.error_message import error_message
from components.common.plain_text import plain
from components.session import username
from components.upload import words
from components.upload.result_card import result_card
from process import this_process

QUERY = "transfer"
"""The name that a transfer's id has in the address; the address never holds more than its id."""


def select(transfer_id: str | None) -> None:
    """Have the address name a transfer, or none."""
    if transfer_id is None:
        st.query_params.pop(QUERY, None)
    else:
        st.query_params[QUERY] = transfer_id


def selected_transfer() -> None:
    """Draw the transfer that the address names, if it names one."""
    selected = st.query_params.get(QUERY)
    if selected is None:
        return
    with st.container(key=f"selected-transfer-{selected}"):
        _details(selected)


def _details(selected: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(words.SELECTED_TITLE, anchor=False)
        st.button(words.SELECTED_CLOSE, key="selected-close", on_click=select, args=(None,))
    transfer = this_process().transfers.get(username(), selected)
    if transfer is None:
        st.info(words.SELECTED_UNKNOWN, icon=":material/help:")
    elif transfer.receipt:
        result_card(transfer, transfer.receipt)
    else:
        _unfinished(transfer)


def _unfinished(transfer: Transfer) -> None:
    name = plain(transfer.name)
    deadline = transfer.plan.deadline if transfer.plan else 0
    if transfer.state == "cancelled":
        st.info(words.SELECTED_CANCELLED.format(name=name), icon=":material/cancel:")
    elif deadline <= time.time() and transfer.state == "planned":
        st.info(words.SELECTED_TOO_LATE.format(name=name), icon=":material/link_off:")
    elif transfer.problem:
        error_message(transfer.problem)
    elif time.time() - transfer.heartbeat <= LEASE_SECONDS:
        st.info(words.SELECTED_ON_ITS_WAY.format(name=name), icon=":material/upload:")
    else:
        st.info(words.SELECTED_INTERRUPTED.format(name=name), icon=":material/pause_circle:")
