"""How the person wants files sent: one PUT or parts, how large, how many at once."""

import streamlit as st

from client.plan import DEFAULT_PART_SIZE, MAX_PART_SIZE, MIN_PART_SIZE
from client.transfers import Wish
from components import words
from components.session import connection

MEBIBYTE = 1024**2
MOST_PARALLEL = 5
"""One fewer than the HTTP/1.1 connections a browser opens to an origin: the page needs one too."""

_KIND, _PART_SIZE, _PARALLEL = "upload_kind", "upload_part_size", "upload_parallel"


def choices() -> None:
    """Draw the controls; what they say holds from the next file on, and on other pages too."""
    least, most = MIN_PART_SIZE // MEBIBYTE, MAX_PART_SIZE // MEBIBYTE
    with st.expander(words.ADVANCED):
        kind, size, pace = st.columns(3)
        kind.radio(
            words.SEND_AS,
            words.SEND_AS_OPTIONS,
            format_func=words.SEND_AS_OPTIONS.__getitem__,
            key=_KIND,
            persist_state="session",
        )
        size.number_input(
            words.PART_SIZE,
            min_value=least,
            max_value=most,
            value=DEFAULT_PART_SIZE // MEBIBYTE,
            help=words.PART_SIZE_HELP.format(least=least, most=most),
            key=_PART_SIZE,
            persist_state="session",
        )
        pace.slider(
            words.PARALLEL,
            min_value=1,
            max_value=MOST_PARALLEL,
            value=connection().parallel,
            key=_PARALLEL,
            persist_state="session",
        )


def parallel() -> int:
    """Return how many parts of a file may be on their way at once."""
    return st.session_state.get(_PARALLEL, connection().parallel)


def wish() -> Wish:
    """Return how the next file is to be sent."""
    kind = st.session_state.get(_KIND, "automatic")
    part_size = st.session_state.get(_PART_SIZE)
    return Wish(
        part_size=part_size * MEBIBYTE if part_size else None,
        kind=None if kind == "automatic" else kind,
    )
