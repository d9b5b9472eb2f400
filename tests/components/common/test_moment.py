"""Moments, without a browser: so in UTC."""

from components.common.moment import clock_text, expiry_text

NOON = 1_790_000_000.0 - 1_790_000_000.0 % 86_400 + 43_200
"""Epoch seconds: 12:00 UTC on 21 September 2026."""


def test_a_time_of_the_same_day_is_a_clock_time() -> None:
    assert clock_text(NOON + 90, NOON) == "12:01 UTC"


def test_a_time_of_another_day_has_its_date() -> None:
    assert clock_text(NOON - 86_400, NOON) == "12:00 UTC on 20 September"


def test_an_end_is_told_in_time_and_by_the_clock() -> None:
    assert expiry_text(NOON + 2520, NOON) == "links expire in 42 min, at 12:42 UTC"
    assert "links expire soon: in 10 min, at" in expiry_text(NOON + 599, NOON)
    assert expiry_text(NOON, NOON) == "links expired at 12:00 UTC"
