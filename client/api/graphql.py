"""Sends GraphQL operations and tells success from failure (contract 1 and 12)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

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
    TokenWantedError,
    UnexpectedAnswerError,
)
from client.json_object import (
    JsonObject,
    UnreadableJsonError,
    as_list,
    as_object,
    read_json,
)
from client.storage.s3_error import excerpt
from client.wire.body_text import UTF_8
from client.wire.exchange import mask_text, mask_url
from client.wire.http import API_TIMEOUT, EVENT_STREAM, Answer, Call, Wire
from client.wire.rate_limit import TokenBucket, Waiting
from client.wire.retry import RetryPolicy, may_retry_mutation, with_retries

Variables = Mapping[str, Any]
Form = Literal[
    "graphql", "other-json", "batch", "not-json", "not-utf-8", "cut", "empty", "redirect", "stream"
]
"""What an answer's body is: `graphql` is an object with data or errors, `batch` a list of them."""

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
        form: what the body is; all but `graphql` are failures.
        data: the `data` object, None when absent or null; partial when `errors` is not empty.
        failure: what the answer amounts to by contract 12, None when it is a success.
        seconds: from sending to the last byte.
        text: the body, unmasked: it may hold signed URLs.
        size: bytes of the body.
        encoding: how the text came, as people call it; empty where that could not be told.
    """

    status: int
    form: Form
    data: JsonObject | None
    errors: tuple[JsonObject, ...]
    failure: ClientError | None
    seconds: float
    text: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    size: int = 0
    encoding: str = UTF_8


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
        failure = answer.failure
        if isinstance(failure, AuthExpiredError) and not token:
            return replace(answer, failure=TokenWantedError(str(failure), **failure.details))
        return answer

    def ask_without_token(self, document: str) -> GraphQLAnswer:
        """Return the answer to one request without token and headers; never tried again.

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
        """Send a body; with what says who asks, unless the token is None."""
        call = Call(
            "POST",
            self._connection.graphql_url,
            purpose,
            headers={
                **dict(self._connection.headers if token is not None else ()),
                "Content-Type": "application/json",
                "Accept": "application/json",
                **({"Authorization": f"Bearer {token}"} if token else {}),
            },
            body=body,
            timeout=timeout,
            log_bodies=True,
        )
        answer = self._wire.send(call)
        read = _read(answer)
        envelope = read.envelope
        data = as_object(envelope["data"]) if isinstance(envelope.get("data"), dict) else None
        listed = as_list(envelope.get("errors"))
        errors = tuple(as_object(error) or {"message": str(error)} for error in listed)
        failure = _failure(answer, purpose, read, errors, has_data=data is not None)
        # Everybody with these credentials waits as long as the endpoint asked us to.
        if self._bucket and isinstance(failure, RateLimitedError):
            asked_for = failure.details.get("retry_after")
            self._bucket.hold(asked_for if isinstance(asked_for, int) else 0)
        return GraphQLAnswer(
            status=answer.status,
            form=read.form,
            data=data,
            errors=errors,
            failure=failure,
            seconds=answer.seconds,
            text=answer.text,
            headers=answer.headers,
            size=len(answer.content),
            encoding=answer.body.encoding,
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


@dataclass(frozen=True)
class _Body:
    """What an answer's body is, in a word and in words that follow "and"; and GraphQL's object."""

    form: Form
    said: str
    envelope: JsonObject = field(default_factory=dict[str, Any])


def _read(answer: Answer) -> _Body:
    content: object = None
    body: _Body | None = None
    if answer.cut:
        body = _Body("cut", f"more than {len(answer.content):,} bytes")
    elif not answer.body.encoding:
        body = _Body("not-utf-8", "text that is not UTF-8")
    elif not answer.text.strip():
        body = _Body("empty", "no body")
    else:
        try:
            content = read_json(answer.text)
        except UnreadableJsonError as error:
            body = _Body("not-json", f"{error}: {mask_text(excerpt(answer))}")
    envelope = as_object(content)
    nothing = "null" if content is None else "no data and no errors"
    if "data" in envelope or "errors" in envelope:
        return _Body("graphql", nothing, envelope)
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if answer.content and kind.startswith((EVENT_STREAM, "multipart/")):
        return _Body("stream", f"a stream ({kind})")
    if 300 <= answer.status < 400:
        return _Body("redirect", f"leads to {mask_url(answer.headers.get('Location', 'nowhere'))}")
    listed = as_list(content)
    if listed and all({"data", "errors"} & as_object(one).keys() for one in listed):
        return _Body("batch", "a list of answers")
    return body or _Body("other-json", nothing)


def _failure(
    answer: Answer, purpose: str, body: _Body, errors: tuple[JsonObject, ...], *, has_data: bool
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
        if len(errors) > 1:
            details["said"] = mask_text(" ".join(str(one.get("message", "")) for one in errors))
        bare = _BARE_STATUS.search(message)
        status = int(bare[1]) if bare else answer.status
        kind = _BY_CODE.get(code) or _BY_STATUS.get(status, GraphQLFailedError)
        return kind(f"{answer.host} refused {purpose}: {message}", **details)
    if has_data and answer.status == 200:
        return None
    kind = _BY_STATUS.get(answer.status, UnexpectedAnswerError)
    details["said"] = body.said
    return kind(
        f"{answer.host} answered {purpose} with status {answer.status} and {body.said}", **details
    )
