"""Reads JSON of unknown shape without trusting it."""

import json
from typing import Any, cast

JsonObject = dict[str, Any]


def parse_json(content: bytes | str) -> object:
    """Return the parsed value, or None when the content is not JSON."""
    try:
        return json.loads(content)
    except ValueError:
        return None


def as_object(value: object) -> JsonObject:
    """Return the value when it is an object, else an empty one."""
    return cast(JsonObject, value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return the value when it is a list, else an empty one."""
    return cast(list[Any], value) if isinstance(value, list) else []
