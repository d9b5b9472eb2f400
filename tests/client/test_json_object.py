"""JSON that is no trouble to parse and trouble to use: deep, endless, beyond every float."""

import json

import pytest

from client.json_object import (
    MOST_LEVELS,
    UnreadableJsonError,
    as_number,
    encodable,
    parse_json,
    read_json,
)


def nested(levels: int, opening: str = "[", closing: str = "]", innermost: str = "") -> str:
    return opening * levels + innermost + closing * levels


@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 900, 2_000, 100_000])
@pytest.mark.parametrize(("opening", "closing", "innermost"), [("[", "]", ""), ('{"a":', "}", "0")])
@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-16"])
def test_what_is_nested_too_deeply_is_said_to_be(
    levels: int, opening: str, closing: str, innermost: str, encoding: str | None
) -> None:
    text = nested(levels, opening, closing, innermost)
    content = text.encode(encoding) if encoding else text
    with pytest.raises(UnreadableJsonError, match="more than 200 levels"):
        read_json(content)
    assert parse_json(content) is None


def test_the_deepest_that_is_read_can_be_written_again() -> None:
    value = read_json(nested(MOST_LEVELS))
    assert json.dumps(value) == nested(MOST_LEVELS)


def test_many_brackets_beside_each_other_are_not_deep() -> None:
    assert read_json(json.dumps([[{}]] * 5_000)) == [[{}]] * 5_000
    assert read_json(json.dumps(["[" * 500])) == ["[" * 500]


@pytest.mark.parametrize("content", ["", "{", b"\xff\xfe\xff", "<html>", "{'a': 1}"])
def test_what_is_no_json_is_said_to_be_none(content: bytes | str) -> None:
    with pytest.raises(UnreadableJsonError, match="no JSON"):
        read_json(content)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_words_for_numbers_that_json_does_not_know_are_named(word: str) -> None:
    with pytest.raises(UnreadableJsonError, match=f"no JSON, which knows no {word}"):
        read_json(f'{{"data": [{word}]}}')


def test_a_half_of_a_pair_becomes_a_sign_that_can_be_sent() -> None:
    cut = read_json('"cut \\ud83d, whole \\ud83d\\ude00"')
    assert encodable(str(cut)) == "cut \N{REPLACEMENT CHARACTER}, whole \U0001f600"


def test_a_number_of_endless_digits_is_named() -> None:
    with pytest.raises(UnreadableJsonError, match="number too long"):
        read_json("9" * 100_000)


@pytest.mark.parametrize("text", ["1E400", "-1E400", "NaN", "9" * 400, "true", "null", '"1"', "[]"])
def test_what_cannot_be_counted_with_is_no_number(text: str) -> None:
    assert as_number(json.loads(text)) is None


def test_numbers_are_numbers() -> None:
    assert [as_number(one) for one in (0, 1.5, 2**40)] == [0.0, 1.5, float(2**40)]
