"""An error as people see it: what, why, what next, and the code to quote."""

import streamlit as st

from client.errors import ClientError
from components.common.error_words import ErrorText, error_text
from components.common.plain_text import plain


def error_message(error: ErrorText | ClientError) -> None:
    """Draw an error; whatever the error quotes is shown as plain text."""
    if isinstance(error, ClientError):
        error = error_text(error.code, error.details, str(error))
    st.error(f"{plain(error.text)} Code: `{error.code}`", title=plain(error.title))
