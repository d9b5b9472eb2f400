"""Reads JSON that people wrote, keeping each number's text, so that writing does not change it.

`json` keeps a fraction as a binary one and reads `1E400` as infinity, which it then writes as the
word `Infinity`. RFC 8259, section 6, leaves the range and precision of numbers to each program, so
only their text says for certain what was meant.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any, cast

from client.json_object import check_levels, too_deep

_STEP = "  "


class WrittenFloat(float):
    """A number with the text it was written as; `1E400` is infinite to whoever calculates."""

    text: str

    def __new__(cls, text: str) -> "WrittenFloat":
        """Read a number as JSON writes it."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __repr__(self) -> str:
        return self.text


def read_written(text: str) -> Any:
    """Return the value of a JSON text, each number that is no plain integer a WrittenFloat.

    Raises:
        json.JSONDecodeError: it is not JSON, with the place.
        UnreadableJsonError: it is nested too deep.
        ValueError: it has NaN or Infinity, which JSON does not know.
    """
    try:
        value: Any = json.loads(
            text, parse_float=WrittenFloat, parse_int=_integer, parse_constant=_no_constant
        )
    except RecursionError as error:
        raise too_deep() from error
    check_levels(text, value)
    return value


def write_written(value: Any, indent: str = "") -> str:
    """Return a value as JSON for people to read, with the numbers of `read_written` as written."""
    inner = indent + _STEP
    if isinstance(value, Mapping):
        entries = cast(Mapping[str, Any], value).items()
        parts = [f"{_plain(name)}: {write_written(one, inner)}" for name, one in entries]
        return _block("{", parts, "}", indent)
    if isinstance(value, list):
        return _block(
            "[", [write_written(one, inner) for one in cast(list[Any], value)], "]", indent
        )
    return value.text if isinstance(value, WrittenFloat) else _plain(value)


def _block(opening: str, parts: list[str], closing: str, indent: str) -> str:
    if not parts:
        return opening + closing
    inner = f"\n{indent}{_STEP}"
    return f"{opening}{inner}{f',{inner}'.join(parts)}\n{indent}{closing}"


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _integer(text: str) -> int | WrittenFloat:
    """Python takes no integers of more digits than this from a text, so that none takes long."""
    return WrittenFloat(text) if len(text) > sys.get_int_max_str_digits() > 0 else int(text)


def _no_constant(name: str) -> None:
    raise ValueError(f"JSON has no {name}")
