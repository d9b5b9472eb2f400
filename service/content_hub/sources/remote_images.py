"""Fetches images from hosts that the configuration allows, and from nowhere else.

The host's name is looked up once, every address must be public, and the connection goes to the
address that was checked. https only, no redirects, no proxies, no cookies, no content encodings.
Whatever goes wrong on the way is told in one sentence, so that callers learn nothing of networks.
"""

import http.client
import logging
import re
import socket
import ssl
import tempfile
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from threading import BoundedSemaphore, Event, Timer
from typing import IO
from urllib.parse import SplitResult, urlsplit

from service.content_hub.refusal import InputRefusedError
from service.content_hub.sources.addresses import is_public
from service.content_hub.sources.signed_files import OpenedFile

PORT = 443
CONNECT_SECONDS, WHOLE_SECONDS = 5.0, 20.0
MOST_BYTES = 30 * 2**20
AT_ONCE = 4  # each holds a thread of GraphQL's twelve
BLOCK = 65_536
HEADERS = {"Accept": "image/*", "Accept-Encoding": "identity", "Connection": "close"}

_PRINTABLE = re.compile(r"[!-\[\]-~]+")  # ASCII without space and backslash
_FAILURES = (OSError, ValueError, http.client.HTTPException)

log = logging.getLogger(__name__)


def addresses_of(host: str) -> list[str]:
    """Return the addresses of a host as the system finds them.

    Raises:
        OSError: there are none.
    """
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect(address: str, seconds: float) -> socket.socket:
    """Open a connection to an address.

    Raises:
        OSError: nobody answers there.
    """
    return socket.create_connection((address, PORT), seconds)


@dataclass(frozen=True)
class Network:
    """How names become addresses and addresses connections, and whom certificates come from."""

    addresses_of: Callable[[str], Sequence[str]] = addresses_of
    connect: Callable[[str, float], socket.socket] = connect
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)


class RemoteImages:
    """Fetches images from a few hosts; thread-safe."""

    def __init__(
        self,
        hosts: Iterable[str],
        network: Network | None = None,
        *,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        """Allow the hosts, which are names in lower case; `whole_seconds` bounds each fetch."""
        self.hosts = sorted(hosts)
        self._network = network or Network()
        self._whole_seconds = whole_seconds
        self._running = BoundedSemaphore(AT_ONCE)

    def allows(self, url: str) -> bool:
        """Tell whether a URL is https and on an allowed host, at its usual port."""
        return self._allowed(url) is not None

    @contextmanager
    def open(self, argument: str, url: str) -> Generator[OpenedFile, None, None]:
        """Fetch what a URL shows; the file is removed when the context ends.

        Args:
            argument: what messages call the URL.
            url: one that `allows` says yes to.

        Raises:
            InputRefusedError: it is not allowed, could not be fetched, or is too large.
        """
        parts = self._allowed(url)
        if parts is None:
            raise InputRefusedError(f"{argument} is on no allowed host.")
        if not self._running.acquire(blocking=False):
            raise InputRefusedError(
                f"{argument} cannot be fetched now: {AT_ONCE} others are being fetched; try again."
            )
        with tempfile.NamedTemporaryFile(prefix="image-") as file:
            try:
                size = self._fetch(argument, parts, file)
            finally:
                self._running.release()
            yield OpenedFile(None, size, [Path(file.name)])

    def _allowed(self, url: str) -> SplitResult | None:
        if not _PRINTABLE.fullmatch(url):
            return None
        with suppress(ValueError):
            parts = urlsplit(url)
            usual = parts.netloc.lower().removesuffix(f":{PORT}")
            if parts.scheme == "https" and usual in self.hosts:
                return parts
        return None

    def _fetch(self, argument: str, parts: SplitResult, file: IO[bytes]) -> int:
        host = str(parts.hostname)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            with self._connection(host) as connection:
                connection.request("GET", target, headers=HEADERS)
                with connection.getresponse() as answer:
                    size = _copied(answer, file)
        except _FAILURES as error:
            log.info("No image from %s: %s", host, type(error).__name__)
            raise InputRefusedError(
                f"{argument} could not be fetched from {host}. It must show the image itself "
                f"within {self._whole_seconds:g} seconds; redirects are not followed."
            ) from error
        if size > MOST_BYTES:
            raise InputRefusedError(
                f"{argument} has more than {MOST_BYTES:,} bytes, the most that is fetched from "
                "other hosts; upload it instead."
            )
        return size

    @contextmanager
    def _connection(self, host: str) -> Generator[http.client.HTTPConnection, None, None]:
        """Give a connection to a checked address; it breaks when the time is over."""
        addresses = self._network.addresses_of(host)
        if not addresses or not all(map(is_public, addresses)):
            raise ConnectionRefusedError("an address that is not public")
        with (
            self._network.connect(addresses[0], CONNECT_SECONDS) as plain,
            self._deadline(plain),
            self._network.trust.wrap_socket(plain, server_hostname=host) as encrypted,
        ):
            connection = http.client.HTTPConnection(host)
            connection.sock = encrypted
            yield connection

    @contextmanager
    def _deadline(self, connection: socket.socket) -> Generator[None, None, None]:
        """Break a connection when its time is over, however slowly bytes still arrive.

        Raises:
            TimeoutError: it was.
        """
        over = Event()
        watched = connection.dup()  # encrypting takes the connection's own handle away

        def end() -> None:
            over.set()
            with suppress(OSError):
                watched.shutdown(socket.SHUT_RDWR)

        timer = Timer(self._whole_seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            watched.close()
        if over.is_set():
            raise TimeoutError


def _copied(answer: http.client.HTTPResponse, file: IO[bytes]) -> int:
    """Copy up to one byte more than is taken, whatever was announced; return how many came."""
    encoding = answer.headers.get("Content-Encoding", "identity")
    if answer.status != HTTPStatus.OK or encoding != "identity":
        raise http.client.HTTPException(f"status {answer.status}, encoding {encoding}")
    size = 0
    while size <= MOST_BYTES and (block := answer.read(min(BLOCK, MOST_BYTES + 1 - size))):
        size += file.write(block)
    if size <= MOST_BYTES and answer.length:
        raise http.client.IncompleteRead(b"", answer.length)
    file.flush()
    return size
