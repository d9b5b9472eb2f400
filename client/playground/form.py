"""The form of an operation: typed fields made from the schema, and text to fields and back.

A form shows one root field of one operation: its arguments as typed fields, and which fields to
answer with. What it cannot show (fragments, aliases, directives, deeper fields) it leaves as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from graphql import (
    ArgumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    ListValueNode,
    NamedTypeNode,
    NameNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    Visitor,
    is_leaf_type,
    is_required_argument,
    print_ast,
    value_from_ast_untyped,
    visit,
)
from graphql.language import (
    BooleanValueNode,
    FloatValueNode,
    IntValueNode,
    NullValueNode,
    StringValueNode,
)

from client.api.cost import named_type_of
from client.api.document import choose_operation, read_variables
from client.errors import NotSentError
from client.written_json import WrittenFloat, read_written

FieldKind = Literal["text", "id", "integer", "number", "boolean", "choice", "json", "group", "list"]
Path = tuple[str, ...]

DEEPEST_INPUT = 6
DEEPEST_OUTPUT = 7
MOST_OUTPUTS = 400
"""Fields to choose from; a large schema has endless ways down."""
PAGE = 10
"""What `first` says of a connection that the form adds."""


@dataclass(frozen=True)
class FormField:
    """One argument, one field of an input object, or one item of a list.

    Attributes:
        type: as GraphQL writes it, such as `[ID!]!`.
        choices: the values of an enum.
        fields: what a group holds.
        item: what each item of a list is.
        one_of: of a group: exactly one of its fields is given (GraphQL's `@oneOf`).
    """

    name: str
    kind: FieldKind
    type: str
    required: bool
    description: str = ""
    deprecated: str = ""
    choices: tuple[str, ...] = ()
    fields: "tuple[FormField, ...]" = ()
    item: "FormField | None" = None
    one_of: bool = False


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
        values: the arguments by name, as JSON has them; variables are filled in.
        outputs: the paths of the fields to answer with, as far as the form has them.
        node: what the form was read from.
    """

    root: RootField
    values: Mapping[str, Any]
    outputs: tuple[Path, ...]
    node: OperationDefinitionNode


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
    field = _field(schema, root)
    return [
        replace(
            _form_field(name, cast(Any, argument).type, 0),
            description=argument.description or "",
            deprecated=argument.deprecation_reason or "",
        )
        for name, argument in (field.args.items() if field else ())
    ]


def output_paths(schema: GraphQLSchema, root: RootField) -> Sequence[Path]:
    """Return the leaf fields that can be selected, at most `MOST_OUTPUTS`, nearest first.

    A path element such as `... on Asset` narrows an interface or a union. Fields that need an
    argument are left out; a type is not entered a second time on the way down.
    """
    field = _field(schema, root)
    if field is None:
        return []
    found: list[Path] = []
    level: list[tuple[Path, Any, frozenset[str]]] = [((), named_type_of(field), frozenset())]
    while level and len(found) < MOST_OUTPUTS and len(level[0][0]) < DEEPEST_OUTPUT:
        below: list[tuple[Path, Any, frozenset[str]]] = []
        for path, kind, entered in level:
            for name, leads_to in _ways_down(schema, kind):
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
    definition = _field(schema, root)
    if definition is None:
        return None
    values = {
        argument.name.value: _given(_value_of(argument.value, given))
        for argument in field.arguments or ()
    }
    known = set(output_paths(schema, root))
    outputs = tuple(path for path in _paths(field.selection_set) if path in known)
    return Form(_root_field(operation, root.name, definition), values, outputs, chosen.node)


def new_operation(schema: GraphQLSchema, root: RootField) -> str:
    """Return an operation with the required arguments and a selection of the nearest fields."""
    fields = argument_fields(schema, root)
    arguments = _arguments(fields, _required_values(fields), {})
    name = root.name[:1].upper() + root.name[1:]
    field = FieldNode(
        name=NameNode(value=root.name),
        arguments=arguments,
        directives=(),
        selection_set=_selected(schema, root, None, _first_outputs(schema, root)),
    )
    operation = OperationDefinitionNode(
        operation=OperationType(root.operation),
        name=NameNode(value=name),
        variable_definitions=(),
        directives=(),
        selection_set=SelectionSetNode(selections=(field,)),
    )
    return print_ast(operation) + "\n"


def write_form(
    schema: GraphQLSchema,
    text: str,
    variables: Mapping[str, Any],
    form: Form,
    values: Mapping[str, Any],
    outputs: Sequence[Path],
) -> tuple[str, Mapping[str, Any]]:
    """Return document and variables, rewritten to the form's present values and outputs.

    A value that came from a variable goes back to that variable; every other one is written into
    the document. Values that are None are left out. A variable that is used no more, as another
    member of a `@oneOf` took its place, is not declared any more.
    """
    [old] = form.node.selection_set.selections
    field = cast(FieldNode, old)
    fields = argument_fields(schema, form.root)
    origins = _origins(field)
    new_variables = dict(variables)
    for path, variable in origins.items():
        new_variables[variable] = _at(values, path)
        if new_variables[variable] is None:
            del new_variables[variable]
    wanted = _selected(schema, form.root, field.selection_set, outputs)
    new_field = FieldNode(
        alias=field.alias,
        name=field.name,
        arguments=_arguments(fields, values, origins),
        directives=field.directives,
        selection_set=wanted,
    )
    used = _Variables()
    visit(new_field, used)
    unused = set(origins.values()) - used.names
    definitions = form.node.variable_definitions or ()
    node = OperationDefinitionNode(
        operation=form.node.operation,
        name=form.node.name,
        variable_definitions=tuple(
            one for one in definitions if one.variable.name.value not in unused
        ),
        directives=form.node.directives,
        selection_set=SelectionSetNode(selections=(new_field,)),
    )
    location = form.node.loc
    start, end = (location.start, location.end) if location else (0, len(text))
    return text[:start] + print_ast(node) + text[end:], new_variables


# Reading -------------------------------------------------------------------------------------


def _value_of(node: ValueNode, variables: Mapping[str, Any]) -> Any:
    """Return what a literal stands for, numbers as `written_json` has them."""
    if isinstance(node, VariableNode):
        return variables.get(node.name.value, Undefined)
    if isinstance(node, ListValueNode):
        return [_value_of(inner, variables) for inner in node.values]
    if isinstance(node, ObjectValueNode):
        return {inner.name.value: _value_of(inner.value, variables) for inner in node.fields}
    if isinstance(node, IntValueNode | FloatValueNode):
        return read_written(node.value)  # the same grammar
    return value_from_ast_untyped(node)


def _given(value: Any) -> Any:
    """Return a value without the parts whose variables are not given."""
    if isinstance(value, Mapping):
        fields = cast(Mapping[str, Any], value)
        return {name: _given(inner) for name, inner in fields.items() if inner is not Undefined}
    if isinstance(value, list):
        return [_given(inner) for inner in cast(list[Any], value)]
    return None if value is Undefined else value


def _paths(selection_set: SelectionSetNode | None, at: Path = ()) -> list[Path]:
    found: list[Path] = []
    for node in selection_set.selections if selection_set else ():
        name = _plain_name(node)
        if name is None:
            continue
        below = _selection_set_of(node)
        found.extend(_paths(below, (*at, name)) if below else [(*at, name)])
    return found


def _plain_name(node: SelectionNode) -> str | None:
    """Return a selection's name in a path; None for what the form leaves alone."""
    if node.directives:
        return None
    if isinstance(node, FieldNode):
        return None if node.alias else node.name.value
    if isinstance(node, InlineFragmentNode) and node.type_condition:
        return f"... on {node.type_condition.name.value}"
    return None


def _selection_set_of(node: SelectionNode) -> SelectionSetNode | None:
    return node.selection_set if isinstance(node, FieldNode | InlineFragmentNode) else None


def _origins(field: FieldNode) -> dict[Path, str]:
    """Return which values of the arguments come from which variable."""
    found: dict[Path, str] = {}

    def look(node: ValueNode, path: Path) -> None:
        if isinstance(node, VariableNode):
            found[path] = node.name.value
        elif isinstance(node, ObjectValueNode):
            for inner in node.fields or ():
                look(inner.value, (*path, inner.name.value))

    for argument in field.arguments or ():
        look(argument.value, (argument.name.value,))
    return found


class _Variables(Visitor):
    """Collects the names of the variables that are used."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_rest: object) -> None:
        self.names.add(node.name.value)


def _at(values: Any, path: Path) -> Any:
    for name in path:
        values = cast(Mapping[str, Any], values).get(name) if isinstance(values, Mapping) else None
    return values


# The schema ----------------------------------------------------------------------------------


def _root_field(
    operation: Literal["query", "mutation"] | str, name: str, field: GraphQLField
) -> RootField:
    kind: Literal["query", "mutation"] = "mutation" if operation == "mutation" else "query"
    return RootField(kind, name, field.description or "", field.deprecation_reason or "")


def _field(schema: GraphQLSchema, root: RootField) -> GraphQLField | None:
    kind = schema.mutation_type if root.operation == "mutation" else schema.query_type
    return kind.fields.get(root.name) if kind else None


def _form_field(name: str, kind: Any, depth: int) -> FormField:
    required = isinstance(kind, GraphQLNonNull)
    bare: Any = cast(Any, kind).of_type if required else kind
    if isinstance(bare, GraphQLEnumType):
        return FormField(name, "choice", str(kind), required, choices=tuple(bare.values))
    if isinstance(bare, GraphQLList):
        item = _form_field("", cast(Any, bare).of_type, depth + 1)
        return FormField(name, "list", str(kind), required, item=item)
    if isinstance(bare, GraphQLInputObjectType) and depth < DEEPEST_INPUT:
        fields = tuple(
            replace(
                _form_field(inner_name, one.type, depth + 1),
                description=one.description or "",
                deprecated=one.deprecation_reason or "",
            )
            for inner_name, one in bare.fields.items()
        )
        one_of = bare.is_one_of
        return FormField(name, "group", str(kind), required, fields=fields, one_of=one_of)
    return FormField(name, _SCALARS.get(str(bare), "json"), str(kind), required)


_SCALARS: Mapping[str, FieldKind] = {
    "String": "text",
    "ID": "id",
    "Int": "integer",
    "Float": "number",
    "Boolean": "boolean",
}


def _ways_down(schema: GraphQLSchema, kind: Any) -> list[tuple[str, Any]]:
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


def _first_outputs(schema: GraphQLSchema, root: RootField) -> list[Path]:
    paths = output_paths(schema, root)
    if not paths:
        return []
    nodes: list[Path] = [path for path in paths if path[:-1] == ("edges", "node")]
    if nodes:
        return nodes[:12]
    nearest = len(paths[0])
    return [path for path in paths if len(path) == nearest and "... on" not in " ".join(path)][:12]


def _required_values(fields: Sequence[FormField]) -> dict[str, Any]:
    return {field.name: first_value(field) for field in fields if field.required}


def first_value(field: FormField) -> Any:
    """Return what stands in for a value until the person gives one; None where nothing can."""
    if field.one_of:
        # A member that is a group may lead round, so another one is taken where there is one.
        for member in sorted(field.fields, key=lambda member: member.kind in ("group", "json")):
            value = first_value(member)
            if value is not None:
                return {member.name: value}
        return {}
    if field.kind == "group":
        return _required_values(field.fields)
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


# Writing -------------------------------------------------------------------------------------


def _arguments(
    fields: Sequence[FormField], values: Mapping[str, Any], origins: Mapping[Path, str]
) -> tuple[ArgumentNode, ...]:
    by_name = {field.name: field for field in fields}
    written = [
        (name, _value_node(by_name.get(name), values.get(name), (name,), origins))
        for name in [*values, *(name for name in by_name if name not in values)]
    ]
    return tuple(
        ArgumentNode(name=NameNode(value=name), value=node) for name, node in written if node
    )


def _value_node(
    field: FormField | None, value: Any, path: Path, origins: Mapping[Path, str]
) -> Any:
    """Return the literal of a value, or the variable it came from; None to leave it out."""
    if path in origins:
        return VariableNode(name=NameNode(value=origins[path]))
    if value is None:
        return None
    if isinstance(value, Mapping):
        given = cast(Mapping[str, Any], value)
        by_name = {inner.name: inner for inner in field.fields} if field else {}
        absent = [] if field and field.one_of else [name for name in by_name if name not in given]
        written = [
            (name, _value_node(by_name.get(name), given.get(name), (*path, name), origins))
            for name in (*given, *absent)
        ]
        fields = (
            ObjectFieldNode(name=NameNode(value=name), value=node) for name, node in written if node
        )
        return ObjectValueNode(fields=tuple(fields))
    if isinstance(value, list):
        item = field.item if field else None
        nodes = [_value_node(item, one, (*path, ""), {}) for one in cast(list[Any], value)]
        return ListValueNode(values=tuple(node or NullValueNode() for node in nodes))
    return _scalar_node(field, value)


def _scalar_node(field: FormField | None, value: Any) -> Any:
    if isinstance(value, bool):
        return BooleanValueNode(value=value)
    if isinstance(value, int):
        return IntValueNode(value=str(value))
    if isinstance(value, WrittenFloat):
        kind = IntValueNode if value.text.strip("-").isdigit() else FloatValueNode
        return kind(value=value.text)
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 2**63
        return IntValueNode(value=str(int(value))) if whole else FloatValueNode(value=repr(value))
    if field and field.kind == "choice":
        return EnumValueNode(value=str(value))
    return StringValueNode(value=str(value), block=False)


def _selected(
    schema: GraphQLSchema,
    root: RootField,
    old: SelectionSetNode | None,
    outputs: Sequence[Path],
) -> SelectionSetNode | None:
    """Return the selection with the wanted paths; what the form does not know stays."""
    field = _field(schema, root)
    if field is None or is_leaf_type(cast(Any, named_type_of(field))):
        return old
    known = set(output_paths(schema, root))
    nodes = _kept(old, set(outputs), known, ())
    for path in outputs:
        nodes = _with_path(schema, named_type_of(field), nodes, path)
    if not nodes:
        nodes = (FieldNode(name=NameNode(value="__typename"), arguments=(), directives=()),)
    return SelectionSetNode(selections=nodes)


def _kept(
    old: SelectionSetNode | None, wanted: set[Path], known: set[Path], at: Path
) -> tuple[SelectionNode, ...]:
    kept: list[SelectionNode] = []
    for node in old.selections if old else ():
        name = _plain_name(node)
        below = _selection_set_of(node)
        if name is None or (below is None and (*at, name) not in known):
            kept.append(node)
        elif below is None:
            if (*at, name) in wanted:
                kept.append(node)
        elif inner := _kept(below, wanted, known, (*at, name)):
            kept.append(_with_selections(node, inner))
    return tuple(kept)


def _with_path(
    schema: GraphQLSchema, kind: Any, nodes: tuple[SelectionNode, ...], path: Path
) -> tuple[SelectionNode, ...]:
    name, rest = path[0], path[1:]
    there = next((node for node in nodes if _plain_name(node) == name), None)
    leads_to = dict(_ways_down(schema, kind)).get(name)
    if there is None:
        there = _new_selection(kind, name)
        nodes = (*nodes, there)
    if not rest:
        return nodes
    below = _selection_set_of(there)
    inner = _with_path(schema, leads_to, below.selections if below else (), rest)
    changed = _with_selections(there, inner)
    return tuple(changed if node is there else node for node in nodes)


def _new_selection(kind: Any, name: str) -> SelectionNode:
    if name.startswith("... on "):
        condition = NamedTypeNode(name=NameNode(value=name.removeprefix("... on ")))
        return InlineFragmentNode(
            type_condition=condition, directives=(), selection_set=SelectionSetNode(selections=())
        )
    takes_first = "first" in kind.fields[name].args
    first = ArgumentNode(name=NameNode(value="first"), value=IntValueNode(value=str(PAGE)))
    return FieldNode(
        name=NameNode(value=name), arguments=(first,) if takes_first else (), directives=()
    )


def _with_selections(node: SelectionNode, inner: tuple[SelectionNode, ...]) -> SelectionNode:
    selection_set = SelectionSetNode(selections=inner)
    if isinstance(node, InlineFragmentNode):
        return InlineFragmentNode(
            type_condition=node.type_condition,
            directives=node.directives,
            selection_set=selection_set,
        )
    field = cast(FieldNode, node)
    return FieldNode(
        alias=field.alias,
        name=field.name,
        arguments=field.arguments,
        directives=field.directives,
        selection_set=selection_set,
    )
