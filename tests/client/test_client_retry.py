import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.errors import ClientError, RateLimitedError, ServiceDownError, StorageRefusedError
from client.retry import Retried, RetryPolicy, may_retry, may_retry_mutation, with_retries

POLICY = RetryPolicy()


@pytest.mark.parametrize("status", [408, 429, 500, 501, 502, 503, 504, 599])
def test_these_statuses_are_tried_again(status: int) -> None:
    assert may_retry(StorageRefusedError("x", status=status))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 411, 412, 507, 200])
def test_other_statuses_are_not(status: int) -> None:
    assert not may_retry(StorageRefusedError("x", status=status))


@pytest.mark.parametrize("code", ["RequestTimeout", "SlowDown", "InternalError"])
def test_these_storage_codes_are_tried_again_in_any_status(code: str) -> None:
    assert may_retry(StorageRefusedError("x", status=200, storage_code=code))


def test_a_mutation_is_repeated_only_when_it_cannot_have_been_carried_out() -> None:
    assert may_retry_mutation(ServiceDownError("x", request_sent=False))
    assert not may_retry_mutation(ServiceDownError("x", request_sent=True))
    assert may_retry_mutation(RateLimitedError("x", status=429))
    assert not may_retry_mutation(RateLimitedError("x", status=500))


@given(st.integers(1, 50))
def test_delays_stay_below_a_doubling_bound_and_the_cap(failures: int) -> None:
    assert 0 <= POLICY.delay(failures) <= min(POLICY.cap, POLICY.base * 2 ** (failures - 1))


def test_delays_are_jittered() -> None:
    assert len({POLICY.delay(6) for _ in range(20)}) > 10


@given(st.integers(0, 20))
def test_retry_after_is_kept_to(seconds: int) -> None:
    assert seconds <= POLICY.delay(1, seconds) <= seconds + 1


def failing(error: ClientError, tries: list[int]) -> str:
    tries.append(len(tries))
    raise error


def test_five_tries_are_made_and_the_last_error_is_raised() -> None:
    tries: list[int] = []
    retried: list[Retried] = []
    with pytest.raises(StorageRefusedError, match="busy"):
        with_retries(
            lambda: failing(StorageRefusedError("busy", status=503), tries),
            POLICY,
            pause=lambda _seconds: None,
            on_retry=retried.append,
        )
    assert len(tries) == 5
    assert [one.failures for one in retried] == [1, 2, 3, 4]


def test_a_wait_longer_than_the_cap_is_left_to_the_caller() -> None:
    tries: list[int] = []
    with pytest.raises(RateLimitedError):
        with_retries(
            lambda: failing(RateLimitedError("x", status=429, retry_after=60), tries), POLICY
        )
    assert len(tries) == 1
