"""Relays each part over the connection that its URL was issued by."""

import threading
from collections.abc import Callable
from functools import partial

from client.connection.connection import Connection
from client.errors import ConnectionIncompleteError, ConnectionUnknownError
from client.transfers.registry import TransferRegistry
from client.transfers.relay import Relay, RelayAnswer
from client.wire.http import SizedReader


class Relays:
    """One relay for each connection, made at its first part. Thread-safe; all of it blocks."""

    def __init__(self, registry: TransferRegistry, named: Callable[[str], Connection]) -> None:
        """Relay for the transfers of a registry.

        Args:
            registry: where transfers and their URLs are remembered.
            named: finds a connection by its name; the one to begin with for an empty name.
        """
        self._registry = registry
        self._named = named
        self._lock = threading.Lock()
        self._relays: dict[str, Relay] = {}

    def part_size(self, owner: str, transfer_id: str, number: int) -> int | None:
        """Return the bytes of a part of the owner's transfer that may still be sent, else None.

        Raises:
            RecordsUnavailableError: the registry cannot be read.
        """
        return self._relay("").part_size(owner, transfer_id, number)

    def send(
        self,
        owner: str,
        transfer_id: str,
        number: int,
        body: SizedReader,
        content_md5: str | None = None,
    ) -> RelayAnswer:
        """Send a part, as `Relay.send` does, by the connection that its transfer began on."""
        transfer = self._registry.get(owner, transfer_id)
        name = transfer.plan.connection if transfer and transfer.plan else ""
        return self._relay(name).send(owner, transfer_id, number, body, content_md5)

    def close(self) -> None:
        """Close the kept connections."""
        with self._lock:
            for relay in self._relays.values():
                relay.close()

    def _relay(self, name: str) -> Relay:
        with self._lock:
            if name not in self._relays:
                self._relays[name] = Relay(self._registry, partial(self._connect, name))
            return self._relays[name]

    def _connect(self, name: str) -> Connection:
        try:
            return self._named(name)
        except ConnectionUnknownError as error:  # to a relay, as good as one without credentials
            raise ConnectionIncompleteError(str(error), name=name) from error
