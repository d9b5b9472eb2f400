"""The form on schemas whose input types hold each other, as Hasura makes them of tables."""

import time

from graphql import build_schema

from client.playground.form import RootField, argument_fields, read_form, root_fields
from client.playground.form_field import FormField
from client.playground.form_text import new_operation, write_form
from tests.large_schema import tables_schema

SCHEMA = build_schema(tables_schema())
TEXT = 'query E { Employee(where: { _and: [{ Name: { _eq: "a" } }] }, limit: 2) { Name } }'


def test_a_form_is_made_and_written_within_a_second() -> None:
    began = time.process_time()
    form = read_form(SCHEMA, TEXT, "", None)
    assert form
    fields = argument_fields(SCHEMA, form.root)
    assert "where" in [field.name for field in fields]
    values = {**form.values, "limit": 3}
    assert write_form(SCHEMA, TEXT, "", form, values, form.outputs) == (
        TEXT.replace("limit: 2", "limit: 3"),
        "",
    )
    assert "insert_Genre(objects: [])" in new_operation(SCHEMA, _root("insert_Genre"))
    assert time.process_time() - began < 1


def test_input_types_are_entered_one_level_at_a_time() -> None:
    form = read_form(SCHEMA, TEXT, "", None)
    assert form
    where = next(one for one in argument_fields(SCHEMA, form.root) if one.name == "where")
    assert "fields" not in vars(where)
    down = [where]
    while len(down) < 50:  # there is no end of it
        inside = {one.name: one for one in down[-1].fields}
        assert len(inside) < 40
        down.append(inside["_not"])
    assert _made(where) < 50 * 40


def _made(field: FormField) -> int:
    """Return how many fields there are by now, without asking for more."""
    inside: tuple[FormField, ...] = vars(field).get("fields", ())
    return 1 + sum(map(_made, inside))


def _root(name: str) -> RootField:
    return next(root for root in root_fields(SCHEMA) if root.name == name)
