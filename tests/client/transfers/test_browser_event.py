"""Malformed events of a browser: each is refused with its field, and none is a crash."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.errors import BadEventError
from client.transfers.browser_event import check_event
from client.transfers.record import read_try

TRY = {"part": 1, "size": 5, "started": 1.5, "seconds": 0.5, "status": 200, "etag": '"e"'}
FILE = {"event": "p:1", "id": "a", "name": "film.mp4", "size": 9, "modified": 1, "holder": "p"}
GOOD: dict[str, dict[str, Any]] = {
    "picked": {**FILE, "kind": "picked", "type": "video/mp4", "head": "AAAA"},
    "resumed": {**FILE, "kind": "resumed", "fingerprint": "0" * 64},
    "sent": {**FILE, "kind": "sent", "etags": [[1, '"e"'], [2, None]], "tries": [TRY]},
    "failed": {**FILE, "kind": "failed", "error": {"code": "x", "details": {"part": 1}}},
    "cancelled": {**FILE, "kind": "cancelled", "tries": []},
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("kind", GOOD)
def test_what_the_page_tells_is_taken(kind: str) -> None:
    check_event(GOOD[kind])


MALFORMED: list[tuple[str, str, object]] = [
    ("picked", "kind", "uploaded"),
    ("picked", "kind", ["picked"]),
    ("picked", "event", 7),
    ("picked", "id", ""),
    ("picked", "id", "x" * 65),
    ("picked", "name", None),
    ("picked", "name", "half a pair \ud800.jpg"),
    ("picked", "size", "12"),
    ("picked", "size", -1),
    ("picked", "size", True),
    ("picked", "size", 2**64),
    ("picked", "modified", 2**64),
    ("picked", "head", "not base64!"),
    ("picked", "head", "AAA"),
    ("picked", "head", "ä"),
    ("picked", "type", None),
    ("sent", "etags", None),
    ("sent", "etags", [[1]]),
    ("sent", "etags", [["1", "e"]]),
    ("sent", "etags", [[10_001, "e"]]),
    ("sent", "etags", [[1, {}]]),
    ("sent", "tries", [{**TRY, "status": "200"}]),
    ("sent", "tries", [{**TRY, "started": float("nan")}]),
    ("sent", "tries", [{**TRY, "part": 2**64}]),
    ("sent", "tries", "none"),
    ("failed", "error", None),
    ("failed", "error", {"code": "x"}),
    ("failed", "error", {"code": "x", "details": {"part": []}}),
]


@pytest.mark.parametrize(("kind", "field", "value"), MALFORMED)
def test_a_malformed_field_is_named(kind: str, field: str, value: object) -> None:
    with pytest.raises(BadEventError, match=field) as refused:
        check_event({**GOOD[kind], field: value})
    assert str(refused.value.details["field"]).startswith(field)


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_whatever_a_field_holds_the_event_is_taken_or_refused(
    kind: str, data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from([*GOOD[kind], "etags", "tries", "error"]))
    event = {**GOOD[kind], field: data.draw(ANYTHING)}
    try:
        check_event(event)
    except BadEventError:
        return
    for row in event.get("tries", ()):
        read_try(row)
