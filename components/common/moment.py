"""Moments in the visitor's own time."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from components import words

SOON = 600
"""Seconds before the end when people are warned."""


def clock_text(moment: float, now: float) -> str:
    """Return a time of day, with the date when it is another day's; `moment` is epoch seconds."""
    zone = _zone()
    there = datetime.fromtimestamp(moment, zone)
    clock = f"{there:%H:%M}" + (" UTC" if zone is UTC else "")
    if there.date() == datetime.fromtimestamp(now, zone).date():
        return clock
    return words.ANOTHER_DAY.format(clock=clock, day=f"{there.day} {there:%B}")


def expiry_text(deadline: float, now: float) -> str:
    """Say when links end, or ended: in how long and at what time; epoch seconds."""
    clock = clock_text(deadline, now)
    left = deadline - now
    if left <= 0:
        return words.EXPIRED_AT.format(clock=clock)
    text = words.EXPIRES_SOON if left < SOON else words.EXPIRES_IN
    return text.format(time=words.duration_text(left), clock=clock)


def _zone() -> tzinfo:
    """Return the browser's time zone; UTC where it tells none that is known here."""
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
