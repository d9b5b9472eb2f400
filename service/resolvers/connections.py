"""Relay cursor connections over a list that is in memory (contract 5)."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.resolvers.context import bad_user_input

_Node = TypeVar("_Node")


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
            raise bad_user_input("after needs first.")
        if self.before is not None and self.first is not None:
            raise bad_user_input("first and before cannot be combined.")
        if self.last is not None and self.before is None:
            raise bad_user_input("last needs before.")


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
class Connection(Generic[_Node]):
    """One page of nodes."""

    edges: list[Edge[_Node]]
    page_info: Page


def connect(nodes: Sequence[_Node], page: PageArguments) -> Connection[_Node]:
    """Cut the page that was asked for out of the list.

    Raises:
        GraphQLError: BAD_USER_INPUT for arguments or cursors that cannot be used.
    """
    page.check()
    start = 0 if page.after is None else _position(page.after, "after") + 1
    stop = len(nodes) if page.before is None else _position(page.before, "before")
    if page.first is not None:
        stop = min(stop, start + page.first)
    if page.last is not None:
        start = max(start, stop - page.last)
    edges = [Edge(_cursor(i), nodes[i]) for i in range(start, min(stop, len(nodes)))]
    cursors = [edge.cursor for edge in edges]
    return Connection(
        edges,
        Page(
            stop < len(nodes), start > 0, *((cursors[0], cursors[-1]) if cursors else (None, None))
        ),
    )


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
