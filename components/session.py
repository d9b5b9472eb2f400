"""What belongs to the visitor: who they are, the connection they use and what it did."""

import secrets
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from client.api.api import Api
from client.connection.connection import Connection
from client.errors import ConnectionUnknownError
from client.transfers.record import Transfer
from client.transfers.visitors import Visitor
from client.wire.exchange import ExchangeLog
from components import words
from process import this_process

CONNECTION_QUERY = "connection"
"""The part of an address that names the connection a visit is to use."""
_CHOSEN, _UNDECIDED = "connection_chosen", "undecided_visit"
_APIS, _REMEMBERED = "apis", "of_connection"
_TOLD_FROM = 1.0
"""Seconds; a shorter wait for the rate limit is over before it can be read of."""


def username() -> str:
    """Return the name the visitor signed in with; without one, the sign-in form is drawn."""
    return _of_visitor("username")


def may_upload() -> bool:
    """Return whether the visitor may do more than look (roles: docs/architecture.md 5.14)."""
    return not {"uploader", "admin"}.isdisjoint(_roles())


def is_admin() -> bool:
    """Return whether the visitor may do what concerns everybody (docs/architecture.md 5.14)."""
    return "admin" in _roles()


def _roles() -> list[str]:
    return _of_visitor("roles").split(",")


def _of_visitor(name: str) -> str:
    """Return a value that sign-in has set for the visitor.

    Nobody who is signed out is shown a page, but a callback or a fragment is run without main.py:
    it ends here, and main.py is run, which shows the sign-in form.
    """
    value = st.user.get(name)
    if value is None:
        st.rerun()
    return str(value)


def connection() -> Connection:
    """Return the endpoint that the pages talk to.

    It is the one this visit chose; when that was removed meanwhile, the one to begin with.

    Raises:
        ConnectionIncompleteError: nothing was chosen, and the settings lack credentials.
        RecordsUnavailableError: the connections cannot be read.
    """
    try:
        return this_process().connections.named(st.session_state.get(_CHOSEN, ""))
    except ConnectionUnknownError:
        return this_process().connections.first()


def choose_connection(name: str) -> None:
    """Have the pages of this visit talk to another endpoint; uploads under way keep theirs.

    Raises:
        ConnectionUnknownError: there is none of that name; nothing is changed.
    """
    this_process().connections.named(name)
    st.session_state[_CHOSEN] = name


def undecided_visit() -> str:
    """Return a name for this visit until it has chosen a connection, from then on an empty one."""
    if _CHOSEN in st.session_state:
        return ""
    return st.session_state.setdefault(_UNDECIDED, secrets.token_hex(4))


def of_connection() -> dict[str, Any]:
    """Return what this visit remembers of the connection in use: each has a dict of its own."""
    api()  # forgets what was remembered of a connection that an admin changed since
    return st.session_state.setdefault(_REMEMBERED, {}).setdefault(connection().name, {})


def visitor() -> Visitor:
    """Return what the signed-in session has in this process; its other tabs see the same."""
    return this_process().visitors.of(username(), str(st.user.get("session") or ""))


def exchange_log() -> ExchangeLog:
    """Return the record of the requests that were made for this sign-in."""
    return visitor().log


def api() -> Api:
    """Return this visit's client of the endpoint.

    Raises:
        ConnectionIncompleteError, RecordsUnavailableError: as `connection` does.
    """
    return _api_for(connection())


def api_for(transfer: Transfer) -> Api:
    """Return the client of the connection that a transfer went over, if it is still there."""
    try:
        return _api_named(transfer.plan.connection) if transfer.plan else api()
    except ConnectionUnknownError:
        return api()


def new_api() -> Api:
    """Return a client of the endpoint that shares nothing with the visit's but the log."""
    return Api(connection(), exchange_log(), on_wait=_tell_wait)


def _api_named(name: str) -> Api:
    return _api_for(this_process().connections.named(name))


def _api_for(wanted: Connection) -> Api:
    apis: dict[str, Api] = st.session_state.setdefault(_APIS, {})
    held = apis.get(wanted.name)
    if held is None or held.connection != wanted:
        held = apis[wanted.name] = Api(wanted, exchange_log(), on_wait=_tell_wait)
        st.session_state.setdefault(_REMEMBERED, {}).pop(wanted.name, None)
    return held


def _tell_wait(seconds: float) -> None:
    """Say on the page that the rate limit is waited for; work in other threads waits in silence."""
    if seconds >= _TOLD_FROM and get_script_run_ctx(suppress_warning=True):
        st.toast(words.waiting(seconds), icon=":material/hourglass_top:")
