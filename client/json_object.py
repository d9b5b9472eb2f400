"""Reads JSON of unknown shape without trusting it."""

import json
import math
import re
from typing import Any, NoReturn, cast

JsonObject = dict[str, Any]

MOST_LEVELS = 200
"""Objects and lists inside each other. No API's answer comes near it, and what walks an answer,
here and in the libraries, may call itself once or twice a level: Python allows 1,000 in all."""
_HALF = re.compile("[\ud800-\udfff]")


class UnreadableJsonError(ValueError):
    """The content cannot be used as JSON. The message says why, to follow "the answer is"."""

    code = "unreadable-json"


def read_json(content: bytes | str) -> object:
    """Return the parsed value; it has at most `MOST_LEVELS` levels.

    Raises:
        UnreadableJsonError: it is no JSON, or nested too deeply.
    """
    try:
        value = json.loads(content, parse_constant=_no_constant)
    except RecursionError as error:
        raise too_deep() from error
    except UnreadableJsonError:
        raise
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise UnreadableJsonError("no JSON") from error
    except ValueError as error:  # Python bounds the digits of a whole number
        raise UnreadableJsonError("JSON with a number too long to read") from error
    check_levels(content, value)
    return value


def check_levels(content: bytes | str, value: object) -> None:
    """Refuse a parsed value that has more than `MOST_LEVELS` levels.

    Raises:
        UnreadableJsonError: it is nested too deeply.
    """
    if _may_be_deep(content) and _levels(value) > MOST_LEVELS:
        raise too_deep()


def parse_json(content: bytes | str) -> object:
    """Return the parsed value, or None when the content cannot be used as JSON."""
    try:
        return read_json(content)
    except UnreadableJsonError:
        return None


def encodable(text: str) -> str:
    """Return text without halves of pairs of UTF-16, which JSON may have and UTF-8 cannot.

    A program that cuts a title within an emoji writes them (RFC 8259, section 8.2).
    """
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def as_object(value: object) -> JsonObject:
    """Return the value when it is an object, else an empty one."""
    return cast(JsonObject, value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return the value when it is a list, else an empty one."""
    return cast(list[Any], value) if isinstance(value, list) else []


def as_number(value: object) -> float | None:
    """Return the value when it is a number that can be counted with, else None.

    `1E400` is JSON too, and becomes infinity; a whole number may be beyond every float.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _no_constant(name: str) -> NoReturn:
    raise UnreadableJsonError(f"no JSON, which knows no {name}")


def _may_be_deep(content: bytes | str) -> bool:
    """Return whether there are more brackets than levels allowed; quick, and False for most."""
    if isinstance(content, bytes):
        return content.count(b"[") + content.count(b"{") > MOST_LEVELS
    return content.count("[") + content.count("{") > MOST_LEVELS


def _levels(value: object) -> int:
    """Count level by level: a function that calls itself would meet the limit it looks for."""
    levels, here = 0, [value]
    while any(isinstance(one, dict | list) for one in here):
        levels += 1
        here = [child for one in here for child in (*as_object(one).values(), *as_list(one))]
    return levels


def too_deep() -> UnreadableJsonError:
    """Return the error to raise in the place of Python's RecursionError."""
    return UnreadableJsonError(f"JSON nested more than {MOST_LEVELS} levels deep")
