"""Cleans credentials and addresses that people pasted: removes what copying brought along.

Copied text brings along what nobody sees: zero-width characters, a byte order mark, quotation
marks that a word processor made curly. What cannot be part of the value is taken away; what might
be, or shows that something else was copied, is refused by its name.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

from client.errors import OddCharactersError

Kind = Literal["token", "secret", "id", "address"]
"""What the value may hold: RFC 6750 2.1 for a token and RFC 6749 A.1 and A.2 for id and secret,
of which only a secret may reasonably have blanks inside; an address may have letters of any script.
"""
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]")  # RFC 9110 5.5

_STRAIGHT_QUOTES = ('""', "''", "``")
_LOW_QUOTES = "\u201e\u201a"  # as German opens; all other curly ones have a category of their own
_SCHEME = re.compile(r"(?:authorization\s*:\s*)?bearer\s+", re.IGNORECASE)
_ALLOWED = {
    "token": re.compile(r"[\x21-\x7e]"),
    "id": re.compile(r"[\x21-\x7e]"),
    "secret": re.compile(r"[\x20-\x7e]"),
    "address": re.compile(r"[^\s\x00-\x20\x7f-\xa0\xab\xbb\u2018-\u201f\ud800-\udfff]"),
}


def as_meant(text: str, kind: Kind, what: str) -> str:
    """Return the pasted value without what copying brought along; it may be empty.

    Taken away: blanks and quotation marks around it, characters that show nothing, and the word
    `Bearer` before a token. A secret keeps straight quotes, which it may have.

    Args:
        text: as it was entered.
        kind: what it is to be.
        what: what the field is called, for the message.

    Raises:
        OddCharactersError: a character is left that the value cannot have. The message says which
            and where, and nothing else of the value.
    """
    value = without_invisible(text).strip()
    value = _without_quotes(value, straight=kind != "secret")
    if kind == "token":
        value = _without_quotes(_SCHEME.sub("", value, count=1), straight=True)
    _refuse_others(value, _ALLOWED[kind], what)
    return value


def check_headers(headers: Mapping[str, str]) -> None:
    """Refuse what cannot be sent as the value of a header.

    Raises:
        OddCharactersError: a value has a character that no header can have.
    """
    for name, value in headers.items():
        _refuse_others(value, _HEADER_VALUE, f"header {name}")


def _refuse_others(value: str, allowed: re.Pattern[str], what: str) -> None:
    for index, character in enumerate(value):
        if not allowed.match(character):
            raise OddCharactersError(
                f"The {what} contains {named(character)} {_place(index, len(value))}.",
                field=what,
                character=named(character),
            )


def without_invisible(text: str) -> str:
    """Leave out format characters (Unicode category Cf): what stays is what the person sees."""
    return "".join(one for one in text if unicodedata.category(one) != "Cf")


def _without_quotes(value: str, *, straight: bool) -> str:
    while len(value) > 1 and (
        (_is_curly(value[0]) and _is_curly(value[-1]))
        or (straight and value[0] + value[-1] in _STRAIGHT_QUOTES)
    ):
        value = value[1:-1].strip()
    return value


def _is_curly(character: str) -> bool:
    return character in _LOW_QUOTES or unicodedata.category(character) in {"Pi", "Pf"}


def named(character: str) -> str:
    """Return a character's number and name, such as "U+00A0 (no-break space)"."""
    if character in "\r\n":
        return f"a line break (U+{ord(character):04X})"
    name = unicodedata.name(character, "a control character").lower()
    return f"U+{ord(character):04X} ({name})"


def _place(index: int, length: int) -> str:
    if index == 0:
        return "at the start"
    return "at the end" if index == length - 1 else f"after {index} characters"
