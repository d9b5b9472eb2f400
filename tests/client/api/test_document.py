"""Which operation of a document is meant, and what is sent of it."""

import re

import pytest
from graphql import parse

from client.api.document import choose_operation, read_variables
from client.errors import NotSentError

THREE = """# first
query First { viewer { ...Who } }

mutation Second($id: ID!) {
  publishAsset(input: { id: $id }) { publishJobId }
}

fragment Who on User { name ...More }
fragment More on User { id }
fragment Unused on User { id }

{ viewer { id } }
"""


def reason(error: pytest.ExceptionInfo[NotSentError]) -> object:
    return error.value.details["reason"]


def test_the_name_decides_then_the_caret() -> None:
    assert choose_operation(THREE, "Second", cursor=0).name == "Second"
    for place, name in (("# first", "First"), ("viewer", "First"), ("publishJobId", "Second")):
        assert choose_operation(THREE, None, THREE.index(place)).name == name
    last = choose_operation(THREE, "", len(THREE))
    assert (last.name, last.first_field) == (None, "viewer")


def test_a_name_that_is_gone_leaves_it_to_the_caret() -> None:
    assert choose_operation(THREE, "Renamed", THREE.index("publishJobId")).name == "Second"


def test_only_the_operation_and_its_fragments_are_sent_in_their_places() -> None:
    chosen = choose_operation(THREE, "First")
    names = [str(node.name.value) for node in parse(chosen.text).definitions]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]
    assert names == ["First", "Who", "More"]
    for kept in ("query First", "fragment Who", "fragment More"):
        assert chosen.text.index(kept) == THREE.index(kept)
    assert "# first" in chosen.text
    assert chosen.source.startswith("query First { viewer { ...Who } }\n\nfragment Who")


def test_one_operation_is_sent_as_it_is() -> None:
    text = '{ a(b: "é\U0001f600") # note\n}'
    assert choose_operation(text).text == text


TWINS = "query Twin { first }\n\nquery Twin { second }\nquery Other { third }\n"


def test_of_two_operations_of_one_name_the_one_at_the_caret_is_sent_alone() -> None:
    for field in ("first", "second"):
        chosen = choose_operation(TWINS, "Twin", TWINS.index(field))
        assert chosen.text.strip() == f"query Twin {{ {field} }}"
    assert choose_operation(TWINS, "Twin", TWINS.index("third")).first_field == "second"
    assert choose_operation(TWINS, "Other", 0).first_field == "third"


def test_two_operations_of_one_name_and_no_caret_is_an_open_question() -> None:
    with pytest.raises(NotSentError, match="2 operations called Twin") as error:
        choose_operation(TWINS, "Twin")
    assert reason(error) == "which-operation"


def test_several_operations_and_no_caret_is_an_open_question() -> None:
    with pytest.raises(NotSentError) as error:
        choose_operation(THREE)
    assert reason(error) == "which-operation"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" \n", "document-empty"),
        ("fragment A on B { c }", "no-operation"),
        ("query {\n  viewer { id \n", "document-syntax"),
        ("mutation { createTempFileUploadUrl { } }", "document-syntax"),
        (f"{{ {'a ' * 20_001}}}", "document-too-long"),
    ],
)
def test_what_cannot_be_run_is_told_apart(text: str, expected: str) -> None:
    with pytest.raises(NotSentError) as error:
        choose_operation(text)
    assert reason(error) == expected


def test_a_mistake_has_line_and_column() -> None:
    with pytest.raises(NotSentError) as error:
        choose_operation("query {\n  viewer( { id }\n}")
    assert (error.value.details["line"], error.value.details["column"]) == (2, 11)
    assert str(error.value).startswith("Line 2, column 11: ")


def test_variables_are_an_object_or_nothing() -> None:
    assert read_variables(" \n") == {}
    assert read_variables('{"a": [1, null]}') == {"a": [1, None]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{\n  "a": 1,\n}', "variables-json"),
        ('{"a": NaN}', "variables-json"),
        ("[" * 100_000, "variables-json"),
        ("[1]", "variables-object"),
        ("null", "variables-object"),
    ],
)
def test_other_variables_are_refused(text: str, expected: str) -> None:
    with pytest.raises(NotSentError) as error:
        read_variables(text)
    assert reason(error) == expected


def test_a_mistake_in_the_variables_has_line_and_column() -> None:
    with pytest.raises(NotSentError) as error:
        read_variables('{\n  "a": tru\n}')
    assert (error.value.details["line"], error.value.details["column"]) == (2, 8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{\u00a0a }",
            "Line 1, column 2: Only a string may hold this character: U+00A0 (no-break space)",
        ),
        (
            "{ a(first:\u30001) }",
            "Line 1, column 11: Only a string may hold this character: U+3000 (ideographic space)",
        ),
        ("{ a\u200bb }", "U+200B (zero width space)"),
        ("{ a(b: “x”) }", "U+201C (left double quotation mark)"),
        ("{ \x0ba }", "U+000B (a control character)"),
    ],
)
def test_a_character_that_cannot_be_seen_is_named(text: str, expected: str) -> None:
    with pytest.raises(NotSentError, match=re.escape(expected)):
        choose_operation(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "\ufeff{}",
            "Line 1, column 1: Only a string may hold this character: U+FEFF (zero",
        ),
        (
            '{\n\u00a0"a": 1}',
            "Line 2, column 1: Only a string may hold this character: U+00A0 (no-break space)",
        ),
        ("{“a”: 1}", "U+201C (left double quotation mark)"),
        ('{"a": 1\u3000}', "U+3000 (ideographic space)"),
    ],
)
def test_so_it_is_in_the_variables(text: str, expected: str) -> None:
    with pytest.raises(NotSentError, match=re.escape(expected)):
        read_variables(text)


def test_strings_hold_any_character() -> None:
    assert choose_operation('{ a(b: "\u00a0\u200b“”") } # \u3000').first_field == "a"
    assert read_variables('{"a": "\u00a0\ufeff”"}') == {"a": "\u00a0\ufeff”"}
