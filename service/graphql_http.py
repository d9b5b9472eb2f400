"""GraphQL over HTTP: `POST /graphql` with JSON in and out (contract 1 and 12).

Source: the GraphQL-over-HTTP specification, with one deviation that the contract asks for:
parse, validation and input errors are HTTP 400 for `application/json` too.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from graphql import ExecutionResult, GraphQLError, GraphQLSchema
from graphql import execute as graphql_execute  # pyright: ignore[reportUnknownVariableType]
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service import errors
from service.body import Body, respond
from service.documents import Documents, Refused
from service.headers import read_headers
from service.resolvers.context import Context
from service.schema import resolve_attribute
from service.workers import Workers

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
BODY_LIMIT = 262_144  # bytes
IDLE_TIMEOUT = 10  # seconds

_STATUS_OF_CODE = {
    "INTERNAL_SERVER_ERROR": HTTPStatus.INTERNAL_SERVER_ERROR,
    "BAD_USER_INPUT": HTTPStatus.BAD_REQUEST,
    "GRAPHQL_PARSE_FAILED": HTTPStatus.BAD_REQUEST,
    "GRAPHQL_VALIDATION_FAILED": HTTPStatus.BAD_REQUEST,
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Operation:
    """The parameters of one request."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


@dataclass(frozen=True)
class _Answer:
    status: int
    content: Mapping[str, Any]
    headers: Mapping[str, str]


class GraphQLEndpoint:
    """Executes operations for callers with a valid access token."""

    def __init__(
        self,
        schema: GraphQLSchema,
        authenticate: Callable[[str | None], str],
        make_context: Callable[[str], Context],
        workers: Workers,
    ) -> None:
        """Serve a schema.

        Args:
            schema: what to execute.
            authenticate: turns the Authorization header into a client id, or raises
                GraphQLRequestError.
            make_context: makes the resolvers' context for a client id.
            workers: where operations run, off the event loop.
        """
        self._schema = schema
        self._authenticate = authenticate
        self._make_context = make_context
        self._workers = workers
        self._documents = Documents(schema)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = read_headers(scope)
        body = Body(headers, receive, IDLE_TIMEOUT)
        try:
            answer = await self._answer(scope["method"], headers, body)
        except errors.ClientGone:
            return
        response = Response(
            json.dumps(answer.content, ensure_ascii=False, separators=(",", ":")).encode(),
            answer.status,
            answer.headers,
            media_type=f"{_response_type(headers) or JSON}; charset=utf-8",
        )
        await respond(response, body, scope, receive, send)

    async def _answer(self, method: str, headers: Mapping[str, str], body: Body) -> _Answer:
        try:
            _check_transport(method, headers)
            context = self._make_context(self._authenticate(headers.get("authorization")))
            content = await body.read(BODY_LIMIT)
            return await self._workers.run(self._execute, content, context)
        except errors.StorageError as error:
            refusal = errors.GraphQLRequestError("BAD_REQUEST", error.message, error.status)
        except errors.GraphQLRequestError as error:
            refusal = error
        problem = {"message": refusal.message, "extensions": {"code": refusal.code}}
        return _Answer(refusal.status, {"errors": [problem]}, refusal.headers)

    def _execute(self, content: bytes, context: Context) -> _Answer:
        operation = _read_operation(content)
        document = self._documents.prepare(operation.query)
        if isinstance(document, Refused):
            problems = [_formatted(error, document.code) for error in document.errors]
            return _Answer(HTTPStatus.BAD_REQUEST, {"errors": problems}, {})
        result = graphql_execute(
            self._schema,
            document,
            variable_values=operation.variables,
            operation_name=operation.operation_name,
            context_value=context,
            field_resolver=resolve_attribute,
        )
        return _answer_of(cast(ExecutionResult, result))


def _answer_of(result: ExecutionResult) -> _Answer:
    if not result.errors:
        return _Answer(HTTPStatus.OK, {"data": _with_whole_numbers(result.data)}, {})
    problems = [_formatted(error, _code_of(error)) for error in result.errors]
    codes = {problem["extensions"]["code"] for problem in problems}
    statuses = [status for code, status in _STATUS_OF_CODE.items() if code in codes]
    content = {"errors": problems, "data": result.data}
    return _Answer(statuses[0] if statuses else HTTPStatus.OK, content, {})


def _with_whole_numbers(value: Any) -> Any:
    """Write whole floats as integers: the API's samples say 5242880, not 5242880.0."""
    if isinstance(value, dict):
        fields = cast(dict[str, Any], value)
        return {name: _with_whole_numbers(item) for name, item in fields.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(item) for item in cast(list[Any], value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _code_of(error: GraphQLError) -> str:
    if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
        log.error("A resolver failed.", exc_info=error.original_error)
        return "INTERNAL_SERVER_ERROR"
    # What graphql-core refuses by itself while executing are operation names and variables.
    return (error.extensions or {}).get("code", "BAD_USER_INPUT")


def _formatted(error: GraphQLError, code: str) -> dict[str, Any]:
    formatted: dict[str, Any] = dict(error.formatted)
    formatted["extensions"] = {**formatted.get("extensions", {}), "code": code}
    if code == "INTERNAL_SERVER_ERROR":
        formatted["message"] = "Internal server error"
    return formatted


def _check_transport(method: str, headers: Mapping[str, str]) -> None:
    if method != "POST":
        raise errors.GraphQLRequestError(
            "BAD_REQUEST",
            "GraphQL is answered to POST only.",
            HTTPStatus.METHOD_NOT_ALLOWED,
            {"Allow": "POST"},
        )
    if _response_type(headers) is None:
        raise errors.GraphQLRequestError(
            "BAD_REQUEST", f"Accept must allow {JSON} or {GRAPHQL_JSON}.", HTTPStatus.NOT_ACCEPTABLE
        )
    if headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise errors.GraphQLRequestError(
            "BAD_REQUEST", f"Content-Type must be {JSON}.", HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        )


def _response_type(headers: Mapping[str, str]) -> str | None:
    accepted = [
        item.partition(";")[0].strip().lower() for item in headers.get("accept", "*/*").split(",")
    ]
    for item in accepted:
        if item in (JSON, GRAPHQL_JSON):
            return item
    return JSON if {"*/*", "application/*"}.intersection(accepted) else None


def _read_operation(content: bytes) -> Operation:
    try:
        parameters = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _bad_request("The body is not valid JSON.") from error
    if not isinstance(parameters, dict):
        raise _bad_request("The body must be a JSON object with a query.")
    fields = cast(dict[str, Any], parameters)
    query = _field(fields, "query", str)
    if not query:
        raise _bad_request("query is missing; it must be a string with a GraphQL document.")
    _field(fields, "extensions", dict)
    variables = _field(fields, "variables", dict)
    return Operation(query, variables or {}, _field(fields, "operationName", str))


def _field(fields: dict[str, Any], name: str, kind: type[Any]) -> Any:
    value = fields.get(name)
    if value is not None and not isinstance(value, kind):
        expected = "a string" if kind is str else "an object"
        raise _bad_request(f"{name} must be {expected}.")
    return value


def _refuse_constant(text: str) -> float:
    raise ValueError(text)


def _bad_request(message: str) -> errors.GraphQLRequestError:
    return errors.GraphQLRequestError("BAD_REQUEST", message)
