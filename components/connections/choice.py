"""Which connection this visit uses: the banner, the link that chooses one, and the list."""

import hashlib
from urllib.parse import quote, urlsplit

import streamlit as st

from client.connection.connection import Connection
from client.errors import ClientError, ConnectionUnknownError
from components.common.plain_text import plain
from components.connections import words
from components.connections.form import change_connection, remove_connection
from components.session import CONNECTION_QUERY, choose_connection, connection, is_admin
from process import this_process

_UNKNOWN, _POLICY = "connection_unknown", "policy_schemes"


def follow_connection_link() -> None:
    """Use the connection that the address names, once; the banner says when there is none."""
    if _POLICY not in st.session_state:
        stored = this_process().connections.stored_endpoints()
        st.session_state[_POLICY] = frozenset(urlsplit(address).scheme for address in stored)
    name = st.query_params.get(CONNECTION_QUERY)
    if name is None:
        return
    del st.query_params[CONNECTION_QUERY]
    use_connection(name)


def use_connection(name: str) -> None:
    """Use a connection that was there a moment ago; the banner says when it is gone."""
    try:
        choose_connection(name)
    except ConnectionUnknownError:
        st.session_state[_UNKNOWN] = name


def connection_note(endpoint: Connection) -> None:
    """Draw one line on where files go."""
    note = words.EMBEDDED_NOTE if endpoint.embedded else words.REMOTE_NOTE
    st.caption(note.format(host=plain(endpoint.host)))


def connection_banner(endpoint: Connection) -> None:
    """Say above every page which other service than the embedded one is worked on."""
    if unknown := st.session_state.pop(_UNKNOWN, None):
        text = words.LINK_UNKNOWN.format(name=plain(unknown), current=plain(endpoint.name))
        st.warning(text, icon=":material/link_off:")
    if endpoint.embedded:
        return
    with st.container(key="connection-banner"):
        name, host = plain(endpoint.name), plain(endpoint.host)
        st.markdown(f":material/cable: {words.REMOTE_BANNER.format(name=name, host=host)}")
        if this_process().connections.is_stored(endpoint.name) and not _reached(endpoint):
            st.caption(words.LOAD_AGAIN.format(name=name))


def connection_list() -> None:
    """Draw every connection with a button that has this visit use it."""
    st.subheader(words.LIST_TITLE, anchor=False)
    try:
        chosen = connection().name
    except ClientError:  # the page says it above
        chosen = ""
    try:
        connections = this_process().connections.all()
    except ClientError:
        return
    for one in connections:
        with st.container(border=True, key=_key("connection", one)):
            _row(one, chosen)


def deep_link(name: str) -> str:
    """Return the address that leads to the home page with this connection in use."""
    return f"{this_process().settings.public_url}/?{CONNECTION_QUERY}={quote(name, safe='')}"


def _key(name: str, one: Connection) -> str:
    """Return the key of an element that belongs to a connection, whatever place that has.

    What slides into the place of a removed one is not what was clicked.
    """
    return f"{name}-{hashlib.sha256(one.name.encode()).hexdigest()[:12]}"


def _row(one: Connection, chosen: str) -> None:
    name = plain(one.name)
    stored = this_process().connections.is_stored(one.name)
    st.markdown(words.ROW.format(name=name, host=plain(one.host)))
    st.caption(words.ADDED if stored else words.FROM_SETTINGS)
    with st.container(horizontal=True, vertical_alignment="center"):
        if one.name == chosen:
            st.markdown(words.IN_USE, width="content")
        else:
            st.button(
                words.USE.format(name=name),
                key=_key("connection-use", one),
                on_click=use_connection,
                args=(one.name,),
            )
        if stored and is_admin():
            st.button(
                words.CHANGE.format(name=name),
                key=_key("connection-change", one),
                on_click=change_connection,
                args=(one.name,),
            )
            with st.popover(words.REMOVE.format(name=name), key=_key("connection-asked", one)):
                st.write(words.REMOVE_QUESTION)
                st.button(
                    words.REMOVE_NOW,
                    key=_key("connection-remove", one),
                    on_click=remove_connection,
                    args=(one.name,),
                )


def _reached(endpoint: Connection) -> bool:
    """Whether the Content-Security-Policy that came with the page lets the browser reach it."""
    return urlsplit(endpoint.graphql_url).scheme in st.session_state.get(_POLICY, frozenset())
