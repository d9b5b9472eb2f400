"""Malformed events of a browser: each is refused with its field, and none is a crash."""

import contextlib
from typing import Any

import pytest
from client.transfers.browser_event import read_event
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from client.errors import BadEventError

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
    read_event(GOOD[kind])


def test_an_odd_code_of_a_store_does_not_stop_a_file_that_arrived() -> None:
    """A report of it would be refused, and is not repeated; the event at the end is needed."""
    odd = {"code": "défaut", "etag": "é" * 300, "request_id": ""}
    [told] = read_event({**GOOD["sent"], "tries": [{**TRY, **odd}]}).tries
    assert (told.code, told.etag, told.request_id) == ("défaut", "é" * 300, "")


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
    ("picked", "holder", 7),
    ("picked", "holder", "x" * 65),
    ("picked", "fingerprint", "no hash"),
    ("resumed", "digests", [[1, None]]),
    ("sent", "sha256", "f" * 63),
    ("sent", "etags", None),
    ("sent", "etags", [[1]]),
    ("sent", "etags", [["1", "e"]]),
    ("sent", "etags", [[10_001, "e"]]),
    ("sent", "etags", [[1, {}]]),
    ("sent", "tries", [{**TRY, "status": "200"}]),
    ("sent", "tries", [{**TRY, "started": float("nan")}]),
    ("sent", "tries", [{**TRY, "part": 2**64}]),
    ("sent", "tries", [{**TRY, "size": None}]),
    ("sent", "tries", [{**TRY, "seconds": -1}]),
    ("sent", "tries", [{**TRY, "route": "air"}]),
    ("sent", "tries", "none"),
    ("failed", "error", None),
    ("failed", "error", {"code": "x"}),
    ("failed", "error", {"code": "x", "details": {"part": []}}),
    ("failed", "error", {"code": "x", "details": {"part": 1.5}}),
]


@pytest.mark.parametrize(("kind", "field", "value"), MALFORMED)
def test_a_malformed_field_is_named(kind: str, field: str, value: object) -> None:
    with pytest.raises(BadEventError, match=field) as refused:
        read_event({**GOOD[kind], field: value})
    assert str(refused.value.details["field"]).startswith(field)


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_whatever_a_field_holds_the_event_is_taken_or_refused(
    kind: str, data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from([*GOOD[kind], "etags", "tries", "error"]))
    event = {**GOOD[kind], field: data.draw(ANYTHING)}
    with contextlib.suppress(BadEventError):
        read_event(event)


@pytest.mark.parametrize(
    ("kind", "field"), [("sent", "etags"), ("resumed", "digests"), ("sent", "tries")]
)
def test_a_long_list_is_refused_at_its_first_wrong_row(kind: str, field: str) -> None:
    with pytest.raises(BadEventError) as refused:
        read_event({**GOOD[kind], field: [None] * 20_000})
    assert str(refused.value.details["field"]).startswith(f"{field}[0]")
    cause = refused.value.__cause__
    assert isinstance(cause, ValidationError)
    assert cause.error_count() < 10
