"""Points of a request (contract 4): one for each node that is asked for, one for each mutation.

A connection asks for as many nodes as its `first` or `last` says, or as it is given ids; what is
below a node counts once for each. Where nothing says how many, the nodes are counted when they are
found: `Points` takes them from what the document itself has left.
"""

from functools import cached_property
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    value_from_ast_untyped,
)

CODE = "COMPLEXITY_LIMIT_EXCEEDED"
MESSAGE = "Complexity limit exceeded"

Variables = dict[str, Any]


class Points:
    """What a request may still spend; 0 as its limit stands for no limit."""

    def __init__(self, limit: int, spent: int = 0) -> None:
        self._limit = limit
        self._spent = 0
        self.spend(spent)

    def spend(self, points: int) -> None:
        """Take points away.

        Raises:
            GraphQLError: COMPLEXITY_LIMIT_EXCEEDED.
        """
        self._spent += points
        if self._limit and self._spent > self._limit:
            raise GraphQLError(MESSAGE, extensions={"code": CODE})


class Score:
    """The points of a valid document, all its operations together."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._document = document
        self._has_variables = any(operation.variable_definitions for operation in self._operations)

    def of(self, variables: Variables) -> int:
        """Return the points that these variables make."""
        return self._without_variables if not self._has_variables else self._sum(variables)

    @cached_property
    def most_mutations(self) -> int:
        """The mutations of the operation that has most, however they are wrapped in fragments."""
        scorings = [_Scoring(self._schema, self._document, {}) for _ in self._operations]
        for scoring, operation in zip(scorings, self._operations, strict=True):
            scoring.of(operation)
        return max((scoring.mutations for scoring in scorings), default=0)

    @cached_property
    def _without_variables(self) -> int:
        return self._sum({})

    @property
    def _operations(self) -> list[OperationDefinitionNode]:
        return [
            definition
            for definition in self._document.definitions
            if isinstance(definition, OperationDefinitionNode)
        ]

    def _sum(self, variables: Variables) -> int:
        return sum(
            _Scoring(self._schema, self._document, _with_defaults(operation, variables)).of(
                operation
            )
            for operation in self._operations
        )


class _Scoring:
    """One operation with its variables."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Variables) -> None:
        self._schema = schema
        self._variables = variables
        self.mutations = 0
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        # Spreading a fragment twice must not walk it twice: n fragments would take 2**n steps.
        self._known: dict[tuple[str, str], int] = {}

    def of(self, operation: OperationDefinitionNode) -> int:
        root = self._schema.get_root_type(operation.operation)
        return self._selection_set(operation.selection_set, root) if root else 0

    def _selection_set(self, node: SelectionSetNode | None, parent: GraphQLNamedType) -> int:
        return sum(self._selection(item, parent) for item in node.selections) if node else 0

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType) -> int:
        if isinstance(node, FieldNode):
            return self._field(node, parent)
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if (name, parent.name) not in self._known:
                fragment = self._fragments[name]
                narrowed = self._schema.get_type(fragment.type_condition.name.value)
                points = self._selection_set(fragment.selection_set, narrowed or parent)
                self._known[name, parent.name] = points
            return self._known[name, parent.name]
        inline = cast(InlineFragmentNode, node)
        condition = inline.type_condition
        narrowed = self._schema.get_type(condition.name.value) if condition else parent
        return self._selection_set(inline.selection_set, narrowed or parent)

    def _field(self, node: FieldNode, parent: GraphQLNamedType) -> int:
        has_fields = isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        field = parent.fields.get(node.name.value) if has_fields else None
        if field is None:  # __typename, __schema, __type
            return 0
        below = self._selection_set(node.selection_set, _leads_to(field))
        if parent is self._schema.mutation_type:
            self.mutations += 1
            return 1 + below
        if parent.name.endswith("Edge"):  # its connection counted the node
            return below
        return self._nodes(node, field) * (1 + below) if _has_nodes(field) else below

    def _nodes(self, node: FieldNode, field: GraphQLField) -> int:
        """Return how many nodes a field asks for; 1 where its arguments do not say."""
        if not _is_plural(field):
            return 1
        for argument in node.arguments or ():
            given = value_from_ast_untyped(argument.value, self._variables)
            if argument.name.value == "id":
                return len(cast(list[Any], given)) if isinstance(given, list) else 1
            if argument.name.value in ("first", "last") and isinstance(given, int | float):
                return max(0, int(given))
        return 1


def _with_defaults(operation: OperationDefinitionNode, variables: Variables) -> Variables:
    defaults = {
        definition.variable.name.value: value_from_ast_untyped(definition.default_value)
        for definition in operation.variable_definitions or ()
        if definition.default_value
    }
    return {**defaults, **variables}


def _leads_to(field: GraphQLField) -> GraphQLNamedType:
    """Return the type of a field, without lists and non-null around it."""
    kind: Any = cast(Any, field).type  # its own annotation is partly unknown
    return cast(GraphQLNamedType, get_named_type(kind))


def _is_plural(field: GraphQLField) -> bool:
    return _leads_to(field).name.endswith("Connection")


def _has_nodes(field: GraphQLField) -> bool:
    """Tell whether a field leads to nodes: a connection, a node, or a list of nodes."""
    kind = _leads_to(field)
    if isinstance(kind, GraphQLInterfaceType):
        return kind.name == "Node"
    is_node = isinstance(kind, GraphQLObjectType) and any(
        interface.name == "Node" for interface in kind.interfaces
    )
    return is_node or _is_plural(field)
