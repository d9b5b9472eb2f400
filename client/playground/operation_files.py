"""Files of operations: our own, and those of Altair, Insomnia, Postman and GraphiQL.

Shapes: Altair's `ExportCollectionState` and `ExportWindowState` (its documentation, "API"),
Insomnia's export format 4 (its documentation, "Import and export data"), Postman's collection
format 2.1 (schema.postman.com), and the list that GraphiQL keeps as `graphiql:queries`.
No secret is written: a tool's own placeholder stands in the place of the token.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from client.errors import ImportRefusedError
from client.json_object import JsonObject, as_list, as_object, parse_json
from client.playground.saved_operations import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_SAVED,
    SavedOperation,
)

FORMAT = "temp-file-workbench/operations"
_POSTMAN = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_UNTITLED = "Untitled"

Tool = Literal["workbench", "altair", "insomnia", "postman"]
TOOLS: Mapping[Tool, str] = {
    "workbench": "operations.json",
    "altair": "operations.agc",
    "insomnia": "operations.insomnia.json",
    "postman": "operations.postman_collection.json",
}
"""The tools that files are written for, with the names of the files."""


@dataclass(frozen=True)
class OperationFile:
    """What was found in a file.

    Attributes:
        operations: with names that differ; folders stand before them, as in "Folder / Name".
        left_out: how many requests that are no GraphQL the file holds beside them.
    """

    operations: Sequence[SavedOperation]
    left_out: int = 0


_Found = tuple[str, object, object]
"""Name, document and variables, as they stand in a file; a document that is no text is none."""


def read_operations(content: bytes) -> OperationFile:
    """Return the operations of a file that this page or one of the tools wrote.

    Raises:
        ImportRefusedError: the file is none of these, holds no operation or too much; the message
            says which.
    """
    try:
        value = parse_json(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        value = None
    found = list(_found_in(value))
    operations = [_operation(*one) for one in found if isinstance(one[1], str) and one[1].strip()]
    if not operations:
        raise ImportRefusedError("The file holds no operation.")
    if len(operations) > MOST_SAVED:
        raise ImportRefusedError(
            f"The file holds {len(operations):,} operations, and {MOST_SAVED} can be kept."
        )
    return OperationFile(tuple(_told_apart(operations)), len(found) - len(operations))


def write_operations(tool: Tool, operations: Sequence[SavedOperation], url: str) -> str:
    """Return the operations as a JSON file for a tool, document and variables as they were written.

    Args:
        tool: whose form it has.
        operations: what is written.
        url: where the tool is to send them; our own form does without.
    """
    content = _WRITERS[tool](operations, url)
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _found_in(value: object) -> Iterator[_Found]:
    content = as_object(value)
    if content.get("format") == FORMAT:
        return _in_ours(content)
    if content.get("type") in {"collection", "window"}:
        return _in_altair(content)
    if content.get("_type") == "export":
        return _in_insomnia(content)
    if as_object(content.get("info")) and "item" in content:
        return _in_postman(content)
    if "queries" in content or isinstance(value, list):
        return _in_graphiql(as_list(content.get("queries", value)))
    raise ImportRefusedError(
        "The file is not one of this page, nor of Altair, Insomnia 4, Postman 2.1 or GraphiQL."
    )


def _operation(name: str, text: object, variables: object) -> SavedOperation:
    written = "" if variables is None else variables
    if not isinstance(written, str):
        written = json.dumps(written, indent=2, ensure_ascii=False)
    document = str(text)
    if max(len(document), len(written)) > LONGEST_TEXT:
        raise ImportRefusedError(
            f"“{name[:LONGEST_NAME]}” has more than the {LONGEST_TEXT:,} characters that are kept."
        )
    return SavedOperation(document, written, " ".join(name.split())[:LONGEST_NAME] or _UNTITLED)


def _told_apart(operations: Sequence[SavedOperation]) -> Iterator[SavedOperation]:
    """Number what has the name of one before it: saved under one name, the first would be lost."""
    taken: set[str] = set()
    for one in operations:
        name, number = one.name, 1
        while name in taken:
            number += 1
            ending = f" ({number})"
            name = one.name[: LONGEST_NAME - len(ending)] + ending
        taken.add(name)
        yield replace(one, name=name)


# Reading -------------------------------------------------------------------------------------


def _in_ours(content: JsonObject) -> Iterator[_Found]:
    for row in map(as_object, as_list(content.get("operations"))):
        yield str(row.get("name", "")), row.get("text"), row.get("variables", "")


def _in_altair(content: JsonObject) -> Iterator[_Found]:
    if content.get("type") == "window":
        yield str(content.get("windowName", "")), content.get("query"), content.get("variables")
    for path, collection in _nested(content, "collections", "title"):
        for row in map(as_object, as_list(collection.get("queries"))):
            name = str(row.get("windowName", ""))
            yield _under(path, name), row.get("query"), row.get("variables")


def _in_insomnia(content: JsonObject) -> Iterator[_Found]:
    resources = [as_object(one) for one in as_list(content.get("resources"))]
    folders = {str(one.get("_id")): one for one in resources if one.get("_type") == "request_group"}
    for row in resources:
        if row.get("_type") != "request":
            continue
        path: list[str] = []
        parent = folders.get(str(row.get("parentId")))
        while parent and len(path) < len(folders):  # a file may have folders go round in a circle
            path.insert(0, str(parent.get("name", "")))
            parent = folders.get(str(parent.get("parentId")))
        body = as_object(row.get("body"))
        is_graphql = body.get("mimeType") == "application/graphql"
        sent = as_object(parse_json(str(body.get("text", "")))) if is_graphql else {}
        yield _under(path, str(row.get("name", ""))), sent.get("query"), sent.get("variables")


def _in_postman(content: JsonObject) -> Iterator[_Found]:
    for path, item in _nested(content, "item", "name"):
        request = as_object(item.get("request"))
        if not request:
            continue
        sent = as_object(as_object(request.get("body")).get("graphql"))
        yield _under(path, ""), sent.get("query"), sent.get("variables")


def _in_graphiql(rows: Sequence[object]) -> Iterator[_Found]:
    for row in map(as_object, rows):
        name = row.get("label") or row.get("operationName") or ""
        yield str(name), row.get("query"), row.get("variables")


def _nested(root: JsonObject, inner: str, name: str) -> Iterator[tuple[list[str], JsonObject]]:
    """Walk objects inside objects, each with the names on the way to it, without the root's."""
    waiting: list[tuple[list[str], JsonObject]] = [([], root)]
    while waiting:
        path, one = waiting.pop()
        yield path, one
        within = [as_object(other) for other in as_list(one.get(inner))]
        waiting += [([*path, str(other.get(name, ""))], other) for other in reversed(within)]


def _under(path: Sequence[str], name: str) -> str:
    return " / ".join(one for one in (*path, name) if one.strip())


# Writing -------------------------------------------------------------------------------------


def _ours(operations: Sequence[SavedOperation], _url: str) -> JsonObject:
    rows = [{"name": one.name, "text": one.text, "variables": one.variables} for one in operations]
    return {"format": FORMAT, "version": 1, "operations": rows}


def _altair(operations: Sequence[SavedOperation], url: str) -> JsonObject:
    header = {"key": "Authorization", "value": "Bearer {{token}}", "enabled": True}
    queries = [
        {
            "version": 1,
            "type": "window",
            "windowName": one.name,
            "query": one.text,
            "variables": one.variables or "{}",
            "apiUrl": url,
            "subscriptionUrl": "",
            "headers": [header],
        }
        for one in operations
    ]
    return {"version": 1, "type": "collection", "title": "Temp files", "queries": queries}


def _insomnia(operations: Sequence[SavedOperation], url: str) -> JsonObject:
    workspace = {
        "_id": "__WORKSPACE_ID__",
        "_type": "workspace",
        "parentId": None,
        "name": "Temp files",
        "scope": "collection",
    }
    requests = [
        {
            "_id": f"__REQUEST_{number}__",
            "_type": "request",
            "parentId": "__WORKSPACE_ID__",
            "name": one.name,
            "method": "POST",
            "url": url,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "authentication": {"type": "bearer", "token": "{{ _.token }}"},
            "body": {
                "mimeType": "application/graphql",
                "text": json.dumps(
                    {"query": one.text, "variables": one.variables}, ensure_ascii=False
                ),
            },
        }
        for number, one in enumerate(operations, 1)
    ]
    resources: list[Any] = [workspace, *requests]
    return {"_type": "export", "__export_format": 4, "resources": resources}


def _postman(operations: Sequence[SavedOperation], url: str) -> JsonObject:
    bearer = [{"key": "token", "value": "{{token}}", "type": "string"}]
    items: list[JsonObject] = [
        {
            "name": one.name,
            "request": {
                "method": "POST",
                "header": [],
                "url": url,
                "body": {
                    "mode": "graphql",
                    "graphql": {"query": one.text, "variables": one.variables},
                },
            },
        }
        for one in operations
    ]
    return {
        "info": {"name": "Temp files", "schema": _POSTMAN},
        "auth": {"type": "bearer", "bearer": bearer},
        "item": items,
    }


_WRITERS: Mapping[Tool, Callable[[Sequence[SavedOperation], str], JsonObject]] = {
    "workbench": _ours,
    "altair": _altair,
    "insomnia": _insomnia,
    "postman": _postman,
}
