"""The requests of a visit as a table, newest first."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from client.exchange import Exchange
from components import words


def request_table(exchanges: Sequence[Exchange]) -> None:
    """Draw the exchanges; their URLs come masked already."""
    rows = [_row(exchange) for exchange in reversed(exchanges)]
    table = {
        column: [row[index] for row in rows] for index, column in enumerate(words.REQUEST_COLUMNS)
    }
    st.dataframe(  # pyright: ignore[reportUnknownMemberType] # names pyarrow, which has no types
        table,
        hide_index=True,
        key="request_table",
        alt=words.REQUESTS_ALT,
        column_config={words.REQUEST_COLUMNS[1]: st.column_config.TextColumn(width="medium")},
    )


def _row(exchange: Exchange) -> tuple[str, ...]:
    started = datetime.fromtimestamp(exchange.started, UTC)
    return (
        f"{started:%H:%M:%S}.{started.microsecond // 1000:03d} UTC",
        exchange.purpose,
        exchange.method,
        str(exchange.status or exchange.error),
        f"{exchange.seconds * 1000:.0f} ms",
        words.size_text(exchange.request_bytes),
        words.size_text(exchange.response_bytes),
        exchange.url,
    )
