"""Draws the page anew when something has happened to its pictures in the background."""

import streamlit as st

from components.background.pictures import pictures

POLL = 0.4
"""Seconds between two looks, while something runs."""
_SEEN = "pictures_seen"


def watch() -> None:
    """Draw the page anew when a picture's state has changed; polls only while one is worked on."""
    st.session_state[_SEEN] = _look()
    running = any(run.state.running for run in pictures().runs.values())
    st.fragment(_compare, run_every=POLL if running else None)()


def _compare() -> None:
    if _look() != st.session_state.get(_SEEN):
        st.rerun()


def _look() -> list[object]:
    states = [run.state for run in pictures().runs.values()]
    return [(state.running, state.steps, state.problem) for state in states]
