"""The samples: complete, valid, and with their variables."""

import json

from graphql import get_variable_values, parse, validate
from graphql.language import OperationDefinitionNode

from client.api.document import choose_operation
from client.api.schema import bundled_schema
from client.playground.samples import samples


def test_there_is_a_sample_for_every_mutation_and_query() -> None:
    schema = bundled_schema()
    assert schema.mutation_type
    assert schema.query_type
    wanted = {*schema.mutation_type.fields, *schema.query_type.fields}
    assert wanted <= {choose_operation(sample.text).first_field for sample in samples()}


def test_every_sample_is_valid() -> None:
    for sample in samples():
        assert not validate(bundled_schema(), parse(sample.text)), sample.id


def test_the_variables_of_every_sample_fit() -> None:
    for sample in samples():
        [operation] = parse(sample.text).definitions
        assert isinstance(operation, OperationDefinitionNode)
        values = json.loads(sample.variables or "{}")
        given = get_variable_values(
            bundled_schema(), tuple(operation.variable_definitions or ()), values
        )
        assert not isinstance(given, list), sample.id
        names = {one.variable.name.value for one in operation.variable_definitions or ()}
        assert names == set(values)


def test_every_sample_has_a_title_and_a_sentence() -> None:
    for sample in samples():
        assert sample.title[0].isupper()
        assert not sample.title.endswith(".")
        assert sample.sentence.endswith(".")
        assert not sample.text.startswith("#")
