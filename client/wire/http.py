"""Sends all HTTP of the client; no other module does.

Two kinds of call exist. An *API* call carries the bearer token and never follows a redirect. A
*storage* call goes to a signed URL and never carries an Authorization header, because S3 refuses a
second auth mechanism (contract 0.4). Neither takes credentials from `.netrc`;
both take proxies and the CA bundle from the usual variables, but for the embedded service, which is
on this machine, where no proxy could reach it.
"""

import socket
import ssl
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from http.cookiejar import DefaultCookiePolicy
from typing import Protocol
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, NewConnectionError

from client.connection.connection import Connection
from client.errors import AddressError, ServiceDownError
from client.pasted import check_headers
from client.wire.body_text import BodyText, body_text
from client.wire.exchange import MASK, Exchange, ExchangeLog, mask_values
from client.wire.kept_connections import BLOCK, pool_of
from client.wire.network_variables import (
    check_certificates,
    check_proxy,
    proxy_variable,
    unread_certificates,
)
from client.wire.timings import Stopwatch, measured_by

API_TIMEOUT = (10.0, 30.0)
"""Seconds to connect and to wait for an answer (contract 1)."""
STORAGE_TIMEOUT = (30.0, 60.0)
"""The first number also bounds how long the socket may refuse one block while sending."""
PUT_TIMEOUT = (30.0, 300.0)
"""What stands before a store may take a whole PUT at once and only then pass it on (nginx does so
unless told otherwise): no answer for minutes after the last byte is no sign of an outage. 300 s are
16 MiB at 56 kB/s or 100 MB at 330 kB/s."""
COMPLETE_TIMEOUT = (30.0, 300.0)
"""S3 may take minutes to join the parts (contract 7.6)."""
ANSWER_LIMIT = 16 * BLOCK
"""Bytes of an answer that are read; what is longer is cut there."""
EVENT_STREAM = "text/event-stream"
LOGGED_TEXT = 512 * 1024
_BAD_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)
_REQUEST_ID_HEADERS = ("x-amz-request-id", "x-request-id", "x-amzn-requestid")


class SizedReader(Protocol):
    """A request body that is read block by block; its length makes the Content-Length."""

    def __len__(self) -> int: ...

    def read(self, size: int = -1, /) -> bytes:
        """Return the next block, at most `size` bytes, empty at the end."""
        ...


@dataclass(frozen=True)
class Call:
    """What to send. `limit` is how many bytes of the answer's body are read."""

    method: str
    url: str
    purpose: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | SizedReader | None = None
    timeout: tuple[float, float] = API_TIMEOUT
    limit: int = ANSWER_LIMIT
    log_bodies: bool = False

    @property
    def host(self) -> str:
        """The host and port the call is meant for."""
        return urlsplit(self.url).netloc


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end or to the call's limit.

    Attributes:
        cut: the body was longer than the limit, or a stream of events that did not end in time.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float
    host: str
    cut: bool = False

    @cached_property
    def body(self) -> BodyText:
        """The body as text, with how it was encoded."""
        return body_text(self.content, self.headers.get("Content-Type", ""), cut=self.cut)

    @property
    def text(self) -> str:
        """The body as text; bytes that cannot be read become replacement characters."""
        return self.body.text

    @property
    def retry_after(self) -> int | None:
        """Seconds of the Retry-After header, None without one or when it holds a date."""
        value = self.headers.get("Retry-After", "").strip()
        return int(value) if value.isascii() and value.isdigit() else None


class _NoCredentials(AuthBase):
    """Stops requests from looking into `.netrc` without switching proxies off."""

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        return r


class Wire:
    """Sends calls over kept connections and records each as an exchange. Thread-safe.

    One session for all threads: its pool is locked, and it keeps no cookies, which are the only
    other state a session would share. The pool is that of the endpoint (`kept_connections`).
    """

    def __init__(self, connection: Connection, log: ExchangeLog) -> None:
        self._connection = connection
        self._log = log
        self._secret_headers = dict(connection.headers)
        self._session = requests.Session()
        self._session.trust_env = not connection.embedded
        self._session.auth = _NoCredentials()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers = CaseInsensitiveDict(
            {"User-Agent": "temp-file-workbench", "Accept": "*/*"}
        )
        pool = pool_of(connection.graphql_url)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, pool)

    def send(self, call: Call) -> Answer:
        """Send one call and read its answer, whatever the status.

        Raises:
            AddressError: the URL is none.
            ServiceDownError: no answer arrived.
        """
        with self.open(call) as (response, exchange):
            content, cut = _read_at_most(response, call)
            exchange.response_bytes = len(content)
            if call.log_bodies:
                exchange.response_body = content[:LOGGED_TEXT].decode("utf-8", "replace")
            seconds = time.monotonic() - exchange.clock
            return Answer(response.status_code, response.headers, content, seconds, call.host, cut)

    @contextmanager
    def open(self, call: Call) -> Generator[tuple[requests.Response, "RunningExchange"]]:
        """Send one call and hand out the response unread; it is closed on leaving.

        The exchange is recorded on leaving, so its `response_bytes` can be set meanwhile.

        Raises:
            AddressError: the URL is none.
            BadVariableError: the environment names a proxy or certificates that are none.
            OddCharactersError: a header holds a character that none can have.
            ServiceDownError: no answer arrived, or it broke off while it was read.
        """
        check_headers(call.headers)
        exchange = RunningExchange(call, self._secret_headers)
        try:
            with self._request(call, exchange.stopwatch) as response:
                exchange.take(response)
                yield response, exchange
        except _BAD_ADDRESS as error:
            exchange.error = "the address or its proxy is not usable"
            if self._session.trust_env:
                check_proxy(call.url)
            raise AddressError(f"The address for {call.purpose} is not usable.") from error
        except requests.RequestException as error:
            exchange.error = _reason(error, call.url)
            if isinstance(error, requests.exceptions.SSLError) and self._session.trust_env:
                check_certificates()
            raise _service_down(call, error, time.monotonic() - exchange.clock) from error
        except OSError as error:  # requests has no word of its own for a missing bundle
            exchange.error = type(error).__name__
            if self._session.trust_env:
                check_certificates()
            raise
        except BaseException as error:
            exchange.error = type(error).__name__
            raise
        finally:
            self._log.record(exchange.finish())

    def close(self) -> None:
        """Let go of the kept connections; they close when nobody else uses them.

        Nothing can be sent any more.
        """
        self._session.adapters.clear()

    def _request(self, call: Call, stopwatch: Stopwatch) -> requests.Response:
        url, host = self._connection.local_url(call.url)
        headers = {**call.headers, "Accept-Encoding": "identity"}
        if host:
            headers["Host"] = host
        with measured_by(stopwatch):
            return self._session.request(
                call.method,
                url,
                headers=headers,
                data=call.body,  # pyright: ignore[reportArgumentType] - the stubs ask for more of a file
                timeout=call.timeout,
                stream=True,
                allow_redirects=call.method == "GET" and not host,
            )


class RunningExchange:
    """An exchange while it happens."""

    def __init__(self, call: Call, secret_headers: Mapping[str, str]) -> None:
        self.clock = time.monotonic()
        self.stopwatch = Stopwatch()
        self.response_bytes = 0
        self.response_body: str | None = None
        self.error: str | None = None
        self._secrets = tuple(secret_headers.values())
        body = call.body if call.log_bodies and isinstance(call.body, bytes) else None
        self._exchange = Exchange(
            method=call.method,
            url=call.url,
            purpose=call.purpose,
            request_bytes=len(call.body) if call.body is not None else 0,
            request_headers={
                name: MASK if name in secret_headers else value
                for name, value in call.headers.items()
            },
            request_body=body[:LOGGED_TEXT].decode("utf-8", "replace") if body else None,
        )

    def take(self, response: requests.Response) -> None:
        """Note the head of the response."""
        found = (response.headers.get(name) for name in _REQUEST_ID_HEADERS)
        self._exchange = replace(
            self._exchange,
            status=response.status_code,
            response_headers=dict(response.headers),
            request_id=next(filter(None, found), None),
        )

    def finish(self) -> Exchange:
        """Return the exchange with what is known by now."""
        if self._exchange.status is not None:
            self.stopwatch.end("receive")
        return replace(
            self._exchange,
            seconds=time.monotonic() - self.clock,
            timings=self.stopwatch.timings(),
            response_bytes=self.response_bytes,
            response_headers={
                name: mask_values(value, self._secrets)
                for name, value in self._exchange.response_headers.items()
            },
            response_body=self.response_body and mask_values(self.response_body, self._secrets),
            error=self.error,
        )


def stored_blocks(response: requests.Response) -> Iterator[bytes]:
    """Yield the body of a stored object as it is stored, whatever its `Content-Encoding` says.

    Raises:
        requests.ConnectionError: the body broke off, or came to no end; `Wire.open` has words.
    """
    try:
        yield from response.raw.stream(BLOCK, decode_content=False)
    except HTTPError as error:
        raise requests.ConnectionError(error) from error


def _read_at_most(response: requests.Response, call: Call) -> tuple[bytes, bool]:
    """Return the body up to the call's limit, and whether it went on.

    A stream of events may go on for ever, a sign of life at a time, so it has as long as another
    answer may keep silent.
    """
    is_stream = response.headers.get("Content-Type", "").lower().startswith(EVENT_STREAM)
    until = time.monotonic() + call.timeout[1]
    content = bytearray()
    for block in response.iter_content(min(BLOCK, call.limit)):
        content += block
        if len(content) > call.limit or (is_stream and time.monotonic() > until):
            return bytes(content[: call.limit]), True
    return bytes(content), False


def _service_down(call: Call, error: requests.RequestException, seconds: float) -> ServiceDownError:
    waited = f" within {seconds:.1f} s" if isinstance(error, requests.Timeout) else ""
    return ServiceDownError(
        f"{call.host} did not answer {call.purpose}{waited}: {_reason(error, call.url)}.",
        request_sent=not _never_connected(error),
        passing=not (_unknown_host(error) or _refused_certificate(error)),
        host=call.host,
        seconds=round(seconds),
    )


def _never_connected(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (requests.ConnectTimeout, "the connection was not made in time"),
    (requests.ReadTimeout, "nothing was heard in time"),
    (requests.exceptions.ChunkedEncodingError, "the connection broke off"),
)


def _reason(error: requests.RequestException, url: str) -> str:
    """Say why in words: the libraries' own text holds the whole URL, signature included."""
    if isinstance(error, requests.exceptions.ProxyError):
        return f"the proxy that {proxy_variable(url) or 'is set'} names did not pass it on"
    if isinstance(error, requests.exceptions.SSLError):
        return f"the certificate or the encryption was refused{unread_certificates()}"
    if _never_connected(error):
        return "no connection could be made" if not _unknown_host(error) else "no such host"
    for kind, words in _REASONS:
        if isinstance(error, kind):
            return words
    return "the connection broke off"


def _unknown_host(error: requests.RequestException) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(getattr(reason, "__cause__", None), socket.gaierror)


def _refused_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
