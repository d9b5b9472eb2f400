"""The schema that the playground works with: the endpoint's own, or the one that ships with us.

With the latter, which is the embedded service's, editor and form work where an endpoint keeps its
schema to itself.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any, Literal, cast

from graphql import (
    GraphQLError,
    GraphQLSchema,
    build_client_schema,
    build_schema,
    get_introspection_query,
    print_schema,
)
from graphql.utilities import SchemaChange, find_schema_changes

from client.api.api import Api
from client.errors import (
    AuthExpiredError,
    ClientError,
    CredentialsRefusedError,
    GraphQLFailedError,
    OddCharactersError,
    PermissionDeniedError,
    UnexpectedAnswerError,
)
from client.json_object import JsonObject
from contract import SCHEMA_FILE

_ADDED_LATER: Mapping[str, tuple[str, ...]] = {
    "directive_is_repeatable": ("isRepeatable",),
    "specified_by_url": ("specifiedByURL",),
    "schema_description": ("__Schema", "description"),
    "input_value_deprecation": ("includeDeprecated",),
    "one_of": ("isOneOf",),
}
"""Parts of an introspection query that older servers do not know, the oldest first, each with the
words that a refusal names."""

_REFUSALS = (
    AuthExpiredError,
    CredentialsRefusedError,
    GraphQLFailedError,
    OddCharactersError,
    PermissionDeniedError,
)
"""Errors after which the schema may still be had without a token."""

ChangeKind = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Difference:
    """One way in which the endpoint's schema differs from the bundled one.

    Attributes:
        kind: seen from the bundled schema: what the endpoint added, removed or changed.
        text: an English sentence of the GraphQL library.
    """

    kind: ChangeKind
    text: str


@dataclass(frozen=True)
class LoadedSchema:
    """A schema and where it comes from.

    Attributes:
        live: read from the endpoint; False for the bundled one.
        problem: why the endpoint's own could not be had; None for a live one.
    """

    schema: GraphQLSchema
    live: bool
    problem: ClientError | None = None

    @cached_property
    def sdl(self) -> str:
        """The schema in the schema definition language."""
        return print_schema(self.schema)

    @cached_property
    def id(self) -> str:
        """A hash of the schema's content."""
        return hashlib.sha256(self.sdl.encode()).hexdigest()[:16]

    @cached_property
    def differences(self) -> Sequence[Difference]:
        """How a live schema differs from the bundled one; removed things first."""
        if not self.live:
            return ()
        changes = find_schema_changes(bundled_schema(), self.schema)
        found = [Difference(_kind(change), change.description) for change in changes]
        return sorted(found, key=lambda difference: _ORDER.index(difference.kind))


@cache
def bundled_schema() -> GraphQLSchema:
    """Return the schema that ships with the client."""
    return build_schema(SCHEMA_FILE.read_text(encoding="utf-8"))


def is_amplience(schema: GraphQLSchema) -> bool:
    """Return whether a schema is of Amplience's API, as this app's own service has it too.

    It is where uploads to temp files are. What is said of points, limits and samples holds there.
    """
    mutations: Iterable[str] = schema.mutation_type.fields if schema.mutation_type else ()
    return any(name.startswith("createTempFile") for name in mutations)


def read_schema(api: Api) -> LoadedSchema:
    """Ask the endpoint for its schema; where it does not tell, return the bundled one.

    Where the credentials are the trouble it is asked once without: an endpoint may tell its schema
    to everybody (contract 19.5). Never raises a ClientError: what was wrong is in `problem`.
    """
    try:
        return LoadedSchema(build_client_schema(_introspected(api)), live=True)
    except ClientError as error:
        return LoadedSchema(bundled_schema(), live=False, problem=error)
    except (TypeError, KeyError, ValueError, GraphQLError) as error:
        problem = UnexpectedAnswerError(f"The endpoint's introspection cannot be read: {error}")
        return LoadedSchema(bundled_schema(), live=False, problem=problem)


def _introspected(api: Api) -> Any:
    parts = set(_ADDED_LATER)
    try:
        return _fullest(api.graphql.execute, parts)
    except _REFUSALS as refusal:
        try:
            return _fullest(partial(_without_token, api), parts)
        except ClientError:
            raise refusal from None


def _without_token(api: Api, query: str) -> JsonObject:
    answer = api.graphql.ask_without_token(query)
    if answer.failure:
        raise answer.failure
    return answer.data or {}


def _fullest(ask: Callable[[str], JsonObject], parts: set[str]) -> Any:
    """Return the answer to the fullest introspection query that the endpoint understands.

    `parts` is what to ask for of `_ADDED_LATER`; what is not understood is taken out.

    Raises:
        ClientError: it understands none, or there was no answer.
    """
    while True:
        try:
            return ask(get_introspection_query(**dict.fromkeys(parts, True)))
        except (GraphQLFailedError, UnexpectedAnswerError) as error:
            is_refusal = isinstance(error, GraphQLFailedError) or error.details.get("status") == 400
            if not parts or not is_refusal:
                raise
            said = f"{error} {error.details.get('said', '')}"
            named = {part for part in parts if all(word in said for word in _ADDED_LATER[part])}
            parts -= named or parts


_ORDER: tuple[ChangeKind, ...] = ("removed", "changed", "added")


def _kind(change: SchemaChange) -> ChangeKind:
    name = str(cast(Any, change).type.name)
    if name.endswith("ADDED") or "_ADDED_TO_" in name:
        return "added"
    return "removed" if "REMOVED" in name else "changed"
