"""Placeholders in variables, and the values of earlier answers that they stand for."""

import json

import pytest
from graphql import OperationDefinitionNode

from client.api.document import choose_operation
from client.errors import NotSentError
from client.json_object import JsonObject
from client.playground.last_values import EarlierAnswers, check_kinds, fill_in, names_in

URL = "http://127.0.0.1:8501/files/a?X-Amz-Signature=b%2F\u00e4"
NEWEST = {"viewer": {"name": "Ann", "count": 3, "tags": ["a", "b"], "gone": None}}
OLDER = {
    "createTempFileUploadUrl": {"uploadUrl": "http://u", "downloadUrl": URL},
    "assets": [{"id": "1", "file": {"size": 1.5}}, {"id": "2"}],
    "viewer": {"name": "Bob", "gone": "there"},
}
ANSWERS = EarlierAnswers([NEWEST, OLDER])
NO_ASSETS: list[JsonObject] = []


@pytest.mark.parametrize(
    ("placeholder", "value"),
    [
        ("last.downloadUrl", URL),
        (" last.downloadUrl ", URL),
        ("last.createTempFileUploadUrl.downloadUrl", URL),
        ("last.name", "Ann"),
        ("last.viewer.name", "Ann"),
        ("last.count", 3),
        ("last.tags", ["a", "b"]),
        ("last.assets.id", "1"),
        ("last.assets.file.size", 1.5),
    ],
)
def test_a_placeholder_becomes_the_value_of_the_newest_answer_that_has_one(
    placeholder: str, value: object
) -> None:
    filled = fill_in(f'{{"input": {{"a": ["{{{{{placeholder}}}}}"]}}}}', ANSWERS).text
    assert json.loads(filled) == {"input": {"a": [value]}}


def test_all_else_stays_as_it_was_written() -> None:
    written = '{\n  "n": 1.50e+3, "a\\u0041": "{{ first.x }}",\t"v": "{{last.count}}" }'
    assert fill_in(written, ANSWERS).text == written.replace('"{{last.count}}"', "3")
    for text in ("", "{", '{"{{last.count}}": 1}', '{"{{last.count}}" : 1}', "{{last.count}}"):
        assert fill_in(text, ANSWERS).text == text


@pytest.mark.parametrize(
    "near",
    [
        "{{last}}",
        "{{Last.name}}",
        "{{last.na-me}}",
        "{{last.tags[0]}}",
        "{{last.name",
        "{last.name}",
        "{{\u00a0last.name}}",
        "{{last.gr\u00f6\u00dfe}}",
    ],
)
def test_what_comes_near_one_is_none(near: str) -> None:
    written = json.dumps({"a": near})
    assert fill_in(written, ANSWERS).text == written


def test_several_are_put_into_one_text() -> None:
    filled = fill_in('{"a": "{{last.name}} of {{last.count}}: \\"{{last.id}}\\""}', ANSWERS).text
    assert json.loads(filled) == {"a": 'Ann of 3: "1"'}


@pytest.mark.parametrize(
    ("written", "answers", "words"),
    [
        ('"{{last.nothing}}"', ANSWERS, "{{last.nothing}}. There are: name, count"),
        ('"{{last.name.first}}"', ANSWERS, "{{last.name.first}}"),
        ('"{{last.name}}"', EarlierAnswers([]), "No answer so far has any."),
        ('"see {{last.tags}}"', ANSWERS, "{{last.tags}} is no text"),
    ],
)
def test_what_is_not_there_is_named(written: str, answers: EarlierAnswers, words: str) -> None:
    with pytest.raises(NotSentError) as refused:
        fill_in(f'{{"a": {written}}}', answers)
    assert refused.value.details["reason"] == "no-last-value"
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "newest", "said"),
    [
        ("gone", NEWEST, "the newest answer says null for gone"),
        ("viewer.gone", NEWEST, "the newest answer says null for gone"),
        ("viewer.name", {"viewer": None}, "the newest answer says null for viewer"),
        ("file", {"assets": [{"file": None}, {"file": "b"}]}, "says null for file"),
        ("assets.id", {"assets": [None, {"id": "2"}]}, "says null for assets"),
        ("assets.id", {"assets": NO_ASSETS}, "the newest answer has an empty list for assets"),
        ("assets.id", {"assets": [NO_ASSETS]}, "the newest answer has an empty list for assets"),
    ],
)
def test_an_older_value_is_not_taken_where_the_newest_answer_says_null(
    name: str, newest: JsonObject, said: str
) -> None:
    answers = EarlierAnswers([{"other": 1}, newest, OLDER | {"file": "a"}], [OLDER])
    with pytest.raises(NotSentError) as refused:
        fill_in(f'{{"a": "{{{{last.{name}}}}}"}}', answers)
    assert refused.value.details["reason"] == "no-last-value"
    assert said in str(refused.value)
    assert name not in names_in(answers.here, most=20)


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        (
            "String",
            "viewer",
            "is an object, and $a is declared as String. Name one of its ",
        ),
        ("ID!", "viewer", "{{last.viewer.name}}, {{last.viewer.count}}."),
        ("Int", "tags", "{{last.tags}} is a list, and $a is declared as Int."),
    ],
)
def test_an_object_is_not_put_in_for_a_text(kind: str, name: str, said: str) -> None:
    variables = f'{{"a": "{{{{last.{name}}}}}"}}'
    with pytest.raises(NotSentError) as refused:
        check_kinds(operation(kind), variables, fill_in(variables, ANSWERS))
    assert said in str(refused.value)
    assert refused.value.details["reason"] == "no-last-value"


@pytest.mark.parametrize(
    ("kind", "variables"),
    [
        ("Input!", '{"a": "{{last.viewer}}"}'),
        ("[String!]!", '{"a": "{{last.tags}}"}'),
        ("String", '{"a": "{{last.name}}", "b": "{{last.viewer}}"}'),
        ("String", '{"b": "{{last.viewer}}"}'),
        ("String", '{"a": {"own": 1}, "b": "{{last.name}}"}'),
        ("String", '{"a": {"own": 1}}'),
    ],
)
def test_an_object_is_put_in_where_one_may_go(kind: str, variables: str) -> None:
    check_kinds(operation(kind), variables, fill_in(variables, ANSWERS))


def operation(kind: str) -> OperationDefinitionNode:
    return choose_operation(f"query($a: {kind}) {{ echo(a: $a) }}", None).node


def test_names_are_of_what_counts_first() -> None:
    first = {"a": {"b": {"c": 1}, "d": None}, "e": {"b": 2, "d": 3}}
    assert names_in([first, {"b": "old", "d": "old"}], most=20) == ("c",)
    assert json.loads(fill_in('{"a": "{{last.b}}"}', EarlierAnswers([first])).text) == {
        "a": {"c": 1}
    }


def test_what_another_endpoint_answered_is_not_put_in_but_said_to_be_there() -> None:
    answers = EarlierAnswers(here=[NEWEST], elsewhere=[OLDER])
    assert json.loads(fill_in('{"a": "{{last.name}}"}', answers).text) == {"a": "Ann"}
    for written in ('"{{last.downloadUrl}}"', '"see {{last.downloadUrl}}"'):
        with pytest.raises(NotSentError) as refused:
            fill_in(f'{{"a": {written}}}', answers)
        message = str(refused.value)
        assert message.startswith("Only another connection, or this one at another address")
        assert "There are: name, count." in message
        assert "uploadUrl" not in message
        assert "Signature" not in message


def test_what_was_put_in_is_told_and_what_is_secret_of_it() -> None:
    assert fill_in('{"a": "{{first}}", "{{last.name}}": 1}', ANSWERS).values == ()
    filled = fill_in('{"a": "{{last.name}}", "b": "see {{last.count}}"}', ANSWERS)
    assert (filled.values, filled.secrets) == (("Ann", 3), ())
    for written in ("{{last.downloadUrl}}", "see {{last.downloadUrl}}", "{{last.viewer}}"):
        answers = EarlierAnswers([OLDER | {"viewer": {"links": [{"href": URL}]}}])
        assert fill_in(json.dumps({"a": written}), answers).secrets == (URL,)


def test_names_are_those_of_texts_and_numbers_the_newest_first() -> None:
    assert names_in(ANSWERS.here, most=20) == (
        "name",
        "count",
        "uploadUrl",
        "downloadUrl",
        "id",
        "size",
    )
    assert names_in(ANSWERS.here, most=2) == ("name", "count")
    assert names_in([{"__typename": "Query"}], most=2) == ()
