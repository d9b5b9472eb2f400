"""The requests of one transfer over time: a bar each, in phases, and the same as a table."""

from collections.abc import Mapping, Sequence

import streamlit as st

from client.wire.exchange import Exchange
from client.wire.filter import TransferGroup, by_transfer, tries_of
from components.common.plain_text import plain
from components.requests import words
from components.requests.filters import file_name

MOST_BARS = 150
_SCROLLED = 20
"""Bars from which on the chart scrolls by itself."""
# Each at least 3:1 on the white and on the dark background of the theme.
_COLOURS = {
    "dns": "#0c8599",
    "connect": "#c2410c",
    "tls": "#9c36b5",
    "send": "#1a73e8",
    "wait": "#7d7d7d",
    "receive": "#2b8a3e",
    "whole": "#1a73e8",
}
_BAR = "position:absolute;top:3px;height:12px;min-width:2px;"
_ROW = "display:flex;align-items:center;height:18px;font-size:0.75rem;line-height:18px"
_NUMBER = "flex:0 0 2.5rem;text-align:right;padding-right:0.5rem"


def request_waterfalls(shown: Sequence[Exchange], names: Mapping[str, str]) -> None:
    """Draw every transfer that is shown, the newest first; each once it is opened."""
    groups = by_transfer(shown)
    if not groups:
        return
    st.subheader(words.TRANSFERS, anchor=False)
    st.caption(words.TRANSFERS_CAPTION)
    for group in groups:
        name = plain(file_name(group.transfer, names))
        label = words.GROUP.format(
            name=name,
            requests=words.requests_text(len(group.exchanges)),
            failed=group.failed,
            seconds=words.time_text(group.seconds),
        )
        key = f"waterfall-{group.transfer}"
        with st.expander(label, key=key, on_change="rerun") as expander:
            if expander.open:
                _waterfall(group)


def _waterfall(group: TransferGroup) -> None:
    drawn = group.exchanges[:MOST_BARS]
    st.html(_chart(group, drawn))
    if len(drawn) < len(group.exchanges):
        st.caption(words.MORE_BARS.format(count=MOST_BARS, total=len(group.exchanges)))
    tries = tries_of(group.exchanges)
    rows = [
        (
            str(bar),
            words.purpose_text(one, tries[one.id]),
            words.status_text(one),
            words.time_text(one.started - group.started),
            words.time_text(one.seconds),
            *map(words.time_text, one.timings.phases().values()),
        )
        for bar, one in enumerate(group.exchanges, 1)
    ]
    st.dataframe(  # pyright: ignore[reportUnknownMemberType] # names pyarrow, which has no types
        dict(zip(words.WATERFALL_COLUMNS, map(list, zip(*rows, strict=True)), strict=True)),
        hide_index=True,
        key=f"waterfall-table-{group.transfer}",
        alt=words.WATERFALL_TABLE_ALT,
    )


def _chart(group: TransferGroup, drawn: Sequence[Exchange]) -> str:
    """Return the chart as HTML made of numbers and words of ours only."""
    whole = max(group.seconds, 0.001)
    label = words.WATERFALL.format(
        count=len(group.exchanges), seconds=words.time_text(group.seconds)
    )
    rows = "".join(
        f'<div style="{_ROW}"><span style="{_NUMBER}">{number}</span>'
        f'<div style="position:relative;flex:1;height:18px">{_bars(one, group.started, whole)}'
        "</div></div>"
        for number, one in enumerate(drawn, 1)
    )
    height = "max-height:380px;overflow-y:auto" if len(drawn) > _SCROLLED else ""
    return (
        f"{_legend(drawn)}"
        f'<div tabindex="0" role="img" aria-label="{label}" style="{height}">{rows}</div>'
        f'<div style="{_ROW};justify-content:space-between;padding-left:2.5rem">'
        f"<span>0</span><span>{words.time_text(group.seconds)}</span></div>"
    )


def _bars(exchange: Exchange, start: float, whole: float) -> str:
    """Return the bar of one request: its phases one after the other, or one for all of it."""
    left = exchange.started - start
    bars: list[str] = []
    for phase, seconds in _phases(exchange).items():
        bars.append(
            f'<div style="{_BAR}left:{100 * left / whole:.3f}%;'
            f'width:{100 * seconds / whole:.3f}%;background:{_COLOURS[phase]}"></div>'
        )
        left += seconds
    return "".join(bars)


def _phases(exchange: Exchange) -> dict[str, float]:
    known = {name: seconds for name, seconds in exchange.timings.phases().items() if seconds}
    return known or {"whole": exchange.seconds}


def _legend(drawn: Sequence[Exchange]) -> str:
    used = {phase for exchange in drawn for phase in _phases(exchange)}
    entries = (
        f'<span style="white-space:nowrap"><span style="display:inline-block;width:12px;'
        f'height:12px;margin-right:4px;background:{colour}"></span>{words.PHASES[phase]}</span>'
        for phase, colour in _COLOURS.items()
        if phase in used
    )
    style = "display:flex;flex-wrap:wrap;gap:0 1rem;font-size:0.75rem;margin-bottom:0.5rem"
    return f'<div style="{style}">{"".join(entries)}</div>'
