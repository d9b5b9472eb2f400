"""The filters of the request log: by kind, status, file and text."""

from collections.abc import Mapping, Sequence

import streamlit as st

from client.wire.exchange import Exchange
from client.wire.filter import KINDS, OUTCOMES, ExchangeFilter
from components.common.plain_text import on_one_line
from components.requests import words


def request_filters(exchanges: Sequence[Exchange], names: Mapping[str, str]) -> list[Exchange]:
    """Draw the filters and return what they leave, oldest first.

    Args:
        exchanges: the whole log.
        names: transfer id -> name of the file.
    """
    kind, status, transfer, text = st.columns([3, 3, 3, 3])
    kinds = kind.multiselect(
        words.KIND, KINDS, format_func=words.KINDS.__getitem__, key="request_kinds"
    )
    outcomes = status.multiselect(
        words.STATUS, OUTCOMES, format_func=words.OUTCOMES.__getitem__, key="request_outcomes"
    )
    newest_first = dict.fromkeys(
        transfer for one in reversed(exchanges) for transfer in one.transfers
    )
    chosen = transfer.selectbox(
        words.TRANSFER,
        [None, *newest_first],
        format_func=lambda found: file_name(found, names) if found else words.ALL_TRANSFERS,
        key="request_transfer",
    )
    wanted = text.text_input(words.TEXT, placeholder=words.TEXT_HINT, key="request_text")
    shown = ExchangeFilter(frozenset(kinds), frozenset(outcomes), chosen, wanted)
    return sorted(filter(shown.matches, exchanges), key=lambda exchange: exchange.started)


def file_names(exchange: Exchange, names: Mapping[str, str]) -> str:
    """Return the name of the file that a request was for, and how many others it was for."""
    first = file_name(exchange.transfer, names)
    return (
        words.AND_OTHERS.format(name=first, count=len(exchange.also_for))
        if exchange.also_for
        else first
    )


def file_name(transfer: str | None, names: Mapping[str, str]) -> str:
    """Return the name of a transfer's file on one line; nothing for no transfer."""
    if transfer is None:
        return ""
    return on_one_line(names.get(transfer, words.UNKNOWN_FILE))
