"""Sends GraphQL operations and tells success from failure (contract 1 and 12)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from client.api.tokens import TokenSource
from client.connection.connection import Connection
from client.errors import (
    ApiError,
    AuthExpiredError,
    ClientError,
    ComplexityExceededError,
    CreditsExhaustedError,
    Detail,
    GraphQLFailedError,
    PermissionDeniedError,
    RateLimitedError,
    UnexpectedAnswerError,
)
from client.json_object import (
    JsonObject,
    UnreadableJsonError,
    as_list,
    as_object,
    parse_json,
    read_json,
)
from client.storage.s3_error import excerpt
from client.wire.exchange import mask_text
from client.wire.http import API_TIMEOUT, Answer, Call, Wire
from client.wire.rate_limit import TokenBucket, Waiting
from client.wire.retry import RetryPolicy, may_retry_mutation, with_retries

Variables = Mapping[str, Any]

_BY_CODE: Mapping[str, type[ApiError]] = {
    "UNAUTHENTICATED": AuthExpiredError,
    "UNAUTHORIZED": AuthExpiredError,
    "FORBIDDEN": PermissionDeniedError,
    "ACCESS_DENIED": PermissionDeniedError,
    "COMPLEXITY_LIMIT_EXCEEDED": ComplexityExceededError,
    "RATE_LIMITED": RateLimitedError,
    "INSUFFICIENT_CREDITS": CreditsExhaustedError,
}
_BY_STATUS: Mapping[int, type[ApiError]] = {
    401: AuthExpiredError,
    403: PermissionDeniedError,
    429: RateLimitedError,
}
_BARE_STATUS = re.compile(r"(?<!\d)(401|403)(?!\d)")
_FIRST_FIELD = re.compile(r"\{\s*(?:[_A-Za-z]\w*\s*:\s*)?([_A-Za-z]\w*)")


@dataclass(frozen=True)
class GraphQLAnswer:
    """An endpoint's answer as it came, failures included.

    Attributes:
        data: the `data` object, None when absent or null; partial when `errors` is not empty.
        failure: what the answer amounts to by contract 12, None when it is a success.
        seconds: from sending to the last byte.
        text: the body, unmasked: it may hold signed URLs.
        size: bytes of the body.
    """

    status: int
    data: JsonObject | None
    errors: tuple[JsonObject, ...]
    failure: ClientError | None
    seconds: float
    text: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    size: int = 0


class GraphQLClient:
    """Sends operations to a connection's endpoint. Thread-safe."""

    def __init__(
        self,
        connection: Connection,
        wire: Wire,
        tokens: TokenSource,
        policy: RetryPolicy,
        bucket: TokenBucket | None = None,
        on_wait: Waiting | None = None,
    ) -> None:
        """Send over `wire`; `on_wait` hears the seconds that a request waits for its turn."""
        self._connection = connection
        self._wire = wire
        self._tokens = tokens
        self._policy = policy
        self._bucket = bucket
        self._on_wait = on_wait

    def execute(
        self,
        document: str,
        variables: Variables | None = None,
        operation_name: str | None = None,
        *,
        timeout: tuple[float, float] = API_TIMEOUT,
    ) -> JsonObject:
        """Return `data` of a fully successful operation.

        Tried again, with few tries, only where it cannot have been carried out: 429, 502, 503,
        504 and connections that were never made. A Retry-After above the policy's cap is not
        waited for.

        Raises:
            ApiError: one of its leaves, by contract 12; `details["status"]` is the HTTP
                status.
            ServiceDownError: no answer arrived.
            CredentialsRefusedError: no token could be had.
        """

        def once() -> JsonObject:
            answer = self.ask(document, variables, operation_name, timeout=timeout)
            if answer.failure:
                raise answer.failure
            return answer.data or {}

        return with_retries(once, self._policy, may_retry_mutation)

    def ask(
        self,
        document: str,
        variables: Variables | str | None = None,
        operation_name: str | None = None,
        *,
        timeout: tuple[float, float] = API_TIMEOUT,
    ) -> GraphQLAnswer:
        """Return the answer to one request, whatever it says; never tried again.

        A refused token is the exception: it is renewed once and the request sent once more.
        Variables that are the text of a JSON object are sent as they are written.

        Raises:
            ServiceDownError: no answer arrived.
            CredentialsRefusedError: no token could be had.
            RateLimitedError: so many requests wait for their turn that this one is not sent.
        """
        body = _body(document, variables, operation_name)
        first_field = _FIRST_FIELD.search(document)
        purpose = operation_name or (first_field[1] if first_field else "graphql")
        self._take_turn()  # first, for a token may run out while a request waits
        token = self._tokens.token()
        answer = self._post(body, purpose, token, timeout)
        if isinstance(answer.failure, AuthExpiredError) and self._tokens.renewable:
            self._take_turn()
            token = self._tokens.token(refused=token)
            answer = self._post(body, purpose, token, timeout)
        return answer

    def ask_without_token(self, document: str) -> GraphQLAnswer:
        """Return the answer to one request without a token; never tried again.

        Introspection is reported to be answered so (contract 19.5).

        Raises:
            ServiceDownError: no answer arrived.
            RateLimitedError: so many requests wait for their turn that this one is not sent.
        """
        self._take_turn()
        return self._post(_body(document, None, None), "introspection", None, API_TIMEOUT)

    def _take_turn(self) -> None:
        if self._bucket:
            self._bucket.take(self._on_wait)

    def _post(
        self, body: bytes, purpose: str, token: str | None, timeout: tuple[float, float]
    ) -> GraphQLAnswer:
        call = Call(
            "POST",
            self._connection.graphql_url,
            purpose,
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                **({"Authorization": f"Bearer {token}"} if token else {}),
            },
            body=body,
            timeout=timeout,
            log_bodies=True,
        )
        answer = self._wire.send(call)
        envelope = as_object(parse_json(answer.content))
        data = as_object(envelope["data"]) if isinstance(envelope.get("data"), dict) else None
        listed = as_list(envelope.get("errors"))
        errors = tuple(as_object(error) or {"message": str(error)} for error in listed)
        failure = _failure(answer, purpose, errors, has_data=data is not None)
        # Everybody with these credentials waits as long as the endpoint asked us to.
        if self._bucket and isinstance(failure, RateLimitedError):
            asked_for = failure.details.get("retry_after")
            self._bucket.hold(asked_for if isinstance(asked_for, int) else 0)
        return GraphQLAnswer(
            status=answer.status,
            data=data,
            errors=errors,
            failure=failure,
            seconds=answer.seconds,
            text=answer.text,
            headers=answer.headers,
            size=len(answer.content),
        )


def _body(document: str, variables: Variables | str | None, operation_name: str | None) -> bytes:
    members = {"query": json.dumps(document)}
    if variables:
        written = variables if isinstance(variables, str) else json.dumps(dict(variables))
        members["variables"] = written
    if operation_name:
        members["operationName"] = json.dumps(operation_name)
    body = ", ".join(f'"{name}": {written}' for name, written in members.items())
    return f"{{{body}}}".encode(errors="backslashreplace")  # half of a pair of UTF-16, escaped


def _failure(
    answer: Answer, purpose: str, errors: tuple[JsonObject, ...], *, has_data: bool
) -> ClientError | None:
    """Return the error that an answer stands for, None for a success (contract 12)."""
    details: dict[str, Detail] = {"status": answer.status, "host": answer.host}
    if answer.retry_after is not None:
        details["retry_after"] = answer.retry_after
    if errors:
        message = mask_text(str(errors[0].get("message", "no message")))
        extensions = as_object(errors[0].get("extensions"))
        code = str(extensions.get("code") or errors[0].get("code") or "")
        if code:
            details["api_code"] = code
        bare = _BARE_STATUS.search(message)
        status = int(bare[1]) if bare else answer.status
        kind = _BY_CODE.get(code) or _BY_STATUS.get(status, GraphQLFailedError)
        return kind(f"{answer.host} refused {purpose}: {message}", **details)
    if has_data and answer.status == 200:
        return None
    kind = _BY_STATUS.get(answer.status, UnexpectedAnswerError)
    try:
        said = "no data and no errors" if read_json(answer.content) is not None else "null"
    except UnreadableJsonError as error:
        said = f"{error}: {mask_text(excerpt(answer))}"
    return kind(
        f"{answer.host} answered {purpose} with status {answer.status} and {said}", **details
    )
