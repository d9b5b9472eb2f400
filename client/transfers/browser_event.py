"""Checks every field of an event from a browser before any of them is used."""

import math
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, cast

from client.errors import BadEventError

KINDS = ("picked", "resumed", "sent", "failed", "cancelled")
LONGEST_ID = 64
LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that JavaScript tells apart from its neighbours."""
HIGHEST_PART = 10_000
"""S3's most parts of an upload."""


def check_event(event: Mapping[str, Any]) -> None:
    """Look at every field of an event that is used.

    Raises:
        BadEventError: one is missing or not as it must be; the message names it.
    """
    if event.get("kind") not in KINDS:
        raise _wrong("kind")
    for name in ("event", "id"):
        if not 1 <= len(_text(event, name)) <= LONGEST_ID:
            raise _wrong(name)
    _text(event, "name")
    _whole(event.get("size"), "size")
    kept = LARGEST_NUMBER if event["kind"] == "picked" else 10**400  # else it is compared only
    _whole(event.get("modified") or 0, "modified", least=-kept, most=kept)
    for number, row in enumerate(_list(event.get("tries", []), "tries")):
        _check_try(row, f"tries[{number}]")
    match event["kind"]:
        case "picked":
            _text(event, "type")
            try:
                b64decode(_text(event, "head"), validate=True)
            except ValueError as error:
                raise _wrong("head") from error
        case "sent":
            for number, row in enumerate(_list(event.get("etags"), "etags")):
                _check_etag(row, f"etags[{number}]")
        case "resumed":
            for number, row in enumerate(_list(event.get("digests", []), "digests")):
                _check_etag(row, f"digests[{number}]")
        case "failed":
            _check_failure(event.get("error"))
        case _:
            pass


def _check_etag(row: object, place: str) -> None:
    pair = _list(row, place)
    if len(pair) != 2 or not isinstance(pair[1], str | None):
        raise _wrong(place)
    _whole(pair[0], place, least=1, most=HIGHEST_PART)


def _check_failure(error: object) -> None:
    fields = _object(error, "error")
    _text(fields, "code")
    for value in _object(fields.get("details"), "error.details").values():
        if not isinstance(value, str | int | float):
            raise _wrong("error.details")


def _check_try(row: object, place: str) -> None:
    fields = _object(row, place)
    _whole(fields.get("part"), f"{place}.part", least=1, most=HIGHEST_PART)
    _whole(fields.get("size") or 0, f"{place}.size")
    _whole(fields.get("status"), f"{place}.status", most=599)
    for name in ("started", "seconds"):
        value = fields.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise _wrong(f"{place}.{name}")
        if not (math.isfinite(value) and abs(value) <= LARGEST_NUMBER):
            raise _wrong(f"{place}.{name}")
    for name in ("code", "etag", "request_id"):
        if fields.get(name):
            _text(fields, name, place)


def _text(fields: Mapping[str, Any], name: str, place: str = "") -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise _wrong(f"{place}.{name}" if place else name)
    try:
        value.encode()
    except UnicodeEncodeError as error:  # half of a surrogate pair, which JSON may hold
        raise _wrong(f"{place}.{name}" if place else name) from error
    return value


def _whole(value: object, name: str, least: int = 0, most: int = LARGEST_NUMBER) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise _wrong(name)


def _list(value: object, name: str) -> list[object]:
    if not isinstance(value, list | tuple):
        raise _wrong(name)
    return list(cast("list[object]", value))


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(name)
    return cast("Mapping[str, Any]", value)


def _wrong(name: str) -> BadEventError:
    return BadEventError(f'Its field "{name}" is missing or not as it must be.', field=name)
