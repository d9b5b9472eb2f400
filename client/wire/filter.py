"""Filters the exchanges of a log, and groups those that were tries of the same request."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from client.wire.exchange import Exchange

Kind = Literal["token", "graphql", "part", "complete", "check", "other"]
KINDS: tuple[Kind, ...] = ("token", "graphql", "part", "complete", "check", "other")
Outcome = Literal["2xx", "3xx", "4xx", "5xx", "refused", "none"]
OUTCOMES: tuple[Outcome, ...] = ("2xx", "3xx", "4xx", "5xx", "refused", "none")
"""Classes of status; `refused` is a 200 whose body says no, `none` is no answer."""
_BY_PURPOSE: Mapping[str, Kind] = {
    "token": "token",
    "complete": "complete",
    "verify": "check",
    "download": "check",
}


@dataclass(frozen=True)
class ExchangeFilter:
    """What to show; an empty set, None and an empty text let everything through."""

    kinds: frozenset[Kind] = frozenset()
    outcomes: frozenset[Outcome] = frozenset()
    transfer: str | None = None
    words: str = ""

    def matches(self, exchange: Exchange) -> bool:
        """Tell whether an exchange is to be shown; all words must be found, in any case."""
        return (
            (not self.kinds or kind_of(exchange) in self.kinds)
            and (not self.outcomes or outcome_of(exchange) in self.outcomes)
            and (self.transfer is None or self.transfer in exchange.transfers)
            and _has_words(exchange, self.words)
        )


@dataclass(frozen=True)
class TransferGroup:
    """The exchanges of one transfer, tries of the same request side by side.

    Attributes:
        exchanges: by the start of a thing's first try, then in the order of its tries.
    """

    transfer: str
    exchanges: tuple[Exchange, ...] = field(default=())

    @property
    def started(self) -> float:
        """When the first one began, in seconds since the epoch."""
        return min(exchange.started for exchange in self.exchanges)

    @property
    def seconds(self) -> float:
        """From the first beginning to the last end."""
        ends = (exchange.started + exchange.seconds for exchange in self.exchanges)
        return max(ends) - self.started

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return sum(exchange.failed for exchange in self.exchanges)


def kind_of(exchange: Exchange) -> Kind:
    """Return what sort of request an exchange is."""
    purpose = exchange.purpose
    if purpose.startswith("part "):
        return "part"
    if purpose in _BY_PURPOSE:
        return _BY_PURPOSE[purpose]
    return "graphql" if exchange.method == "POST" and exchange.request_body else "other"


def outcome_of(exchange: Exchange) -> Outcome:
    """Return the class of an exchange's status."""
    if exchange.status is None:
        return "none"
    if exchange.refused:
        return "refused"
    by_hundreds: Mapping[int, Outcome] = {3: "3xx", 4: "4xx", 5: "5xx"}
    return by_hundreds.get(exchange.status // 100, "2xx")


def tries_of(exchanges: Iterable[Exchange]) -> dict[int, int]:
    """Return exchange id -> which try it is of the same request within its transfer.

    What comes after a success is a first try again, and so is all outside of a transfer.
    """
    latest: dict[tuple[str, str], Exchange] = {}
    found: dict[int, int] = {}
    for exchange in sorted(exchanges, key=lambda exchange: exchange.started):
        key = exchange.transfer or "", exchange.purpose
        before = latest.get(key) if exchange.transfer else None
        found[exchange.id] = found[before.id] + 1 if before and before.failed else 1
        latest[key] = exchange
    return found


def by_transfer(exchanges: Iterable[Exchange]) -> Sequence[TransferGroup]:
    """Return the transfers of exchanges, the one that began last first."""
    found: dict[str, dict[str, list[Exchange]]] = {}
    for exchange in sorted(exchanges, key=lambda exchange: exchange.started):
        for transfer in exchange.transfers:
            things = found.setdefault(transfer, {})
            things.setdefault(exchange.purpose, []).append(exchange)
    groups = [
        TransferGroup(transfer, tuple(one for tries in things.values() for one in tries))
        for transfer, things in found.items()
    ]
    return sorted(groups, key=lambda group: group.started, reverse=True)


def _has_words(exchange: Exchange, words: str) -> bool:
    if not words.strip():
        return True
    content = "\n".join(
        (
            exchange.method,
            exchange.url,
            exchange.purpose,
            str(exchange.status or ""),
            exchange.error or "",
            exchange.request_id or "",
            json.dumps(dict(exchange.request_headers)),
            json.dumps(dict(exchange.response_headers)),
            exchange.request_body or "",
            exchange.response_body or "",
        )
    ).casefold()
    return all(word in content for word in words.casefold().split())
