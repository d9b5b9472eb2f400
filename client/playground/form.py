"""The form of an operation: typed fields made from the schema, filled in from the text.

A form shows one root field of one operation: its arguments as typed fields, and which fields to
answer with. It does not show fragments, aliases, directives and deeper fields. `form_text` writes
what the form says into the text again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_leaf_type,
    is_required_argument,
    value_from_ast_untyped,
)
from graphql.language import FloatValueNode, IntValueNode

from client.api.cost import named_type_of
from client.api.document import choose_operation, read_variables, span_of
from client.errors import NotSentError
from client.playground.form_field import FormField, form_field
from client.playground.written import Written, WrittenEntry, fields_of
from client.written_json import read_written

Path = tuple[str, ...]

DEEPEST_OUTPUT = 7
MOST_OUTPUTS = 400
"""Fields to choose from; a large schema has endless ways down."""


@dataclass(frozen=True)
class RootField:
    """A query or mutation that a form can be made of."""

    operation: Literal["query", "mutation"]
    name: str
    description: str
    deprecated: str = ""


@dataclass(frozen=True)
class Form:
    """What the form shows of an operation.

    Attributes:
        arguments: as they are written; variables are filled in.
        outputs: the paths of the fields to answer with, as far as the form has them.
        operation: what the form was read from.
        field: its only root field.
    """

    root: RootField
    arguments: tuple[WrittenEntry, ...]
    outputs: tuple[Path, ...]
    operation: OperationDefinitionNode
    field: FieldNode

    @property
    def values(self) -> Mapping[str, Any]:
        """The arguments by name, as JSON has them. None is `null`; what is left out is not here."""
        return _given(self.arguments)

    def is_of_variables(self, path: Sequence[str | int]) -> bool:
        """Return whether a value comes from a variable, and so is written into the variables."""
        entries: tuple[WrittenEntry, ...] | None = self.arguments
        items: tuple[Written, ...] | None = None
        for step in path:
            if isinstance(step, int):
                value = items[step] if items and step < len(items) else None
            else:
                value = next((one.value for one in entries or () if one.name == step), None)
            if value is None or value.variable:
                return value is not None
            entries, items = value.entries, value.items
        return False


def root_fields(schema: GraphQLSchema) -> Sequence[RootField]:
    """Return every mutation and query, mutations first, each group by name."""
    return [
        _root_field(operation, name, kind.fields[name])
        for operation, kind in (("mutation", schema.mutation_type), ("query", schema.query_type))
        if kind
        for name in sorted(kind.fields)
    ]


def argument_fields(schema: GraphQLSchema, root: RootField) -> Sequence[FormField]:
    """Return the fields for the arguments of a query or mutation."""
    field = field_of(schema, root)
    return [
        form_field(name, cast(Any, argument).type, argument)
        for name, argument in (field.args.items() if field else ())
    ]


def output_paths(schema: GraphQLSchema, root: RootField) -> Sequence[Path]:
    """Return the leaf fields that can be selected, at most `MOST_OUTPUTS`, nearest first.

    A path element such as `... on Asset` narrows an interface or a union. Fields that need an
    argument are left out; a type is not entered a second time on the way down.
    """
    field = field_of(schema, root)
    if field is None:
        return []
    found: list[Path] = []
    level: list[tuple[Path, Any, frozenset[str]]] = [((), named_type_of(field), frozenset())]
    while level and len(found) < MOST_OUTPUTS and len(level[0][0]) < DEEPEST_OUTPUT:
        below: list[tuple[Path, Any, frozenset[str]]] = []
        for path, kind, entered in level:
            for name, leads_to in ways_down(schema, kind):
                if is_leaf_type(leads_to):
                    found.append((*path, name))
                elif leads_to.name not in entered:
                    narrowed = entered if name.startswith("...") else entered | {leads_to.name}
                    below.append(((*path, name), leads_to, narrowed))
        level = below
    return found[:MOST_OUTPUTS]


def read_form(
    schema: GraphQLSchema, text: str, variables: str, name: str | None, cursor: int | None = None
) -> Form | None:
    """Return the form of an operation; None where a form cannot show it.

    A form needs an operation with exactly one root field, which the schema has, and variables that
    are JSON.
    """
    try:
        chosen = choose_operation(text, name, cursor)
        given = read_variables(variables)
    except NotSentError:
        return None
    selections = chosen.node.selection_set.selections
    field = selections[0] if len(selections) == 1 else None
    if not isinstance(field, FieldNode) or chosen.node.operation == OperationType.SUBSCRIPTION:
        return None
    operation = "mutation" if chosen.node.operation == OperationType.MUTATION else "query"
    root = RootField(operation, field.name.value, "")
    definition = field_of(schema, root)
    if definition is None:
        return None
    fields = {one.name: one for one in argument_fields(schema, root)}
    arguments = tuple(
        _entry(argument, fields.get(argument.name.value), given)
        for argument in field.arguments or ()
    )
    known = set(output_paths(schema, root))
    outputs = tuple(path for path in _paths(field.selection_set) if path in known)
    whole_root = _root_field(operation, root.name, definition)
    return Form(whole_root, arguments, outputs, chosen.node, field)


def field_of(schema: GraphQLSchema, root: RootField) -> GraphQLField | None:
    """Return what the schema says of a query or mutation."""
    kind = schema.mutation_type if root.operation == "mutation" else schema.query_type
    return kind.fields.get(root.name) if kind else None


def ways_down(schema: GraphQLSchema, kind: Any) -> list[tuple[str, Any]]:
    """Return what can be asked of a type without arguments, by path element, and its type."""
    ways: list[tuple[str, Any]] = []
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        ways = [
            (name, named_type_of(field))
            for name, field in kind.fields.items()
            if not any(map(is_required_argument, field.args.values()))
        ]
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        possible = schema.get_possible_types(kind)
        ways += [(f"... on {one.name}", one) for one in possible]
    return ways


def plain_name(node: SelectionNode) -> str | None:
    """Return a selection's name in a path; None for what the form leaves alone."""
    if node.directives:
        return None
    if isinstance(node, FieldNode):
        return None if node.alias else node.name.value
    if isinstance(node, InlineFragmentNode) and node.type_condition:
        return f"... on {node.type_condition.name.value}"
    return None


def selection_set_of(node: SelectionNode) -> SelectionSetNode | None:
    """Return what a selection asks for in turn."""
    return node.selection_set if isinstance(node, FieldNode | InlineFragmentNode) else None


# Reading -------------------------------------------------------------------------------------


def _entry(node: Any, field: FormField | None, variables: Mapping[str, Any]) -> WrittenEntry:
    """Return an argument or a field of an input object."""
    return WrittenEntry(node.name.value, span_of(node)[0], _written(node.value, field, variables))


def _written(node: ValueNode, field: FormField | None, variables: Mapping[str, Any]) -> Written:
    """Return a literal with what it stands for, numbers as `written_json` has them."""
    start, end = span_of(node)
    if isinstance(node, VariableNode):
        name = node.name.value
        return Written(start, end, variables.get(name, Undefined), field=field, variable=name)
    if isinstance(node, ListValueNode):
        item = field.item if field else None
        items = tuple(_written(inner, item, variables) for inner in node.values)
        values = [None if one.value is Undefined else one.value for one in items]
        return Written(start, end, values, items=items, field=field)
    if isinstance(node, ObjectValueNode):
        inside = fields_of(field)
        entries = tuple(
            _entry(inner, inside.get(inner.name.value), variables) for inner in node.fields
        )
        return Written(start, end, _given(entries), entries=entries, field=field)
    if isinstance(node, IntValueNode | FloatValueNode):
        return Written(start, end, read_written(node.value), field=field)  # the same grammar
    return Written(start, end, value_from_ast_untyped(node), field=field)


def _given(entries: Sequence[WrittenEntry]) -> dict[str, Any]:
    """Return the values by name, without those whose variables are not given."""
    return {
        entry.name: entry.value.value for entry in entries if entry.value.value is not Undefined
    }


def _paths(selection_set: SelectionSetNode | None, at: Path = ()) -> list[Path]:
    found: list[Path] = []
    for node in selection_set.selections if selection_set else ():
        name = plain_name(node)
        if name is None:
            continue
        below = selection_set_of(node)
        found.extend(_paths(below, (*at, name)) if below else [(*at, name)])
    return found


# The schema ----------------------------------------------------------------------------------


def _root_field(
    operation: Literal["query", "mutation"] | str, name: str, field: GraphQLField
) -> RootField:
    kind: Literal["query", "mutation"] = "mutation" if operation == "mutation" else "query"
    return RootField(kind, name, field.description or "", field.deprecation_reason or "")
