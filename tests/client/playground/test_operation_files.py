"""Operations in files: our own form and those of other tools, there and back."""

import json
from typing import Any

import pytest

from client.errors import ImportRefusedError
from client.playground.operation_files import FORMAT, TOOLS, Tool, read_operations, write_operations
from client.playground.saved_operations import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_SAVED,
    SavedOperation,
)

URL = "https://api.example.com/graphql"
AWKWARD = SavedOperation(
    '{ a(b: "é\u2028\\n\U0001f600") }', '{"x": "</script>", "n": 1.10}', 'A "name"'
)
PLAIN = SavedOperation("query B { b }", "", "b")


def read(value: object) -> list[tuple[str, str, str]]:
    found = read_operations(json.dumps(value).encode())
    return [(one.name, one.text, one.variables) for one in found.operations]


@pytest.mark.parametrize("tool", TOOLS)
def test_what_is_written_for_a_tool_is_read_as_it_was(tool: Tool) -> None:
    content = write_operations(tool, [AWKWARD, PLAIN], URL)
    found = read_operations(content.encode())
    written = [(one.name, one.text, one.variables) for one in (AWKWARD, PLAIN)]
    if tool == "altair":  # its windows always have variables
        written[1] = (PLAIN.name, PLAIN.text, "{}")
    assert [(one.name, one.text, one.variables) for one in found.operations] == written
    assert not found.left_out
    assert (URL in content) == (tool != "workbench")


def test_an_altair_window_is_one_operation() -> None:
    window = {"version": 1, "type": "window", "windowName": "Mine", "query": "{ a }"}
    assert read({**window, "variables": "{}"}) == [("Mine", "{ a }", "{}")]


def test_folders_stand_before_the_names() -> None:
    inner = {"title": "Inner", "queries": [{"windowName": "A", "query": "{ a }", "variables": ""}]}
    altair = {"version": 1, "type": "collection", "title": "All", "collections": [inner]}
    assert read(altair) == [("Inner / A", "{ a }", "")]

    body = {"mode": "graphql", "graphql": {"query": "{ a }", "variables": {"n": None}}}
    folder = {"name": "Inner", "item": [{"name": "A", "request": {"body": body}}]}
    postman = {"info": {"name": "All"}, "item": [folder]}
    assert read(postman) == [("Inner / A", "{ a }", '{\n  "n": null\n}')]

    text = json.dumps({"query": "{ a }", "variables": {"n": 1}})
    insomnia = {
        "_type": "export",
        "resources": [
            {"_id": "w", "_type": "workspace", "name": "All"},
            {"_id": "f", "_type": "request_group", "parentId": "w", "name": "Inner"},
            {
                "_type": "request",
                "parentId": "f",
                "name": "A",
                "body": {"mimeType": "application/graphql", "text": text},
            },
        ],
    }
    assert read(insomnia) == [("Inner / A", "{ a }", '{\n  "n": 1\n}')]


def test_folders_that_go_round_in_a_circle_end() -> None:
    groups = [
        {"_id": one, "_type": "request_group", "parentId": other, "name": one}
        for one, other in (("x", "y"), ("y", "x"))
    ]
    body = {"mimeType": "application/graphql", "text": json.dumps({"query": "{ a }"})}
    request = {"_type": "request", "parentId": "x", "name": "A", "body": body}
    (found,) = read({"_type": "export", "resources": [*groups, request]})
    assert found[0] == "y / x / A"


def test_graphiql_s_list_is_read() -> None:
    rows = [
        {"query": "query Q { a }", "variables": "{}", "operationName": "Q"},
        {"query": "{ b }", "label": "Mine", "operationName": None},
        {"query": "{ c }"},
    ]
    expected = [("Q", "query Q { a }", "{}"), ("Mine", "{ b }", ""), ("Untitled", "{ c }", "")]
    assert read({"queries": rows}) == expected
    assert read(rows) == expected


def test_what_is_no_graphql_is_counted() -> None:
    rest = {"name": "Ping", "request": {"method": "GET", "url": URL}}
    body = {"mode": "graphql", "graphql": {"query": "{ a }"}}
    graph = {"name": "A", "request": {"body": body}}
    collection = {"info": {"name": "All"}, "item": [rest, graph]}
    found = read_operations(json.dumps(collection).encode())
    assert [one.name for one in found.operations] == ["A"]
    assert found.left_out == 1


def test_no_operation_is_lost_to_one_of_its_name() -> None:
    long = "n" * LONGEST_NAME
    rows = [
        {"name": name, "text": f"{{ {at} }}"}
        for at, name in zip("abcd", ["A", "A", long, long], strict=True)
    ]
    names = [name for name, _, _ in read({"format": FORMAT, "operations": rows})]
    assert names == ["A", "A (2)", long, f"{long[:-4]} (2)"]
    assert max(map(len, names)) <= LONGEST_NAME


def ours(*rows: object) -> dict[str, Any]:
    return {"format": FORMAT, "operations": rows}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not one of this page"),
        (b"\xff\xfe", "not one of this page"),
        (b"[" * 200_000, "not one of this page"),
        (b'{"operations": []}', "not one of this page"),
        (b"[]", "no operation"),
        (json.dumps(ours()).encode(), "no operation"),
        (json.dumps(ours({"name": "a"})).encode(), "no operation"),
        (json.dumps(ours({"name": 1, "text": ""})).encode(), "no operation"),
        (json.dumps({"info": {"name": "All"}, "item": [{}]}).encode(), "no operation"),
        (json.dumps(ours({"name": "a", "text": "a" * (LONGEST_TEXT + 1)})).encode(), "500,000"),
        (json.dumps(ours(*[{"text": "{ a }"}] * (MOST_SAVED + 1))).encode(), "501 operations"),
    ],
)
def test_another_file_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(ImportRefusedError, match=said):
        read_operations(content)
