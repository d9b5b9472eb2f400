"""The typed fields of a form, made of a schema's input types, one level at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, cast

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull

FieldKind = Literal["text", "id", "integer", "number", "boolean", "choice", "json", "group", "list"]


@dataclass(frozen=True)
class FormField:
    """One argument, one field of an input object, or one item of a list.

    Attributes:
        type: as GraphQL writes it, such as `[ID!]!`.
        choices: the values of an enum.
        item: what each item of a list is.
        group: the input type of a group.
    """

    name: str
    kind: FieldKind
    type: str
    required: bool
    description: str = ""
    deprecated: str = ""
    choices: tuple[str, ...] = ()
    item: "FormField | None" = None
    group: GraphQLInputObjectType | None = field(default=None, repr=False)

    @property
    def one_of(self) -> bool:
        """Whether exactly one field of this group is given (GraphQL's `@oneOf`)."""
        return self.group is not None and self.group.is_one_of

    @cached_property
    def fields(self) -> "tuple[FormField, ...]":
        """What a group holds.

        They are made when they are asked for: an input type may hold itself, and a schema with a
        filter for each table has endless ways down.
        """
        inside = self.group.fields.items() if self.group else ()
        return tuple(form_field(name, one.type, one) for name, one in inside)


def form_field(name: str, kind: Any, described: Any = None) -> FormField:
    """Return the field for a value of an input type.

    Args:
        name: of the argument or the input's field; empty for an item of a list.
        kind: the GraphQL type.
        described: what has a description and may be deprecated.
    """
    required = isinstance(kind, GraphQLNonNull)
    bare: Any = cast(Any, kind).of_type if required else kind
    return FormField(
        name,
        _kind_of(bare),
        str(kind),
        required,
        (described and described.description) or "",
        (described and described.deprecation_reason) or "",
        choices=tuple(bare.values) if isinstance(bare, GraphQLEnumType) else (),
        item=form_field("", cast(Any, bare).of_type) if isinstance(bare, GraphQLList) else None,
        group=bare if isinstance(bare, GraphQLInputObjectType) else None,
    )


def first_value(field: FormField) -> Any:
    """Return what stands in for a value until the person gives one; None where nothing can."""
    return _first_value(field, frozenset())


def required_values(fields: Sequence[FormField]) -> dict[str, Any]:
    """Return the first values of the fields that have to be given, as far as there are any."""
    return _required_values(fields, frozenset())


def _required_values(fields: Sequence[FormField], entered: frozenset[str]) -> dict[str, Any]:
    found = {field.name: _first_value(field, entered) for field in fields if field.required}
    return {name: value for name, value in found.items() if value is not None}


def _first_value(field: FormField, entered: frozenset[str]) -> Any:
    if field.group is not None:
        if field.group.name in entered:
            return None
        entered |= {field.group.name}
        if not field.one_of:
            return _required_values(field.fields, entered)
        # A member that is a group may lead round, so another one is taken where there is one.
        for member in sorted(field.fields, key=lambda member: member.kind in ("group", "json")):
            value = _first_value(member, entered)
            if value is not None:
                return {member.name: value}
        return {}
    if field.kind == "choice":
        return field.choices[0]
    empty: Mapping[FieldKind, Any] = {
        "text": "",
        "id": "",
        "integer": 0,
        "number": 0,
        "boolean": False,
        "list": [],
    }
    return empty.get(field.kind)


def _kind_of(bare: Any) -> FieldKind:
    if isinstance(bare, GraphQLEnumType):
        return "choice"
    if isinstance(bare, GraphQLList):
        return "list"
    if isinstance(bare, GraphQLInputObjectType):
        return "group"
    return _SCALARS.get(str(bare), "json")


_SCALARS: Mapping[str, FieldKind] = {
    "String": "text",
    "ID": "id",
    "Int": "integer",
    "Float": "number",
    "Boolean": "boolean",
}
