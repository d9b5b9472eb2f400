"""Text to read and copy that is too long to stand on a page whole."""

import streamlit as st


def long_text(text: str, *, key: str, height: int = 260) -> None:
    """Draw a text with a copy button in a box that scrolls, `height` in pixels.

    Colours of a programming language fall short of WCAG's contrast in a light theme, and a code
    block that scrolls by itself cannot be reached by keyboard; so this one has neither.
    """
    with st.container(height=height if text.count("\n") > height // 24 else "content", key=key):
        st.code(text, language=None, wrap_lines=True)
