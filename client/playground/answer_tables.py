"""Finds the lists in a GraphQL answer and makes tables of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from client.json_object import JsonObject, as_list, as_object, encodable

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
    """Return the lists of an answer, outer ones first, at most 20.

    The nodes of a connection (`edges { node }`) are its rows, and objects inside a row become
    columns such as `creditBalance.balance`. A list of objects inside the rows is a table of its
    own, of all rows together; the row says how many entries it has.
    """
    found: dict[str, list[Any]] = {}
    _collect(data, (), found)
    filled = [(path, entries) for path, entries in found.items() if entries]
    tables: list[Table] = []
    for path, entries in filled[:MOST_TABLES]:
        flat = [_flat(entry) for entry in entries]
        columns = tuple(dict.fromkeys(column for row in flat for column in row))
        rows = tuple(tuple(row.get(column, "") for column in columns) for row in flat)
        tables.append(Table(path, columns, rows))
    return tables


def _collect(
    value: JsonObject,
    path: tuple[str, ...],
    found: dict[str, list[Any]],
    *,
    in_rows: bool = False,
) -> None:
    for key, inner in value.items():
        here = (*path, key)
        entries = _entries(inner)
        if entries is None:
            _collect(as_object(inner), here, found, in_rows=in_rows)
            continue
        if not in_rows or _has_parts(entries):
            found.setdefault(".".join(here), []).extend(entries)
        for entry in entries:
            _collect(as_object(entry), here, found, in_rows=True)


def _entries(value: object) -> list[Any] | None:
    """Return the entries of a list or the nodes of a connection; None for anything else."""
    if isinstance(value, list):
        return as_list(cast(object, value))
    edges = as_object(value).get("edges")
    if not isinstance(edges, list):
        return None
    return [as_object(edge).get("node", edge) for edge in as_list(cast(object, edges))]


def _flat(entry: Any, at: str = "") -> dict[str, str]:
    entries = _entries(entry)
    if entries is not None and _has_parts(entries):
        count = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
        return {at or "value": count}
    if entries is not None:
        return {at or "value": ", ".join(map(_cell, entries))}
    if not isinstance(entry, Mapping):
        return {at or "value": _cell(entry)}
    cells: dict[str, str] = {}
    for name, value in cast(Mapping[str, Any], entry).items():
        key = encodable(name)
        cells |= _flat(value, f"{at}.{key}" if at else key)
    return cells


def _has_parts(entries: Sequence[Any]) -> bool:
    return any(isinstance(entry, Mapping | list) for entry in entries)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return encodable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
