"""One request in full: facts, where the time went, headers and bodies."""

from collections.abc import Mapping, Sequence

import streamlit as st

from client.export.pretty_body import pretty_body
from client.wire.exchange import Exchange
from client.wire.filter import tries_of
from client.wire.http import LOGGED_TEXT
from components.common.long_text import long_text
from components.common.moment import exact_clock_text, exact_clock_text_in_utc
from components.common.plain_text import on_one_line
from components.requests import words
from components.words import limit_text, size_text

MOST_CHOICES = 500


def request_details(shown: Sequence[Exchange]) -> None:
    """Draw a choice of the newest requests shown, and the one that is chosen."""
    with st.expander(words.DETAILS, key="request-details", on_change="rerun") as expander:
        if not expander.open or not shown:
            return
        by_id = {exchange.id: exchange for exchange in reversed(shown[-MOST_CHOICES:])}
        tries = tries_of(shown)
        chosen = st.selectbox(
            words.CHOOSE,
            by_id,
            format_func=lambda number: _label(by_id[number], tries[number]),
            key="request_chosen",
        )
        _details(by_id[chosen])


def _label(exchange: Exchange, number: int) -> str:
    purpose = words.purpose_text(exchange, number)
    status = words.status_text(exchange)
    return on_one_line(
        f"{exact_clock_text(exchange.started)} · {purpose} · {exchange.method} · {status}"
    )


def _when(started: float) -> str:
    """Return a time of day by the visitor's clock, and as the service's logs have it."""
    here, there = exact_clock_text(started), exact_clock_text_in_utc(started)
    return here if here == there else f"{here} ({there})"


def _details(exchange: Exchange) -> None:
    long_text(f"{exchange.method} {exchange.url}", key="request-url")
    values = {
        "started": _when(exchange.started),
        "time": words.time_text(exchange.seconds),
        "sent": f"{size_text(exchange.request_bytes)} ({exchange.request_bytes:,} bytes)",
        "received": f"{size_text(exchange.response_bytes)} ({exchange.response_bytes:,} bytes)",
        "made_by": words.MADE_BY[exchange.made_by],
        "request_id": exchange.request_id,
        "error": exchange.error,
    }
    facts = [(words.FACT[name], value) for name, value in values.items() if value]
    st.dataframe(  # pyright: ignore[reportUnknownMemberType] # names pyarrow, which has no types
        dict(zip(words.FACTS, map(list, zip(*facts, strict=True)), strict=True)),
        hide_index=True,
        key="request_facts",
        alt=words.DETAILS,
    )
    st.caption(_phases(exchange))
    request, answer, request_headers, answer_headers = st.tabs(words.TABS)
    with request:
        _body(exchange.request_body, exchange.request_headers, exchange.request_bytes, "sent")
    with answer:
        _body(exchange.response_body, exchange.response_headers, exchange.response_bytes, "got")
    with request_headers:
        _headers(exchange.request_headers, "sent")
    with answer_headers:
        _headers(exchange.response_headers, "got")


def _phases(exchange: Exchange) -> str:
    known = {name: spent for name, spent in exchange.timings.phases().items() if spent is not None}
    if not known:
        return words.NO_PHASES
    phases = (f"{words.PHASES[name]} {words.time_text(spent)}" for name, spent in known.items())
    line = words.PHASE_LINE.format(phases=", ".join(phases))
    return line if "connect" in known or "dns" in known else f"{line} {words.KEPT_CONNECTION}"


def _body(body: str | None, headers: Mapping[str, str], size: int, which: str) -> None:
    if not body:
        st.caption(words.NO_BODY)
        return
    if size > LOGGED_TEXT:
        st.caption(words.CUT_BODY.format(size=limit_text(LOGGED_TEXT)))
    as_sent = st.toggle(words.AS_SENT, key=f"request-as-sent-{which}", help=words.AS_SENT_HELP)
    text = body if as_sent else pretty_body(body, headers)
    long_text(text, key=f"request-body-{which}", height=380)


def _headers(headers: Mapping[str, str], which: str) -> None:
    if not headers:
        st.caption(words.NO_HEADERS)
        return
    text = "\n".join(f"{name}: {value}" for name, value in headers.items())
    long_text(text, key=f"request-headers-{which}")
