"""The record of every request the client makes, with everything secret masked."""

import itertools
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

from client.json_object import as_object, parse_json
from client.wire.timings import Timings

MASK = "***"
DEFAULT_CAPACITY = 5_000
"""Exchanges kept in a log; an upload of 2 GB in the smallest parts makes 410 and some."""
DEFAULT_BYTES = 16 * 1024 * 1024
"""Memory that a log may take; each session has one."""
_OBJECT_BYTES = 1_000
"""What an exchange takes beside its texts, by tracemalloc 815: itself, timings, dictionaries."""

_SECRET_HEADERS = {
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-amz-security-token",
    "x-api-key",
}
_MASKED_NAMES = (
    r"X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|AWSAccessKeyId|Signature"
    r"|Key-Pair-Id|Policy|sig|[a-z_-]*(?:token|secret|password|api[_-]?key|assertion)"
)
# A name=value pair of a query or a form, also inside JSON, XML or another URL (%3D).
_PAIR = re.compile(
    rf"(?:(?<![A-Za-z0-9_-])|(?<=%3F)|(?<=%26)|(?<=\\u0026))(?P<name>{_MASKED_NAMES})(?P<equals>=|%3D)"
    r"(?P<value>(?:(?!%26|\\u0026)[^&;\s\"'<>\\])+)",
    re.IGNORECASE,
)
_JSON_PAIR = re.compile(
    r"(?P<start>\"[A-Za-z_-]*(?:token|secret|password|api_?key|authorization)\"\s*:\s*\")"
    r"(?:[^\"\\]|\\.)*",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?P<kind>amp_pat_|\bBearer\s+|\beyJ)[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE | re.ASCII
)
_USER_INFO = re.compile(r"(?P<scheme>\bhttps?://)[^/\s\"'<>@]+@", re.IGNORECASE)

_TELLING_LENGTH = 8  # characters from which on a secret is looked for in other texts

_numbers = itertools.count(1)
_about: ContextVar[tuple[str, ...]] = ContextVar("about", default=())


def mask_text(text: str) -> str:
    """Return the text without tokens, secrets and signatures, whatever format it has."""
    text = _USER_INFO.sub(rf"\g<scheme>{MASK}@", text)
    text = _PAIR.sub(rf"\g<name>\g<equals>{MASK}", text)
    text = _JSON_PAIR.sub(rf"\g<start>{MASK}", text)
    return _BARE.sub(rf"\g<kind>{MASK}", text)


def mask_values(text: str, secrets: Iterable[str]) -> str:
    """Return the text without these secrets, as a service may send back what it was sent.

    One of fewer than eight characters stays: it may be any word.
    """
    for secret in secrets:
        if len(secret) >= _TELLING_LENGTH:
            text = text.replace(secret, MASK)
    return text


def mask_url(url: str) -> str:
    """Return the URL with signature, credential and token values masked."""
    return mask_text(url)


def mask_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with secret ones masked, and secrets inside the others too."""
    return {
        name: MASK if name.lower() in _SECRET_HEADERS else mask_text(value)
        for name, value in headers.items()
    }


def mask_body(body: str) -> str:
    """Return a body (GraphQL, token, XML, form) with tokens and signed URLs masked."""
    return mask_text(body)


@dataclass(frozen=True)
class Exchange:
    """One request and its response.

    Attributes:
        started: seconds since the epoch.
        purpose: what it was for: `token`, a mutation's name, `part 3`, `complete`, `verify` ...
        request_bytes: size of the request body; the same for `response_bytes`.
        status: None when no answer arrived; `error` then says why.
        request_body: text, only where bodies are small and worth reading; None for file bytes.
        transfer: the id of the transfer it was made for, if any; the first of several.
        also_for: the ids of the others.
        timings: where the time went, as far as known.
    """

    method: str
    url: str
    purpose: str
    started: float = field(default_factory=time.time)
    request_bytes: int = 0
    response_bytes: int = 0
    status: int | None = None
    seconds: float = 0.0
    request_id: str | None = None
    error: str | None = None
    made_by: Literal["python", "browser"] = "python"
    request_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    response_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    request_body: str | None = None
    response_body: str | None = None
    transfer: str | None = None
    also_for: tuple[str, ...] = ()
    timings: Timings = field(default_factory=Timings)
    id: int = field(default_factory=lambda: next(_numbers))

    @property
    def transfers(self) -> tuple[str, ...]:
        """The ids of all transfers that it was made for."""
        return (self.transfer, *self.also_for) if self.transfer else ()

    @property
    def refused(self) -> bool:
        """Whether HTTP 200 came with an error in its body, of S3 or GraphQL (contract 0.5)."""
        if self.status is None or self.status >= 300:
            return False
        body = self.response_body or ""
        return "<Error>" in body or (
            '"errors"' in body  # most bodies have no such word, and need not be parsed
            and bool(as_object(parse_json(body)).get("errors"))
        )

    @property
    def failed(self) -> bool:
        """Whether no answer arrived, or one that says no."""
        return self.status is None or self.status >= 400 or self.error is not None or self.refused

    @property
    def memory(self) -> int:
        """Bytes of memory that the exchange takes, about."""
        headers = (*self.request_headers.items(), *self.response_headers.items())
        texts = (self.url, self.purpose, self.request_body, self.response_body, *chain(*headers))
        return _OBJECT_BYTES + sum(sys.getsizeof(text) for text in texts if text)

    def masked(self) -> "Exchange":
        """Return the same exchange without secrets; masking twice changes nothing."""
        return replace(
            self,
            url=mask_url(self.url),
            error=self.error and mask_text(self.error),
            request_headers=mask_headers(self.request_headers),
            response_headers=mask_headers(self.response_headers),
            request_body=self.request_body and mask_body(self.request_body),
            response_body=self.response_body and mask_body(self.response_body),
        )


class ExchangeLog:
    """The newest exchanges, safe to use from several threads. Nothing secret gets in.

    Bounded in number and in memory, whichever is reached first: the oldest go. The newest stays,
    however large; its bodies are bounded by what records it.
    """

    def __init__(self, capacity: int = DEFAULT_CAPACITY, most_bytes: int = DEFAULT_BYTES) -> None:
        self._lock = threading.Lock()
        self._capacity = capacity
        self._most_bytes = most_bytes
        self._entries: deque[Exchange] = deque()
        self._bytes = 0
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """How many exchanges were dropped for newer ones."""
        return self._dropped

    @property
    def memory(self) -> int:
        """Bytes of memory that the log takes, about."""
        return self._bytes

    def record(self, exchange: Exchange) -> Exchange:
        """Keep an exchange, masked; the oldest goes when the log is full.

        Without a transfer of its own it gets those that this thread's work is `about`.
        """
        first, *others = exchange.transfers or _about.get() or (None,)
        masked = replace(exchange.masked(), transfer=first, also_for=tuple(filter(None, others)))
        with self._lock:
            self._entries.append(masked)
            self._bytes += masked.memory
            while len(self._entries) > 1 and (
                len(self._entries) > self._capacity or self._bytes > self._most_bytes
            ):
                self._bytes -= self._entries.popleft().memory
                self._dropped += 1
        return masked

    def record_browser_put(
        self,
        *,
        url: str,
        part: int,
        size: int,
        started: float,
        seconds: float,
        status: int,
        code: str | None = None,
        etag: str | None = None,
        request_id: str | None = None,
        relayed: bool = False,
    ) -> Exchange:
        """Keep a PUT that a browser made: `status` 0 when it saw no answer, `code` then says why.

        `started` is seconds since the epoch, `code` the store's error code if there was one. A
        `relayed` one went to the app, which made the PUT to this URL.
        """
        return self.record(
            Exchange(
                method="PUT",
                url=url,
                purpose=f"part {part}",
                started=started,
                request_bytes=size,
                status=status or None,
                seconds=seconds,
                request_id=request_id,
                error=None if status == 200 else code,
                made_by="python" if relayed else "browser",
                response_headers={"ETag": etag} if etag else {},
            )
        )

    @contextmanager
    def about(self, *transfer_ids: str) -> Generator[None]:
        """Mark the exchanges that this thread records meanwhile as those of some transfers."""
        token = _about.set(transfer_ids)
        try:
            yield
        finally:
            _about.reset(token)

    def of_transfer(self, transfer_id: str) -> tuple[Exchange, ...]:
        """Return what is kept of one transfer, in the order of starting."""
        own = (entry for entry in self.entries() if transfer_id in entry.transfers)
        return tuple(sorted(own, key=lambda entry: entry.started))

    def entries(self) -> tuple[Exchange, ...]:
        """Return what is kept, oldest first."""
        with self._lock:
            return tuple(self._entries)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._bytes = self._dropped = 0
