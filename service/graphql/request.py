"""Reading a GraphQL request: what it may look like, and what it says.

Source: the GraphQL-over-HTTP specification.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qsl

from service.errors import GraphQLRequestError

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
WILD = ("*/*", "application/*")
METHODS = "GET, POST"

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class OperationRequest:
    """The parameters of one request."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


def check_transport(method: str, headers: Mapping[str, str]) -> None:
    """Refuse what is no GraphQL request, before anything of it is read.

    Raises:
        GraphQLRequestError: BAD_REQUEST with status 405, 406 or 415.
    """
    if method not in ("GET", "POST"):
        raise GraphQLRequestError(
            "BAD_REQUEST",
            "GraphQL is answered to POST and GET only.",
            HTTPStatus.METHOD_NOT_ALLOWED,
            {"Allow": METHODS},
        )
    if response_type(headers) is None:
        raise GraphQLRequestError(
            "BAD_REQUEST", f"Accept must allow {JSON} or {GRAPHQL_JSON}.", HTTPStatus.NOT_ACCEPTABLE
        )
    given, _, parameters = headers.get("content-type", "").lower().partition(";")
    charset = re.search(r"charset\s*=\s*\"?([^\s\";]*)", parameters)
    is_utf_8 = charset is None or charset[1] in ("utf-8", "utf8")
    if method == "POST" and (given.strip() != JSON or not is_utf_8):
        raise GraphQLRequestError(
            "BAD_REQUEST",
            f"Content-Type must be {JSON}, in UTF-8.",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )


def response_type(headers: Mapping[str, str]) -> str | None:
    """Return the media type that is preferred, plain JSON where both will do; None for neither."""
    accepted = [_weighed(item) for item in (headers.get("accept") or "*/*").lower().split(",")]
    named = dict(accepted)
    wild = max(named.get(name, 0) for name in WILD)
    plain, graphql = named.get(JSON, wild), named.get(GRAPHQL_JSON, 0)
    if plain <= 0 and graphql <= 0:
        return None
    if plain == graphql:  # the order of the header decides
        first = next(name for name, _ in accepted if name in (JSON, GRAPHQL_JSON, *WILD))
        return GRAPHQL_JSON if first == GRAPHQL_JSON else JSON
    return JSON if plain > graphql else GRAPHQL_JSON


def read_body(content: bytes) -> OperationRequest:
    """Read the parameters of a POST.

    Raises:
        GraphQLRequestError: BAD_REQUEST.
    """
    return _operation(_read_json(content, "The body is"))


def read_query_string(query_string: bytes) -> OperationRequest:
    """Read the parameters of a GET; `variables` and `extensions` are JSON in it.

    Raises:
        GraphQLRequestError: BAD_REQUEST.
    """
    try:
        pairs = parse_qsl(query_string.decode("ascii"), errors="strict", max_num_fields=20)
    except ValueError as error:
        raise bad_request("The query string cannot be read.") from error
    fields: dict[str, Any] = dict(pairs)
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = _read_json(fields[name].encode(), f"{name} is")
    return _operation(fields)


def bad_request(message: str) -> GraphQLRequestError:
    """Refuse a request that cannot be read."""
    return GraphQLRequestError("BAD_REQUEST", message)


def _operation(parameters: Any) -> OperationRequest:
    if not isinstance(parameters, dict):
        raise bad_request("The body must be a JSON object with a query.")
    fields = cast(dict[str, Any], parameters)
    query = _field(fields, "query", str)
    extensions: dict[str, Any] = _field(fields, "extensions", dict) or {}
    if not query and "persistedQuery" in extensions:
        # The words that have Apollo's clients send the query itself, as of Apollo's server.
        raise GraphQLRequestError(
            "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported", HTTPStatus.OK
        )
    if not query:
        raise bad_request("query is missing; it must be a string with a GraphQL document.")
    variables = _field(fields, "variables", dict)
    return OperationRequest(query, variables or {}, _field(fields, "operationName", str) or None)


def _field(fields: dict[str, Any], name: str, kind: type[Any]) -> Any:
    value = fields.get(name)
    if value is not None and not isinstance(value, kind):
        expected = "a string" if kind is str else "an object"
        if kind is dict and isinstance(value, str):
            expected += ", not a string with JSON in it"  # which old clients send
        raise bad_request(f"{name} must be {expected}.")
    return value


def _read_json(content: bytes, what: str) -> Any:
    try:
        value = json.loads(content, parse_constant=_refuse_constant)
        if _SURROGATE.search(content):
            # Half a character can be written in JSON, but neither stored nor sent back.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise bad_request(f"{what} not valid JSON.") from error
    return value


def _refuse_constant(text: str) -> float:
    raise ValueError(text)


def _weighed(item: str) -> tuple[str, float]:
    name, _, parameters = item.partition(";")
    weight = re.search(r"\bq=([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", parameters)
    return name.strip(), float(weight[1]) if weight else 1
