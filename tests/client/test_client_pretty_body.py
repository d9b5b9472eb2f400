import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.pretty_body import pretty_body

FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


def test_graphql_is_set_out_as_document_and_variables() -> None:
    body = json.dumps({"query": "query A($x:ID!){node(id:$x){id}}", "variables": {"x": "***"}})
    assert pretty_body(body, {}) == (
        "query A($x: ID!) {\n  node(id: $x) {\n    id\n  }\n}\n\n"
        '{\n  "variables": {\n    "x": "***"\n  }\n}'
    )


def test_a_document_that_is_none_stays_as_it_is() -> None:
    assert pretty_body('{"query": "{ broken"}', {}) == "{ broken"


def test_json_is_indented_and_keeps_its_letters() -> None:
    assert pretty_body('{"a":["ä"]}', {}) == '{\n  "a": [\n    "ä"\n  ]\n}'


def test_xml_is_indented_under_its_own_names() -> None:
    body = (
        '<?xml version="1.0"?><CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/'
        '2006-03-01/"><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>'
    )
    lines = pretty_body(body, {}).splitlines()
    assert lines[1:3] == ["  <Part>", "    <PartNumber>1</PartNumber>"]
    assert lines[-1] == "</CompleteMultipartUpload>"


def test_a_form_has_a_line_for_each_value() -> None:
    assert pretty_body("grant_type=x&client_secret=%2A%2A%2A&e=", FORM) == (
        "grant_type = x\nclient_secret = ***\ne = "
    )


@pytest.mark.parametrize(
    "body",
    [
        "plain",
        "",
        "<html><p>not closed",
        '{"cut": "in the mid',
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    ],
)
def test_everything_else_stays_as_it_is(body: str) -> None:
    assert pretty_body(body, {}) == body


@given(st.text(max_size=200))
def test_no_text_is_refused(body: str) -> None:
    pretty_body(body, FORM)
