"""Reads one page of a GraphQL connection: nodes and the cursor to go on from (contract 5)."""

from collections.abc import Iterator, Sequence
from typing import Any

from client.json_object import JsonObject, as_list, as_object


def nodes(connection: JsonObject) -> Iterator[JsonObject]:
    """Return the nodes of a page; edges without one are left out."""
    edges: Sequence[Any] = as_list(connection.get("edges"))
    found = (as_object(as_object(edge).get("node")) for edge in edges)
    return (node for node in found if node)


def first_node(connection: JsonObject) -> JsonObject:
    """Return the first node of a page, empty when there is none."""
    empty: JsonObject = {}
    return next(nodes(connection), empty)


def next_cursor(connection: JsonObject) -> str | None:
    """Return what `after` of the next page is; None when this page is the last."""
    page = as_object(connection.get("pageInfo"))
    cursor = page.get("endCursor")
    return cursor if page.get("hasNextPage") and isinstance(cursor, str) else None


def text_of(node: JsonObject, name: str) -> str:
    """Return a field that is a text, empty when it is null, absent or something else."""
    value = node.get(name)
    return value if isinstance(value, str) else ""
