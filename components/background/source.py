"""Where pictures come from: given here, or uploaded before."""

import streamlit as st

from components.background import words
from components.background.picture_drop.picture_drop import picture_drop
from components.background.pictures import QUERY, add, pictures, recent, take_in, unnamed
from components.common.plain_text import on_one_line
from components.session import connection, may_upload
from components.words import TRANSFER_STATES, limit_text

_RECENT = "background_recent"


def picture_source() -> None:
    """Draw the drop zone and the list of earlier uploads; start the work on what was given.

    Both are small where a picture is on show, which they would push out of sight.
    """
    if not may_upload():
        st.info(words.LOOKING, icon=":material/visibility:")
        return
    limit = connection().single_limit
    drop_words = {
        **words.DROP,
        "states": TRANSFER_STATES,
        "limits": words.LIMITS.format(size=limit_text(limit)),
        "limit": limit_text(limit),
    }
    name = {QUERY: shown} if (shown := unnamed()) else {}
    compact = bool(name or QUERY in st.query_params)
    take_in(picture_drop(drop_words, words.MOST_AT_ONCE, limit, name, compact=compact))
    known = {
        transfer.id: (transfer, receipt)
        for transfer, receipt in recent()
        if transfer.id not in pictures().runs
    }
    if not known:
        return
    chosen = st.selectbox(
        words.RECENT,
        list(known),
        index=None,
        placeholder=words.RECENT if compact else words.RECENT_NONE,
        label_visibility="collapsed" if compact else "visible",
        format_func=lambda one: on_one_line(known[one][0].name),
        key=_RECENT,
    )
    if chosen in known:
        add(*known[chosen])
        st.rerun()
