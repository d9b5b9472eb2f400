"""What a visitor sees when something fails in a way nobody foresaw.

The rest of the page stays: a page's body that fails leaves sidebar and tray where they are, and a
callback that fails is told of on the page, which is drawn all the same. Nothing here is done again
by itself, and nothing asks for a reload, which would drop the files that wait to be sent.
"""

import secrets
from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st
from streamlit.errors import FragmentHandledException
from streamlit.logger import get_logger
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

from client.errors import ClientError
from components.common.error_words import (
    TRY_AGAIN,
    UNEXPECTED,
    UNEXPECTED_TITLE,
    ErrorText,
    error_text,
)
from components.common.plain_text import plain

_log = get_logger(__name__)
_OF_CALLBACK = "failed_callback"


def show_unexpected_error(error: Exception) -> bool:
    """Draw a message with an id to quote, by which the error is found in the log.

    The net under everything, which `st.App` calls. An error of a callback came before the page, so
    it has the page drawn, and `failed_callback` says it there.

    Returns:
        True, so that Streamlit draws no message of its own.
    """
    text = explained(error)
    context = get_script_run_ctx()
    if context and context.script_requests and not context.has_script_started:
        st.session_state[_OF_CALLBACK] = text
        # What `st.rerun()` asks for; it works by an exception, which nobody would catch from here.
        # Without what was clicked, which would only fail again.
        context.script_requests.request_rerun(
            RerunData(
                query_string=context.query_string,
                page_script_hash=context.page_script_hash,
                widget_states=WidgetStates(),
                cached_message_hashes=context.cached_message_hashes,
                context_info=context.context_info,
            )
        )
    else:
        _draw(text)
    return True


@contextmanager
def told_in_place() -> Generator[None]:
    """Catch an error of a page's body and draw it in the body's place; what was entered is kept.

    Whatever ends a run in order, such as a click on another page, passes through.
    """
    try:
        yield
    except FragmentHandledException:  # it has been drawn already, in the fragment's place
        raise
    except Exception as error:  # noqa: BLE001 - logged, and said on the page
        _draw(explained(error))
        st.stop()  # an ordinary end would drop the values of the widgets that were not drawn


def failed_callback() -> None:
    """Say what went wrong with what was clicked before this run, once."""
    text: ErrorText | None = st.session_state.pop(_OF_CALLBACK, None)
    if text:
        st.error(_sentence(text), title=plain(text.title))


def explained(error: Exception) -> ErrorText:
    """Return words for an error; for one that has none, with an id to quote, which is logged."""
    if isinstance(error, ClientError):
        return error_text(error.code, error.details, str(error))
    return ErrorText(UNEXPECTED_TITLE, UNEXPECTED.format(id=logged(error)), "")


def logged(error: Exception) -> str:
    """Log an error with its traceback, and return the id by which it is found in the log."""
    error_id = secrets.token_hex(4)
    _log.error("Shown to the visitor as %s", error_id, exc_info=error)
    return error_id


def _draw(text: ErrorText) -> None:
    st.error(_sentence(text), title=plain(text.title))
    st.button(TRY_AGAIN, key=f"try-again-{secrets.token_hex(4)}", icon=":material/refresh:")


def _sentence(text: ErrorText) -> str:
    return f"{plain(text.text)} Code: `{text.code}`" if text.code else plain(text.text)
