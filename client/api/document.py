"""Finds the operations of a GraphQL document that a person is writing, and cuts one out of it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    Node,
    OperationDefinitionNode,
    parse,
    visit,
)
from graphql import Visitor as GraphQLVisitor

from client.errors import NotSentError
from client.pasted import named
from client.written_json import read_written

MOST_TOKENS = 20_000
_TOO_LONG = "Document contains more than"
_UNEXPECTED = re.compile(r"Unexpected character: U\+([0-9A-F]+)\.")
_ODD_CHARACTER = "Only a string may hold this character: {name}."


@dataclass(frozen=True)
class ChosenOperation:
    """One operation of a document, ready to send.

    Attributes:
        text: the document with everything else blanked out, so that lines and columns in the
            answer's errors are those of the editor.
        start, end: where the operation stands in the text, in characters.
    """

    node: OperationDefinitionNode
    fragments: tuple[FragmentDefinitionNode, ...]
    text: str
    start: int
    end: int

    @property
    def name(self) -> str | None:
        """The operation's name, if it has one."""
        return self.node.name.value if self.node.name else None

    @property
    def source(self) -> str:
        """The operation and its fragments as they were written, without what was blanked."""
        spans = [span_of(node) for node in (self.node, *self.fragments)]
        return "\n\n".join(self.text[start:end] for start, end in spans) + "\n"

    @property
    def first_field(self) -> str:
        """The name of its first root field."""
        for selection in self.node.selection_set.selections:
            name = getattr(selection, "name", None)
            if name is not None:
                return str(name.value)
        return "operation"


def parsed(text: str) -> DocumentNode:
    """Parse a document; an empty selection set is an error.

    Raises:
        NotSentError: `document-syntax`, with line and column, `document-empty`, or
            `document-too-long`.
    """
    if not text.strip():
        raise NotSentError("The document is empty.", reason="document-empty")
    try:
        return parse(text, max_tokens=MOST_TOKENS, allow_empty_selection_sets=False)
    except GraphQLSyntaxError as error:
        if _TOO_LONG in error.message:
            raise NotSentError(
                f"The document has more than {MOST_TOKENS:,} tokens.", reason="document-too-long"
            ) from error
        line, column = next(iter(error.locations or ()), (1, 1))
        message = error.message.removeprefix("Syntax Error: ")
        if odd := _UNEXPECTED.fullmatch(message):
            message = _ODD_CHARACTER.format(name=named(chr(int(odd[1], 16))))
        raise NotSentError(
            f"Line {line}, column {column}: {message}",
            reason="document-syntax",
            line=line,
            column=column,
        ) from error


def choose_operation(
    text: str, name: str | None = None, cursor: int | None = None
) -> ChosenOperation:
    """Return the operation to run: by name, else the one at the caret, else the only one.

    Of several with that name it is the one at the caret. A caret between two operations belongs to
    the one before it. `cursor` counts characters.

    Raises:
        NotSentError: the text is no document, has no operation, or it is open which is meant.
    """
    document = parsed(text)
    operations = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    node = _meant(operations, name, cursor)
    fragments = _fragments_of(node, document)
    kept = [span_of(one) for one in (node, *fragments)]
    for start, end in map(span_of, document.definitions):
        if (start, end) not in kept:
            blank = "".join(letter if letter in "\r\n" else " " for letter in text[start:end])
            text = text[:start] + blank + text[end:]
    return ChosenOperation(node, fragments, text.rstrip(), *span_of(node))


def read_variables(text: str) -> dict[str, Any]:
    """Return the variables of the playground's pane; an empty pane has none.

    They are for looking at; what is sent is the text itself (see `written_json`).

    Raises:
        NotSentError: `variables-json` with line and column, or `variables-object`.
    """
    if not text.strip():
        return {}
    try:
        value: object = read_written(text)
    except json.JSONDecodeError as error:
        letter = text[error.pos : error.pos + 1]
        message = f"{error.msg}."
        if letter and not letter.isascii():
            message = _ODD_CHARACTER.format(name=named(letter))
        raise NotSentError(
            f"Line {error.lineno}, column {error.colno}: {message}",
            reason="variables-json",
            line=error.lineno,
            column=error.colno,
        ) from error
    except ValueError as error:
        raise NotSentError(f"{error}.", reason="variables-json") from error
    if not isinstance(value, dict):
        raise NotSentError(
            'Variables are a JSON object, such as {"name": "value"}.', reason="variables-object"
        )
    return cast(dict[str, Any], value)


def span_of(node: Node) -> tuple[int, int]:
    """Return where a parsed node begins and ends in its text, in characters."""
    location = node.loc
    if location is None:
        raise TypeError("the node was not parsed from a text")
    return location.start, location.end


def _meant(
    operations: Sequence[OperationDefinitionNode], name: str | None, cursor: int | None
) -> OperationDefinitionNode:
    if not operations:
        raise NotSentError("The document has no operation.", reason="no-operation")
    called = [node for node in operations if name and node.name and node.name.value == name]
    possible = called or operations
    if len(possible) == 1:
        return possible[0]
    if cursor is None:
        raise NotSentError(
            f"The document has {len(possible)} operations{f' called {name}' if called else ''}.",
            reason="which-operation",
        )
    before = [node for node in possible if span_of(node)[0] <= cursor]
    return before[-1] if before else possible[0]


def _fragments_of(
    node: OperationDefinitionNode, document: DocumentNode
) -> tuple[FragmentDefinitionNode, ...]:
    known = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    found: dict[str, FragmentDefinitionNode] = {}
    unread: list[Node] = [node]
    while unread:
        spreads = _Spreads()
        visit(unread.pop(), spreads)
        for name in spreads.names:
            if name in known and name not in found:
                found[name] = known[name]
                unread.append(known[name])
    return tuple(found.values())


class _Spreads(GraphQLVisitor):
    """Collects the names of the fragments that are spread."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_rest: object) -> None:
        self.names.append(node.name.value)
