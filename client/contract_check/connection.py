"""Tests a connection step by step; each step has a verdict and the requests that show it.

Nothing is changed at the endpoint and no credit is spent. It takes at most eight GraphQL requests
of the endpoint's sixty a minute (more where the credentials reach several media hubs).
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Literal, get_args
from urllib.parse import urlsplit

from client.api.api import Api
from client.api.credits import credits_left
from client.api.graphql import GraphQLAnswer
from client.api.operations import SIZE_FIELD, Organization, size_field_names
from client.connection.connection import Connection, NoToken, PersonalAccessToken
from client.content_hub.assets import ContentHubClient
from client.errors import (
    AuthExpiredError,
    ClientError,
    CredentialsRefusedError,
    Detail,
    InputError,
    RateLimitedError,
    ServiceDownError,
)
from settings import PAT_PREFIX

StepName = Literal["address", "token", "introspection", "viewer", "grants", "credits", "clock"]
Verdict = Literal["good", "warning", "bad", "skipped"]
STEPS: tuple[StepName, ...] = get_args(StepName)

SHORT_TOKEN = 60.0
"""Seconds; a token is renewed 30 s early, so a shorter one is fetched for nearly every call."""
SKEW_WARNED, SKEW_REFUSED = 30.0, 900.0
"""Seconds a clock may be wrong: a countdown of an hour is off by that much; AWS refuses requests
that are signed with a clock more than 15 minutes wrong (RequestTimeTooSkewed, contract 8)."""
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_FATAL = (AuthExpiredError, CredentialsRefusedError, RateLimitedError, ServiceDownError, InputError)


@dataclass(frozen=True)
class ConnectionFinding:
    """What one step found.

    Attributes:
        code: what was found, for the table of words: `token-fetched`, `grants-none` ...
        details: what the sentence is about; seconds, counts, names.
        error: what went wrong, where the step failed with an error.
    """

    step: StepName
    verdict: Verdict
    code: str
    details: Mapping[str, Detail] = field(default_factory=dict[str, Detail])
    error: ClientError | None = None


def check_connection(api: Api) -> Iterator[ConnectionFinding]:
    """Yield a finding for each of `STEPS`, in their order, as soon as it is there.

    Once an error shows that no later request can succeed, the steps left are `skipped`. Credentials
    that are refused leave one question: whether the endpoint tells its schema without (contract
    19.5), which shows that the address at least is right.

    Args:
        api: a new client of the connection, so that its token is a new one.
    """
    run = _ConnectionCheck(api)
    stopped = False
    for step in STEPS:
        if stopped and step != "clock":
            yield run.without_credentials(step)
            continue
        try:
            yield run.steps[step]()
        except ClientError as error:
            stopped = stopped or isinstance(error, _FATAL)
            yield ConnectionFinding(step, "bad", "failed", error.details, error)


class _ConnectionCheck:
    """One check, and what its earlier steps learned."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._connection: Connection = api.connection
        self._organizations: list[Organization] = []
        self._skew: float | None = None
        self._credentials_refused = False
        self.steps: Mapping[StepName, Callable[[], ConnectionFinding]] = {
            "address": self._address,
            "token": self._token,
            "introspection": self._introspection,
            "viewer": self._viewer,
            "grants": self._grants,
            "credits": self._credits,
            "clock": self._clock,
        }

    def without_credentials(self, step: StepName) -> ConnectionFinding:
        """Return the finding of a step that follows a fatal failure."""
        if step == "introspection" and self._credentials_refused:
            found = self._open_schema()
            if found:
                return ConnectionFinding(step, "warning", "introspection-address-good", found)
        return ConnectionFinding(step, "skipped", "skipped")

    def _address(self) -> ConnectionFinding:
        parts = urlsplit(self._connection.public_url(self._connection.graphql_url))
        details: dict[str, Detail] = {"host": self._connection.host}
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            return ConnectionFinding("address", "warning", "address-unencrypted", details)
        return ConnectionFinding("address", "good", "address-good", details)

    def _token(self) -> ConnectionFinding:
        credentials = self._connection.credentials
        if isinstance(credentials, NoToken):
            return ConnectionFinding("token", "good", "token-none")
        if isinstance(credentials, PersonalAccessToken):
            if not credentials.token.startswith(PAT_PREFIX):
                return ConnectionFinding("token", "warning", "token-form", {"prefix": PAT_PREFIX})
            return ConnectionFinding("token", "good", "token-personal")
        try:
            self._api.tokens.token()
        except CredentialsRefusedError:
            self._credentials_refused = True
            raise
        lifetime = self._api.tokens.lifetime or 0.0
        details: dict[str, Detail] = {"seconds": round(lifetime)}
        if lifetime < SHORT_TOKEN:
            return ConnectionFinding("token", "warning", "token-short", details)
        return ConnectionFinding("token", "good", "token-fetched", details)

    def _introspection(self) -> ConnectionFinding:
        began = time.time()
        answer = self._api.graphql.ask(SIZE_FIELD)
        self._skew = _skew(answer, (began + time.time()) / 2)
        if answer.failure and (not answer.errors or isinstance(answer.failure, _FATAL)):
            raise answer.failure  # no GraphQL at all; a schema that is kept back is told in it
        openly = self._open_schema()
        if answer.failure and openly:
            return ConnectionFinding("introspection", "good", "introspection-without-token", openly)
        if answer.failure:
            return ConnectionFinding("introspection", "warning", "introspection-off")
        spelling = _spelling(answer)
        if not spelling:
            return ConnectionFinding("introspection", "bad", "introspection-no-uploads")
        code = "introspection-open" if openly else "introspection-good"
        return ConnectionFinding("introspection", "good", code, {"spelling": spelling})

    def _open_schema(self) -> Mapping[str, Detail]:
        """Return how the size is spelled, if the endpoint tells that to who shows no token."""
        try:
            spelling = _spelling(self._api.graphql.ask_without_token(SIZE_FIELD))
        except (RateLimitedError, ServiceDownError):
            return {}
        return {"spelling": spelling} if spelling else {}

    def _viewer(self) -> ConnectionFinding:
        self._organizations = self._api.operations.viewer()["organizations"]
        wanted = self._connection.organization
        names: dict[str, Detail] = {
            "names": ", ".join(one["name"] or one["id"] for one in self._organizations)
        }
        if not self._organizations:
            return ConnectionFinding("viewer", "warning", "viewer-none")
        if wanted and wanted not in {one["id"] for one in self._organizations}:
            return ConnectionFinding("viewer", "bad", "viewer-other", names)
        return ConnectionFinding("viewer", "good", "viewer-good", names)

    def _grants(self) -> ConnectionFinding:
        repositories = ContentHubClient(self._api).repositories()
        wanted = self._connection.repository
        details: dict[str, Detail] = {
            "count": len(repositories),
            "names": ", ".join(one.label for one in repositories),
        }
        if not repositories:
            return ConnectionFinding("grants", "warning", "grants-none")
        if wanted and wanted not in {one.id for one in repositories}:
            return ConnectionFinding("grants", "bad", "grants-other", details)
        return ConnectionFinding("grants", "good", "grants-good", details)

    def _credits(self) -> ConnectionFinding:
        ids = [self._connection.organization, *(one["id"] for one in self._organizations)]
        payer = next(filter(None, ids), None)
        balance = credits_left(self._api, payer) if payer else None
        if balance is None:
            return ConnectionFinding("credits", "warning", "credits-unknown")
        if balance < 1:
            return ConnectionFinding("credits", "warning", "credits-none")
        return ConnectionFinding("credits", "good", "credits-good", {"count": balance})

    def _clock(self) -> ConnectionFinding:
        if self._skew is None:
            return ConnectionFinding("clock", "skipped", "clock-unknown")
        details: dict[str, Detail] = {
            "seconds": round(abs(self._skew)),
            "way": "behind" if self._skew > 0 else "ahead",
        }
        if abs(self._skew) > SKEW_REFUSED:
            return ConnectionFinding("clock", "bad", "clock-wrong", details)
        if abs(self._skew) > SKEW_WARNED:
            return ConnectionFinding("clock", "warning", "clock-off", details)
        return ConnectionFinding("clock", "good", "clock-good", details)


def _spelling(answer: GraphQLAnswer) -> str:
    """Return how the endpoint spells a file's size; empty where it does not tell."""
    return " and ".join(sorted(size_field_names(answer.data or {}) & {"filesize", "fileSize"}))


def _skew(answer: GraphQLAnswer, here: float) -> float | None:
    """Return how many seconds the endpoint's clock is ahead of ours; None where it tells no time.

    Its `Date` has whole seconds, cut off: half a second is added.
    """
    try:
        there = parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return None
    aware = there if there.tzinfo else there.replace(tzinfo=UTC)
    return aware.timestamp() + 0.5 - here
