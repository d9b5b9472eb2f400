"""Finds the lists in a GraphQL answer and makes tables of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from client.json_object import JsonObject, as_list, as_object

MOST_TABLES = 20


@dataclass(frozen=True)
class Table:
    """A list of an answer. Cells are text; an absent or null value is the empty text.

    Attributes:
        path: where the list is, such as `viewer.organizations`.
    """

    path: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_in(data: JsonObject) -> Sequence[Table]:
    """Return the outermost lists of an answer, at most 20, in its order.

    The nodes of a connection (`edges { node }`) are its rows; objects inside a row become columns
    such as `creditBalance.balance`; lists inside a row are written as JSON.
    """
    found: list[Table] = []
    _look(data, (), found)
    return found[:MOST_TABLES]


def _look(value: object, path: tuple[str, ...], found: list[Table]) -> None:
    entries = as_list(value)
    if entries and len(found) < MOST_TABLES:
        found.append(_table(".".join(path), entries))
    for key, inner in as_object(value).items():
        edges = as_list(inner) if key == "edges" else []
        if edges:
            nodes = [_node(edge) for edge in edges]
            _look(nodes, path, found)
        else:
            _look(inner, (*path, key), found)


def _node(edge: object) -> Any:
    content = as_object(edge)
    return content["node"] if set(content) <= {"node", "cursor"} and "node" in content else edge


def _table(path: str, entries: Sequence[Any]) -> Table:
    flat = [_flat(entry) for entry in entries]
    columns = tuple(dict.fromkeys(column for row in flat for column in row))
    rows = tuple(tuple(row.get(column, "") for column in columns) for row in flat)
    return Table(path, columns, rows)


def _flat(entry: Any, at: str = "") -> dict[str, str]:
    if not isinstance(entry, Mapping):
        return {at or "value": _cell(entry)}
    cells: dict[str, str] = {}
    for key, value in cast(Mapping[str, Any], entry).items():
        cells |= _flat(value, f"{at}.{key}" if at else key)
    return cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
