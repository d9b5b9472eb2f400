"""The rules of HAR 1.2 (sections 4.1 to 4.11 of the draft) for the fields that are required.

Stricter than the draft in what readers rely on: `pages`, which Firefox's importer does not do
without, `pageref`, by which haralyzer and others find the entries of a page, a moment with
milliseconds and a zone, which every `Date.parse` takes, and entries in the order of their moments.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

Rule = Callable[[Any], bool]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_size(value: Any) -> bool:
    return is_integer(value) and value >= -1


def is_moment(value: Any) -> bool:
    return bool(MOMENT.fullmatch(value)) and datetime.fromisoformat(value).tzinfo is not None


def is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def is_absolute(value: Any) -> bool:
    split = urlsplit(str(value))
    return bool(split.scheme and split.netloc) and not split.fragment


def is_positive(value: Any) -> bool:
    return is_number(value) and value >= 0


def each(fields: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """Return a rule for objects: these fields, those optional ones, and `_custom` ones."""
    known = {**fields, **(optional or {}), "comment": is_text}

    def check(value: Any) -> bool:
        assert isinstance(value, dict), value
        given = cast(dict[str, Any], value)
        assert not set(fields) - set(given), given
        for name, item in given.items():
            if not name.startswith("_"):
                assert name in known, name
                assert known[name](item), (name, item)
        return True

    return check


def list_of(rule: Rule) -> Rule:
    return lambda value: isinstance(value, list) and all(map(rule, cast(list[Any], value)))


NAMED = each({"name": is_text, "value": is_text})
COOKIES = list_of(each({"name": is_text, "value": is_text}))
POST_DATA = each({"mimeType": is_text, "text": is_text}, {"params": list_of(NAMED)})
CONTENT = each(
    {"size": is_integer, "mimeType": is_text},
    {"text": is_text, "encoding": is_text, "compression": is_integer},
)
REQUEST = each(
    {
        "method": is_text,
        "url": is_absolute,
        "httpVersion": is_text,
        "cookies": COOKIES,
        "headers": list_of(NAMED),
        "queryString": list_of(NAMED),
        "headersSize": is_size,
        "bodySize": is_size,
    },
    {"postData": POST_DATA},
)
RESPONSE = each(
    {
        "status": is_integer,
        "statusText": is_text,
        "httpVersion": is_text,
        "cookies": COOKIES,
        "headers": list_of(NAMED),
        "content": CONTENT,
        "redirectURL": is_text,
        "headersSize": is_size,
        "bodySize": is_size,
    }
)
TIMINGS = each(
    {"send": is_positive, "wait": is_positive, "receive": is_positive},
    {"blocked": is_number, "dns": is_number, "connect": is_number, "ssl": is_number},
)
ENTRY = each(
    {
        "startedDateTime": is_moment,
        "time": is_positive,
        "request": REQUEST,
        "response": RESPONSE,
        "cache": each({}),
        "timings": TIMINGS,
        "pageref": is_name,
    },
    {"serverIPAddress": is_text, "connection": is_text},
)
PAGE = each(
    {
        "startedDateTime": is_moment,
        "id": is_name,
        "title": is_name,
        "pageTimings": each({}, {"onContentLoad": is_number, "onLoad": is_number}),
    }
)
LOG = each(
    {
        "version": lambda value: value == "1.2",
        "creator": each({"name": is_text, "version": is_text}),
        "pages": list_of(PAGE),
        "entries": list_of(ENTRY),
    },
    {"browser": each({"name": is_text, "version": is_text})},
)


def check_har(document: Any) -> None:
    """Fail when a document breaks a rule, or an entry's timings do not add up to its time."""
    assert each({"log": LOG})(document)
    pages = {page["id"]: page["startedDateTime"] for page in document["log"]["pages"]}
    assert len(pages) == len(document["log"]["pages"]) > 0
    moments = [entry["startedDateTime"] for entry in document["log"]["entries"]]
    assert moments == sorted(moments)
    for entry in document["log"]["entries"]:
        assert pages[entry["pageref"]] <= entry["startedDateTime"]
    for entry in document["log"]["entries"]:
        timings = dict(entry["timings"])
        handshake = timings.pop("ssl", -1)  # part of `connect` (section 4.2.16)
        assert handshake <= timings.get("connect", -1)
        total = sum(item for item in timings.values() if item >= 0)
        assert abs(total - entry["time"]) < 0.01
