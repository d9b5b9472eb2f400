"""What each signed-in session has in this process: its log of requests, and its transfers.

It is there as long as the sign-in: a reload, another tab, a page that is closed and opened again
find it as it was left.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable

from client.api.api import Api
from client.connection.connection import Connection
from client.transfers.browser import BrowserTransfers
from client.transfers.registry import TransferRegistry
from client.transfers.slots import WaitingSlots
from client.wire.exchange import ExchangeLog

SESSIONS_PER_OWNER = 3
"""Sessions of one user that are kept, the last used ones; each log takes up to 16 MiB."""
SESSIONS = 200
"""Sessions of all users that are kept."""

Named = Callable[[str], Connection]
"""Returns a connection by its name; raises ConnectionUnknownError."""


class Visitor:
    """One signed-in session. Thread-safe.

    Attributes:
        log: every request that was made for it, masked.
        transfers: what its browsers send.
    """

    def __init__(
        self, owner: str, registry: TransferRegistry, named: Named, slots: WaitingSlots
    ) -> None:
        self.owner = owner
        self.log = ExchangeLog()
        self._named = named
        self._lock = threading.Lock()
        self._apis: dict[str, Api] = {}
        self.transfers = BrowserTransfers(registry, owner, self.log, self._api_of, slots)

    def _api_of(self, name: str) -> Api:
        """Return the client of a connection; a new one once an admin has changed it."""
        connection = self._named(name)
        with self._lock:
            held = self._apis.get(connection.name)
            if held is None or held.connection != connection:
                held = self._apis[connection.name] = Api(connection, self.log)
            return held

    def close(self) -> None:
        """Let go of the clients: their kept connections close once no work uses them any more."""
        with self._lock:
            self._apis.clear()


class Visitors:
    """The sessions that are kept. Thread-safe."""

    def __init__(self, registry: TransferRegistry, named: Named, slots: WaitingSlots) -> None:
        """Keep sessions whose transfers are in a registry; `named` finds their connections."""
        self._registry = registry
        self._named = named
        self._slots = slots
        self._lock = threading.Lock()
        self._visitors: OrderedDict[tuple[str, str], Visitor] = OrderedDict()

    def of(self, owner: str, session: str) -> Visitor:
        """Return what a session has; what the user's least used session had makes room for it."""
        with self._lock:
            key = owner, session
            if key not in self._visitors:
                self._visitors[key] = Visitor(owner, self._registry, self._named, self._slots)
            self._visitors.move_to_end(key)
            mine = [known for known in self._visitors if known[0] == owner]
            for old in (*mine[:-SESSIONS_PER_OWNER], *list(self._visitors)[:-SESSIONS]):
                if visitor := self._visitors.pop(old, None):
                    visitor.close()
            return self._visitors[key]

    def drop(self, session: str) -> None:
        """Forget what a session had: it was signed out. Work that runs for it goes on."""
        with self._lock:
            for key in [key for key in self._visitors if key[1] == session]:
                self._visitors.pop(key).close()

    def close(self) -> None:
        """Close all kept connections."""
        with self._lock:
            for visitor in self._visitors.values():
                visitor.close()
            self._visitors.clear()
