"""A body of a request or an answer, set out for reading: GraphQL, JSON, XML, forms."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl
from xml.etree.ElementTree import Element, indent, register_namespace, tostring

from graphql import GraphQLSyntaxError, parse, print_ast

from client.json_object import as_list, as_object, parse_json
from client.storage_error import parse_xml

FORM = "application/x-www-form-urlencoded"
_S3 = "http://s3.amazonaws.com/doc/2006-03-01/"
_MOST_TOKENS = 20_000


def pretty_body(body: str, headers: Mapping[str, str]) -> str:
    """Return a body set out over lines; one that is none of the known forms stays as it is.

    Args:
        body: the text as it came, masked or not.
        headers: those that came with it; their content type tells a form.
    """
    content = parse_json(body)
    if as_object(content) or as_list(content):
        return _graphql(as_object(content)) or json.dumps(content, indent=2, ensure_ascii=False)
    root = parse_xml(body.encode())
    if root is not None:
        return _xml(root)
    if FORM in _content_type(headers):
        return "\n".join(f"{name} = {value}" for name, value in parse_qsl(body, True))
    return body


def _graphql(content: Mapping[str, object]) -> str | None:
    """Return document and variables one after the other; None for JSON of another kind."""
    query = content.get("query")
    if not isinstance(query, str):
        return None
    rest = {name: value for name, value in content.items() if name != "query"}
    try:
        document = print_ast(parse(query, max_tokens=_MOST_TOKENS))
    except (GraphQLSyntaxError, RecursionError):
        document = query
    if not rest:
        return document
    return f"{document}\n\n{json.dumps(rest, indent=2, ensure_ascii=False)}"


def _xml(root: Element) -> str:
    if root.tag.startswith(f"{{{_S3}}}"):
        register_namespace("", _S3)
    indent(root)
    return tostring(root, encoding="unicode")


def _content_type(headers: Mapping[str, str]) -> str:
    found = (value for name, value in headers.items() if name.lower() == "content-type")
    return next(found, "").lower()
