"""The QA tools: what makes things go wrong on purpose, for the admins who switched it on."""

import streamlit as st

from client.connection.connection import Connection
from components import words
from components.kept import kept
from components.session import is_admin, username
from process import this_process

_KEY = "qa-tools"


def qa_tools_on() -> bool:
    """Return whether the visitor is an admin who has the QA tools on."""
    return is_admin() and username() in this_process().qa_tools


def qa_switch(endpoint: Connection) -> None:
    """Draw the switch, where there is something to switch on.

    It holds for the person, in all their windows and after a reload, until the app ends: so do the
    faults themselves.
    """
    if is_admin() and endpoint.embedded and this_process().settings.faults != "off":
        st.toggle(
            words.QA_TOOLS,
            kept(_KEY, qa_tools_on()),
            key=_KEY,
            help=words.QA_TOOLS_HELP,
            on_change=_switch,
            persist_state="session",
        )


def _switch() -> None:
    if st.session_state[_KEY]:
        this_process().qa_tools.add(username())
    else:
        this_process().qa_tools.discard(username())
