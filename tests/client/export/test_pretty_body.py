import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.export.indented_json import indented_json
from client.export.pretty_body import pretty_body

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
    assert lines[0] == '<?xml version="1.0"?>'
    assert lines[2:4] == ["  <Part>", "    <PartNumber>1</PartNumber>"]
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


@pytest.mark.parametrize(
    "text",
    [
        '{"price":1.10,"big":1E400,"a":1,"a":2}',
        "[-0, 12345678901234567890123, 1.0e-7, 0.10, 1e5]",
        r'{"b": "\u00e4\/\ud800", "a": "{,: ]", "q\"": [ ], "o": {}}',
        '{ "z" : 1 ,\r\n"a" : [ [ ] , [1 ,2 ] ] }',
    ],
)
def test_json_keeps_every_token_and_their_order(text: str) -> None:
    shown = pretty_body(text, {})
    assert tokens(shown) == tokens(text)
    assert "\n  " in shown


def tokens(text: str) -> list[str]:
    return re.findall(r'"(?:[^"\\]|\\.)*"|[^\s{}\[\],:]+|[{}\[\],:]', text)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)  # JSON has no words for them
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_JSON.filter(bool), st.sampled_from([None, 0, 3]), st.booleans())
def test_json_of_any_form_reads_the_same_and_looks_the_same(
    value: object, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert indented_json(text) == json.dumps(value, indent=2, ensure_ascii=ascii_only)


def test_variables_are_shown_as_they_were_sent() -> None:
    body = '{"variables":{"price":1.10,"n":9007199254740993,"n":1},"query":"{a}","x":{"query":1}}'
    assert pretty_body(body, {}) == (
        '{\n  a\n}\n\n{\n  "variables": {\n    "price": 1.10,\n    "n": 9007199254740993,\n'
        '    "n": 1\n  },\n  "x": {\n    "query": 1\n  }\n}'
    )


def test_what_printing_a_document_anew_would_lose_is_kept() -> None:
    commented = "# who asks?\nquery { viewer { id } }"
    assert pretty_body(json.dumps({"query": commented}), {}) == commented
    both = '{"query": "{ a }", "query": "{ b }"}'
    assert pretty_body(both, {}) == '{\n  "query": "{ a }",\n  "query": "{ b }"\n}'


def test_xml_keeps_entities_comments_and_blank_text() -> None:
    body = (
        '  <?xml version="1.0"?><a x="1>2" xmlns:z="urn:z"><z:ETag>&quot;e&quot;</z:ETag>'
        "<!-- why --><b> </b><c/><d>text <i>in</i> line</d></a>"
    )
    assert pretty_body(body, {}).splitlines() == [
        '<?xml version="1.0"?>',
        '<a x="1>2" xmlns:z="urn:z">',
        "  <z:ETag>&quot;e&quot;</z:ETag>",
        "  <!-- why -->",
        "  <b> </b>",
        "  <c/>",
        "  <d>text <i>in</i> line</d>",
        "</a>",
    ]


@pytest.mark.parametrize("levels", [250, 990, 2_000, 20_000])
@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ('{"a":', "}"), ("<a>", "</a>"), ('{"query":[', "]}")]
)
def test_what_is_nested_too_deeply_stays_as_it_is(opening: str, closing: str, levels: int) -> None:
    body = opening * levels + ("1" if opening.endswith(":") else "") + closing * levels
    assert pretty_body(body, {}) == body


@given(st.text(max_size=200))
def test_no_text_is_refused(body: str) -> None:
    pretty_body(body, FORM)
