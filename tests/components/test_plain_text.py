import re

from hypothesis import given
from hypothesis import strategies as st

from components.plain_text import plain


@given(st.text())
def test_no_punctuation_is_left_for_markdown_and_no_line_break(text: str) -> None:
    inner = plain(text)[1:-1]
    assert not re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[^-`{-~]", inner)
    assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", inner)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_letters_and_digits_are_left_as_they_are(text: str) -> None:
    assert plain(text) == f"\u2068{text}\u2069"


def test_a_right_to_left_override_cannot_turn_what_follows_around() -> None:
    assert plain("photo\u202egpj.exe") == "\u2068photogpj\\.exe\u2069"


def test_markdown_and_html_come_out_as_themselves() -> None:
    assert plain("**a** <b>\n[x](y) :red[z] $1$") == (
        "\u2068\\*\\*a\\*\\* \\<b\\> \\[x\\]\\(y\\) \\:red\\[z\\] \\$1\\$\u2069"
    )
