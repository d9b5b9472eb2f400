"""Downloads a file, resuming after a broken connection; saves it, or only hashes it."""

import errno
import hashlib
import io
import os
import re
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests

from client.api.api import Api
from client.errors import (
    EtagMismatchError,
    ServiceDownError,
    SizeMismatchError,
    StorageRefusedError,
)
from client.file_name import numbered, safe_file_name
from client.storage.s3_error import storage_failure
from client.wire.http import BLOCK, STORAGE_TIMEOUT, Answer, Call, stored_blocks
from client.wire.retry import with_retries

OnProgress = Callable[[int, int | None], object]
"""Hears bytes on disk so far and the whole size, None while unknown."""

_EXTENDED_NAME = re.compile(  # RFC 8187 section 3.2
    r";\s*filename\*\s*=\s*(?P<charset>[\w-]+)'[\w-]*'(?P<name>[^\s;]+)", re.ASCII | re.IGNORECASE
)
_MD5_ETAG = re.compile(r'"?([0-9a-f]{32})"?', re.IGNORECASE)
_CONTENT_RANGE = re.compile(r"bytes\s+(\d+)-\d+/(\d+)", re.IGNORECASE | re.ASCII)
_STREAM = re.compile(r"/dev/(stdout|stderr)|/(?:dev|proc/self)/fd/(\d+)", re.ASCII)
"""Open files of this process by their names; what they lead to may well be a regular file."""


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
    """Fetch a URL into `target`; a broken connection is taken up where it broke.

    It is taken up with a Range request, as long as the ETag stays the same. What `target` is
    decides where the bytes go:

    - A folder: a new file in it, named by Content-Disposition, else by the URL, made safe
      (`safe_file_name`). A file that has this name stays; the new one is numbered, `film (2).mp4`.
    - A file, or nothing yet: that file, complete or not at all. Where it is a symbolic link, the
      file that it leads to; the link stays.
    - A device, a pipe, or a stream by its name, such as `/dev/stdout`: written into as the bytes
      arrive, and never replaced.

    Raises:
        StorageError: the store refused, or the object changed meanwhile, or its size is wrong.
        ServiceDownError: the store did not answer after every try.
        OSError: the file cannot be written.
    """
    if is_stream(target):
        with _opened(target) as stream:
            fetch = _ObjectFetch(api, url, stream, on_progress, can_start_over=False)
            with_retries(fetch.go_on, api.policy, reached=fetch.reached)
        return Download(**vars(fetch.outcome()), path=target)
    into_folder = target.is_dir()
    file = Path(os.path.realpath(target))
    partial = (file if into_folder else file.parent) / f".{secrets.token_hex(8)}.download"
    try:
        with partial.open("xb", buffering=0) as opened:
            fetch = _ObjectFetch(api, url, opened, on_progress)
            with_retries(fetch.go_on, api.policy, reached=fetch.reached)
        if into_folder:
            name = fetch.name or safe_file_name(unquote(urlsplit(url).path), "download")
            target = _put_into(target, name, partial)
        else:
            partial.replace(file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return Download(**vars(fetch.outcome()), path=target)


def is_stream(target: Path) -> bool:
    """Tell whether a target is written into, such as a device or a pipe, and never replaced.

    Raises:
        OSError: it cannot be told, or no file can be there: a name too long, no folder.
    """
    if _STREAM.fullmatch(target.as_posix()):
        return True
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _opened(target: Path) -> io.FileIO:
    """Open a stream for writing; one of our own by its number, so that `>>` stays an appending."""
    own = _STREAM.fullmatch(target.as_posix())
    if own is None:
        return io.FileIO(target, "wb")
    number = {"stdout": 1, "stderr": 2}.get(own[1]) or int(own[2])
    return io.FileIO(os.dup(number), "wb")


def _put_into(folder: Path, name: str, partial: Path) -> Path:
    """Give a file its name in a folder, or the first number that is free; return where it is."""
    for number in count(1):
        wanted = name if number == 1 else numbered(name, number)
        path = folder / os.fsdecode(wanted.encode())  # UTF-8, also where the locale knows less
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            continue
        try:
            return partial.replace(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    raise AssertionError("numbers do not end")


def fetch_to_check(
    api: Api, url: str, *, on_progress: OnProgress = lambda _done, _size: None
) -> Fetched:
    """Fetch a URL to its last byte and keep none of them; memory stays at a block.

    Raises:
        StorageError: the store refused, or the object changed meanwhile, or its size is wrong.
        ServiceDownError: the store did not answer after every try.
    """
    fetch = _ObjectFetch(api, url, None, on_progress)
    with_retries(fetch.go_on, api.policy, reached=fetch.reached)
    return fetch.outcome()


class _Digests:
    def __init__(self) -> None:
        self.md5 = hashlib.md5(usedforsecurity=False)
        self.sha256 = hashlib.sha256()

    def update(self, block: bytes) -> None:
        self.md5.update(block)
        self.sha256.update(block)


@dataclass
class _ObjectFetch:
    """One object on its way here; without a file its bytes are only hashed."""

    api: Api
    url: str
    file: io.RawIOBase | None
    on_progress: OnProgress
    can_start_over: bool = True
    done: int = 0
    size: int | None = None
    etag: str | None = None
    content_type: str = ""
    name: str = ""
    furthest: int = 0
    digests: _Digests = field(default_factory=_Digests)

    def reached(self) -> int:
        """Return how many bytes of the object have been here, whether or not they still are."""
        return self.furthest

    def go_on(self) -> None:
        """Fetch what is missing."""
        headers = {"Range": f"bytes={self.done}-"} if self.done else {}
        call = Call("GET", self.url, "download", headers, timeout=STORAGE_TIMEOUT)
        with self.api.wire.open(call) as (response, exchange):
            if response.status_code not in {200, 206}:
                content = next(response.iter_content(BLOCK), b"")
                answer = Answer(response.status_code, response.headers, content, 0.0, call.host)
                raise storage_failure(answer, "the download")
            self.take_head(response)
            before = self.done
            try:
                for block in stored_blocks(response):
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
        place = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
        length = response.headers.get("Content-Length")
        start, self.size = 0, int(length) if length else None
        if response.status_code == 206 and place:
            start, self.size = int(place[1]), int(place[2])
        if start != self.done:
            self.restart(urlsplit(response.url).netloc)
        self.etag = etag
        self.content_type = response.headers.get("Content-Type", "")
        self.name = name_given(response.headers.get("Content-Disposition", ""))

    def take_block(self, block: bytes) -> None:
        """Write and hash one block."""
        if self.file:
            left = memoryview(block)
            while left:  # a pipe takes a block piece by piece
                written = self.file.write(left)
                if written is None:  # somebody made the pipe a non-blocking one
                    raise BlockingIOError(errno.EAGAIN, "It takes no bytes at the moment")
                left = left[written:]
        self.digests.update(block)
        self.done += len(block)
        self.furthest = max(self.furthest, self.done)
        self.on_progress(self.done, self.size)

    def restart(self, host: str) -> None:
        """Forget what is here, where it can be taken back."""
        if not self.can_start_over:
            raise StorageRefusedError(
                f"{host} does not go on where the connection broke off, and what was written "
                "cannot be taken back; fetch into a file.",
                host=host,
            )
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


def name_given(disposition: str) -> str:
    """Return the name of `filename*`, else that of `filename` (RFC 6266 section 4.3), made safe."""
    with suppress(UnicodeError):  # many write UTF-8 as it is, and browsers read it so
        disposition = disposition.encode("latin-1").decode()
    given, extended = "", _EXTENDED_NAME.search(disposition)
    if extended:
        with suppress(LookupError, UnicodeError):
            given = unquote(extended["name"], extended["charset"], "strict")
    if disposition and not given:
        message = Message()
        message["Content-Disposition"] = disposition
        given = message.get_filename("")
    return safe_file_name(given, "") if given else ""
