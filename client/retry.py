"""What is tried again, how often and after how long (design decision 6).

| tried again | not tried again |
| --- | --- |
| no answer (refused, reset, timed out) | any other 4xx |
| 408, 429, 5xx | 403, expired or not |
| S3 `RequestTimeout`, `SlowDown`, `InternalError`, `ServiceUnavailable` | other codes |
| | 507: a full disk is not emptied in seconds |

Mutations are stricter, since `createAsset` done twice makes two assets (contract section 12).
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from client.errors import ClientError, ServiceDownError

Result = TypeVar("Result")
Pause = Callable[[float], object]

RETRIED_STATUSES = frozenset({408, 429, *range(500, 600)} - {507})
RETRIED_STORAGE_CODES = frozenset(
    {"RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable"}
)
RETRIED_MUTATION_STATUSES = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how long. `base` and `cap` are seconds; `tries` counts the first one."""

    tries: int = 5
    base: float = 0.5
    cap: float = 20.0

    def delay(self, failures: int, asked_for: float | None = None) -> float:
        """Return the seconds to wait after so many failures: full jitter below a doubling bound.

        A Retry-After (`asked_for`) is kept to, plus up to a second of jitter.
        """
        if asked_for is not None:
            return asked_for + random.uniform(0, 1)  # noqa: S311 - spreads load, guards nothing
        bound = min(self.cap, self.base * 2 ** (failures - 1))
        return random.uniform(0, bound)  # noqa: S311


@dataclass(frozen=True)
class Retried:
    """One failed try that will be repeated after `delay` seconds; `failures` counts from 1."""

    failures: int
    delay: float
    error: ClientError


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


def with_retries(
    action: Callable[[], Result],
    policy: RetryPolicy,
    retry_when: Callable[[ClientError], bool] = may_retry,
    *,
    pause: Pause = time.sleep,
    on_retry: Callable[[Retried], object] = lambda _retried: None,
) -> Result:
    """Return what the action returns, trying again where the table allows.

    Raises:
        ClientError: the last error, once it may not be tried again, tries are used up, or the
            server asks for a longer wait than the policy's cap.
    """
    for failures in range(1, policy.tries):
        try:
            return action()
        except ClientError as error:
            asked_for = error.details.get("retry_after")
            wait = asked_for if isinstance(asked_for, int) else None
            if not retry_when(error) or (wait is not None and wait > policy.cap):
                raise
            retried = Retried(failures, policy.delay(failures, wait), error)
        on_retry(retried)
        pause(retried.delay)
    return action()
