"""The visitor's transfers: the newest links, all of them as a list, and one picked by address."""

import time

import streamlit as st

from client.transfers.leases import LEASE_SECONDS
from client.transfers.record import Transfer, TransferRecord
from components.common.error_message import error_message
from components.common.moment import clock_text, expiry_text
from components.common.plain_text import plain
from components.session import username
from components.upload import words
from components.upload.result_card import result_card
from components.words import size_text
from process import this_process

QUERY = "transfer"
"""The name that a transfer's id has in the address."""
NEWEST = 5
LISTED = 20
_REFRESH = 30
_SHOW_ALL = "show_all_links"


def selected_transfer() -> None:
    """Draw the transfer that the address names; the address never holds more than its id."""
    selected = _selected()
    if selected is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header(words.SELECTED_TITLE, anchor=False)
        st.button(words.SELECTED_CLOSE, key="selected-close", on_click=_select, args=(None,))
    transfer = this_process().transfers.get(username(), selected)
    if transfer is None:
        st.info(words.SELECTED_UNKNOWN, icon=":material/help:")
    elif transfer.receipt:
        result_card(transfer, transfer.receipt)
    else:
        _unfinished(transfer)


def newest_links() -> None:
    """Draw the result cards of the newest uploads, and of all when asked to."""
    st.header(words.LINKS_TITLE, anchor=False)
    selected = _selected()
    finished = this_process().transfers.finished(username())
    if not finished:
        st.caption(words.NO_LINKS)
    everything = st.session_state.get(_SHOW_ALL, False)
    for transfer, receipt in finished if everything else finished[:NEWEST]:
        if transfer.id != selected:
            result_card(transfer, receipt)
    if len(finished) > NEWEST:
        label = words.SHOW_NEWEST if everything else words.SHOW_ALL
        count = NEWEST if everything else len(finished)
        st.button(label.format(count=count), key="show-all", on_click=_toggle_all)


def recent_transfers() -> None:
    """Draw the list of the visitor's transfers; it keeps its times right by itself."""
    if this_process().transfers.list(username()):
        st.fragment(_list, run_every=_REFRESH)()


def _selected() -> str | None:
    return st.query_params.get(QUERY)


def _select(transfer_id: str | None) -> None:
    if transfer_id is None:
        st.query_params.pop(QUERY, None)
    else:
        st.query_params[QUERY] = transfer_id


def _toggle_all() -> None:
    st.session_state[_SHOW_ALL] = not st.session_state.get(_SHOW_ALL, False)


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


def _list() -> None:
    now = time.time()
    st.header(words.RECENT_TITLE, anchor=False)
    newest = this_process().transfers.list(username())[:LISTED]
    st.caption(words.RECENT_PURPOSE.format(count=len(newest)))
    for record in newest:
        row = st.container(
            horizontal=True, vertical_alignment="center", gap="small", key=f"recent-{record.id}"
        )
        with row:
            key = f"select-{record.id}"
            st.button(plain(record.name), key=key, on_click=_show, args=(record.id,))
            line = words.RECENT_LINE.format(
                state=words.RECENT_STATES[_state(record, now)],
                size=size_text(record.size),
                started=clock_text(record.started, now),
                expiry=expiry_text(record.deadline, now),
            )
            st.caption(line, width="content")


def _show(transfer_id: str) -> None:
    _select(transfer_id)
    st.rerun()  # the page shows it, of which the list is but a fragment


def _state(record: TransferRecord, now: float) -> str:
    if record.state in {"failed", "cancelled"}:
        return record.state
    if record.deadline <= now:
        return "expired"
    if record.state == "done":
        return "done"
    return "sending" if now - record.heartbeat <= LEASE_SECONDS else "interrupted"
