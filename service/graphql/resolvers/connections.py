"""Relay cursor connections (contract 5)."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from service.graphql.complexity import Points
from service.graphql.resolvers.context import bad_user_input

DEFAULT_PAGE = 100  # nodes of a page when neither first nor last is given

_Node = TypeVar("_Node")
_Covariant = TypeVar("_Covariant", covariant=True)


class Nodes(Protocol[_Covariant]):
    """What pages are cut out of: a list, or rows that are read when they are asked for."""

    def __len__(self) -> int: ...

    def __getitem__(self, piece: slice, /) -> Sequence[_Covariant]: ...


@dataclass(frozen=True)
class PageArguments:
    """The four pagination arguments."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def check(self) -> None:
        """Refuse what the rules of contract 5 do not allow.

        Raises:
            GraphQLError: BAD_USER_INPUT.
        """
        for name, value in (("first", self.first), ("last", self.last)):
            if value is not None and value < 0:
                raise bad_user_input(f"{name} is {value}; it must be 0 or more.")
        if self.after is not None and self.first is None:
            raise bad_user_input("after needs first, the number of nodes that come after it.")
        if self.before is not None and self.first is not None:
            raise bad_user_input("first and before cannot be combined; use first with after.")
        if self.last is not None and self.before is None:
            raise bad_user_input("last needs before, the cursor that its nodes come before.")


@dataclass(frozen=True)
class Edge(Generic[_Node]):
    """A node and its place."""

    cursor: str
    node: _Node


@dataclass(frozen=True)
class Page:
    """The `PageInfo` of a connection."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True)
class CursorConnection(Generic[_Node]):
    """One page of nodes, out of `total`."""

    edges: list[Edge[_Node]]
    page_info: Page
    total: int


def connect(nodes: Nodes[_Node], page: PageArguments, points: Points) -> CursorConnection[_Node]:
    """Cut the page that was asked for out of the whole.

    Nodes that the document did not count take their points here.

    Raises:
        GraphQLError: BAD_USER_INPUT for arguments or cursors that cannot be used;
            COMPLEXITY_LIMIT_EXCEEDED.
    """
    page.check()
    total = len(nodes)
    start = 0 if page.after is None else min(total, _position(page.after, "after") + 1)
    stop = total if page.before is None else min(total, _position(page.before, "before"))
    if page.first is not None:
        stop = min(stop, start + page.first)
    elif page.last is not None:
        start = max(start, stop - page.last)
    elif page.before is not None:
        start = max(start, stop - DEFAULT_PAGE)
    else:
        stop = min(stop, start + DEFAULT_PAGE)
    if page.first is None and page.last is None:
        points.spend(max(0, stop - start))
    edges = [Edge(_cursor(start + i), node) for i, node in enumerate(nodes[start:stop])]
    ends = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return CursorConnection(edges, Page(stop < total, start > 0, *ends), total)


def whole(nodes: Sequence[_Node]) -> CursorConnection[_Node]:
    """Return all nodes as one page."""
    edges = [Edge(_cursor(i), node) for i, node in enumerate(nodes)]
    ends = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return CursorConnection(edges, Page(False, False, *ends), len(nodes))


def _cursor(position: int) -> str:
    return base64.b64encode(f"position:{position}".encode()).decode()


def _position(cursor: str, argument: str) -> int:
    try:
        label, _, position = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        label = position = ""
    if label != "position" or not (
        position.isascii() and position.isdigit() and len(position) < 10
    ):
        raise bad_user_input(f"{argument} is not a cursor of this connection.")
    return int(position)
