"""A value that the form and the editor change at once."""

import pytest

from components.playground.typed_over import TextBox, brought_over


@pytest.mark.parametrize(
    ("base", "typed", "now", "expected"),
    [
        ("a", "aZZ", "a", "aZZ"),
        ("a", "aZZ", "TEXT", "TEXTZZ"),
        ("a", "ZZa", "TEXT", "ZZTEXT"),
        ("ab", "aZb", "abc", "aZbc"),
        ("ab", "aZb", "cab", "caZb"),
        ("abc", "ac", "abc!", "ac!"),
        ("abc", "", "abc!", "!"),
        ("a", "new", "TEXT", "new"),
        ("", "x", "", "x"),
        ("same", "same", "other", "other"),
    ],
)
def test_what_was_typed_is_brought_over(base: str, typed: str, now: str, expected: str) -> None:
    assert brought_over(base, typed, now) == expected


def test_what_goes_on_being_typed_is_brought_over_once() -> None:
    time = [0.0]
    box = TextBox(clock=lambda: time[0])
    box.holds("a")
    box.holds("TEXT")
    assert box.told("aZZ", "TEXT") == "TEXTZZ"
    box.holds("TEXTZZ")
    assert box.told("aZZY", "TEXTZZ") == "TEXTZZY"
    box.holds("TEXTZZY")
    assert box.told("TEXTZZYX", "TEXTZZY") == "TEXTZZYX"


def test_what_a_box_showed_long_ago_is_forgotten() -> None:
    time = [0.0]
    box = TextBox(clock=lambda: time[0])
    box.holds("a")
    box.holds("TEXT")
    time[0] = 60
    box.holds("TEXT")
    assert box.told("ab", "TEXT") == "ab"


def test_letters_are_taken_away_again() -> None:
    box = TextBox()
    box.holds("a")
    assert box.told("ab", "a") == "ab"
    box.holds("ab")
    assert box.told("a", "ab") == "a"
    box.holds("a")
    box.holds("ab")  # the editor put it there again
    assert box.told("a", "ab") == "a"
