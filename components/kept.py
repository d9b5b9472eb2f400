"""What a widget with `persist_state` is drawn with when it comes back onto the page.

Streamlit keeps such a widget's value, but tells the browser of it only if the browser did not send
it along. A browser that was clicked before the last run had ended sends it, then drops it with that
run's end, and draws the default: so what is kept has to be the default too.
"""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def kept(key: str, default: T) -> T:
    """Return what the widget of that key holds, else what it begins with."""
    return st.session_state.get(key, default)


def kept_index(key: str, options: Sequence[T], default: T) -> int:
    """Return the place of what the widget of that key holds, else of what it begins with."""
    value = kept(key, default)
    return options.index(value if value in options else default)
