"""One run against one endpoint: sends requests for the probes, records them as evidence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from graphql import GraphQLSchema

from client.api.api import Api
from client.api.graphql import GraphQLAnswer, Variables
from client.api.operations import SINGLE_UPLOAD, multipart_upload
from client.api.schema import read_schema
from client.contract_check.outcome import Cost, NothingClearError, NotRunError
from client.errors import ClientError, RateLimitedError
from client.json_object import JsonObject, as_list, as_number, as_object
from client.storage.plan import SizeField
from client.wire.exchange import MASK, mask_text, mask_values
from client.wire.http import API_TIMEOUT, STORAGE_TIMEOUT, Answer, Call, SizedReader
from client.wire.retry import with_retries
from contract.s3_xml import parse_s3_error

SOME_PAGE = "https://page.example"
"""The origin that CORS is asked for unless the caller has one of its own."""
_EXCERPT = 600
_TELLING = {
    "content-type",
    "content-range",
    "etag",
    "retry-after",
    "access-control-allow-origin",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-expose-headers",
}
SINGLE, MULTIPART = "createTempFileUploadUrl", "createTempFileMultipartUploadUrl"

Value = TypeVar("Value")


@dataclass(frozen=True)
class CheckOptions:
    """What the caller wants and allows.

    Attributes:
        allowed: what may be spent.
        origin: the page that CORS is asked for.
        wait: seconds that the check may wait for a link to expire.
        repository_id: where an asset may be made; None for the first repository there is.
    """

    allowed: frozenset[Cost] = frozenset()
    origin: str = SOME_PAGE
    wait: float = 0
    repository_id: str | None = None


@dataclass(frozen=True)
class ProbeUrls:
    """A temp file for one PUT."""

    upload: str
    download: str


@dataclass(frozen=True)
class ProbeMultipartUrls:
    """A temp file in parts. Sizes are bytes."""

    parts: tuple[str, ...]
    complete: str
    download: str
    least: int
    most: int


class _Shared(Generic[Value]):
    """Makes something once for several probes; keeps its evidence, or the error of making it."""

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._made: list[Value] = []
        self._evidence: list[str] = []
        self._later: Callable[[], Exception] | None = None

    def get(self, evidence: list[str]) -> Value:
        if self._later:
            raise self._later()
        if self._made:
            evidence.extend(line for line in self._evidence if line not in evidence)
            return self._made[0]
        before = len(evidence)
        try:
            self._made.append(self._make())
        except (ClientError, NothingClearError, NotRunError) as error:
            kind = NotRunError if isinstance(error, NotRunError) else NothingClearError
            self._later = partial(kind, str(error))
            raise
        finally:
            self._evidence = evidence[before:]
        return self._made[0]


@dataclass
class Trial:
    """Sends the requests of probes and keeps the evidence. Not for several threads."""

    api: Api
    choice: CheckOptions
    evidence: list[str] = field(default_factory=list[str])
    _shared: dict[str, _Shared[Any]] = field(default_factory=dict[str, _Shared[Any]])
    _clean_ups: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])

    def shared(self, name: str, make: Callable[[], Value]) -> Value:
        """Return what was made under this name, making it at the first call.

        Raises:
            NothingClearError, NotRunError: it could not be made at an earlier call.
        """
        kept: _Shared[Value] = self._shared.setdefault(name, _Shared(make))
        return kept.get(self.evidence)

    def at_the_end(self, action: Callable[[], object]) -> None:
        """Have something put away when the run is over."""
        self._clean_ups.append(action)

    def clean_up(self) -> Iterator[ClientError]:
        """Put away what was made, the newest first; yields what went wrong with it."""
        while self._clean_ups:
            try:
                self._clean_ups.pop()()
            except ClientError as error:
                yield error

    # GraphQL ---------------------------------------------------------------------------------

    def ask(
        self,
        document: str,
        variables: Variables | None = None,
        operation_name: str | None = None,
        *,
        timeout: tuple[float, float] = API_TIMEOUT,
    ) -> GraphQLAnswer:
        """Send an operation with the connection's token; again only after a 429.

        An upload in parts that it opens is aborted at the end, where there is a call for that.

        Raises:
            ServiceDownError: no answer arrived.
            CredentialsRefusedError: no token could be had.
        """

        def once() -> GraphQLAnswer:
            answer = self.api.graphql.ask(document, variables, operation_name, timeout=timeout)
            if isinstance(answer.failure, RateLimitedError):
                raise answer.failure
            return answer

        answer = with_retries(once, self.api.policy, _is_rate_limited)
        self._note("POST", "GraphQL", document, answer.status, answer.text)
        url = as_object((answer.data or {}).get(MULTIPART)).get("completeUrl")
        if isinstance(url, str):
            self.at_the_end(lambda: self.api.abort(url))
        return answer

    def data(self, document: str, variables: Variables | None = None) -> JsonObject:
        """Return the data of an operation that must succeed.

        Raises:
            ClientError: it did not.
        """
        answer = self.ask(document, variables)
        if answer.failure:
            raise answer.failure
        return answer.data or {}

    def post_graphql(
        self, body: bytes, headers: Mapping[str, str], path: str = "", *, once: bool = False
    ) -> Answer:
        """Send a body to the GraphQL endpoint as it is; `path` is put behind its address.

        After a 429 it is sent again, for that says nothing of the question; with `once` it is not.

        Raises:
            RateLimitedError: every try was refused with 429.
            ServiceDownError: no answer arrived.
        """
        url = self.api.connection.graphql_url + path

        def send() -> Answer:
            answer = self.send("POST", url, "GraphQL", body, headers, API_TIMEOUT)
            if answer.status == HTTPStatus.TOO_MANY_REQUESTS and not once:
                wait = {} if answer.retry_after is None else {"retry_after": answer.retry_after}
                raise RateLimitedError("The endpoint answers 429 each time.", status=429, **wait)
            return answer

        return with_retries(send, self.api.policy, _is_rate_limited)

    def schema(self) -> GraphQLSchema:
        """Return the endpoint's own schema.

        Raises:
            NothingClearError: the endpoint does not tell it.
        """
        loaded = self.shared("schema", lambda: read_schema(self.api))
        if not loaded.live:
            reason = str(loaded.problem) if loaded.problem else "no reason given."
            raise NothingClearError(f"The endpoint does not tell its schema: {mask_text(reason)}")
        return loaded.schema

    # Storage ---------------------------------------------------------------------------------

    def send(
        self,
        method: str,
        url: str,
        purpose: str,
        body: bytes | SizedReader | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: tuple[float, float] = STORAGE_TIMEOUT,
    ) -> Answer:
        """Send one call exactly as it is given, once.

        Raises:
            ServiceDownError: no answer arrived.
        """
        readable = method != "PUT"
        call = Call(
            method,
            url,
            f"check: {purpose}",
            headers or {},
            body,
            timeout,
            limit=32 * 1024 * 1024,
            log_bodies=readable and method != "GET",
        )
        answer = self.api.wire.send(call)
        telling = {
            name: value for name, value in answer.headers.items() if name.lower() in _TELLING
        }
        kind = answer.headers.get("Content-Type", "").lower()
        is_file = answer.status in (200, 206) and "xml" not in kind and "json" not in kind
        said = f"{len(answer.content):,} bytes" if is_file else answer.text
        answered = f"{self._told_headers(telling)} {said}"
        self._note(method, url, self._told_headers(headers or {}), answer.status, answered)
        return answer

    def put(self, url: str, body: bytes | SizedReader, **headers: str) -> Answer:
        """PUT bytes; a header's name has underscores for its hyphens."""
        return self.send("PUT", url, "put", body, _with_hyphens(headers))

    def get(self, url: str, **headers: str) -> Answer:
        """GET what is at a URL, at most 32 MiB."""
        return self.send("GET", url, "get", None, _with_hyphens(headers))

    def complete(self, url: str, document: str, **headers: str) -> Answer:
        """POST a part list."""
        sent = {"Content-Type": "application/xml", **_with_hyphens(headers)}
        return self.send("POST", url, "complete", document.encode(), sent)

    def new_single(self) -> ProbeUrls:
        """Ask for the URLs of a new single upload.

        Raises:
            ClientError: they could not be had.
            NothingClearError: the answer has none.
        """
        payload = as_object(self.data(SINGLE_UPLOAD).get(SINGLE))
        return ProbeUrls(_url(payload, "uploadUrl"), _url(payload, "downloadUrl"))

    def new_multipart(self, size: int) -> ProbeMultipartUrls:
        """Ask for the URLs of a new upload in parts.

        Raises:
            ClientError: they could not be had.
            NothingClearError: the answer has none.
        """
        payload = as_object(self.data(multipart_upload(size, self.size_field())).get(MULTIPART))
        parts = tuple(str(url) for url in as_list(payload.get("uploadPartUrls")))
        if not parts:
            raise NothingClearError(f"{MULTIPART} was answered without uploadPartUrls.")
        return ProbeMultipartUrls(
            parts,
            _url(payload, "completeUrl"),
            _url(payload, "downloadUrl"),
            _whole(payload, "minPartSize"),
            _whole(payload, "maxPartSize"),
        )

    def size_field(self) -> SizeField:
        """Return a spelling of the size that the endpoint takes, which is tried out.

        Raises:
            ClientError: the endpoint takes neither.
        """
        return self.shared("size field", self._tried_size_field)

    def _tried_size_field(self) -> SizeField:
        """Try the usual size under both spellings: what an upload does is what counts."""
        first = self.ask(multipart_upload(1, "filesize"))
        if first.failure is None:
            return "filesize"
        if self.ask(multipart_upload(1, "fileSize")).failure is None:
            return "fileSize"
        raise first.failure

    def _note(self, method: str, url: str, sent: str, status: int, said: str) -> None:
        parts = urlsplit(url)
        where = f"{parts.netloc}{parts.path}" if parts.netloc else url  # without the signature
        request = f"{method} {mask_text(where)} {self._masked(sent)}".strip()
        answer = f"{status} {self._masked(said)[:_EXCERPT]}".strip()
        self.evidence.append(f"{request} → {answer}")

    def _masked(self, text: str) -> str:
        secrets = [value for _, value in self.api.connection.headers]
        return mask_values(mask_text(_one_line(text)), secrets)

    def _told_headers(self, headers: Mapping[str, str]) -> str:
        secret = {"Authorization", *dict(self.api.connection.headers)}
        return ", ".join(
            f"{name}: {MASK if name in secret else value}" for name, value in headers.items()
        )


def told(answer: Answer) -> str:
    """Say what a store answered: the status, and the code of its error if it has one."""
    fault = parse_s3_error(answer.content)
    if fault:
        return f"{answer.status} {fault.code}".strip()
    if answer.status >= 400 and answer.content and not answer.content.isspace():
        return f"{answer.status} without an S3 error document"
    return str(answer.status)


def told_failure(answer: GraphQLAnswer) -> str:
    """Say how an operation ended: `success`, or the status and the code of the first error."""
    if answer.failure is None:
        return "success"
    if not answer.errors:
        return f"{answer.status} without an errors entry"
    code = as_object(answer.errors[0].get("extensions")).get("code")
    return f"{answer.status} {mask_text(str(code)) if code else 'without a code'}"


def _is_rate_limited(error: ClientError) -> bool:
    return isinstance(error, RateLimitedError)


def _with_hyphens(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _one_line(text: str) -> str:
    return " ".join(text[: 4 * _EXCERPT].split())


def _url(payload: JsonObject, name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        raise NothingClearError(f"The answer has no usable {name}.")
    return value


def _whole(payload: JsonObject, name: str) -> int:
    value = as_number(payload.get(name))
    if value is None or value <= 0:
        raise NothingClearError(f"The answer has no usable {name}.")
    return int(value)
