"""GraphQL over HTTP: `POST /graphql` with JSON in and out, or GET for queries (contract 1)."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, OperationType, get_operation_ast
from graphql import execute as graphql_execute  # pyright: ignore[reportUnknownVariableType]
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from asgi.request_body import ClientGone, respond
from service import errors
from service.auth.accounts import Account
from service.graphql import answer as graphql_answer
from service.graphql.answer import GraphQLResponse
from service.graphql.complexity import Points
from service.graphql.documents import Documents, PreparedDocument, RefusedDocument
from service.graphql.rate_limit import RateLimit
from service.graphql.request import (
    JSON,
    METHODS,
    OperationRequest,
    check_transport,
    read_body,
    read_query_string,
    response_type,
)
from service.graphql.resolvers.context import Context, Services
from service.graphql.schema import resolve_attribute
from service.http.body import Body
from service.http.cors import preflight
from service.http.headers import REQUEST_ID, read_headers
from service.http.workers import Workers

BODY_LIMIT = 262_144  # bytes
IDLE_TIMEOUT = 10  # seconds
SHORT_SOURCE = 2_048  # characters that are parsed and validated in about 10 ms at worst

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GraphQLRules:
    """What callers must keep to; `complexity` is in points, 0 for no limit.

    `strict_statuses` has what is not executed answered as the specification of GraphQL over HTTP
    has it, see `service/graphql/answer.py`.
    """

    authenticate: Callable[[str | None], Account]
    rate: RateLimit
    complexity: int
    introspection: bool = True
    strict_statuses: bool = False


@dataclass(frozen=True)
class _GraphQLCall:
    """One request of a known caller."""

    account: Account
    operation: OperationRequest
    method: str
    refused: int  # the status where it cannot be executed
    request_id: str


class GraphQLEndpoint:
    """Executes operations for callers with a valid credential."""

    def __init__(
        self, schema: GraphQLSchema, services: Services, rules: GraphQLRules, workers: Workers
    ) -> None:
        """Serve a schema.

        Args:
            schema: what to execute.
            services: what its resolvers use.
            rules: who may call, and how much.
            workers: where operations run that would block the event loop.
        """
        self._schema = schema
        self._services = services
        self._rules = rules
        self._workers = workers
        self._documents = Documents(schema, introspection=rules.introspection)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = read_headers(scope)
        body = Body(headers, receive, IDLE_TIMEOUT)
        if scope["method"] == "OPTIONS":
            await respond(preflight(headers, METHODS), body, scope, receive, send)
            return
        try:
            answer = await self._answer(scope, headers, body)
        except ClientGone:
            return
        response = Response(
            json.dumps(answer.content, ensure_ascii=False, separators=(",", ":")).encode(),
            answer.status,
            {"Cache-Control": "no-store", **answer.headers},
            media_type=f"{response_type(headers) or JSON}; charset=utf-8",
        )
        await respond(response, body, scope, receive, send)

    async def _answer(
        self, scope: Scope, headers: Mapping[str, str], body: Body
    ) -> GraphQLResponse:
        try:
            call = await self._read(scope, headers, body)
            source = call.operation.query
            if len(source) > SHORT_SOURCE:
                return await self._workers.run(
                    lambda: self._execute(call, self._documents.prepare(source))
                )
            prepared = self._documents.prepare(source)
            if isinstance(prepared, RefusedDocument) or prepared.swift:
                return self._execute(call, prepared)
            return await self._workers.run(self._execute, call, prepared)
        except errors.S3ApiError as error:  # the body could not be read
            return graphql_answer.refusal(
                errors.GraphQLRequestError("BAD_REQUEST", error.message, error.status)
            )
        except errors.GraphQLRequestError as error:
            return graphql_answer.refusal(error)
        except ClientGone:
            raise
        except Exception:  # whatever it was, the caller gets a GraphQL answer without details
            log.exception("%s the request failed", scope[REQUEST_ID])
            return graphql_answer.failure(scope[REQUEST_ID])

    async def _read(self, scope: Scope, headers: Mapping[str, str], body: Body) -> _GraphQLCall:
        method = scope["method"]
        check_transport(method, headers)
        account = self._rules.authenticate(headers.get("authorization"))
        self._rules.rate.admit(account.credential)
        if method == "GET":
            operation = read_query_string(scope["query_string"])
        else:
            operation = read_body(await body.read(BODY_LIMIT))
        as_json = response_type(headers) == JSON
        ok = self._rules.strict_statuses and as_json
        refused = HTTPStatus.OK if ok else HTTPStatus.BAD_REQUEST
        return _GraphQLCall(account, operation, method, refused, scope[REQUEST_ID])

    def _execute(
        self, call: _GraphQLCall, prepared: PreparedDocument | RefusedDocument
    ) -> GraphQLResponse:
        if isinstance(prepared, RefusedDocument):
            return graphql_answer.not_executed(prepared.code, prepared.errors, call.refused)
        operation = call.operation
        chosen = get_operation_ast(prepared.document, operation.operation_name)
        if call.method == "GET" and chosen and chosen.operation is OperationType.MUTATION:
            raise errors.GraphQLRequestError(
                "BAD_REQUEST",
                "A mutation must be sent with POST.",
                HTTPStatus.METHOD_NOT_ALLOWED,
                {"Allow": METHODS.rpartition(" ")[2]},
            )
        try:
            points = Points(self._rules.complexity, prepared.points(operation.variables))
        except GraphQLError as error:
            return graphql_answer.too_complex(error)
        result = graphql_execute(
            self._schema,
            prepared.document,
            variable_values=operation.variables,
            operation_name=operation.operation_name,
            context_value=Context(call.account, points, self._services),
            field_resolver=resolve_attribute,
        )
        return graphql_answer.of_result(
            cast(ExecutionResult, result), call.request_id, call.refused
        )
