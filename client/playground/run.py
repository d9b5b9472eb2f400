"""Runs one operation of a document that a person wrote, and returns its outcome."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from graphql import OperationType

from client.api.api import Api
from client.api.document import ChosenOperation, choose_operation, read_variables
from client.api.graphql import GraphQLAnswer
from client.errors import (
    AuthExpiredError,
    ClientError,
    ComplexityExceededError,
    CredentialsRefusedError,
    NotSentError,
    RateLimitedError,
)
from client.json_object import JsonObject, as_object
from client.storage.plan import UploadSlot
from client.transfers.slot import TempLink, links_in, slots_of
from client.wire.body_text import UTF_8
from client.wire.exchange import mask_headers

Outcome = Literal[
    "ok",
    "partial",
    "errors",
    "validation",
    "value-refused",
    "complexity",
    "unauthorized",
    "rate-limited",
    "not-json",
    "not-utf-8",
    "cut",
    "empty",
    "redirect",
    "stream",
    "batch",
    "no-data",
    "no-answer",
    "not-sent",
]
TIMEOUT = (10.0, 60.0)
"""Seconds to connect and to wait: what AI mutations want (contract 1)."""
_REQUEST_CODES = {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}
_VALUE_CODE = "BAD_USER_INPUT"


@dataclass(frozen=True)
class Run:
    """The outcome of one operation.

    Attributes:
        operation: its name, or that of its first field.
        started: seconds since the epoch.
        status: None when no answer arrived or nothing was sent; so with `seconds` and `size`.
        size: bytes of the answer's body.
        failure: what it amounts to by contract 12; None for `ok`.
        retry_after: seconds to wait, where the endpoint told.
        data: partial when `errors` is not empty.
        text: the body as it came; it may hold signed URLs.
        encoding: how the text came, as people call it; empty where that could not be told.
        headers: the answer's, without secrets.
        slots: upload URLs that the answer holds.
        links: links to files that the answer holds.
    """

    outcome: Outcome
    operation: str
    started: float
    status: int | None = None
    seconds: float | None = None
    size: int | None = None
    failure: ClientError | None = None
    retry_after: int | None = None
    data: JsonObject | None = None
    errors: tuple[JsonObject, ...] = ()
    text: str = ""
    encoding: str = UTF_8
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    slots: tuple[UploadSlot, ...] = ()
    links: tuple[TempLink, ...] = ()


@dataclass(frozen=True)
class ReadOperation:
    """One operation of what a person wrote, ready to be sent.

    Attributes:
        variables: as they were written; None for none.
    """

    chosen: ChosenOperation
    variables: str | None

    @property
    def name(self) -> str:
        """Its name, or that of its first field."""
        return self.chosen.name or self.chosen.first_field


def run_operation(
    api: Api,
    text: str,
    variables: str = "",
    operation_name: str | None = None,
    cursor: int | None = None,
) -> Run:
    """Send one operation of the document in `text`, once, and return its outcome.

    Which one is decided as by `choose_operation`. The variables, JSON or empty, are sent as they
    are written. Never raises a ClientError: it is in `failure`.
    """
    try:
        return send_operation(api, read_operation(text, variables, operation_name, cursor))
    except NotSentError as error:
        return not_sent(operation_name, error)


def read_operation(
    text: str, variables: str = "", operation_name: str | None = None, cursor: int | None = None
) -> ReadOperation:
    """Return the operation to send; see `run_operation`.

    Raises:
        NotSentError: there is none that can be sent; `subscription`, for which there is no answer
            that comes once and whole.
    """
    chosen = choose_operation(text, operation_name, cursor)
    if chosen.node.operation is OperationType.SUBSCRIPTION:
        raise NotSentError("A subscription was not sent.", reason="subscription")
    return ReadOperation(chosen, variables.strip() if read_variables(variables) else None)


def not_sent(operation_name: str | None, error: NotSentError) -> Run:
    """Return the outcome of what could not be sent."""
    return Run("not-sent", operation_name or "", time.time(), failure=error)


def send_operation(api: Api, operation: ReadOperation) -> Run:
    """Send an operation once, and return its outcome; never raises a ClientError."""
    started, chosen, name = time.time(), operation.chosen, operation.name
    try:
        answer = api.graphql.ask(chosen.text, operation.variables, chosen.name, timeout=TIMEOUT)
    except CredentialsRefusedError as error:
        return Run("unauthorized", name, started, failure=error)
    except ClientError as error:
        return Run("no-answer", name, started, failure=error)
    failure = answer.failure
    retry_after = failure.details.get("retry_after") if failure else None
    return Run(
        outcome=_outcome(answer),
        operation=name,
        started=started,
        status=answer.status,
        seconds=answer.seconds,
        size=answer.size,
        failure=failure,
        retry_after=int(retry_after) if retry_after is not None else None,
        data=answer.data,
        errors=answer.errors,
        text=answer.text,
        encoding=answer.encoding,
        headers=mask_headers(answer.headers),
        slots=slots_of(chosen, answer.data or {}, started),
        links=links_in(answer.data or {}, started),
    )


def _outcome(answer: GraphQLAnswer) -> Outcome:
    failure = answer.failure
    if failure is None:
        return "ok"
    if isinstance(failure, AuthExpiredError):
        return "unauthorized"
    if isinstance(failure, RateLimitedError):
        return "rate-limited"
    if isinstance(failure, ComplexityExceededError):
        return "complexity"
    if not answer.errors:
        return "no-data" if answer.form in ("graphql", "other-json") else answer.form
    if answer.data and any(value is not None for value in answer.data.values()):
        return "partial"
    codes = {as_object(error.get("extensions")).get("code") for error in answer.errors}
    if codes & _REQUEST_CODES:
        return "validation"
    return "value-refused" if _VALUE_CODE in codes else "errors"
