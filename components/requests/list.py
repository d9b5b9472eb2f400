"""The requests of a visit: how many, how much, and each in a table, newest first."""

from collections.abc import Mapping, Sequence

import streamlit as st

from client.wire.exchange import DEFAULT_BYTES, Exchange
from client.wire.filter import tries_of
from components.common.moment import exact_clock_text
from components.requests import words
from components.requests.filters import file_names
from components.words import limit_text, size_text


def request_list(
    shown: Sequence[Exchange],
    everything: Sequence[Exchange],
    dropped: int,
    names: Mapping[str, str],
) -> None:
    """Draw what the filters left, and say of how many, and how many had to go before."""
    if shown:
        summary = words.SHOWN.format(
            shown=len(shown),
            count=len(everything),
            failed=sum(exchange.failed for exchange in shown),
            sent=size_text(sum(exchange.request_bytes for exchange in shown)),
            received=size_text(sum(exchange.response_bytes for exchange in shown)),
        )
        st.caption(summary)
        _table(shown, tries_of(everything), names)
    else:
        st.info(words.NOTHING_MATCHES.format(count=len(everything)), icon=":material/filter_alt:")
    if dropped:
        st.caption(words.DROPPED.format(count=dropped, limit=limit_text(DEFAULT_BYTES)))


def _table(shown: Sequence[Exchange], tries: Mapping[int, int], names: Mapping[str, str]) -> None:
    rows = [
        (
            exact_clock_text(exchange.started),
            words.purpose_text(exchange, tries[exchange.id]),
            file_names(exchange, names),
            exchange.method,
            words.status_text(exchange),
            words.time_text(exchange.seconds),
            size_text(exchange.request_bytes),
            size_text(exchange.response_bytes),
            words.MADE_BY[exchange.made_by],
            exchange.request_id or "",
            exchange.url,
        )
        for exchange in reversed(shown)
    ]
    st.dataframe(  # pyright: ignore[reportUnknownMemberType] # names pyarrow, which has no types
        dict(zip(words.COLUMNS, map(list, zip(*rows, strict=True)), strict=True)),
        hide_index=True,
        key="request_table",
        alt=words.TABLE_ALT,
        column_config={
            column: st.column_config.TextColumn(width="medium")
            for column in (words.COLUMNS[1], words.COLUMNS[2])
        },
    )
