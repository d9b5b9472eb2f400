"""The pages of `clicked_app.py`."""

import time
from dataclasses import dataclass, field
from threading import Event

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


def push_down() -> None:
    """Have the part of the page drawn further down, in a run that takes its time."""
    st.session_state["lines"] = st.session_state.get("lines", 0) + 1


def take_away() -> None:
    """Have the part drawn no more."""
    st.session_state["with-part"] = False


@dataclass
class Endpoint:
    """What answers when it is told to."""

    may_answer: Event = field(default_factory=Event)
    answered: bool = False


def ask(endpoint: Endpoint) -> None:
    """Ask an endpoint, and wait for its answer however long that takes."""
    endpoint.may_answer.wait()
    endpoint.answered = True


def ask_in_run() -> None:
    """Have the page's run do so."""
    st.session_state["asking"] = True


def home() -> None:
    """Draw everything there is to press, and what came of it."""
    endpoint: Endpoint = st.session_state.setdefault("endpoint", Endpoint())
    st.button("Count", key="count", on_click=count)
    st.button("End", key="end", on_click=end)
    st.button("Write", key="write", on_click=write)
    st.button("Ask", key="ask", on_click=ask, args=(endpoint,))
    st.button("Ask in the run", key="ask-in-run", on_click=ask_in_run)
    st.button("Answer", key="answer", on_click=endpoint.may_answer.set)
    st.button("Push the part down", key="push-down", on_click=push_down)
    st.button("Send back", key="send-back-once", on_click=send_back)
    st.button("Take the part away", key="take-away", on_click=take_away)
    for line in range(st.session_state.get("lines", 0)):
        st.markdown(f"Line {line}")
        time.sleep(0.3)
    if st.session_state.get("with-part", True):
        part()
    if st.session_state.pop("asking", False):
        st.markdown("Asking")
        ask(endpoint)
    steps, written = st.session_state.get("steps", 0), st.session_state.get("written", 0)
    answer = "answered" if endpoint.answered else "silent"
    last = st.query_params.get("last")
    st.markdown(f"{steps} steps and {written} written, {answer}, {last}")


@st.fragment
def part() -> None:
    """Draw what is run apart from the page."""
    st.button("Write in the part", key="write-in-part", on_click=write)
    st.markdown(f"In the part: {st.session_state.get('written', 0)} written")


def send_back() -> None:
    """Have the other page send whoever comes back to the first, once."""
    st.session_state["send-back"] = True


def other() -> None:
    """Draw what came of the presses on the first page."""
    if st.session_state.pop("send-back", False):
        st.switch_page(first)
    st.markdown(f"Elsewhere, {st.session_state.get('written', 0)} written")


first = st.Page(home, title="Home", default=True)
st.navigation([first, st.Page(other, title="Other")]).run()
