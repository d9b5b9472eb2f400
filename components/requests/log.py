"""The log of a visit's HTTP requests, kept up to date while it is looked at."""

import streamlit as st

from client.errors import ClientError
from components.common.error_message import error_message
from components.requests import words
from components.requests.details import request_details
from components.requests.export import request_export
from components.requests.filters import request_filters
from components.requests.list import request_list
from components.requests.waterfall import request_waterfalls
from components.session import username, visitor
from process import this_process

POLL = 2.0
"""Seconds between two looks for new requests; browsers report their parts every second."""


def request_log() -> None:
    """Draw the log: filters, table, transfers over time, one request in full, files."""
    live = st.toggle(words.LIVE, value=True, help=words.LIVE_HELP, key="requests_live")
    st.fragment(_log, run_every=POLL if live else None)()


def _log() -> None:
    try:
        visitor().transfers.log_tries()
        names = {record.id: record.name for record in this_process().transfers.list(username())}
    except ClientError as error:
        error_message(error)
        names: dict[str, str] = {}
    log = visitor().log
    exchanges = log.entries()
    if not exchanges:
        st.caption(words.NOTHING_YET)
        return
    shown = request_filters(exchanges, names)
    request_list(shown, exchanges, log.dropped, names)
    request_details(shown)
    request_export(shown, names)
    request_waterfalls(shown, names)
    st.button(words.CLEAR, on_click=log.clear, icon=":material/delete_sweep:", key="requests_clear")
