"""Estimates the points of an operation before it is sent (contract 4).

One point for each node asked for and one for each mutation. A connection asks for as many nodes as
its `first` or `last` says, or as it is given ids; what is below a node counts once for each. How
nested connections multiply is inferred. Works on any schema with connections in Relay's form.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    value_from_ast_untyped,
)

from client.api.document import ChosenOperation

LIMIT = 10_000
"""Points of one request, all its operations together (contract 4)."""
UNLIMITED_PAGE = 100
"""Nodes assumed of a connection that is not told how many: the embedded service's page."""


@dataclass(frozen=True)
class Cost:
    """Points, and whether they are only an upper bound.

    Attributes:
        guessed: a connection was not told how many nodes; it counts as `UNLIMITED_PAGE`.
    """

    points: int
    guessed: bool = False

    @property
    def too_much(self) -> bool:
        """Whether the endpoint will refuse it by the documented limit."""
        return self.points > LIMIT


def estimated_cost(
    schema: GraphQLSchema, chosen: ChosenOperation, variables: Mapping[str, Any]
) -> Cost:
    """Return what an operation costs; fields that the schema does not have cost nothing."""
    root = schema.get_root_type(chosen.node.operation)
    estimate = _Estimate(schema, chosen, variables)
    points = estimate.selection_set(chosen.node.selection_set, root) if root else 0
    return Cost(points, estimate.guessed)


class _Estimate:
    def __init__(
        self, schema: GraphQLSchema, chosen: ChosenOperation, variables: Mapping[str, Any]
    ) -> None:
        self.guessed = False
        self._schema = schema
        self._fragments = {fragment.name.value: fragment for fragment in chosen.fragments}
        defaults = {
            definition.variable.name.value: value_from_ast_untyped(definition.default_value)
            for definition in chosen.node.variable_definitions or ()
            if definition.default_value
        }
        self._variables = {**defaults, **variables}
        # Also keeps a fragment that spreads itself, which is not valid, from going round for ever.
        self._known: dict[tuple[str, str], int] = {}

    def selection_set(self, node: SelectionSetNode | None, parent: GraphQLNamedType) -> int:
        if node is None:
            return 0
        points = 0
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                points += self._field(selection, parent)
            elif isinstance(selection, FragmentSpreadNode):
                points += self._spread(selection.name.value, parent)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                narrowed = self._schema.get_type(condition.name.value) if condition else parent
                points += self.selection_set(selection.selection_set, narrowed or parent)
        return points

    def _spread(self, name: str, parent: GraphQLNamedType) -> int:
        fragment = self._fragments.get(name)
        if fragment is None:
            return 0
        key = (name, parent.name)
        if key not in self._known:
            self._known[key] = 0
            narrowed = self._schema.get_type(fragment.type_condition.name.value) or parent
            self._known[key] = self.selection_set(fragment.selection_set, narrowed)
        return self._known[key]

    def _field(self, node: FieldNode, parent: GraphQLNamedType) -> int:
        has_fields = isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        field = parent.fields.get(node.name.value) if has_fields else None
        if field is None:
            return 0
        kind = named_type_of(field)
        below = self.selection_set(node.selection_set, kind)
        if parent is self._schema.mutation_type:
            return 1 + below
        if parent.name.endswith("Edge"):  # its connection counted the node
            return below
        if kind.name.endswith("Connection"):
            return self._nodes(node) * (1 + below)
        return 1 + below if _is_node(kind) else below

    def _nodes(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            name = argument.name.value
            value: Any = value_from_ast_untyped(argument.value, self._variables)
            says_how_many = name in ("first", "last") and isinstance(value, int | float)
            if says_how_many and math.isfinite(value):
                return max(0, int(value))
            if name in ("id", "ids") and isinstance(value, list):
                return len(cast(list[Any], value))
        self.guessed = True
        return UNLIMITED_PAGE


def named_type_of(field: GraphQLField) -> GraphQLNamedType:
    """Return the type of a field, without lists and non-null around it."""
    kind: Any = cast(Any, field).type  # its own annotation is partly unknown
    return cast(GraphQLNamedType, get_named_type(kind))


def _is_node(kind: GraphQLNamedType) -> bool:
    if isinstance(kind, GraphQLInterfaceType):
        return kind.name == "Node"
    return isinstance(kind, GraphQLObjectType) and any(
        interface.name == "Node" for interface in kind.interfaces
    )
