"""Fetches a file whole, going on where a broken connection left off: into place, or to check it."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import requests

from client.api import Api
from client.errors import ClientError, EtagMismatchError, ServiceDownError, SizeMismatchError
from client.retry import with_retries
from client.storage_error import storage_failure
from client.wire import BLOCK, STORAGE_TIMEOUT, Answer, Call

OnProgress = Callable[[int, int | None], object]
"""Hears bytes on disk so far and the whole size, None while unknown."""

_MD5_ETAG = re.compile(r'"?([0-9a-f]{32})"?', re.IGNORECASE)
_CONTENT_RANGE = re.compile(r"bytes\s+(\d+)-\d+/(\d+)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Fetched:
    """What arrived. `size` is bytes.

    Attributes:
        etag: as received, quotes included; empty when the store sent none.
        md5_matches: whether the ETag is the MD5 of the bytes; None when it is of another kind.
    """

    size: int
    etag: str
    content_type: str
    sha256: str
    md5_matches: bool | None


@dataclass(frozen=True)
class Download(Fetched):
    """A file that arrived, at `path`."""

    path: Path


def download_file(
    api: Api,
    url: str,
    target: Path,
    *,
    on_progress: OnProgress = lambda _done, _size: None,
) -> Download:
    """Fetch a URL into `target`, which appears complete or not at all.

    `target` may be a folder; the name then comes from Content-Disposition, else from the URL. A
    broken connection is taken up with a Range request as long as the ETag stays the same.

    Raises:
        StorageError: the store refused, or the object changed meanwhile, or its size is wrong.
        ServiceDownError: the store did not answer after every try.
        OSError: the file cannot be written.
    """
    folder = target if target.is_dir() else target.parent
    partial = folder / f".{secrets.token_hex(8)}.download"
    try:
        with partial.open("xb") as file:
            fetch = _Fetch(api, url, file, on_progress)
            with_retries(fetch.go_on, api.policy)
        if target.is_dir():
            target = target / (fetch.name or _name_in(url))
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return Download(**vars(fetch.outcome()), path=target)


def fetch_to_check(
    api: Api, url: str, *, on_progress: OnProgress = lambda _done, _size: None
) -> Fetched:
    """Fetch a URL to its last byte and keep none of them; memory stays at a block.

    Raises:
        StorageError: the store refused, or the object changed meanwhile, or its size is wrong.
        ServiceDownError: the store did not answer after every try.
    """
    fetch = _Fetch(api, url, None, on_progress)
    with_retries(fetch.go_on, api.policy)
    return fetch.outcome()


class _Digests:
    def __init__(self) -> None:
        self.md5 = hashlib.md5(usedforsecurity=False)
        self.sha256 = hashlib.sha256()

    def update(self, block: bytes) -> None:
        self.md5.update(block)
        self.sha256.update(block)


@dataclass
class _Fetch:
    """One object on its way here; without a file its bytes are only hashed."""

    api: Api
    url: str
    file: BinaryIO | None
    on_progress: OnProgress
    done: int = 0
    size: int | None = None
    etag: str | None = None
    content_type: str = ""
    name: str = ""
    digests: _Digests = field(default_factory=_Digests)

    def go_on(self) -> None:
        """Fetch what is missing."""
        headers = {"Range": f"bytes={self.done}-"} if self.done else {}
        call = Call("GET", self.url, "download", headers, timeout=STORAGE_TIMEOUT)
        with self.api.wire.open(call) as (response, exchange):
            if response.status_code not in {200, 206}:
                raise _refusal(response, call.host)
            self.take_head(response)
            before = self.done
            try:
                for block in response.iter_content(BLOCK):
                    self.take_block(block)
            finally:
                exchange.response_bytes = self.done - before
        self.check_size(call.host)

    def take_head(self, response: requests.Response) -> None:
        """Note what the object is; start over where the store ignores the range."""
        etag = response.headers.get("ETag", "")
        if self.etag is not None and etag != self.etag:
            raise EtagMismatchError(
                f"The object changed while it was fetched: its ETag was {self.etag} and is {etag}."
            )
        start, self.size = _place(response)
        if start != self.done:
            self.restart()
        self.etag = etag
        self.content_type = response.headers.get("Content-Type", "")
        self.name = _name_given(response.headers.get("Content-Disposition", ""))

    def take_block(self, block: bytes) -> None:
        """Write and hash one block."""
        if self.file:
            self.file.write(block)
        self.digests.update(block)
        self.done += len(block)
        self.on_progress(self.done, self.size)

    def restart(self) -> None:
        """Forget what is here."""
        if self.file:
            self.file.seek(0)
            self.file.truncate()
        self.done = 0
        self.digests = _Digests()

    def check_size(self, host: str) -> None:
        """Raise when the body ended early, so that the rest is asked for, or is too long."""
        if self.size is None or self.done == self.size:
            return
        if self.done < self.size:
            raise ServiceDownError(
                f"{host} sent {self.done:,} of {self.size:,} bytes and closed the connection.",
                request_sent=True,
                host=host,
            )
        raise SizeMismatchError(
            f"{host} announced {self.size:,} bytes and sent {self.done:,}.",
            size=self.size,
            stored=self.done,
        )

    def outcome(self) -> Fetched:
        """Return what arrived."""
        match = _MD5_ETAG.fullmatch(self.etag or "")
        return Fetched(
            size=self.done,
            etag=self.etag or "",
            content_type=self.content_type,
            sha256=self.digests.sha256.hexdigest(),
            md5_matches=match[1].lower() == self.digests.md5.hexdigest() if match else None,
        )


def _place(response: requests.Response) -> tuple[int, int | None]:
    match = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    if response.status_code == 206 and match:
        return int(match[1]), int(match[2])
    length = response.headers.get("Content-Length")
    return 0, int(length) if length else None


def _refusal(response: requests.Response, host: str) -> ClientError:
    content = next(response.iter_content(BLOCK), b"")
    answer = Answer(response.status_code, response.headers, content, 0.0, host)
    return storage_failure(answer, "the download")


def _name_given(disposition: str) -> str:
    message = Message()
    message["Content-Disposition"] = disposition
    return _harmless(message.get_filename("") if disposition else "")


def _name_in(url: str) -> str:
    return _harmless(unquote(urlsplit(url).path)) or "download"


def _harmless(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable()).strip()
    return "" if kept in {".", ".."} else kept
