"""Access tokens: fetched once, shared, renewed before they run out (contract 2)."""

import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from client.connection.connection import (
    ClientCredentials,
    Connection,
    NoToken,
    PersonalAccessToken,
)
from client.errors import (
    ClientError,
    CredentialsRefusedError,
    Detail,
    OddCharactersError,
    UnexpectedAnswerError,
)
from client.json_object import (
    JsonObject,
    UnreadableJsonError,
    as_number,
    as_object,
    parse_json,
    read_json,
)
from client.pasted import as_meant
from client.wire.http import Answer, Call, Wire
from client.wire.retry import RetryPolicy, with_retries

RENEW_BEFORE = 30.0
"""Seconds before the end of a token's life when it is renewed, as Amplience's own SDK does."""
DEFAULT_LIFETIME = 300


@dataclass(frozen=True)
class _Token:
    value: str
    fresh_until: float
    lifetime: float


class TokenSource:
    """Hands out the token for a connection; at most one renewal runs at a time. Thread-safe."""

    def __init__(self, connection: Connection, wire: Wire, policy: RetryPolicy) -> None:
        self._connection = connection
        self._wire = wire
        self._policy = policy
        self._lock = threading.Lock()
        self._token: _Token | None = None

    @property
    def renewable(self) -> bool:
        """Whether a refused token can be replaced; a personal access token cannot."""
        return isinstance(self._connection.credentials, ClientCredentials)

    @property
    def lifetime(self) -> float | None:
        """Seconds that the token lived when it was fetched; None where none was fetched."""
        return self._token.lifetime if self._token else None

    def token(self, *, refused: str | None = None) -> str:
        """Return a token with at least 30 s of life; a personal access token as it is.

        It is empty where the endpoint wants none.

        Args:
            refused: a token the API has just refused, which is then not handed out again.

        Raises:
            CredentialsRefusedError: the endpoint does not know the id and secret.
            UnexpectedAnswerError: the answer holds no token that can be sent.
            OddCharactersError: the personal access token has a character that none can have.
            ServiceDownError: the endpoint did not answer.
        """
        credentials = self._connection.credentials
        if isinstance(credentials, NoToken):
            return ""
        if isinstance(credentials, PersonalAccessToken):
            return as_meant(credentials.token, "token", "personal access token")
        with self._lock:
            known = self._token
            if not known or known.value == refused or time.monotonic() >= known.fresh_until:
                known = self._token = with_retries(lambda: self._fetch(credentials), self._policy)
            return known.value

    def _fetch(self, credentials: ClientCredentials) -> _Token:
        asked = time.monotonic()
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
        }
        call = Call(
            "POST",
            self._connection.token_url,
            "token",
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            body=urlencode(form).encode(),
            log_bodies=True,
        )
        return _read_token(self._wire.send(call), asked)


def _read_token(answer: Answer, asked: float) -> _Token:
    if answer.status != 200:
        raise _refusal(answer, as_object(parse_json(answer.content)))
    try:
        fields = as_object(read_json(answer.content))
    except UnreadableJsonError as error:
        raise UnexpectedAnswerError(
            f"{answer.host} answered the token request with status 200 and no access_token, "
            f"but {error}.",
            host=answer.host,
        ) from error
    value = fields.get("access_token")
    lifetime = as_number(fields.get("expires_in", DEFAULT_LIFETIME))
    if not isinstance(value, str) or not value or lifetime is None:
        raise UnexpectedAnswerError(
            f"{answer.host} answered the token request with status 200 and no access_token.",
            host=answer.host,
        )
    try:
        value = as_meant(value, "token", "access token")
    except OddCharactersError as error:
        raise UnexpectedAnswerError(
            f"{answer.host} answered the token request with a token that cannot be sent: {error}",
            host=answer.host,
        ) from error
    return _Token(value, asked + max(0.0, lifetime - RENEW_BEFORE), lifetime)


def _refusal(answer: Answer, fields: JsonObject) -> ClientError:
    details: dict[str, Detail] = {"status": answer.status, "host": answer.host}
    if answer.retry_after is not None:
        details["retry_after"] = answer.retry_after
    said = fields.get("error_description") or fields.get("error") or "no reason given"
    if answer.status in {400, 401}:
        return CredentialsRefusedError(
            f"{answer.host} refused the client id and secret: {said}.", **details
        )
    return UnexpectedAnswerError(
        f"{answer.host} answered the token request with status {answer.status}: {said}.", **details
    )
