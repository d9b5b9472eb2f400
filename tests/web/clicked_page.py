"""The page of `clicked_app.py`."""

import time

import streamlit as st

STEPS = 10


def count() -> None:
    """Count in many steps; whoever is stopped between two has counted less."""
    for _ in range(STEPS):
        st.session_state["steps"] = st.session_state.get("steps", 0) + 1
        time.sleep(0.01)


def end() -> None:
    """End at once."""
    st.session_state["steps"] = 1
    st.rerun()
    st.session_state["steps"] = 2


def write() -> None:
    """Note at once that it was pressed."""
    st.session_state["written"] = st.session_state.get("written", 0) + 1


st.button("Count", key="count", on_click=count)
st.button("End", key="end", on_click=end)
st.button("Write", key="write", on_click=write)
steps, written = st.session_state.get("steps", 0), st.session_state.get("written", 0)
st.markdown(f"{steps} steps and {written} written, {st.query_params.get('last')}")
