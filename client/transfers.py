"""Transfers whose bytes a browser sends: Python plans them, completes them and keeps the outcome.

The browser tells of four things, each as an event: `picked`, `sent`, `failed` and `cancelled`.
Every event has a name of its own, and every transfer remembers the last one it answered, so an
event that arrives twice changes nothing.
"""

import threading
import time
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from client.api import Api
from client.complete import Receipt
from client.content_type import content_type_to_send, is_false_image
from client.errors import ClientError, TransferForgottenError
from client.exchange import ExchangeLog
from client.plan import UploadPlan

KEPT_PER_OWNER = 20

State = Literal["planned", "done", "failed", "cancelled"]
Details = Mapping[str, str | int]


@dataclass(frozen=True)
class Problem:
    """What went wrong: a code QA can quote, and the values its sentence needs."""

    code: str
    details: Details
    message: str = ""


@dataclass(frozen=True)
class Transfer:
    """One file on its way from a browser. Sizes are bytes, times seconds since 1970."""

    id: str
    owner: str
    name: str
    size: int
    state: State
    answers: str
    started: float = field(default_factory=time.time)
    plan: UploadPlan | None = None
    receipt: Receipt | None = None
    problem: Problem | None = None
    false_image: bool = False


@dataclass(frozen=True)
class Wish:
    """How the person wants a file sent; None leaves the choice to us."""

    part_size: int | None = None
    kind: Literal["single", "multipart"] | None = None


class TransferRegistry:
    """All transfers of the process, each visible to its owner only. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_owner: dict[str, dict[str, Transfer]] = {}

    def put(self, transfer: Transfer) -> None:
        """Add or replace a transfer; the oldest ones beyond `KEPT_PER_OWNER` are forgotten."""
        with self._lock:
            kept = self._by_owner.setdefault(transfer.owner, {})
            kept[transfer.id] = transfer
            while len(kept) > KEPT_PER_OWNER:
                del kept[next(iter(kept))]

    def get(self, owner: str, transfer_id: str) -> Transfer | None:
        """Return the owner's transfer of that id, if there is one."""
        with self._lock:
            return self._by_owner.get(owner, {}).get(transfer_id)

    def finished(self, owner: str) -> list[tuple[Transfer, Receipt]]:
        """Return the owner's completed transfers and what they brought, newest first."""
        with self._lock:
            newest_first = list(reversed(self._by_owner.get(owner, {}).values()))
        return [(transfer, transfer.receipt) for transfer in newest_first if transfer.receipt]


class BrowserTransfers:
    """What one visitor's browser sends: answers its events and keeps the registry up to date."""

    def __init__(self, api: Api, registry: TransferRegistry, owner: str, log: ExchangeLog) -> None:
        self._api = api
        self._registry = registry
        self._owner = owner
        self._log = log
        self._begun: list[str] = []
        self.seen = ""

    def handle(self, event: Mapping[str, Any], wish: Wish) -> None:
        """Answer one event, once: the outcome, good or bad, is kept with the transfer."""
        if event["event"] == self.seen:
            return
        answer = {
            "picked": lambda: self._picked(event, wish),
            "sent": lambda: self._sent(event),
            "failed": lambda: self._failed(event),
            "cancelled": lambda: self._ended(event, "cancelled"),
        }[event["kind"]]
        self._record_tries(event)
        try:
            answer()
        except ClientError as error:
            self._ended(event, "failed", Problem(error.code, error.details, str(error)))
        self.seen = event["event"]

    def begun(self) -> list[Transfer]:
        """Return the transfers of this visit, oldest first."""
        found = (self._registry.get(self._owner, transfer_id) for transfer_id in self._begun)
        return [transfer for transfer in found if transfer]

    def _picked(self, event: Mapping[str, Any], wish: Wish) -> None:
        name, size, claimed = str(event["name"]), int(event["size"]), str(event["type"])
        head = b64decode(event["head"])
        transfer = self._transfer(event)
        self._registry.put(transfer)
        plan = self._api.plan_upload(
            name,
            size,
            content_type_to_send(head, claimed),
            part_size=wish.part_size,
            kind=wish.kind,
        )
        false_image = is_false_image(head, claimed)
        self._registry.put(replace(transfer, plan=plan, false_image=false_image))

    def _sent(self, event: Mapping[str, Any]) -> None:
        transfer = self._transfer(event)
        if transfer.plan is None:
            raise TransferForgottenError(
                f'The app no longer knows the upload of "{transfer.name}": it was restarted.',
                name=transfer.name,
            )
        etags = {int(number): str(etag) for number, etag in event["etags"]}
        receipt = self._api.complete(transfer.plan, etags)
        self._registry.put(replace(transfer, state="done", receipt=receipt, problem=None))

    def _failed(self, event: Mapping[str, Any]) -> None:
        error = event["error"]
        name = {"name": str(event["name"])}
        self._ended(event, "failed", Problem(str(error["code"]), {**error["details"], **name}))

    def _ended(
        self, event: Mapping[str, Any], state: State, problem: Problem | None = None
    ) -> None:
        self._registry.put(replace(self._transfer(event), state=state, problem=problem))

    def _transfer(self, event: Mapping[str, Any]) -> Transfer:
        transfer_id, name = str(event["id"]), str(event["event"])
        known = self._registry.get(self._owner, transfer_id)
        if known:
            return replace(known, answers=name)
        if transfer_id not in self._begun:
            self._begun.append(transfer_id)
        return Transfer(
            id=transfer_id,
            owner=self._owner,
            name=str(event["name"]),
            size=int(event["size"]),
            state="planned",
            answers=name,
        )

    def _record_tries(self, event: Mapping[str, Any]) -> None:
        transfer = self._registry.get(self._owner, str(event["id"]))
        if transfer is None or transfer.plan is None:
            return
        urls = {part.number: part.url for part in transfer.plan.parts}
        for sent in event.get("tries", ()):
            self._log.record_browser_put(url=urls[sent["part"]], **sent)
