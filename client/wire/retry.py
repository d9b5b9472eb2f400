"""Which failures are retried, how often and after which pause (docs/architecture.md 5.6).

`retry.json` is the table, for this package and for the browser alike: the browser reads it as
`components/upload/uploader/engine/sending/retry_table.js`, which `make frontend` writes. No answer
at all (refused, reset, timed out) is tried again; a status or code that the table does not have is
not. A full disk (507) is not emptied in seconds. `pageTries` and `pagePatience` are the browser's.

A few tries are enough where a server refuses one request. A server that is away, since it is being
started again, comes back in its own time: no answer and 502, 503, 504 can be tried again for a
time, the policy's `patience`, however many tries that takes. Not so a host that nobody knows and a
certificate that is refused.

Mutations are stricter, since `createAsset` done twice makes two assets (contract 12).
"""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from client.errors import ClientError, ServiceDownError

Result = TypeVar("Result")
Pause = Callable[[float], object]

TABLE: dict[str, Any] = json.loads(
    (Path(__file__).parent / "retry.json").read_text(encoding="utf-8")
)
RETRIED_STATUSES = frozenset({*TABLE["statuses"], *range(TABLE["everyStatusFrom"], 600)}) - {
    *TABLE["neverStatuses"]
}
RETRIED_STORAGE_CODES = frozenset(TABLE["storageCodes"])
RETRIED_MUTATION_STATUSES = frozenset(TABLE["mutationStatuses"])
AWAY_STATUSES = frozenset(TABLE["awayStatuses"])


@dataclass(frozen=True)
class Retried:
    """One failed try that will be repeated after `delay` seconds; `failures` counts from 1."""

    failures: int
    delay: float
    error: ClientError


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how long. Times are seconds.

    Attributes:
        tries: at most so many, the first one counted, where patience is no reason for more.
        base: below this the first delay lies; the bound doubles with every failure.
        cap: the bound never gets larger than this.
        patience: how long after its first failure a server that is away is tried again.
        on_retry: hears each failed try that will be repeated, where the caller tells nobody else.
    """

    tries: int = TABLE["tries"]
    base: float = TABLE["firstDelay"]
    cap: float = TABLE["longestDelay"]
    patience: float = 0.0
    on_retry: Callable[[Retried], object] = lambda _retried: None

    def delay(self, failures: int, asked_for: float | None = None) -> float:
        """Return the seconds to wait after so many failures: full jitter below a doubling bound.

        A Retry-After (`asked_for`) is kept to, plus up to a second of jitter.
        """
        if asked_for is not None:
            return asked_for + random.uniform(0, 1)  # noqa: S311 - spreads load, guards nothing
        bound = min(self.cap, self.base * 2 ** min(failures - 1, 32))
        return random.uniform(0, bound)  # noqa: S311


def may_retry(error: ClientError) -> bool:
    """Return whether a part, a complete, a read or a token request is sent again."""
    if isinstance(error, ServiceDownError):
        return True
    return (
        error.details.get("status") in RETRIED_STATUSES
        or error.details.get("storage_code") in RETRIED_STORAGE_CODES
    )


def may_retry_mutation(error: ClientError) -> bool:
    """Return whether a mutation is sent again: only when it cannot have been carried out."""
    if isinstance(error, ServiceDownError):
        return not error.request_sent
    return error.details.get("status") in RETRIED_MUTATION_STATUSES


def is_away(error: ClientError) -> bool:
    """Return whether the server may only be away, as while it is started again."""
    if isinstance(error, ServiceDownError):
        return error.passing
    return error.details.get("status") in AWAY_STATUSES


def with_retries(
    action: Callable[[], Result],
    policy: RetryPolicy,
    retry_when: Callable[[ClientError], bool] = may_retry,
    *,
    pause: Pause = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    on_retry: Callable[[Retried], object] | None = None,
    reached: Callable[[], int] = lambda: 0,
) -> Result:
    """Return what the action returns, trying again where the table allows.

    Args:
        action: one try.
        policy: how often and how long.
        retry_when: whether an error is a reason to try again.
        pause: waits so many seconds; what it raises ends everything.
        clock: tells the seconds since some moment, those of the pauses included.
        on_retry: hears each failed try that will be repeated, in the place of the policy's.
        reached: how far the action has got; once it is further than at the failure before, tries
            and patience are counted anew.

    Raises:
        ClientError: the last error, once it may not be tried again, tries and patience are used
            up, or the server asks for a longer wait than the policy's cap and the patience left.
            After several tries its details have `tries`, and `tried_for`, the seconds from the
            beginning of the first to the end of the last.
    """
    tried, failures, furthest = 0, 0, reached()
    began = clock()
    patient_until = began
    while True:
        try:
            return action()
        except ClientError as error:
            if "tried_for" in error.details:  # by a part of the action, a token's fetching
                raise
            now = clock()
            if reached() > furthest:
                failures, furthest = 0, reached()
            tried, failures = tried + 1, failures + 1
            if failures == 1:
                patient_until = now + policy.patience
            patience = patient_until - now if is_away(error) else 0.0
            delay = _delay(policy, failures, error, patience) if retry_when(error) else None
            if delay is None:
                if tried > 1:
                    error.details |= {"tries": tried, "tried_for": round(now - began)}
                raise
            retried = Retried(tried, delay, error)
        (on_retry or policy.on_retry)(retried)
        pause(retried.delay)


def _delay(policy: RetryPolicy, failures: int, error: ClientError, patience: float) -> float | None:
    """Return the seconds to wait before the next try, None when this was the last."""
    asked_for = error.details.get("retry_after")
    wait = asked_for if isinstance(asked_for, int) else None
    if failures < policy.tries:
        longest = max(policy.cap, patience)
        return None if wait is not None and wait > longest else policy.delay(failures, wait)
    if patience <= 0 or (wait is not None and wait > patience):
        return None
    return min(policy.delay(failures, wait), patience)
