"""How the person wants files sent: in one PUT or in parts, how fast, which way, how checked."""

from typing import TYPE_CHECKING

import streamlit as st

from client.storage.plan import MAX_PART_SIZE, MIN_PART_SIZE
from components.kept import kept, kept_index
from components.upload import words
from components.widget_state import entered

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

MEBIBYTE = 1024**2
MEGABYTE = 1_000_000
MOST_PARALLEL = 5
"""One fewer than the HTTP/1.1 connections a browser opens to an origin: the page needs one too."""

_KIND, _PART_SIZE, _PARALLEL = "upload_kind", "upload_part_size", "upload_parallel"
_ROUTE, _RATE_CAP = "upload_route", "upload_rate_cap"
_CHECK_PARTS, _SHA256 = "upload_check_parts", "upload_sha256"


def choices() -> None:
    """Draw the controls; what they say holds on other pages too.

    Kind and part size hold from the next file on, the others at once.
    """
    with st.expander(words.ADVANCED):
        kind, size, pace = st.columns(3)
        _shape(kind, size)
        _pace(pace)
        route, cap, checks = st.columns(3)
        _way(route, cap)
        _checks(checks)


def _shape(kind: "DeltaGenerator", size: "DeltaGenerator") -> None:
    least, most = MIN_PART_SIZE // MEBIBYTE, MAX_PART_SIZE // MEBIBYTE
    kinds = list(words.SEND_AS_OPTIONS)
    kind.radio(
        words.SEND_AS,
        kinds,
        index=kept_index(_KIND, kinds, kinds[0]),
        format_func=words.SEND_AS_OPTIONS.__getitem__,
        key=_KIND,
        persist_state="session",
    )
    size.number_input(
        words.PART_SIZE,
        min_value=0,
        max_value=most,
        value=kept(_PART_SIZE, 0),
        help=words.PART_SIZE_HELP.format(least=least, most=most),
        key=_PART_SIZE,
        persist_state="session",
        on_change=_raise_part_size,
    )


def _raise_part_size() -> None:
    """Make the least of what is too small: 0 has the page choose."""
    wanted = entered(_PART_SIZE)
    if 0 < wanted < MIN_PART_SIZE // MEBIBYTE:
        st.session_state[_PART_SIZE] = MIN_PART_SIZE // MEBIBYTE


def _pace(place: "DeltaGenerator") -> None:
    place.slider(
        words.PARALLEL,
        min_value=1,
        max_value=MOST_PARALLEL,
        value=kept(_PARALLEL, MOST_PARALLEL),
        help=words.PARALLEL_HELP,
        key=_PARALLEL,
        persist_state="session",
    )


def _way(route: "DeltaGenerator", cap: "DeltaGenerator") -> None:
    routes = list(words.ROUTE_OPTIONS)
    route.radio(
        words.ROUTE,
        routes,
        index=kept_index(_ROUTE, routes, routes[0]),
        format_func=words.ROUTE_OPTIONS.__getitem__,
        help=words.ROUTE_HELP,
        key=_ROUTE,
        persist_state="session",
    )
    cap.number_input(
        words.RATE_CAP,
        min_value=0.0,
        value=kept(_RATE_CAP, 0.0),
        step=0.5,
        format="%.1f",
        help=words.RATE_CAP_HELP,
        key=_RATE_CAP,
        persist_state="session",
    )


def _checks(place: "DeltaGenerator") -> None:
    place.checkbox(
        words.CHECK_PARTS,
        value=kept(_CHECK_PARTS, True),
        help=words.CHECK_PARTS_HELP,
        key=_CHECK_PARTS,
        persist_state="session",
    )
    place.checkbox(
        words.WHOLE_SHA256,
        value=kept(_SHA256, False),
        help=words.WHOLE_SHA256_HELP,
        key=_SHA256,
        persist_state="session",
    )


def kind() -> str | None:
    """Return "single" or "multipart" for the next file; None leaves it to its size."""
    chosen = st.session_state.get(_KIND, "automatic")
    return None if chosen == "automatic" else chosen


def part_size() -> int | None:
    """Return the bytes of a part of the next file; None leaves it to the line."""
    return st.session_state.get(_PART_SIZE, 0) * MEBIBYTE or None


def parallel() -> int:
    """Return how many parts of a file are on their way at once."""
    return st.session_state.get(_PARALLEL, MOST_PARALLEL)


def route() -> str:
    """Return how parts travel: "automatic", "direct" or "relay"."""
    return st.session_state.get(_ROUTE, "automatic")


def rate_cap() -> int:
    """Return the bytes per second that a transfer may take on average; 0 for no limit."""
    return round(st.session_state.get(_RATE_CAP, 0.0) * MEGABYTE)


def check_parts() -> bool:
    """Return whether each part is sent with its MD5 for the store to check."""
    return st.session_state.get(_CHECK_PARTS, True)


def sha256() -> bool:
    """Return whether the browser computes the SHA-256 of the whole file."""
    return st.session_state.get(_SHA256, False)
