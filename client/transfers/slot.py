"""Finds upload URLs in the answer to an operation a person ran.

A slot is read only where the operation itself says that the URLs are those of the mutation: an
alias may give any text of the account, an asset's name say, the key `uploadUrl`, and this program
sends bytes to a slot from the server too.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from client.api.document import ChosenOperation
from client.json_object import JsonObject, as_list, as_object
from client.storage.plan import (
    MAX_PART_SIZE,
    MIN_PART_SIZE,
    UploadSlot,
    deadline_of,
)

SINGLE, MULTIPART = "createTempFileUploadUrl", "createTempFileMultipartUploadUrl"
_LINKS = ("downloadUrl", "imageUrl", "file")
_MOST_LINKS = 20


@dataclass(frozen=True)
class TempLink:
    """A link to a file in an answer: its key, such as `downloadUrl`, and when it ends."""

    key: str
    url: str
    deadline: float


def slots_of(chosen: ChosenOperation, data: JsonObject, asked_at: float) -> tuple[UploadSlot, ...]:
    """Return the slots in an answer to an operation; `asked_at` is seconds since the epoch."""
    found: list[UploadSlot] = []
    for key, fields in _fields(chosen, chosen.node.selection_set).items():
        payload = as_object(data.get(key))
        names = {field.name.value for field in fields}
        real = _own_values(chosen, fields, payload)
        slot = None
        if names == {SINGLE}:
            slot = _single(real, asked_at)
        elif names == {MULTIPART}:
            slot = _multipart(real, asked_at)
        if slot:
            found.append(slot)
    return tuple(found)


def links_in(data: JsonObject, asked_at: float) -> tuple[TempLink, ...]:
    """Return the links to files anywhere in an answer, at most 20, each address once."""
    found: dict[str, TempLink] = {}
    unread: deque[Any] = deque([data])
    while unread and len(found) < _MOST_LINKS:
        value = unread.popleft()
        unread.extend(as_list(value))
        for key, inner in as_object(value).items():
            if key in _LINKS and _is_address(inner):
                found.setdefault(inner, TempLink(key, inner, deadline_of([inner], asked_at)))
            else:
                unread.append(inner)
    return tuple(found.values())


def _single(payload: Mapping[str, Any], asked_at: float) -> UploadSlot | None:
    upload, download = payload.get("uploadUrl"), payload.get("downloadUrl")
    if not (_is_address(upload) and _is_address(download)):
        return None
    urls = [str(upload), str(download)]
    return UploadSlot("single", (urls[0],), urls[1], deadline_of(urls, asked_at))


def _multipart(payload: Mapping[str, Any], asked_at: float) -> UploadSlot | None:
    parts = as_list(payload.get("uploadPartUrls"))
    complete, download = payload.get("completeUrl"), payload.get("downloadUrl")
    if not parts or not all(map(_is_address, [*parts, complete, download])):
        return None
    return UploadSlot(
        "multipart",
        tuple(map(str, parts)),
        str(download),
        deadline_of([str(parts[0]), str(complete), str(download)], asked_at),
        complete_url=str(complete),
        min_part_size=_bytes(payload.get("minPartSize"), MIN_PART_SIZE),
        max_part_size=_bytes(payload.get("maxPartSize"), MAX_PART_SIZE),
    )


def _bytes(value: object, otherwise: int) -> int:
    return int(value) if isinstance(value, int | float) and value > 0 else otherwise


def _is_address(value: object) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in {"http", "https"}


def _own_values(
    chosen: ChosenOperation, fields: Sequence[FieldNode], payload: JsonObject
) -> Mapping[str, Any]:
    """Return the values whose key is the name of the field that they come from."""
    below: dict[str, list[FieldNode]] = {}
    for field in fields:
        for key, nodes in _fields(chosen, field.selection_set).items():
            below.setdefault(key, []).extend(nodes)
    return {
        key: value
        for key, value in payload.items()
        if key in below and all(node.name.value == key for node in below[key])
    }


def _fields(
    chosen: ChosenOperation, selection_set: SelectionSetNode | None
) -> dict[str, list[FieldNode]]:
    """Return the fields of a selection by the key that they have in the answer."""
    fragments = {fragment.name.value: fragment for fragment in chosen.fragments}
    found: dict[str, list[FieldNode]] = {}
    unread = [selection_set]
    spread: set[str] = set()
    while unread:
        current = unread.pop()
        for node in current.selections if current else ():
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                found.setdefault(key, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                unread.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                if node.name.value in fragments:
                    unread.append(fragments[node.name.value].selection_set)
    return found
