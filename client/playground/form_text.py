"""Writes what a form says into the text of its operation, and into the variables.

Only what the form changed is written, in its place and the way its neighbours are written; the rest
of the text stays as it is, to the letter.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from graphql import (
    ArgumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    NamedTypeNode,
    NameNode,
    Node,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    Token,
    TokenKind,
    Undefined,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    is_leaf_type,
    print_ast,
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
from client.api.document import parsed, span_of
from client.playground.form import (
    Form,
    Path,
    RootField,
    argument_fields,
    field_of,
    output_paths,
    plain_name,
    selection_set_of,
    ways_down,
)
from client.playground.form_field import FormField, required_values
from client.playground.written import Rewriting, Row, fields_of, with_variables
from client.written_json import WrittenFloat

PAGE = 10
"""What `first` says of a connection that the form adds."""
_LAYOUT = re.compile(r"\s+")
_INDENT = re.compile(r"([ \t]*)[^\r\n]*\Z")

Span = tuple[int, int]


def new_operation(schema: GraphQLSchema, root: RootField) -> str:
    """Return an operation with the required arguments and a selection of the nearest fields."""
    fields = argument_fields(schema, root)
    values = required_values(fields)
    arguments = tuple(
        ArgumentNode(name=NameNode(value=field.name), value=_literal(field, values[field.name]))
        for field in fields
        if field.name in values
    )
    kind = _type_of(schema, root)
    field = FieldNode(
        name=NameNode(value=root.name),
        arguments=arguments,
        directives=(),
        selection_set=None
        if is_leaf_type(kind)
        else _selected(schema, kind, _first_outputs(schema, root)),
    )
    operation = OperationDefinitionNode(
        operation=OperationType(root.operation),
        name=NameNode(value=root.name[:1].upper() + root.name[1:]),
        variable_definitions=(),
        directives=(),
        selection_set=SelectionSetNode(selections=(field,)),
    )
    return print_ast(operation) + "\n"


def write_form(
    schema: GraphQLSchema,
    text: str,
    variables: str,
    form: Form,
    values: Mapping[str, Any],
    outputs: Sequence[Path],
) -> tuple[str, str]:
    """Return document and variables with the form's present values and outputs.

    A value that came from a variable goes back to that variable; every other one is written into
    the document. A value that is `Undefined`, or not among them, is left out; None is written as
    `null`. A variable that is used no more, as another member of a `@oneOf` took its place, is not
    declared any more.

    Args:
        schema: the endpoint's.
        text: the document that the form was read from.
        variables: the text of the variables that it was read with.
        form: what was read.
        values: the arguments by name.
        outputs: the paths of the fields to answer with.
    """
    rewriting = _GraphQLRewriting(text)
    edits = [  # made from behind; what is to be first of two in one place is the last here
        _outputs_edit(schema, text, form, outputs),
        _arguments_edit(rewriting, schema, form, values),
    ]
    unused = _unused(text, form.operation, rewriting.gone)
    if unused:
        edits.append(_definitions_edit(text, form.operation, unused))
    for (start, end), new in sorted(edits, key=lambda edit: edit[0], reverse=True):
        text = text[:start] + new + text[end:]
    declared_yet = _variables_in(parsed(text)) if unused else set[str]()
    new_values = {**rewriting.variables, **dict.fromkeys(unused - declared_yet, Undefined)}
    return text, with_variables(variables, new_values)


# Arguments -----------------------------------------------------------------------------------


class _GraphQLRewriting(Rewriting):
    """A GraphQL document in which values change."""

    padding = " "

    def name(self, name: str) -> str:
        """Return the name of a new value."""
        return name

    def literal(self, field: FormField | None, value: Any, _indent: str | None, /) -> str:
        """Return a new value, on one line wherever it goes."""
        return print_ast(_literal(field, value))


def _arguments_edit(
    rewriting: Rewriting, schema: GraphQLSchema, form: Form, values: Mapping[str, Any]
) -> tuple[Span, str]:
    fields = {field.name: field for field in argument_fields(schema, form.root)}
    spans = [entry.span for entry in form.arguments]
    if spans:
        start, end = _brackets(form.field.arguments or ())
    else:
        start = end = span_of(form.field.name)[1]
    row = Row(rewriting.text, (start + 1, end - 1) if spans else (start, end), spans)
    rewriting.entries(row, form.arguments, values, fields)
    inside = str(row)
    return (start, end), f"({inside})" if row.items else inside


def _brackets(nodes: Sequence[Node]) -> Span:
    """Return where the brackets around some nodes begin and end."""
    first, last = nodes[0].loc, nodes[-1].loc
    if first is None or last is None:
        raise TypeError("the nodes were not parsed from a text")
    opening, closing = first.start_token.prev, last.end_token.next
    while opening and opening.kind is TokenKind.COMMENT:
        opening = opening.prev
    while closing and closing.kind is TokenKind.COMMENT:
        closing = closing.next
    return cast(Token, opening).start, cast(Token, closing).end


def _literal(field: FormField | None, value: Any) -> Any:
    """Return a value as GraphQL writes it."""
    if value is None:
        return NullValueNode()
    if isinstance(value, Mapping):
        inside = fields_of(field)
        fields = (
            ObjectFieldNode(name=NameNode(value=name), value=_literal(inside.get(name), inner))
            for name, inner in cast(Mapping[str, Any], value).items()
            if inner is not Undefined
        )
        return ObjectValueNode(fields=tuple(fields))
    item = field.item if field else None
    if isinstance(value, list):
        return ListValueNode(values=tuple(_literal(item, one) for one in cast(list[Any], value)))
    return _literal(item, value) if item else _scalar(field, value)


def _scalar(field: FormField | None, value: Any) -> Any:
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


# Variables that are used no more -------------------------------------------------------------


def _unused(text: str, operation: OperationDefinitionNode, gone: Sequence[Span]) -> set[str]:
    """Return the variables of an operation that are used in nothing but what goes."""
    uses = _Uses()
    visit(operation, uses)
    leaving = {name for name, place in uses.found if _within(place, gone)}
    if leaving:
        for one in parsed(text).definitions:
            if isinstance(one, FragmentDefinitionNode):
                visit(one, uses)
    return leaving - {name for name, place in uses.found if not _within(place, gone)}


def _within(place: Span, spans: Sequence[Span]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in spans)


def _definitions_edit(
    text: str, operation: OperationDefinitionNode, unused: set[str]
) -> tuple[Span, str]:
    definitions = operation.variable_definitions or ()
    if not definitions:
        return (0, 0), ""
    start, end = _brackets(definitions)
    row = Row(text, (start + 1, end - 1), [span_of(one) for one in definitions])
    for number, one in reversed(list(enumerate(definitions))):
        if one.variable.name.value in unused:
            row.remove(number)
    return (start, end), f"({row})" if row.items else str(row)


def _variables_in(node: Node) -> set[str]:
    """Return the variables that are used or declared in a document."""
    uses = _Uses(declared=True)
    visit(node, uses)
    return {name for name, _ in uses.found}


class _Uses(Visitor):
    """Collects where which variable is used; where it is declared only if that is asked for."""

    def __init__(self, *, declared: bool = False) -> None:
        super().__init__()
        self.found: list[tuple[str, Span]] = []
        self._declared = declared

    def enter_variable(self, node: VariableNode, _key: object, parent: object, *_: object) -> None:
        if self._declared or not isinstance(parent, VariableDefinitionNode):
            self.found.append((node.name.value, span_of(node)))


# Outputs -------------------------------------------------------------------------------------


def _outputs_edit(
    schema: GraphQLSchema, text: str, form: Form, outputs: Sequence[Path]
) -> tuple[Span, str]:
    kind = _type_of(schema, form.root)
    removed = set(form.outputs) - set(outputs)
    added = [path for path in outputs if path not in form.outputs]
    old = form.field.selection_set
    if is_leaf_type(kind) or not (removed or added):
        return (0, 0), ""
    if old is None:
        place = span_of(form.field)[1]
        indent = cast(re.Match[str], _INDENT.search(text[:place]))[1]
        return (place, place), " " + _indented(print_ast(_selected(schema, kind, added)), indent)
    return span_of(old), _Outputs(schema, text, removed).changed(old, kind, added) or ""


class _Outputs:
    """A document whose selections change."""

    def __init__(self, schema: GraphQLSchema, text: str, removed: set[Path]) -> None:
        self._schema = schema
        self._text = text
        self._removed = removed

    def changed(
        self, old: SelectionSetNode, kind: Any, added: Sequence[Path], at: Path = ()
    ) -> str | None:
        """Return the text of a selection; None where nothing is left of it.

        Args:
            old: the selection as it is.
            kind: the type that it asks.
            added: the paths to ask for too, from here.
            at: the path from the root field to here.
        """
        start, end = span_of(old)
        spans = [span_of(node) for node in old.selections]
        row = Row(self._text, (start + 1, end - 1), spans, between=" ", padding=" ")
        ways = dict(ways_down(self._schema, kind)) if added else {}
        open_ones = [*added]
        empty: list[int] = []
        for number, node in enumerate(old.selections):
            name = plain_name(node)
            below = selection_set_of(node)
            if name is None:
                continue
            mine = [path for path in open_ones if path[0] == name]
            open_ones = [path for path in open_ones if path[0] != name]
            if below is None:
                if (*at, name) in self._removed:
                    empty.append(number)
                continue
            inner = self.changed(below, ways.get(name), [path[1:] for path in mine], (*at, name))
            if inner is None:
                empty.append(number)
            else:
                row.items[number] = self._around(node, below, inner)
        for name in dict.fromkeys(path[0] for path in open_ones):
            paths = [path for path in open_ones if path[0] == name]
            [new] = _with_paths(self._schema, kind, paths)
            row.add(_indented(print_ast(new), row.indent))
        for number in reversed(empty):
            row.remove(number)
        if not row.items:
            if at:
                return None
            row.add("__typename")
        return f"{{{row}}}"

    def _around(self, node: SelectionNode, below: SelectionSetNode, inner: str) -> str:
        (start, end), (opening, closing) = span_of(node), span_of(below)
        return self._text[start:opening] + inner + self._text[closing:end]


def _indented(printed: str, indent: str | None) -> str:
    """Return printed selections for a line that begins so; on one line where they share it."""
    if indent is None:
        return _LAYOUT.sub(" ", printed)
    return printed.replace("\n", f"\n{indent}")


def _type_of(schema: GraphQLSchema, root: RootField) -> Any:
    field = field_of(schema, root)
    if field is None:
        raise ValueError(f"the schema has no {root.name}")
    return named_type_of(field)


def _first_outputs(schema: GraphQLSchema, root: RootField) -> list[Path]:
    paths = output_paths(schema, root)
    if not paths:
        return []
    nodes: list[Path] = [path for path in paths if path[:-1] == ("edges", "node")]
    if nodes:
        return nodes[:12]
    nearest = len(paths[0])
    return [path for path in paths if len(path) == nearest and "... on" not in " ".join(path)][:12]


def _selected(schema: GraphQLSchema, kind: Any, paths: Sequence[Path]) -> SelectionSetNode:
    nodes = _with_paths(schema, kind, paths)
    if not nodes:
        nodes = (FieldNode(name=NameNode(value="__typename"), arguments=(), directives=()),)
    return SelectionSetNode(selections=nodes)


def _with_paths(
    schema: GraphQLSchema, kind: Any, paths: Sequence[Path]
) -> tuple[SelectionNode, ...]:
    """Return new selections of these paths."""
    ways = dict(ways_down(schema, kind))
    return tuple(
        _new_selection(
            schema, kind, name, ways.get(name), [path[1:] for path in paths if path[0] == name]
        )
        for name in dict.fromkeys(path[0] for path in paths)
    )


def _new_selection(
    schema: GraphQLSchema, kind: Any, name: str, leads_to: Any, rest: Sequence[Path]
) -> SelectionNode:
    inner = _with_paths(schema, leads_to, [path for path in rest if path])
    below = SelectionSetNode(selections=inner) if inner else None
    if name.startswith("... on "):
        condition = NamedTypeNode(name=NameNode(value=name.removeprefix("... on ")))
        return InlineFragmentNode(
            type_condition=condition,
            directives=(),
            selection_set=below or SelectionSetNode(selections=()),
        )
    takes_first = "first" in kind.fields[name].args
    first = ArgumentNode(name=NameNode(value="first"), value=IntValueNode(value=str(PAGE)))
    return FieldNode(
        name=NameNode(value=name),
        arguments=(first,) if takes_first else (),
        directives=(),
        selection_set=below,
    )
