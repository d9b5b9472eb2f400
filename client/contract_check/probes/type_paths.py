"""Looks into a schema by path: `Asset.id`, `Mutation.createAsset(input).src`, `AssetType.IMAGE`.

Each step follows a field, or an argument in parentheses, into its named type. So no name of a type
that nobody has documented is needed.
"""

import re
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

_STEP = re.compile(r"(\w+)(?:\((\w+)\))?")


def type_at(schema: GraphQLSchema, path: str) -> str | None:
    """Return the type at a path as GraphQL writes it, `value` for an enum's; None when absent."""
    found = _found(schema, path)
    return None if found is None else str(found)


def type_named(schema: GraphQLSchema, path: str) -> object:
    """Return the type at a path without lists and nulls; None when absent."""
    return cast(object, get_named_type(_found(schema, path)))


def _found(schema: GraphQLSchema, path: str) -> Any:
    first, *steps = path.split(".")
    roots = {"Query": schema.query_type, "Mutation": schema.mutation_type}
    found: Any = roots.get(first) or schema.type_map.get(first)
    for step in steps:
        if found is None:
            return None
        if isinstance(found, GraphQLEnumType):
            return "value" if step in found.values else None
        found = _follow(found, step)
    return found


def _follow(kind: Any, step: str) -> Any:
    named = cast(object, get_named_type(kind))
    match = _STEP.fullmatch(step)
    if match is None or not isinstance(
        named, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType
    ):
        return None
    field: Any = named.fields.get(match[1])
    if field is None or match[2] is None:
        return field and field.type
    argument = field.args.get(match[2])
    return argument and argument.type
