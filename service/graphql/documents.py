"""Parses and validates documents, and caches the result."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)

from service.graphql.caps import broken_cap
from service.graphql.complexity import Score

MOST_TOKENS = 2_000  # a full introspection query has about 400
MOST_ERRORS = 20
MOST_MUTATIONS = 20  # of one operation: each makes a real upload, each may sign 410 URLs
CACHED_DOCUMENTS = 256
LONGEST_CACHED = 16_384  # characters
# Root fields that neither wait nor work long, so that a thread would cost more than they do.
SWIFT_FIELDS = {"__typename", "createTempFileUploadUrl"}

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
EMPTY_SELECTION = (
    "An empty selection set: name the fields to answer with between the braces, such as "
    "{ uploadUrl downloadUrl }. Some published samples were cut off at this place."
)
TOO_MANY_MUTATIONS = f"The operation has more than {MOST_MUTATIONS} mutations."


@dataclass(frozen=True)
class RefusedDocument:
    """A document that cannot be executed: why, and the code of the reason."""

    code: str
    errors: tuple[GraphQLError, ...]


@dataclass(frozen=True)
class PreparedDocument:
    """A valid document; `swift` when executing it may be done without leaving the event loop."""

    document: DocumentNode
    score: Score
    swift: bool

    def points(self, variables: dict[str, Any]) -> int:
        """Return what the document costs with these variables (contract 4)."""
        return self.score.of(variables)


class Documents:
    """Parses and validates, remembering the last 256 documents; safe for several threads."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool = True) -> None:
        """Prepare for a schema; without `introspection`, questions about it are refused."""
        self._schema = schema
        self._rules = [
            *specified_rules,
            *([] if introspection else [NoSchemaIntrospectionCustomRule]),
        ]
        self._remembered = lru_cache(maxsize=CACHED_DOCUMENTS)(self._prepare)

    def prepare(self, source: str) -> PreparedDocument | RefusedDocument:
        """Return the document ready to execute, or why it cannot be."""
        # Long ones are rare, and 256 of them would take much memory.
        remember = len(source) <= LONGEST_CACHED
        return self._remembered(source) if remember else self._prepare(source)

    def _prepare(self, source: str) -> PreparedDocument | RefusedDocument:
        try:
            # The API's own samples were published cut off at an empty selection set; people
            # paste them, and the lenient default would answer {}.
            document = parse(source, max_tokens=MOST_TOKENS, allow_empty_selection_sets=False)
        except GraphQLSyntaxError as error:
            return RefusedDocument(PARSE_FAILED, (_explained(error),))
        if problem := broken_cap(document):
            return RefusedDocument(VALIDATION_FAILED, (problem,))
        if problems := validate(self._schema, document, self._rules, MOST_ERRORS):
            return RefusedDocument(VALIDATION_FAILED, tuple(problems))
        score = Score(self._schema, document)
        if score.most_mutations > MOST_MUTATIONS:
            return RefusedDocument(VALIDATION_FAILED, (GraphQLError(TOO_MANY_MUTATIONS),))
        return PreparedDocument(document, score, _is_swift(document))


def _explained(error: GraphQLSyntaxError) -> GraphQLError:
    """Say what an empty selection set is about; the parser only says which character it missed."""
    if error.source and error.positions and "found '}'" in error.message:
        before = error.source.body[: min(error.positions)].rstrip()
        if before.endswith("{"):
            return GraphQLError(EMPTY_SELECTION, source=error.source, positions=error.positions)
    return error


def _is_swift(document: DocumentNode) -> bool:
    operations = document.definitions
    return all(
        isinstance(operation, OperationDefinitionNode)
        and all(
            isinstance(item, FieldNode) and item.name.value in SWIFT_FIELDS
            for item in operation.selection_set.selections
        )
        for operation in operations
    )
