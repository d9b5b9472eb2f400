"""The requests on show as a file: HAR, scripts, a report."""

from collections.abc import Mapping, Sequence

import streamlit as st

from client.export import har
from client.export import markdown as markdown_report
from client.export.scripts.curl import replay_as_curl
from client.export.scripts.python import replay_as_python
from client.export.scripts.replay import replay_steps
from client.storage.plan import UploadPlan
from client.wire.exchange import Exchange
from components.common.long_text import long_text
from components.requests import words
from components.session import connection, username
from process import this_process

LONGEST_SHOWN = 60_000
"""Characters; what is longer is offered as a file only."""
_MADE = "request_export"


_FILES = {
    "har": ("requests.har", har.MEDIA_TYPE),
    "curl": ("requests.sh", "text/x-shellscript"),
    "python": ("requests_again.py", "text/x-python"),
    "markdown": ("requests.md", markdown_report.MEDIA_TYPE),
}


def request_export(shown: Sequence[Exchange], names: Mapping[str, str]) -> None:
    """Draw the choice of a format, the text where it is short, and the download."""
    with st.expander(words.EXPORT, key="request-export", on_change="rerun") as expander:
        if not expander.open or not shown:
            return
        st.caption(words.EXPORT_CAPTION.format(count=len(shown)))
        form = st.radio(
            words.EXPORT_AS,
            words.EXPORTS,
            format_func=words.EXPORTS.__getitem__,
            horizontal=True,
            key="request_export_form",
        )
        st.caption(words.EXPORT_HELP[form])
        text, (name, media_type) = _text(form, shown, names), _FILES[form]
        if len(text) <= LONGEST_SHOWN:
            long_text(text, key="request-export-text", height=380)
        else:
            st.caption(words.TOO_LONG_TO_SHOW)
        st.download_button(
            words.SAVE.format(name=name),
            text.encode(),
            name,
            media_type,
            key=f"request_export_save_{form}",
            on_click="ignore",
            icon=":material/download:",
        )


def _text(form: str, shown: Sequence[Exchange], names: Mapping[str, str]) -> str:
    """Return the requests in a form, made when either changes, not at every look for new ones."""
    asked = form, tuple(exchange.id for exchange in shown)
    made: tuple[object, str] | None = st.session_state.get(_MADE)
    if made is not None and made[0] == asked:
        return made[1]
    if form == "har":
        text = har.har(shown)
    elif form == "markdown":
        text = markdown_report.markdown_report(shown, connection(), names)
    else:
        plans: dict[str, UploadPlan] = {}
        for transfer_id in {one for exchange in shown for one in exchange.transfers}:
            transfer = this_process().transfers.get(username(), transfer_id)
            if transfer and transfer.plan:
                plans[transfer_id] = transfer.plan
        script = replay_as_curl if form == "curl" else replay_as_python
        text = script(replay_steps(shown, plans), connection())
    st.session_state[_MADE] = asked, text
    return text
