"""Numbers of JSON that people wrote stay as they were written."""

import json
import math
from typing import Any

import pytest

from client.written_json import read_written, write_written

NUMBERS = ["485091432142801408", "12345678901234567890123", "1.10", "1.0", "-0.0", "1E400", "1e5"]


@pytest.mark.parametrize("text", [*NUMBERS, "9" * 5000, "-1.7976931348623157e+309"])
def test_a_number_is_written_as_it_was(text: str) -> None:
    value = read_written(f'{{"a": [{text}]}}')
    assert write_written(value) == f'{{\n  "a": [\n    {text}\n  ]\n}}'
    assert repr(read_written(text)) == text


VALUES: list[Any] = [None, True, {}, [], {"é\n": [{}, [], {"b": [1, "x", None]}]}, "\ud800", 7]


@pytest.mark.parametrize("value", VALUES)
def test_everything_else_is_laid_out_as_json_does(value: Any) -> None:
    assert write_written(value) == json.dumps(value, indent=2, ensure_ascii=False)
    assert read_written(write_written(value)) == value


def test_numbers_are_numbers_to_calculate_with() -> None:
    assert read_written("[1.5, 2]") == [1.5, 2]
    assert math.isinf(read_written("1E400"))


@pytest.mark.parametrize(
    "text",
    ["NaN", "[Infinity]", '{"a": -Infinity}', "[" * 100_000, "[" * 201 + "]" * 201, "{'a': 1}"],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON has no|levels deep|Expecting"):
        read_written(text)
