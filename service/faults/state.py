"""Which switches are on right now, and how much of each is left."""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Any, TypeVar

from service.errors import ServiceError
from service.faults.switches import (
    CompleteError,
    DropPart,
    FailPart,
    FailSome,
    RateLimitFault,
    SlowComplete,
    Switches,
    WrongEtag,
)

LARGEST_PIECE = 65_536  # bytes handed on at once over a slow line
PIECES_PER_SECOND = 8

log = logging.getLogger(__name__)

_Counted = TypeVar("_Counted", FailPart, DropPart, WrongEtag, CompleteError, RateLimitFault)


class FaultsNotPermitted(ServiceError):  # noqa: N818 - says what is the case
    """This service was started without permission for fault switches."""

    def __init__(self) -> None:
        super().__init__(
            "Fault switches are not permitted here; start the service with --faults or with "
            "TFW_FAULTS=on."
        )


class Faults:
    """The switches of one service; every method may be called from any thread.

    They live in memory only: a restart switches everything off.
    """

    def __init__(self, permitted: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with everything off; without permission it stays so."""
        self.permitted = permitted
        self._clock = clock
        self._lock = Lock()
        self._switches = Switches()
        self._line_free_at = 0.0

    @property
    def switches(self) -> Switches:
        """The switches as they are now; counters show what is left."""
        return self._switches

    def require_permission(self) -> None:
        """Do nothing where fault switches are permitted.

        Raises:
            FaultsNotPermitted: they are not.
        """
        if not self.permitted:
            raise FaultsNotPermitted

    def active(self) -> tuple[str, ...]:
        """Return the names of the switches that are on."""
        return self._switches.names

    def set(self, switches: Switches) -> None:
        """Switch on exactly these, and everything else off.

        Raises:
            FaultsNotPermitted: this service has no fault switches.
        """
        self.require_permission()
        with self._lock:
            self._switches = switches
            self._line_free_at = 0.0
        log.warning("Faults on: %s.", ", ".join(switches.names) or "none")

    def fail_part(self, part: int) -> FailPart | None:
        """Use the switch once if it is on for this part."""
        return self._take("fail_part", self._switches.fail_part, part)

    def fail_some(self) -> FailSome | None:
        """Return the switch if it is on and chance has it."""
        switch = self._switches.fail_some
        chosen = switch and random.randrange(100) < switch.percent  # noqa: S311 - guards nothing
        return switch if chosen else None

    def drop_part(self, part: int) -> DropPart | None:
        """Use the switch once if it is on for this part."""
        return self._take("drop_part", self._switches.drop_part, part)

    def wrong_etag(self, part: int) -> WrongEtag | None:
        """Use the switch once if it is on for this part."""
        return self._take("wrong_etag", self._switches.wrong_etag, part)

    def complete_error(self) -> CompleteError | None:
        """Use the switch once if it is on."""
        return self._take("complete_error", self._switches.complete_error)

    def rate_limited(self) -> RateLimitFault | None:
        """Use the switch once if it is on."""
        return self._take("rate_limit", self._switches.rate_limit)

    def slow_complete(self) -> SlowComplete | None:
        """Return the switch if it is on."""
        return self._switches.slow_complete

    def no_credits(self) -> bool:
        """Return whether the organization is to have no credits."""
        return self._switches.no_credits is not None

    def latency(self) -> float:
        """Return the seconds to wait before a request is looked at."""
        latency = self._switches.latency
        return latency.ms / 1000 if latency else 0

    def token_age_limit(self) -> int | None:
        """Return the age in seconds at which access tokens have expired, if it is shortened."""
        switch = self._switches.token_expiry
        return switch.seconds if switch else None

    def url_age_limit(self) -> int | None:
        """Return the age in seconds at which signed URLs have expired, if it is shortened."""
        switch = self._switches.expire_urls
        return switch.seconds if switch else None

    def piece_size(self) -> int | None:
        """Return how many bytes to hand on at once over the slow line; None when it is off."""
        line = self._switches.bandwidth
        return min(LARGEST_PIECE, line.bytes_per_second // PIECES_PER_SECOND) if line else None

    def delay_of(self, size: int) -> float:
        """Queue `size` bytes on the slow line; return the seconds until they are through."""
        with self._lock:
            line = self._switches.bandwidth
            if line is None or size == 0:
                return 0
            now = self._clock()
            self._line_free_at = max(now, self._line_free_at) + size / line.bytes_per_second
            return self._line_free_at - now

    def _take(self, name: str, seen: _Counted | None, part: int | None = None) -> _Counted | None:
        """Use the switch `name` once; its record was `seen` a moment ago, without the lock."""
        if seen is None:
            return None
        with self._lock:
            switch: _Counted | None = getattr(self._switches, name)
            if switch is None or getattr(switch, "part", part) != part:
                return None
            if switch.times is not None:
                left = replace(switch, times=switch.times - 1) if switch.times > 1 else None
                changed: dict[str, Any] = {name: left}
                self._switches = replace(self._switches, **changed)
        return switch
