"""Which service the pages talk to, and whether it answers."""

import streamlit as st

from client.api import Api
from client.connection import Connection
from client.errors import ClientError
from components import words
from components.error_message import error_message
from components.plain_text import plain


def connection_facts(connection: Connection) -> None:
    """Draw the endpoint and the limits in force; no secret is shown."""
    note = words.EMBEDDED_NOTE if connection.embedded else words.REMOTE_NOTE
    st.info(note.format(host=plain(connection.host)), icon=":material/lan:")
    st.table(  # pyright: ignore[reportUnknownMemberType] # names pyarrow, which has no types
        {
            "GraphQL endpoint": plain(connection.graphql_url),
            "Token URL": plain(connection.token_url),
            "One PUT carries up to": words.limit_text(connection.single_limit),
            "An upload in parts carries up to": words.limit_text(connection.multipart_limit),
        }
    )


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
