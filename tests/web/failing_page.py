"""The page of `failing_app.py`, drawn as main.py draws one."""

import streamlit as st

from client.errors import RecordsUnavailableError
from components.unexpected import failed_callback, told_in_place


def fail() -> None:
    """Fail as a defect of ours does."""
    raise KeyError("a secret of the code")


def refuse() -> None:
    """Fail as the client does, in words."""
    raise RecordsUnavailableError("disk full")


def again() -> None:
    """End as a callback does that wants the page drawn and no more."""
    st.session_state["count"] = st.session_state.get("count", 0) + 1
    st.rerun()


def draw() -> None:
    """Draw the body, which fails while its box is ticked."""
    st.text_input("Name", key="name")
    if st.button("Run again", key="run-again"):
        st.rerun()
    if st.button("Stop", key="stop"):
        st.stop()
    if st.session_state.get("broken"):
        fail()
    st.text_input("Place", key="place")
    st.markdown(f"Body of {st.session_state.name} in {st.session_state.place}")


@st.fragment
def part() -> None:
    """Fail by itself, while the rest of the page stays."""
    if st.button("Fail in the part", key="fail-part"):
        fail()
    st.markdown("The part is here")


with st.sidebar:
    st.markdown("Sidebar")
    st.checkbox("Broken", key="broken")
failed_callback()
st.button("Fail", key="fail", on_click=fail)
st.button("Refuse", key="refuse", on_click=refuse)
st.button("Again", key="again", on_click=again)
st.markdown(f"Counted {st.session_state.get('count', 0)}")
if st.button("Pressed", key="pressed"):
    st.markdown("It was pressed")
part()
with told_in_place():
    draw()
