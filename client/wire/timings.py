"""Measures the phases of one exchange (DNS, connect, TLS, send, wait, receive).

The phases are those of HAR 1.2 (section 4.2.16 of the draft), but for `connect`, which here ends
where TLS begins.
"""

import queue
import socket
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidSchema
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.poolmanager import PoolManager
from urllib3.response import HTTPResponse

SocketOption = tuple[int, int, int | bytes]


@dataclass(frozen=True)
class Timings:
    """Seconds per phase; None where a phase did not happen or cannot be known.

    A kept connection has no `dns`, `connect` and `tls`; a browser's PUT has none of all.

    Attributes:
        dns: looking the host up.
        connect: making the TCP connection.
        tls: the handshake; behind a proxy also asking it for the tunnel.
        send: handing the request to the system, its body included.
        wait: until the head of the answer was there.
        receive: reading the answer's body.
    """

    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    send: float | None = None
    wait: float | None = None
    receive: float | None = None

    @property
    def known(self) -> float:
        """The sum of what is known, in seconds."""
        return sum(seconds or 0.0 for seconds in self.phases().values())

    def phases(self) -> dict[str, float | None]:
        """Return the phases by name, in the order in which they happen."""
        names = ("dns", "connect", "tls", "send", "wait", "receive")
        return {name: getattr(self, name) for name in names}


class Stopwatch:
    """Collects the phases of one exchange; where redirects are followed, phases add up."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}
        self._mark = time.perf_counter()

    def start(self) -> None:
        """Begin a phase now."""
        self._mark = time.perf_counter()

    def end(self, phase: str) -> None:
        """Count the time since the last phase ended, or began, as this phase."""
        now = time.perf_counter()
        self._spent[phase] = self._spent.get(phase, 0.0) + now - self._mark
        self._mark = now

    def timings(self) -> Timings:
        """Return the phases so far."""
        return Timings(**self._spent)


_running: ContextVar[Stopwatch | None] = ContextVar("stopwatch", default=None)


@contextmanager
def measured_by(stopwatch: Stopwatch) -> Generator[None]:
    """Let connections that this thread uses meanwhile tell their phases to a stopwatch."""
    token = _running.set(stopwatch)
    try:
        yield
    finally:
        _running.reset(token)


def _stopwatch() -> Stopwatch:
    return _running.get() or Stopwatch()


class _OptionsAfterLookup(list[SocketOption]):
    """Socket options that note when they are read first.

    urllib3 looks the host up and connects in one function; between the two it reads the options,
    for each address that it tries.
    """

    looking_up = False

    def __iter__(self) -> Iterator[SocketOption]:
        if self.looking_up:
            self.looking_up = False
            _stopwatch().end("dns")
        return super().__iter__()


class _TimedConnection(HTTPConnection):
    """Tells the stopwatch of the thread about connecting, sending and waiting."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._options = _OptionsAfterLookup(self.socket_options or [])
        self.socket_options = self._options
        self._connected = False

    def _new_conn(self) -> socket.socket:
        self._connected, self._options.looking_up = False, True
        _stopwatch().start()
        try:
            made = super()._new_conn()
        finally:
            _stopwatch().end("dns" if self._options.looking_up else "connect")
        self._connected = True
        return made

    def request(self, *arguments: Any, **options: Any) -> None:
        _stopwatch().start()
        try:
            super().request(*arguments, **options)
        finally:
            _stopwatch().end("send")

    def getresponse(self) -> HTTPResponse:
        try:
            return super().getresponse()
        finally:
            _stopwatch().end("wait")


class _TimedTlsConnection(_TimedConnection, HTTPSConnection):
    """The same over TLS."""

    def connect(self) -> None:
        try:
            super().connect()
        finally:
            if self._connected:
                _stopwatch().end("tls")


class _TimedPool(HTTPConnectionPool):
    """Connections to one host."""

    ConnectionCls = _TimedConnection  # pyright: ignore[reportAssignmentType] # as urllib3's own


class _TimedTlsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedTlsConnection  # pyright: ignore[reportAssignmentType] # likewise


_POOLS: dict[str, type[HTTPConnectionPool] | type[HTTPSConnectionPool]] = {
    "http": _TimedPool,
    "https": _TimedTlsPool,
}


class TimedAdapter(HTTPAdapter):
    """Sends over connections that are measured, straight and through proxies.

    File-like bodies are handed over in blocks of `blocksize` bytes.
    """

    def __init__(self, *, pool_maxsize: int, blocksize: int) -> None:
        self._blocksize = blocksize
        super().__init__(pool_maxsize=pool_maxsize)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        """Make the pools; requests calls it."""
        super().init_poolmanager(
            connections, maxsize, block, blocksize=self._blocksize, **pool_kwargs
        )
        _measure(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """Make the pools of a proxy; requests calls it.

        Raises:
            InvalidSchema: it is a SOCKS proxy, as requests itself says where PySocks is missing:
                these connections do not go through one, whatever else is installed.
        """
        if proxy.lower().startswith("socks"):
            raise InvalidSchema("SOCKS proxies are not supported.")
        manager = super().proxy_manager_for(proxy, blocksize=self._blocksize, **proxy_kwargs)
        return _measure(manager)

    def drop_closed(self) -> None:
        """Close the idle connections that their other side has closed; thread-safe.

        Until somebody does, they stay in CLOSE-WAIT, each with its descriptor.
        """
        managers: list[PoolManager] = [self.poolmanager, *self.proxy_manager.values()]
        for manager in managers:
            keys = manager.pools.keys()
            for pool in map(manager.pools.get, keys):
                if pool is not None and pool.pool is not None:
                    _drop_closed(pool.pool)


def _drop_closed(idle: "queue.LifoQueue[HTTPConnection | None]") -> None:
    """Close what is over and leave it in its place: a closed connection opens itself again."""
    with idle.mutex:
        for connection in idle.queue:
            if connection is not None and not connection.is_connected:
                connection.close()


def _measure(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = _POOLS
    return manager
