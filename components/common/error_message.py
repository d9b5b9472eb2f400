"""An error as people see it: what, why, what next, and the code to quote."""

import streamlit as st

from client.errors import ClientError
from client.transfers.record import Problem
from components.common.error_words import ErrorText, error_text
from components.common.plain_text import plain


def error_message(error: ErrorText | ClientError | Problem) -> None:
    """Draw an error; whatever the error quotes is shown as plain text."""
    if isinstance(error, ClientError):
        error = error_text(error.code, error.details, str(error))
    elif isinstance(error, Problem):
        error = error_text(error.code, error.details, error.message)
    st.error(f"{plain(error.text)} Code: `{error.code}`", title=plain(error.title))
