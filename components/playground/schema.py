"""Which schema the playground works with, and how it differs from the one of this app."""

import streamlit as st

from client.api.schema import LoadedSchema, is_amplience
from components.common.error_message import error_message
from components.common.plain_text import plain
from components.playground import words
from components.playground.state import forget_schema
from components.session import connection

_LISTED = 50


def schema_note(loaded: LoadedSchema) -> str:
    """Return one line on where the schema comes from."""
    host = connection().host
    if not loaded.live:
        return words.SCHEMA_BUNDLED.format(host=host)
    if not is_amplience(loaded.schema):
        return words.SCHEMA_OTHER.format(host=host)
    count = len(loaded.differences)
    if count:
        return words.counted(words.SCHEMA_DIFFERS, count, host=host)
    return words.SCHEMA_SAME.format(host=host)


def schema_details(loaded: LoadedSchema) -> None:
    """Draw a button that opens where the schema comes from, how it differs, and a download."""
    with st.popover(words.SCHEMA_DETAILS, icon=":material/schema:"):
        st.write(plain(schema_note(loaded)))
        if loaded.problem:
            error_message(loaded.problem)
        if is_amplience(loaded.schema):
            _differences(loaded)
        st.button(
            words.SCHEMA_RELOAD,
            key="playground-schema-reload",
            icon=":material/refresh:",
            on_click=forget_schema,
        )
        st.download_button(
            words.SCHEMA_DOWNLOAD,
            loaded.sdl.encode(),
            "schema.graphql",
            "text/plain",
            key="playground-sdl",
            on_click="ignore",
            icon=":material/download:",
        )


def _differences(loaded: LoadedSchema) -> None:
    lines = [
        f"{words.DIFFERENCE_KINDS[one.kind]}: {plain(one.text)}"
        for one in loaded.differences[:_LISTED]
    ]
    if lines:
        st.markdown("  \n".join(lines))
    if len(loaded.differences) > _LISTED:
        st.caption(words.DIFFERENCES_CUT.format(count=len(loaded.differences) - _LISTED))
