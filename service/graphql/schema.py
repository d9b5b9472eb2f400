"""The executable schema: `contract/schema.graphql` with its resolvers attached."""

import re
from functools import lru_cache
from itertools import chain
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from contract import SCHEMA_FILE
from service.graphql.resolvers import (
    asset_mutations,
    assets,
    background,
    image_analysis,
    repositories,
    temp_files,
    viewer,
)
from service.graphql.resolvers.context import Fields, Info
from settings import SIZE_SPELLINGS

RESOLVERS: tuple[Fields, ...] = (
    viewer.FIELDS,
    repositories.FIELDS,
    assets.FIELDS,
    asset_mutations.FIELDS,
    temp_files.FIELDS,
    background.FIELDS,
    image_analysis.FIELDS,
)


def load_schema(size_spelling: str = "") -> GraphQLSchema:
    """Build the schema.

    Args:
        size_spelling: the only one of `SIZE_SPELLINGS` that the multipart mutation takes, which it
            then requires; empty for either.

    Raises:
        KeyError: a resolver names a type or field that the SDL does not have.
    """
    schema = build_schema(SCHEMA_FILE.read_text(encoding="utf-8"))
    for type_name, resolvers in chain.from_iterable(fields.items() for fields in RESOLVERS):
        kind = schema.type_map[type_name]
        if not isinstance(kind, GraphQLObjectType):
            raise KeyError(type_name)
        for field_name, resolver in resolvers.items():
            kind.fields[field_name].resolve = resolver
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInterfaceType):
            kind.resolve_type = _python_type
    if size_spelling:
        _keep_one_spelling(schema, size_spelling)
    return schema


def resolve_attribute(source: Any, info: Info, **_arguments: Any) -> Any:
    """Resolve a field that has no resolver: `minPartSize` is the attribute `min_part_size`."""
    return getattr(source, _snake_case(info.field_name))


@lru_cache
def _snake_case(name: str) -> str:
    return re.sub("[A-Z]", lambda found: f"_{found.group().lower()}", name)


def _keep_one_spelling(schema: GraphQLSchema, spelling: str) -> None:
    kind = schema.type_map["CreateTempFileMultipartUploadUrlInput"]
    if not isinstance(kind, GraphQLInputObjectType):
        raise KeyError(spelling)
    for other in SIZE_SPELLINGS:
        if other != spelling:
            del kind.fields[other]
    field = kind.fields[spelling]
    field.type = GraphQLNonNull(field.type)


def _python_type(value: Any, _info: Any, _abstract: Any) -> str:
    return type(value).__name__
