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


def exact_clock_text(moment: float) -> str:
    """Return a time of day to the millisecond; epoch seconds."""
    return _exact(moment, _zone())


def exact_clock_text_in_utc(moment: float) -> str:
    """Return the same as servers' logs have it."""
    return _exact(moment, UTC)


def day_text(moment: float) -> str:
    """Return a day and a time of day; epoch seconds."""
    zone = _zone()
    there = datetime.fromtimestamp(moment, zone)
    return f"{there.day} {there:%B %Y, %H:%M}" + (" UTC" if zone is UTC else "")


def expiry_text(deadline: float, now: float) -> str:
    """Say when links end, or ended: in how long and at what time; epoch seconds."""
    clock = clock_text(deadline, now)
    left = deadline - now
    if left <= 0:
        return words.EXPIRED_AT.format(clock=clock)
    text = words.EXPIRES_SOON if left < SOON else words.EXPIRES_IN
    return text.format(time=words.duration_text(left), clock=clock)


def _exact(moment: float, zone: tzinfo) -> str:
    there = datetime.fromtimestamp(moment, zone)
    milliseconds = there.microsecond // 1000
    return f"{there:%H:%M:%S}.{milliseconds:03d}" + (" UTC" if zone is UTC else "")


def _zone() -> tzinfo:
    """Return the browser's time zone; UTC where it tells none that is known here."""
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
