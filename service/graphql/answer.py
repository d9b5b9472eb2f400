"""Makes the HTTP answer of a result or an error: code and status, without internal details.

Which status an error has (contract 4, 12, 16 and 19.11; the GraphQL-over-HTTP specification):

- What makes the whole request fail before it is executed (a document that does not parse or
  validate, an unknown operation name, variables of another type, a costly document) is 400 and has
  no `data`. With `TFW_STRICT_STATUSES` it is 200 for `application/json`, as the specification has
  it, costly documents excepted.
- What a resolver refuses is 200, a missing grant in a form without code, as the API answers it.
- Our own failures are 500, 503 or 507; a 500 has the request id and nothing else.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast

from graphql import ExecutionResult, GraphQLError

from cutout.jobs.jobs import BusyError, CutOutFailedError
from service import errors
from service.content_hub.credits import NoCreditsError
from service.content_hub.refusal import InputRefusedError
from service.graphql.complexity import CODE as TOO_COMPLEX
from service.graphql.resolvers.context import NoGrantError

INTERNAL = "INTERNAL_SERVER_ERROR"
INTERNAL_STATUS = HTTPStatus.INTERNAL_SERVER_ERROR
BAD_USER_INPUT = "BAD_USER_INPUT"
NO_CREDITS = "Not enough credits: this mutation costs one, and none is left."

# The first of these that occurs decides.
_STATUS_OF_CODE = {
    INTERNAL: INTERNAL_STATUS,
    "INSUFFICIENT_STORAGE": HTTPStatus.INSUFFICIENT_STORAGE,
    "SERVICE_UNAVAILABLE": HTTPStatus.SERVICE_UNAVAILABLE,
    TOO_COMPLEX: HTTPStatus.BAD_REQUEST,
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GraphQLResponse:
    """Status, content and headers of one response."""

    status: int
    content: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class GraphQLProblem:
    """What an error says to the caller."""

    code: str
    message: str


def refusal(error: errors.GraphQLRequestError) -> GraphQLResponse:
    """Answer a request that was refused as a whole."""
    problem = {"message": error.message, "extensions": {"code": error.code}}
    return GraphQLResponse(error.status, {"errors": [problem]}, error.headers)


def failure(request_id: str) -> GraphQLResponse:
    """Answer a request that we failed at; the log has the reason under the same id."""
    problem = _with_code({"message": "Internal server error"}, INTERNAL, request_id)
    return GraphQLResponse(INTERNAL_STATUS, {"errors": [problem]})


def not_executed(code: str, problems: Sequence[GraphQLError], status: int) -> GraphQLResponse:
    """Answer what could not be executed, with the status that such answers have."""
    listed = [_with_code(dict(error.formatted), code, "") for error in problems]
    return GraphQLResponse(status, {"errors": listed})


def too_complex(error: GraphQLError) -> GraphQLResponse:
    """Answer a document that costs too much, in the form that is documented (contract 4)."""
    return GraphQLResponse(
        HTTPStatus.BAD_REQUEST,
        {"errors": [_with_code({"message": error.message}, TOO_COMPLEX, "")]},
    )


def of_result(result: ExecutionResult, request_id: str, refused: int) -> GraphQLResponse:
    """Answer with what executing a document gave; `refused` is the status of what was not."""
    if not result.errors:
        return GraphQLResponse(HTTPStatus.OK, {"data": _with_whole_numbers(result.data)})
    if any(isinstance(error.original_error, NoGrantError) for error in result.errors):
        return GraphQLResponse(
            HTTPStatus.OK, {"errors": [{"message": NoGrantError.message}], "data": None}
        )
    if all(error.path is None for error in result.errors):
        # What graphql-core refuses before the first resolver: operation names and variables.
        return not_executed(BAD_USER_INPUT, result.errors, refused)
    listed: list[dict[str, Any]] = []
    for error in result.errors:
        problem = _problem(error, request_id)
        if problem.code == TOO_COMPLEX:
            return too_complex(error)
        formatted = {**error.formatted, "message": problem.message}
        listed.append(_with_code(formatted, problem.code, request_id))
    codes = {entry["extensions"]["code"] for entry in listed}
    statuses = [status for code, status in _STATUS_OF_CODE.items() if code in codes]
    content = {"errors": listed, "data": _with_whole_numbers(result.data)}
    return GraphQLResponse(statuses[0] if statuses else HTTPStatus.OK, content)


def _problem(error: GraphQLError, request_id: str) -> GraphQLProblem:
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        return GraphQLProblem((error.extensions or {}).get("code", BAD_USER_INPUT), error.message)
    if isinstance(cause, InputRefusedError):
        return GraphQLProblem(BAD_USER_INPUT, str(cause))
    if isinstance(cause, NoCreditsError):
        return GraphQLProblem("INSUFFICIENT_CREDITS", NO_CREDITS)
    if isinstance(cause, BusyError | CutOutFailedError):
        return GraphQLProblem(cause.code, cause.message)
    if isinstance(cause, OSError) and cause.errno in errors.DISK_FULL:
        cause = errors.store_failed(cause)
    if isinstance(cause, errors.S3ApiError) and cause.status != INTERNAL_STATUS:
        busy = cause.status == HTTPStatus.SERVICE_UNAVAILABLE
        code = "SERVICE_UNAVAILABLE" if busy else "INSUFFICIENT_STORAGE"
        return GraphQLProblem(code, cause.message)
    log.error("%s a resolver failed", request_id, exc_info=cause)
    return GraphQLProblem(INTERNAL, "Internal server error")


def _with_code(formatted: dict[str, Any], code: str, request_id: str) -> dict[str, Any]:
    extensions = {**formatted.get("extensions", {}), "code": code}
    if code == INTERNAL:
        extensions["requestId"] = request_id
    return {**formatted, "extensions": extensions}


def _with_whole_numbers(value: Any) -> Any:
    """Write whole floats as integers: the API's samples say 5242880, not 5242880.0."""
    if isinstance(value, dict):
        fields = cast(dict[str, Any], value)
        return {name: _with_whole_numbers(item) for name, item in fields.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(item) for item in cast(list[Any], value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value
