"""Malformed bodies of a browser: each is refused with its field, and none is a crash."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from client.transfers.bodies import (
    MOST_FILES,
    MOST_ROWS,
    Body,
    Cancel,
    Complete,
    Fail,
    FieldError,
    Forget,
    Plan,
    Report,
    Resume,
    SentFile,
    read_body,
)
from client.transfers.field_types import HIGHEST_PART
from client.transfers.tries import MOST_TRIES

TRY: dict[str, Any] = {
    "part": 1, "size": 5, "started": 1.5, "seconds": 0.5, "status": 200, "code": "", "etag": '"e"',
    "request_id": "R", "route": "relay",
}  # fmt: skip
FILE: dict[str, Any] = {"id": "a", "name": "film.mp4", "size": 9, "modified": 1}
WISHES: dict[str, Any] = {"kind": "single", "part_size": 5_242_880, "slot": "ab12"}
GOOD: dict[str, tuple[type[Any], dict[str, Any], dict[str, Any] | None]] = {
    "plan": (
        Plan,
        {"holder": "p", "connection": "embedded"},
        {**FILE, **WISHES, "fingerprint": "0" * 64, "type": "video/mp4", "head": "AAAA"},
    ),
    "resume": (
        Resume,
        {**FILE, "holder": "p", "fingerprint": "0" * 64, "digests": [[1, "00"]]},
        None,
    ),
    "complete": (
        Complete,
        {"holder": "p"},
        {"id": "a", "name": "a", "parts": [[1, 0, 5, '"e"']], "sha256": "F" * 64, "tries": [TRY]},
    ),
    "fail": (
        Fail,
        {"holder": "p", "id": "a", "name": "a", "tries": [TRY],
         "error": {"code": "x", "details": {"part": 1, "what": "é"}}},
        None,
    ),
    "cancel": (Cancel, {"holder": "p", "ids": ["a", "b"]}, None),
    "forget": (Forget, {"holder": "p", "ids": ["a", "b"]}, None),
    "report": (
        Report,
        {"holder": "p", "gone": True},
        {"id": "a", "parts": [[2, 5, 9, '"e"']], "tries": [TRY]},
    ),
}  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def read(kind: str, /, *, of_file: dict[str, Any] | None = None, **changes: Any) -> Body:
    """Read a good body with some fields changed, of its first file or of itself."""
    body, good, file = GOOD[kind]
    files = {} if file is None else {"files": [file | (of_file or {})]}
    return read_body(body, json.dumps(good | files | changes).encode())


@pytest.mark.parametrize("kind", GOOD)
def test_what_the_page_tells_is_taken(kind: str) -> None:
    body, good, file = GOOD[kind]
    told = read(kind)
    assert isinstance(told, body)
    assert told.holder == good["holder"]
    files: list[Any] = getattr(told, "files", [])
    assert [one.id for one in files] == (["a"] if file else [])


def test_what_may_be_left_out_may_also_be_null() -> None:
    left_out = {"modified": None, "fingerprint": None, "kind": None, "part_size": None}
    told = read("plan", of_file={**left_out, "slot": None})
    assert isinstance(told, Plan)
    [file] = told.files
    assert (file.modified, file.fingerprint) == (0, "")
    assert (file.kind, file.part_size, file.slot) == (None, None, None)


def test_fields_of_a_later_version_are_passed_over() -> None:
    assert read("report", more=1) == read("report")


def test_an_odd_answer_of_a_store_does_not_stop_a_file_that_arrived() -> None:
    odd = {"code": "défaut", "etag": "é" * 300, "request_id": ""}
    told = read("complete", of_file={"tries": [{**TRY, **odd}]})
    assert isinstance(told, Complete)
    [row] = told.files[0].tries
    assert (row.code, row.etag, row.request_id) == ("défaut", "é" * 256, "")


def test_all_that_can_be_told_of_a_file_at_its_end_is_taken() -> None:
    """What reports could not tell comes along at the end, and a refusal would cost the file."""
    parts = [[number, number, number + 1, '"e"'] for number in range(1, HIGHEST_PART + 1)]
    tries = [{**TRY, "started": number} for number in range(MOST_TRIES)]
    told = read("complete", of_file={"parts": parts, "tries": tries})
    assert isinstance(told, Complete)
    [file] = told.files
    assert isinstance(file, SentFile)
    assert (len(file.parts), len(file.tries)) == (HIGHEST_PART, MOST_TRIES)


OF_FILE: list[tuple[str, str, object, str]] = [
    ("plan", "id", "", 'files[0].id is ""; it must be 1 to 64 letters, digits or _.:-.'),
    ("plan", "id", "x" * 65, "files[0].id is"),
    ("plan", "id", "a b", "files[0].id is"),
    ("plan", "name", None, "files[0].name is null; it must be a text."),
    ("plan", "name", "half a pair \ud800.jpg", "files[0].name is"),
    ("plan", "size", "12", 'files[0].size is "12"; it must be a whole number'),
    ("plan", "size", -1, "files[0].size is -1"),
    ("plan", "size", True, "files[0].size is true"),
    ("plan", "size", 2**64, "files[0].size is 18446744073709551616"),
    ("plan", "modified", 2**64, "files[0].modified is"),
    ("plan", "modified", 1.5, "files[0].modified is 1.5"),
    ("plan", "head", "not base64!", "files[0].head is"),
    ("plan", "head", "AAA", 'files[0].head is "AAA"; it must be Base64.'),
    ("plan", "head", "ä", "files[0].head is"),
    ("plan", "head", None, "files[0].head is null"),
    ("plan", "type", None, "files[0].type is null"),
    ("plan", "type", "\udfff", "files[0].type is"),
    ("plan", "fingerprint", "no hash", "it must be 64 hexadecimal digits."),
    ("plan", "kind", "thrown", 'files[0].kind is "thrown"; it must be single or multipart.'),
    ("plan", "kind", ["single"], "files[0].kind is"),
    ("plan", "part_size", 0, "files[0].part_size is 0; it must be a whole number from 1 to"),
    ("plan", "part_size", 2**31 + 1, "files[0].part_size is 2147483649"),
    ("plan", "part_size", "5", "files[0].part_size is"),
    ("plan", "slot", "\ud800", "files[0].slot is"),
    ("plan", "slot", 7, "files[0].slot is 7"),
    ("complete", "sha256", "f" * 63, "files[0].sha256 is"),
    ("complete", "parts", None, "files[0].parts is null; it must be a list."),
    (
        "complete",
        "parts",
        [[1]],
        "files[0].parts[0] is [1]; it must be number, start, end and ETag",
    ),
    ("complete", "parts", [[]], "files[0].parts[0] is []"),
    ("complete", "parts", [["1", 0, 5, "e"]], 'files[0].parts[0][0] is "1"'),
    ("complete", "parts", [[10_001, 0, 5, "e"]], "from 1 to 10,000"),
    ("complete", "parts", [[1, -1, 5, "e"]], "files[0].parts[0][1] is -1"),
    ("complete", "parts", [[1, 5, 5, "e"]], "it must be a part that ends after it begins."),
    (
        "complete",
        "parts",
        [[1, 0, 5, {}]],
        "files[0].parts[0][3] is {}; it must be 1 to 256 characters.",
    ),
    ("complete", "parts", [[1, 0, 5, ""]], "1 to 256 characters"),
    ("complete", "parts", [[1, 0, 5, "e"]] * 10_001, "may have at most 10,000"),
    ("complete", "tries", [{**TRY, "status": "200"}], "files[0].tries[0].status is"),
    ("complete", "tries", [{**TRY, "started": float("nan")}], "files[0].tries[0].started is NaN"),
    ("complete", "tries", [{**TRY, "part": 2**64}], "files[0].tries[0].part is"),
    ("complete", "tries", [{**TRY, "size": None}], "files[0].tries[0].size is null"),
    ("complete", "tries", [{**TRY, "seconds": -1}], "files[0].tries[0].seconds is -1"),
    ("complete", "tries", [{**TRY, "route": "air"}], "one of direct, relay"),
    ("complete", "tries", "none", 'files[0].tries is "none"; it must be a list.'),
    ("report", "id", None, "files[0].id is null"),
    ("report", "parts", {}, "files[0].parts is {}; it must be a list."),
    ("report", "parts", [[1, 0, 5, "a" * 257]], "1 to 256 characters"),
    (
        "report",
        "parts",
        [[1, 0, 5, "a"]] * (MOST_ROWS + 1),
        "files[0].parts has 1,001 rows; it may",
    ),
    ("report", "tries", [3], "files[0].tries[0] is 3; it must be an object."),
    ("report", "tries", [TRY] * (MOST_ROWS + 1), "files[0].tries has 1,001 rows"),
    ("report", "tries", [{**TRY, "request_id": 7}], "files[0].tries[0].request_id is 7"),
]
OF_BODY: list[tuple[str, str, object, str]] = [
    ("plan", "connection", None, "connection is null; it must be a text."),
    ("plan", "connection", "\ud800", "connection is"),
    ("plan", "files", None, "files is null; it must be a list."),
    ("plan", "files", [], "files is []; it must be a list of at least one."),
    ("plan", "files", [3], "files[0] is 3; it must be an object."),
    ("plan", "files", [FILE, FILE], "it must be files of different ids."),
    ("plan", "files", [{**FILE, "id": str(n)} for n in range(MOST_FILES + 1)], "files has 26 rows"),
    ("complete", "files", [GOOD["complete"][2]] * 2, "it must be files of different ids."),
    ("resume", "digests", [[1, None]], "digests[0][1] is null"),
    ("resume", "digests", [[1]], "digests[0][1] is null"),
    ("resume", "modified", "then", "modified is"),
    ("fail", "error", None, "error is null; it must be an object."),
    ("fail", "error", {"code": "x"}, "error.details is null"),
    ("fail", "error", {"code": "x", "details": {"part": []}}, "it must be texts and numbers."),
    ("fail", "error", {"code": "x", "details": {"part": 1.5}}, "it must be texts and numbers."),
    ("fail", "error", {"code": "x", "details": {"part": 2**53}}, "it must be texts and numbers."),
    ("fail", "error", {"code": "x", "details": {"a": "\ud800"}}, "it must be texts and numbers."),
    ("fail", "error", {"code": "x", "details": {"\ud800": "a"}}, "it must be texts and numbers."),
    ("fail", "error", {"code": "\ud800", "details": {}}, "error.code is"),
    ("cancel", "ids", None, "ids is null; it must be a list."),
    ("cancel", "ids", [], "a list of at least one"),
    ("cancel", "ids", ["a b"], 'ids[0] is "a b"'),
    ("forget", "ids", [None], "ids[0] is null"),
    ("forget", "ids", ["a"] * (MOST_ROWS + 1), "ids has 1,001 rows"),
    ("report", "gone", 1, "gone is 1; it must be true or false."),
    ("report", "files", {}, "files is {}; it must be a list."),
]


@pytest.mark.parametrize(("kind", "field", "value", "words"), OF_FILE)
def test_a_malformed_field_of_a_file_is_named_with_value_and_limit(
    kind: str, field: str, value: object, words: str
) -> None:
    with pytest.raises(FieldError) as refused:
        read(kind, of_file={field: value})
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "field", "value", "words"),
    [*OF_BODY, *((kind, "holder", holder, "holder is") for kind in GOOD
                 for holder in (None, 7, "", "a b", "x" * 65))],
)  # fmt: skip
def test_a_malformed_field_of_a_body_is_named_with_value_and_limit(
    kind: str, field: str, value: object, words: str
) -> None:
    change: dict[str, Any] = {field: value}
    with pytest.raises(FieldError) as refused:
        read(kind, **change)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("plan", "files"), ("plan", "connection"), ("plan", "holder"), ("resume", "id"),
        ("resume", "name"), ("resume", "size"), ("complete", "files"), ("fail", "error"),
        ("fail", "name"), ("cancel", "ids"), ("forget", "ids"), ("report", "files"),
    ],
)  # fmt: skip
def test_a_field_that_is_missing_is_named(kind: str, field: str) -> None:
    body, good, file = GOOD[kind]
    whole = good | ({} if file is None else {"files": [file]})
    del whole[field]
    with pytest.raises(FieldError, match=f"^{field} is null; it must be "):
        read_body(body, json.dumps(whole).encode())


@pytest.mark.parametrize("body", [b"{", b"\xff", b"", b"[" * 60_000, b"1" * 5_000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(FieldError, match="The body is not valid JSON"):
        read_body(Report, body)


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"plan"'])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(FieldError, match=r"the body is .*; it must be an object"):
        read_body(Plan, body)


@pytest.mark.parametrize("number", ["NaN", "1e400", "-Infinity", "1" + "0" * 400])
def test_what_is_no_number_of_json_is_no_time(number: str) -> None:
    row = f'{{"part": 1, "seconds": 1, "status": 200, "started": {number}}}'
    body = f'{{"holder": "p", "files": [{{"id": "a", "tries": [{row}]}}]}}'
    with pytest.raises(FieldError, match=r"files\[0\].tries\[0\].started is "):
        read_body(Report, body.encode())


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_whatever_a_field_holds_the_body_is_taken_or_refused(
    kind: str, data: st.DataObject
) -> None:
    _, good, file = GOOD[kind]
    more = ["parts", "tries", "error", "files", "ids"]
    field = data.draw(st.sampled_from([*good, *(file or {}), *more]))
    change: dict[str, Any] = {str(field): data.draw(ANYTHING)}
    with contextlib.suppress(FieldError):
        read(kind, **change)
    with contextlib.suppress(FieldError):
        read(kind, of_file=change)


@pytest.mark.parametrize(
    ("kind", "of_file", "field"),
    [("complete", True, "parts"), ("resume", False, "digests"), ("complete", True, "tries")],
)
def test_a_long_list_is_refused_at_its_first_wrong_row(
    kind: str, field: str, *, of_file: bool
) -> None:
    wrong: dict[str, Any] = {field: [None] * 20_000}
    with pytest.raises(FieldError, match=rf"{field}\[0\]") as refused:
        read(kind, of_file=wrong) if of_file else read(kind, **wrong)
    cause = refused.value.__cause__
    assert isinstance(cause, ValidationError)
    assert cause.error_count() < 10


@pytest.mark.parametrize("kind", [Plan, Cancel, Report])
def test_however_deep_a_body_is_nested_it_is_refused_and_is_no_crash(kind: type[Any]) -> None:
    for depth in range(900, 1_100):
        body = f'{{"holder": {"[" * depth}{"]" * depth}}}'
        with pytest.raises(FieldError):
            read_body(kind, body.encode())
