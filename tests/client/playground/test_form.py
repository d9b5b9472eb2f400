"""Text to form and back."""

from typing import Any

import pytest
from graphql import GraphQLSchema, Undefined, build_schema, parse, print_ast, validate

from client.api.document import choose_operation, read_variables
from client.api.schema import bundled_schema
from client.playground.form import (
    Form,
    RootField,
    argument_fields,
    output_paths,
    read_form,
    root_fields,
)
from client.playground.form_field import first_value
from client.playground.form_text import new_operation, write_form
from client.playground.samples import Sample, samples

OURS = bundled_schema()
OTHER = build_schema('''
directive @mine on FIELD
interface Shape { area: Float  name(long: Boolean!): String }
type Square implements Shape { area: Float  name(long: Boolean!): String  side: Int  inside: Shape }
type Circle implements Shape { area: Float  name(long: Boolean!): String }
union Any = Square | Circle
enum Colour { RED GREEN }
scalar Blob
input Deep { deeper: Deep  word: String }
input Paint { colour: Colour!  coats: Int = 1  thick: Boolean  layers: [Layer!]  note: Blob }
input Layer { size: Float! }
type Query {
  shapes(first: Int): [Any]
  """One of them."""
  shape(id: ID!, paint: Paint, deep: Deep, numbers: [Int!]): Shape
}
type Mutation { "Old." paint(paint: [Paint!]!): Boolean @deprecated(reason: "use shape") }
type Subscription { shape: Shape }
''')


def form_of(schema: GraphQLSchema, text: str, variables: str = "") -> Form:
    form = read_form(schema, text, variables, None)
    assert form is not None
    return form


def rewritten(
    schema: GraphQLSchema, text: str, variables: str = "", **values: Any
) -> tuple[str, dict[str, Any]]:
    form = form_of(schema, text, variables)
    new, new_variables = write_form(
        schema, text, variables, form, {**form.values, **values}, form.outputs
    )
    return new, read_variables(new_variables)


def with_outputs(schema: GraphQLSchema, text: str, *outputs: str) -> str:
    form = form_of(schema, text)
    paths = [tuple(path.split("/")) for path in outputs]
    return write_form(schema, text, "", form, form.values, paths)[0]


def same(text: str, expected: str) -> bool:
    return print_ast(parse(text)) == print_ast(parse(expected))


KNOWN = [sample for sample in samples() if sample.id != "schema"]


@pytest.mark.parametrize("sample", KNOWN, ids=lambda sample: sample.id)
def test_a_sample_that_is_read_and_written_stays_what_it_is(sample: Sample) -> None:
    text, variables = rewritten(OURS, sample.text, sample.variables)
    assert same(text, sample.text)
    assert variables == read_variables(sample.variables)


@pytest.mark.parametrize("schema", [OURS, OTHER], ids=["ours", "other"])
def test_every_query_and_mutation_begins_valid(schema: GraphQLSchema) -> None:
    roots = root_fields(schema)
    assert roots
    for root in roots:
        text = new_operation(schema, root)
        assert not validate(schema, parse(text)), text
        assert form_of(schema, text).root == root


def test_mutations_come_first_and_tell_that_they_are_deprecated() -> None:
    assert root_fields(OTHER)[0] == RootField("mutation", "paint", "Old.", "use shape")
    assert [root.name for root in root_fields(OTHER)] == ["paint", "shape", "shapes"]


def test_fields_have_the_schema_s_types() -> None:
    identity, paint, deep, numbers = argument_fields(OTHER, RootField("query", "shape", ""))
    assert (identity.kind, identity.type, identity.required) == ("id", "ID!", True)
    assert (paint.kind, paint.required) == ("group", False)
    kinds = {field.name: field.kind for field in paint.fields}
    assert kinds == {
        "colour": "choice",
        "coats": "integer",
        "thick": "boolean",
        "layers": "list",
        "note": "json",
    }
    assert paint.fields[0].choices == ("RED", "GREEN")
    layer = paint.fields[3].item
    assert layer is not None
    assert [field.kind for field in layer.fields] == ["number"]
    assert (numbers.kind, numbers.item and numbers.item.kind) == ("list", "integer")
    assert [field.name for field in deep.fields] == ["deeper", "word"]
    assert deep.fields[0].fields == deep.fields


def test_descriptions_are_the_schema_s() -> None:
    [single] = argument_fields(OURS, RootField("mutation", "removeBackgroundFromImage", ""))
    assert single.fields[0].description == "Who pays the credit: a global id."


def test_values_are_read_from_literals_and_variables() -> None:
    text = """query Q($c: Colour!, $unset: Int) { shape(
      id: "1", paint: { colour: $c, coats: $unset, thick: true, layers: [{ size: 1.5 }] }
    ) { area } }"""
    form = form_of(OTHER, text, '{"c": "GREEN"}')
    assert form.values == {
        "id": "1",
        "paint": {"colour": "GREEN", "thick": True, "layers": [{"size": 1.5}]},
    }


def test_values_are_written_as_literals_of_their_type() -> None:
    paint = {
        "colour": "RED",
        "coats": 2,
        "thick": False,
        "layers": [{"size": 2.0}, {"size": 0.5}],
        "note": {"any": [None, 'quote"', 1]},
    }
    text, _ = rewritten(OTHER, '{ shape(id: "1") { area } }', paint=paint, numbers=[1, 2])
    assert same(
        text,
        """{ shape(id: "1", paint: { colour: RED, coats: 2, thick: false,
        layers: [{ size: 2 }, { size: 0.5 }], note: { any: [null, "quote\\"", 1] } },
        numbers: [1, 2]) { area } }""",
    )
    assert not validate(OTHER, parse(text))


@pytest.mark.parametrize(
    "value", ['it\'s "a" \\ b', "line\nbreak\r\n", "\u2028\U0001f600", '"""', ""]
)
def test_any_text_survives_the_way_there_and_back(value: str) -> None:
    text, _ = rewritten(OTHER, '{ shape(id: "1") { area } }', id=value)
    assert form_of(OTHER, text).values["id"] == value


def test_a_value_from_a_variable_goes_back_to_the_variable() -> None:
    text = "query Q($id: ID!, $word: String) { shape(id: $id, deep: { word: $word }) { area } }"
    values = {"id": "2", "deep": {"word": "b"}}
    new, variables = rewritten(OTHER, text, '{"id": "1", "kept": 7}', **values)
    assert same(new, text)
    assert variables == {"id": "2", "word": "b", "kept": 7}


def test_it_is_known_which_values_come_from_variables() -> None:
    text = "query($p: Paint, $n: [Int!], $w: String) { shape(id: 1, paint: $p, numbers: [1, 2] "
    text += "deep: {word: $w, deeper: {word: 1}}) { area } }"
    form = form_of(OTHER, text, '{"p": {"layers": [{"size": 1}]}}')
    for path in (("paint",), ("paint", "layers", 0, "size"), ("paint", "note"), ("deep", "word")):
        assert form.is_of_variables(path), path
    for path in (("id",), ("numbers", 0), ("numbers", 9), ("deep",), ("deep", "deeper", "word")):
        assert not form.is_of_variables(path), path
    listed = form_of(OTHER, "query($a: Int!) { shape(id: 1, numbers: [1, $a]) { area } }")
    assert listed.is_of_variables(("numbers", 1))
    assert not listed.is_of_variables(("numbers", 0))


def test_an_emptied_value_is_left_out() -> None:
    text = 'query Q($w: String) { shape(id: "1", deep: { word: $w }, numbers: [1]) { area } }'
    new, variables = rewritten(OTHER, text, '{"w": "a"}', deep={}, numbers=Undefined)
    assert "numbers" not in new
    assert variables == {}


def test_a_large_size_is_written_as_a_whole_number() -> None:
    text = "mutation { createTempFileMultipartUploadUrl(input: {}) { downloadUrl } }"
    new, _ = rewritten(OURS, text, input={"filesize": 2147483648.0})
    assert "filesize: 2147483648 }" in new


def test_only_the_operation_is_rewritten() -> None:
    before, after = "# keep\nquery A { a }\n\n# mine\n", " # tail\n\nfragment F on X { a }"
    text = f"{before}query B {{ shape(id: 1) {{ area }} }}{after}"
    form = read_form(OTHER, text, "", "B")
    assert form is not None
    new, _ = write_form(OTHER, text, "", form, {"id": "2"}, form.outputs)
    assert new.startswith(f"{before}query B {{")
    assert new.endswith(after)


# Outputs -------------------------------------------------------------------------------------


def test_leaves_are_offered_nearest_first_without_required_arguments() -> None:
    paths = [".".join(path) for path in output_paths(OTHER, RootField("query", "shape", ""))]
    assert paths[0] == "area"
    assert "... on Square.side" in paths
    assert not any("name" in path for path in paths)
    assert len(paths) < 20


def test_connections_lead_to_their_nodes() -> None:
    paths = output_paths(OURS, RootField("query", "viewer", ""))
    assert ("organizations", "edges", "node", "creditBalance", "balance") in paths
    assert paths[:2] == [("id",), ("name",)]


def test_outputs_are_added_and_taken_away() -> None:
    text = "{ viewer { id organizations(first: 3) { edges { node { id name } } } } }"
    form = form_of(OURS, text)
    assert form.outputs == (
        ("id",),
        ("organizations", "edges", "node", "id"),
        ("organizations", "edges", "node", "name"),
    )
    new = with_outputs(OURS, text, "name", "organizations/edges/node/creditBalance/balance")
    assert same(
        new,
        """{ viewer { organizations(first: 3) { edges { node { creditBalance { balance } } } }
        name } }""",
    ) or same(
        new,
        """{ viewer { name
        organizations(first: 10) { edges { node { creditBalance { balance } } } } } }""",
    )


def test_a_type_condition_is_written() -> None:
    new = with_outputs(OTHER, "{ shape(id: 1) { area } }", "area", "... on Square/side")
    assert same(new, "{ shape(id: 1) { area ... on Square { side } } }")


def test_nothing_chosen_still_answers_something() -> None:
    assert same(with_outputs(OURS, "{ viewer { id } }"), "{ viewer { __typename } }")


def test_what_the_form_does_not_know_stays() -> None:
    text = """{ shape(id: 1) { ...F mine: area area @mine __typename
      ... on Square { inside { name(long: true) area } } } }"""
    new = with_outputs(OTHER, text)
    for kept in ("...F", "mine: area", "area @mine", "__typename", "name(long: true)"):
        assert kept in new


@pytest.mark.parametrize(
    "text",
    [
        "{ viewer { id } assets(id: []) { pageInfo { hasNextPage } } }",
        "{ unknown }",
        "subscription { shape { area } }",
        "{ ... on Query { viewer { id } } }",
        "{ viewer {",
        "",
    ],
)
def test_what_a_form_cannot_show_has_none(text: str) -> None:
    assert read_form(OURS, text, "", None) is None


def test_variables_that_are_not_json_have_no_form() -> None:
    assert read_form(OURS, "{ viewer { id } }", "{", None) is None


def test_the_operation_under_the_caret_has_the_form() -> None:
    text = "query A { viewer { id } }\nquery B { node(id: 1) { id } }"
    form = read_form(OURS, text, "", None, text.index("node"))
    assert form is not None
    assert form.root.name == "node"
    assert choose_operation(text, "B").node.loc == form.operation.loc


def test_numbers_that_the_form_does_not_change_stay_as_they_are_written() -> None:
    schema = build_schema("scalar Any type Query { a(b: Float, c: Any, d: Any, e: Int): Int }")
    text = "query($d: Any) { a(b: 1.10, c: {x: [1E400, 12345678901234567890123]}, d: $d) }"
    new, variables = rewritten(schema, text, '{"d": {"y": 1.0}}', e=1)
    assert new == text.replace("d: $d)", "d: $d, e: 1)")
    assert repr(variables) == "{'d': {'y': 1.0}}"


ONE_OF = build_schema("""
input Key @oneOf { deep: Key, id: ID, name: String @deprecated(reason: "Use id.") }
type Query { thing(by: Key!, also: [Key!]): Int }
""")


def test_a_one_of_begins_with_one_plain_member() -> None:
    [root] = root_fields(ONE_OF)
    assert 'thing(by: { id: "" })' in new_operation(ONE_OF, root)
    assert not validate(ONE_OF, parse(new_operation(ONE_OF, root)))
    by, also = argument_fields(ONE_OF, root)
    assert (by.one_of, also.one_of) == (True, False)
    assert also.item
    assert also.item.one_of
    assert [field.deprecated for field in by.fields] == ["", "", "Use id."]
    assert first_value(also.item) == {"id": ""}


def test_another_member_of_a_one_of_takes_the_variable_of_the_first_along() -> None:
    text = "query Q($id: ID!, $n: Boolean!) { thing(by: {id: $id}) @include(if: $n) }"
    new, variables = rewritten(ONE_OF, text, '{"id": "1", "n": true}', by={"name": "a"})
    assert same(new, 'query Q($n: Boolean!) { thing(by: {name: "a"}) @include(if: $n) }')
    assert variables == {"n": True}


# To the letter -------------------------------------------------------------------------------

MANY = build_schema("""
scalar Any
enum Colour { RED GREEN }
input Where { eq: String, in: [ID!], size: Float, at: Where, colour: Colour }
type Thing { id: ID, name: String, things(first: Int): [Thing!] }
type Query {
  find(id: ID, name: String, where: Where, ids: [ID!], sizes: [Float!], any: Any): Thing
}
""")
WRITTEN = """# head
query Other { find { id } }

query A(
  $w: Where # where
) {
  # keep me
  find(
    id: "1", # the one
    name: null
    where: $w
    sizes: [1.10, 1E5 9007199254740993]
  ) {
    id # inline
    name
  }
}
# tail
"""
GIVEN = (
    '{"w": {"size": 1.10, "eq": "b", "at": null,\n "eq": "c"}, "x": 9007199254740993, "x": 1E400}\n'
)


@pytest.mark.parametrize(
    ("values", "old", "new"),
    [
        ({"id": "2"}, '"1",', '"2",'),
        ({"name": "n"}, "name: null", 'name: "n"'),
        ({"name": Undefined}, "    name: null\n", ""),
        ({"id": Undefined}, 'find(\n    id: "1", # the one', "find(\n    # the one"),
        ({"id": None}, 'id: "1"', "id: null"),
        ({"sizes": [1.5, 100000.0, 9007199254740993]}, "1.10", "1.5"),
        ({"sizes": [100000.0, 9007199254740993]}, "[1.10, 1E5", "[1E5"),
        (
            {"any": {"a": [None]}},
            "9007199254740993]",
            "9007199254740993]\n    any: { a: [null] }",
        ),
        ({"ids": ["a", "b"]}, "40993]", '40993]\n    ids: ["a", "b"]'),
    ],
)
def test_a_change_is_one_of_its_place(values: dict[str, Any], old: str, new: str) -> None:
    form = read_form(MANY, WRITTEN, GIVEN, "A")
    assert form is not None
    changed = write_form(MANY, WRITTEN, GIVEN, form, {**form.values, **values}, form.outputs)
    assert changed == (WRITTEN.replace(old, new, 1), GIVEN)


@pytest.mark.parametrize(
    ("where", "old", "new"),
    [
        ({"eq": "d"}, '"c"', '"d"'),
        ({"eq": Undefined}, ' "eq": "b", "at": null,\n "eq": "c"', ' "at": null'),
        ({"at": Undefined}, ' "at": null,\n', ""),
        ({"size": 2}, "1.10", "2"),
        ({"in": ["é", None]}, '"eq": "c"', '"eq": "c",\n "in": [\n   "é",\n   null\n ]'),
    ],
)
def test_a_change_of_a_variable_is_one_of_its_place(
    where: dict[str, Any], old: str, new: str
) -> None:
    form = read_form(MANY, WRITTEN, GIVEN, "A")
    assert form is not None
    values = {**form.values["where"], **where}
    values = {name: value for name, value in values.items() if value is not Undefined}
    changed = write_form(MANY, WRITTEN, GIVEN, form, {**form.values, "where": values}, form.outputs)
    assert changed == (WRITTEN, GIVEN.replace(old, new, 1))


@pytest.mark.parametrize(
    ("outputs", "old", "new"),
    [
        ([("id",)], "id # inline\n    name\n", "id # inline\n"),
        ([("name",)], "    id # inline\n    name", "    # inline\n    name"),
        (
            [("id",), ("name",), ("things", "id")],
            "name\n  }",
            "name\n    things(first: 10) {\n      id\n    }\n  }",
        ),
    ],
)
def test_what_is_answered_changes_in_its_place(
    outputs: list[tuple[str, ...]], old: str, new: str
) -> None:
    form = read_form(MANY, WRITTEN, GIVEN, "A")
    assert form is not None
    changed = write_form(MANY, WRITTEN, GIVEN, form, form.values, outputs)
    assert changed[0] == WRITTEN.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("{ find { id } }", {"id": "1", "name": None}, '{ find(id: "1", name: null) { id } }'),
        ("{ find(id: 1) { id } }", {"id": Undefined}, "{ find { id } }"),
        ("{ find( # c\n id: 1) { id } }", {"id": Undefined}, "{ find # c\n  { id } }"),
        ("{find(id:1,name:2){id}}", {"ids": []}, "{find(id:1,name:2,ids: []){id}}"),
        ("{ find(where: {}) { id } }", {"where": {"eq": "a"}},
         '{ find(where: { eq: "a" }) { id } }'),
        ("{ find(ids: 1) { id } }", {"ids": ["1", "2"]}, '{ find(ids: ["1", "2"]) { id } }'),
        ("{ find(where: null) { id } }", {"where": {"colour": "RED"}},
         "{ find(where: { colour: RED }) { id } }"),
        ("{ find(any: RED) { id } }", {"any": "GREEN"}, '{ find(any: "GREEN") { id } }'),
        ("{ find }", {"id": "1"}, '{ find(id: "1") }'),
    ],
)  # fmt: skip
def test_the_first_and_the_last_value_come_and_go(
    text: str, values: dict[str, Any], expected: str
) -> None:
    assert rewritten(MANY, text, **values)[0] == expected


def test_null_is_not_left_out() -> None:
    form = form_of(MANY, "query Q($a: ID) { find(id: null, name: $a) { id } }")
    assert form.values == {"id": None}


def test_a_variable_that_another_operation_or_a_fragment_uses_stays_declared_or_given() -> None:
    text = """query Q($id: ID!) { thing(by: {id: $id}) }
query Again($id: ID!) { thing(by: {id: $id}) }"""
    form = read_form(ONE_OF, text, '{"id": "1"}', "Q")
    assert form is not None
    new = write_form(ONE_OF, text, '{"id": "1"}', form, {"by": {"name": "a"}}, ())
    assert new == (
        text.replace("($id: ID!) { thing(by: {id: $id}", ' { thing(by: {name: "a"}', 1),
        '{"id": "1"}',
    )
