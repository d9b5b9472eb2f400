"""Sends a part for a browser that cannot reach the store itself.

It sends to URLs that the API handed out for a transfer of that very owner and to no others, so it
is no open proxy; the browser names the part, never a URL. No token goes along.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from client.connection.connection import Connection
from client.errors import (
    AddressError,
    ConnectionIncompleteError,
    ConnectionUnknownError,
    ServiceDownError,
)
from client.storage.plan import UploadPlan
from client.transfers.registry import TransferRegistry
from client.wire.exchange import ExchangeLog
from client.wire.http import PUT_TIMEOUT, Call, SizedReader, Wire

ANSWER_LIMIT = 65_536
"""Bytes of the store's answer that are handed on; an S3 error has some hundred."""
HANDED_ON = ("ETag", "x-amz-request-id", "Retry-After", "Content-Type")
_UNRECORDED = 1
"""Exchanges kept: the browser tells of every try, so that each is in the log of its visit."""


@dataclass(frozen=True)
class RelayAnswer:
    """What the store said of a part, or what the relay has to say itself."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    content: bytes = b""


class Relay:
    """Sends parts over the connection that their URLs come from. Thread-safe; all of it blocks."""

    def __init__(self, registry: TransferRegistry, named: Callable[[str], Connection]) -> None:
        """Relay the parts of a registry's transfers.

        `named` finds a connection by its name; it is asked at the first part of each.
        """
        self._registry = registry
        self._named = named
        self._lock = threading.Lock()
        self._wires: dict[str, Wire] = {}

    def part_sizes(self, owner: str, transfer_id: str, number: int) -> range | None:
        """Return how many bytes a part of the owner's transfer may have; None if it is not to go.

        Raises:
            RecordsUnavailableError: the registry cannot be read.
        """
        plan = self._find(owner, transfer_id, number)
        if plan is None:
            return None
        if plan.part_size is None:
            return range(1, min(plan.max_part_size, plan.size) + 1)
        size = plan.parts[number - 1].size
        return range(size, size + 1)

    def send(
        self,
        owner: str,
        transfer_id: str,
        number: int,
        body: SizedReader,
        content_md5: str | None = None,
        start: int = 0,
    ) -> RelayAnswer:
        """Send a part and return the store's answer, whatever the status.

        An ETag is remembered at once: the part counts even if the browser never hears of it.

        Args:
            owner: whose transfer it is.
            transfer_id: which transfer.
            number: of the part.
            body: its bytes.
            content_md5: a header that goes along.
            start: where the part begins in the file, if the browser cuts it.

        Returns:
            The store's status, body and the headers `HANDED_ON`; 404 `transfer-forgotten` and 502
            `service-down` are the relay's own.

        Raises:
            RecordsUnavailableError: the registry cannot be read or written.
            Exception: what `body.read` raises; the request is broken off then.
        """
        plan, size = self._find(owner, transfer_id, number), len(body)
        if plan is None:
            return _own_answer(404, "transfer-forgotten", "No transfer of yours has this part.")
        headers = {"Content-MD5": content_md5} if content_md5 else {}
        if plan.kind == "single":
            headers["Content-Type"] = plan.content_type
        url = plan.urls[number]
        call = Call("PUT", url, f"part {number}", headers, body, PUT_TIMEOUT, ANSWER_LIMIT)
        try:
            answer = self._wire(plan.connection).send(call)
        except (
            ServiceDownError,
            ConnectionIncompleteError,
            ConnectionUnknownError,
            AddressError,
        ) as error:
            return _own_answer(502, "service-down", str(error))
        if answer.status == 200 and (etag := answer.headers.get("ETag")):
            if plan.part_size is not None:
                start = plan.parts[number - 1].start
            self._registry.note(owner, transfer_id, [(number, start, start + size, etag)])
        handed_on = {name: answer.headers[name] for name in HANDED_ON if name in answer.headers}
        return RelayAnswer(answer.status, handed_on, answer.content)

    def close(self) -> None:
        """Close the kept connections."""
        with self._lock:
            for wire in self._wires.values():
                wire.close()

    def _find(self, owner: str, transfer_id: str, number: int) -> UploadPlan | None:
        transfer = self._registry.get(owner, transfer_id)
        if transfer is None or transfer.plan is None or transfer.ended:
            return None
        return transfer.plan if number in transfer.plan.urls else None

    def _wire(self, connection: str) -> Wire:
        with self._lock:
            if connection not in self._wires:
                self._wires[connection] = Wire(self._named(connection), ExchangeLog(_UNRECORDED))
            return self._wires[connection]


def _own_answer(status: int, code: str, message: str) -> RelayAnswer:
    content = json.dumps({"error": code, "message": message}).encode()
    return RelayAnswer(status, {"Content-Type": "application/json"}, content)
