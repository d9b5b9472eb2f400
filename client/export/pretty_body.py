"""Formats the body of a request or an answer for reading: GraphQL, JSON, XML, forms.

What was on the wire stays what it was: digits, order, equal names, comments and entities. Only
white space between the parts changes, and a GraphQL document or a form's values are shown without
the quoting that carried them.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from graphql import GraphQLSyntaxError, TokenKind, parse, print_ast

from client.export.indented_json import indented_json, members_of
from client.export.indented_xml import indented_xml
from client.json_object import as_list, as_object, parse_json
from contract.s3_xml import parse_xml

FORM = "application/x-www-form-urlencoded"
_MOST_TOKENS = 20_000


def pretty_body(body: str, headers: Mapping[str, str]) -> str:
    """Return a body set out over lines; one that is none of the known forms stays as it is."""
    content = parse_json(body)
    if as_object(content) or as_list(content):
        return (_graphql(body) if as_object(content) else None) or indented_json(body)
    if parse_xml(body.lstrip().encode("utf-8", "replace")) is not None:
        return indented_xml(body)
    types = [value.lower() for name, value in headers.items() if name.lower() == "content-type"]
    if any(FORM in one for one in types):
        return "\n".join(f"{name} = {value}" for name, value in parse_qsl(body, True))
    return body


def _graphql(body: str) -> str | None:
    """Return document and variables one after the other; None for JSON of another kind."""
    members = [(parse_json(name), f"{name}: {value}", value) for name, value in members_of(body)]
    queries = [parse_json(value) for name, _, value in members if name == "query"]
    if len(queries) != 1 or not isinstance(queries[0], str):
        return None
    document = _printed(queries[0])
    rest = ", ".join(member for name, member, _ in members if name != "query")
    return f"{document}\n\n{indented_json(f'{{{rest}}}')}" if rest else document


def _printed(document: str) -> str:
    """Return a document over lines; one that is none, or that has comments, as it was written."""
    try:
        tree = parse(document, max_tokens=_MOST_TOKENS)
        token = tree.loc.start_token if tree.loc else None
        while token:
            if token.kind is TokenKind.COMMENT:
                return document
            token = token.next
        return print_ast(tree)
    except (GraphQLSyntaxError, RecursionError):
        return document
