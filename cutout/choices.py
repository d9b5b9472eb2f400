"""Checks options that arrive as JSON.

Numbers out of range are moved into it, since a slider's rounding is no mistake; anything of a wrong
type, any unknown choice and any unknown name is refused.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_Choice = TypeVar("_Choice", bound=str)


class ChoiceRefusedError(Exception):
    """What was chosen cannot be done; the message is a sentence for people."""

    code = "BAD_USER_INPUT"


def record(value: object, what: str, names: Sequence[str]) -> Mapping[str, object]:
    """Return a JSON object that has no other names than these."""
    if not isinstance(value, dict):
        raise ChoiceRefusedError(f"{what} must be an object.")
    fields = cast(dict[str, object], value)
    unknown = [name for name in fields if name not in names]
    if unknown:
        raise ChoiceRefusedError(f"{what} has a field that is none of {', '.join(names)}.")
    return fields


def items(value: object, what: str, most: int) -> Sequence[object]:
    """Return a JSON array of at most so many items."""
    if not isinstance(value, list | tuple):
        raise ChoiceRefusedError(f"{what} must be a list.")
    found = cast(Sequence[object], value)
    if len(found) > most:
        raise ChoiceRefusedError(f"{what} has {len(found):,} items; at most {most:,} are taken.")
    return found


def one_of(value: object, what: str, choices: Sequence[_Choice]) -> _Choice:
    """Return a choice that is one of these."""
    for choice in choices:
        if value == choice:
            return choice
    raise ChoiceRefusedError(f"{what} must be one of {', '.join(choices)}.")


def number(value: object, what: str, low: float, high: float) -> float:
    """Return a number, moved into its range."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ChoiceRefusedError(f"{what} must be a number.")
    if isinstance(value, float) and not math.isfinite(value):
        raise ChoiceRefusedError(f"{what} must be a finite number.")
    return float(min(max(value, low), high))


def whole(value: object, what: str, low: int, high: int) -> int:
    """Return a number, moved into its range and rounded."""
    return round(number(value, what, low, high))


def flag(value: object, what: str) -> bool:
    """Return a choice of yes or no."""
    if not isinstance(value, bool):
        raise ChoiceRefusedError(f"{what} must be true or false.")
    return value


def colour(value: object, what: str) -> str:
    """Return a colour as #rrggbb, in lower case."""
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        raise ChoiceRefusedError(f"{what} must be a colour like #1a2b3c.")
    return value.lower()
