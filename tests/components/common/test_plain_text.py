import re

from hypothesis import given
from hypothesis import strategies as st

from components.common.plain_text import described, plain


@given(st.text())
def test_no_punctuation_is_left_for_markdown_and_no_line_break(text: str) -> None:
    inner = plain(text).strip("\u2068\u2069")
    assert not re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[^-`{-~]", inner)
    assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", inner)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_letters_and_digits_are_left_as_they_are(text: str) -> None:
    assert plain(text) == (text if text.isascii() else f"\u2068{text}\u2069")


def test_a_right_to_left_override_cannot_turn_what_follows_around() -> None:
    assert plain("photo\u202egpj.exe") == "photogpj\\.exe"


def test_markdown_and_html_come_out_as_themselves() -> None:
    assert plain("**a** <b>\n[x](y) :red[z] $1$") == (
        "\\*\\*a\\*\\* \\<b\\> \\[x\\]\\(y\\) \\:red\\[z\\] \\$1\\$"
    )


def test_addresses_do_not_become_links() -> None:
    assert plain("https://a.b www.a.b a@b.c") == (
        "https\u2060\\:\\/\\/a\\.b www\u2060\\.a\\.b a\u2060\\@b\\.c"
    )


def test_code_in_a_description_stays_code_and_the_rest_is_plain() -> None:
    assert described("Sort by `name`, *not* `a_b*`.") == "Sort by `name`\\, \\*not\\* `a_b*`\\."
    assert described("") == ""
    assert described("a ` b") == plain("a ` b")
    assert described("`a`\n`b`") == "`a` `b`"
    assert described("`<b>`[x](y)") == "`<b>`" + plain("[x](y)")
