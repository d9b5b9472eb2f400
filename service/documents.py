"""Operations, parsed and validated once."""

from dataclasses import dataclass
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, GraphQLSchema, GraphQLSyntaxError, parse, validate

MOST_TOKENS = 2_000  # a full introspection query has about 400
MOST_ERRORS = 20
CACHED_DOCUMENTS = 256


@dataclass(frozen=True)
class Refused:
    """A document that cannot be executed: why, and the code of the reason."""

    code: str
    errors: tuple[GraphQLError, ...]


class Documents:
    """Parses and validates, remembering the last 256 documents; safe for several threads."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self.prepare = lru_cache(maxsize=CACHED_DOCUMENTS)(self._prepare)

    def _prepare(self, source: str) -> DocumentNode | Refused:
        try:
            # The API's own samples were published cut off at an empty selection set; people
            # paste them, and the lenient default would answer {}.
            document = parse(source, max_tokens=MOST_TOKENS, allow_empty_selection_sets=False)
        except GraphQLSyntaxError as error:
            return Refused("GRAPHQL_PARSE_FAILED", (error,))
        if problems := validate(self._schema, document, max_errors=MOST_ERRORS):
            return Refused("GRAPHQL_VALIDATION_FAILED", tuple(problems))
        return document
