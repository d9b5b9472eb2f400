"""Which service the pages talk to, and whether it answers."""

import streamlit as st

from client.api import Api
from client.connection import Connection
from client.errors import ClientError
from components import words
from components.error_message import error_message
from components.plain_text import plain


def connection_note(connection: Connection) -> None:
    """Draw one line on where files go."""
    note = words.EMBEDDED_NOTE if connection.embedded else words.REMOTE_NOTE
    st.caption(note.format(host=plain(connection.host)))


def connection_facts(connection: Connection) -> None:
    """Draw the endpoint and the limits in force; no secret is shown."""
    for label, address in (
        (words.GRAPHQL_ENDPOINT, connection.public_url(connection.graphql_url)),
        (words.TOKEN_URL, connection.public_url(connection.token_url)),
    ):
        st.caption(label)
        st.code(address, language=None)
    single, multipart = connection.single_limit, connection.multipart_limit
    st.write(words.limits_text(single, multipart))


def connection_test(api: Api) -> None:
    """Draw a button that asks the endpoint who the credentials belong to."""
    if not st.button(words.TEST_CONNECTION, icon=":material/network_check:"):
        return
    try:
        viewer = api.viewer()
    except ClientError as error:
        error_message(error)
    else:
        st.success(words.CONNECTION_WORKS.format(name=plain(str(viewer["name"]))))
