"""Adding, changing and removing connections: for admins only, and no secret is ever shown."""

import time
from dataclasses import fields

import streamlit as st

from client.connection.connection import Connection
from client.connection.draft import MOST_HEADERS, ConnectionDraft, draft_of
from client.errors import ClientError
from components.common.error_message import error_message
from components.common.plain_text import plain
from components.connections import words
from components.session import choose_connection, connection, is_admin
from components.widget_state import entered
from process import this_process

_CHANGED, _PROBLEM, _TOLD = "connection_changed", "connection_problem", "connection_told"
_SAVED = "connection_saved"
_PLAIN_FIELDS = [field.name for field in fields(ConnectionDraft) if field.name != "headers"]
_DOUBLE_CLICK = 1.0
"""Seconds within which a second press on Save comes from the same hand movement."""


def connection_form() -> None:
    """Draw the form for an admin; nothing for anybody else."""
    if not is_admin():
        return
    if told := st.session_state.pop(_TOLD, None):
        st.success(told, icon=":material/check_circle:")
    before = _changed()
    title = words.CHANGE_TITLE.format(name=plain(before.name)) if before else words.ADD_TITLE
    problem: ClientError | None = st.session_state.pop(_PROBLEM, None)
    # One that is on show already does not unfold, so a connection to change has its own.
    key = "connection-change" if before else "connection-add"
    with st.expander(title, expanded=bool(before or problem), key=key):
        st.caption(words.FORM_PURPOSE)
        if problem:
            error_message(problem)
        with st.form("connection-form", border=False):
            _fields(before)
            with st.container(horizontal=True):
                st.form_submit_button(words.SAVE, type="primary", on_click=_save)
                if before:
                    st.form_submit_button(words.CANCEL, on_click=_begin, args=(None,))


def change_connection(name: str) -> None:
    """Have the form show a connection's fields; its secrets are left out."""
    found = next((one for one in this_process().connections.stored() if one.name == name), None)
    if is_admin() and found:
        _begin(found)


def remove_connection(name: str) -> None:
    """Forget a connection and its secrets."""
    if not is_admin():
        return
    try:
        this_process().connections.store.remove(name)
    except ClientError as error:
        st.session_state[_PROBLEM] = error
        return
    _begin(None)
    st.session_state[_TOLD] = words.REMOVED.format(name=plain(name))


def _fields(before: Connection | None) -> None:
    draft = draft_of(before) if before else ConnectionDraft()
    st.text_input(words.NAME, draft.name, key=_key("name"), help=words.NAME_HELP)
    st.text_input(words.GRAPHQL_ENDPOINT, draft.graphql_url, key=_key("graphql_url"))
    st.text_input(words.TOKEN_URL, draft.token_url, key=_key("token_url"))
    st.caption(words.KEEP_SECRET_HINT if before else words.CREDENTIALS_HINT)
    st.text_input(words.CLIENT_ID, draft.client_id, key=_key("client_id"), autocomplete="off")
    for name, label, hint in (
        ("client_secret", words.CLIENT_SECRET, None),
        ("pat", words.PAT, words.PAT_HELP),
    ):
        st.text_input(
            label, key=_key(name), type="password", autocomplete="new-password", help=hint
        )
    st.checkbox(words.NO_TOKEN, draft.no_token, key=_key("no_token"), help=words.NO_TOKEN_HELP)
    _headers(draft)
    st.text_input(
        words.ORGANIZATION,
        draft.organization,
        key=_key("organization"),
        help=words.ORGANIZATION_HELP,
    )
    st.text_input(
        words.REPOSITORY, draft.repository, key=_key("repository"), help=words.REPOSITORY_HELP
    )
    st.number_input(
        words.RATE_LIMIT,
        0,
        100_000,
        draft.rate_limit,
        key=_key("rate_limit"),
        help=words.RATE_LIMIT_HELP,
    )


def _headers(draft: ConnectionDraft) -> None:
    st.caption(words.HEADERS_HINT)
    for place in range(MOST_HEADERS):
        name = draft.headers[place][0] if place < len(draft.headers) else ""
        with st.container(horizontal=True):
            st.text_input(
                words.HEADER_NAME.format(number=place + 1),
                name,
                key=_header_key("name", place),
                autocomplete="off",
            )
            st.text_input(
                words.HEADER_VALUE.format(number=place + 1),
                key=_header_key("value", place),
                type="password",
                autocomplete="new-password",
            )


def _save() -> None:
    if not is_admin():
        return
    headers = tuple(
        (str(entered(_header_key("name", place))), str(entered(_header_key("value", place))))
        for place in range(MOST_HEADERS)
    )
    draft = ConnectionDraft(
        **{name: entered(_key(name)) for name in _PLAIN_FIELDS}, headers=headers
    )
    if _is_saved_just_now(draft):
        st.session_state[_TOLD] = words.SAVED.format(name=plain(draft.name.strip()))
        return
    before = _changed()
    try:
        made = draft.connection(before)
        in_use = before is not None and connection().name == before.name
        this_process().connections.put(made, before.name if before else "")
        if in_use:
            choose_connection(made.name)
    except ClientError as error:
        st.session_state[_PROBLEM] = error
        return
    _begin(None)
    st.session_state[_TOLD] = words.SAVED.format(name=plain(made.name))
    st.session_state[_SAVED] = (made.name, time.monotonic())


def _is_saved_just_now(draft: ConnectionDraft) -> bool:
    """Tell the second press of a double click: it still carries the fields of the first."""
    name, moment = st.session_state.get(_SAVED, ("", 0.0))
    return draft.name.strip() == name and time.monotonic() - moment < _DOUBLE_CLICK


def _changed() -> Connection | None:
    """Return the stored connection that the form is about; None while it makes a new one."""
    name = st.session_state.get(_CHANGED)
    return next((one for one in this_process().connections.stored() if one.name == name), None)


def _begin(one: Connection | None) -> None:
    """Fill the form with a connection's fields, or empty it; secrets go in either case."""
    st.session_state[_CHANGED] = one.name if one else None
    draft = draft_of(one) if one else ConnectionDraft()
    for name in _PLAIN_FIELDS:
        st.session_state[_key(name)] = getattr(draft, name)
    for place in range(MOST_HEADERS):
        has_one = place < len(draft.headers)
        st.session_state[_header_key("name", place)] = draft.headers[place][0] if has_one else ""
        st.session_state[_header_key("value", place)] = ""


def _header_key(part: str, place: int) -> str:
    return _key(f"header_{part}_{place + 1}")


def _key(name: str) -> str:
    return f"connection-{name.replace('_', '-')}"
