"""What a visitor sees when a page fails in a way nobody foresaw."""

import secrets

import streamlit as st
from streamlit.logger import get_logger

from components import words

_log = get_logger(__name__)


def show_unexpected_error(_error: Exception) -> bool:
    """Draw a message with an id to quote, and log the id after the traceback it belongs to.

    Returns:
        True, so that Streamlit draws no message of its own.
    """
    error_id = secrets.token_hex(4)
    _log.error("The error above was shown to the visitor as %s", error_id)
    st.error(words.UNEXPECTED.format(id=error_id), title=words.UNEXPECTED_TITLE)
    return True
