import ssl
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.api.api import Api
from client.connection.connection import Connection, PersonalAccessToken
from client.errors import ClientError, RateLimitedError, ServiceDownError, StorageRefusedError
from client.wire.http import Call
from client.wire.retry import Retried, RetryPolicy, may_retry, may_retry_mutation, with_retries
from tests.client.scripted_endpoint import QuietServer
from tests.own_ca import make_certificates
from tests.serving import serving

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


def restarting(failures: int, error: ClientError, tries: list[int]) -> str:
    """Fail so many times."""
    tries.append(len(tries))
    if len(tries) <= failures:
        raise error
    return "there"


def refused() -> ClientError:
    return ServiceDownError("refused", request_sent=False)


def gateway(status: int) -> ClientError:
    return StorageRefusedError("away", status=status, storage_code="ServiceUnavailable")


@pytest.mark.parametrize(
    "error",
    [refused(), ServiceDownError("reset", request_sent=True), *map(gateway, (502, 503, 504))],
    ids=str,
)
def test_a_server_that_is_away_is_waited_for_however_many_tries_it_takes(
    error: ClientError,
) -> None:
    tries: list[int] = []
    waits: list[float] = []
    found = with_retries(
        lambda: restarting(40, error, tries),
        RetryPolicy(patience=3600, cap=20),
        pause=waits.append,
    )
    assert (found, len(tries)) == ("there", 41)
    assert max(waits) <= 20
    assert len(set(waits)) > 20


class Clock:
    """Time that passes in pauses only."""

    def __init__(self) -> None:
        self.now = 0.0

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self) -> float:
        return self.now


def test_the_last_try_is_made_as_patience_ends_and_what_it_took_is_told() -> None:
    tries: list[int] = []
    clock = Clock()
    with pytest.raises(ServiceDownError) as caught:
        with_retries(
            lambda: failing(ServiceDownError("x", request_sent=True), tries),
            RetryPolicy(patience=60),
            pause=clock.pause,
            clock=clock,
        )
    assert clock.now == pytest.approx(60)
    assert caught.value.details == {"tries": len(tries), "tried_for": 60}


@pytest.mark.parametrize(
    "error",
    [
        StorageRefusedError("x", status=500),
        StorageRefusedError("x", status=429),
        StorageRefusedError("x", status=408, storage_code="RequestTimeout"),
        ServiceDownError("no such host", request_sent=False, passing=False),
    ],
    ids=str,
)
def test_patience_is_for_servers_that_may_come_back(error: ClientError) -> None:
    tries: list[int] = []
    with pytest.raises(ClientError):
        with_retries(
            lambda: failing(error, tries), RetryPolicy(patience=3600), pause=lambda _seconds: None
        )
    assert len(tries) == 5


def test_a_refusal_while_a_server_comes_back_ends_it() -> None:
    errors = iter([*(refused() for _ in range(9)), StorageRefusedError("no", status=403)])

    def act() -> None:
        raise next(errors)

    with pytest.raises(StorageRefusedError, match="no") as caught:
        with_retries(act, RetryPolicy(patience=3600), pause=lambda _seconds: None)
    assert caught.value.details["tries"] == 10


def test_a_longer_wait_is_kept_to_where_patience_reaches_that_far() -> None:
    tries: list[int] = []
    waits: list[float] = []
    busy = StorageRefusedError("x", status=503, retry_after=30)
    policy = RetryPolicy(cap=20, patience=60)
    assert with_retries(lambda: restarting(1, busy, tries), policy, pause=waits.append) == "there"
    assert 30 <= waits[0] <= 31
    with pytest.raises(StorageRefusedError):
        with_retries(lambda: failing(busy, tries), RetryPolicy(cap=20), pause=waits.append)


def test_what_gets_further_has_all_its_tries_again() -> None:
    tries: list[int] = []
    with pytest.raises(ServiceDownError):
        with_retries(
            lambda: failing(ServiceDownError("x", request_sent=True), tries),
            POLICY,
            pause=lambda _seconds: None,
            reached=lambda: min(len(tries), 7),
        )
    assert len(tries) == 7 + 4


def test_what_was_tried_again_inside_is_not_tried_again_outside() -> None:
    tries: list[int] = []

    def inner() -> str:
        return with_retries(lambda: failing(refused(), tries), POLICY, pause=lambda _seconds: None)

    with pytest.raises(ServiceDownError):
        with_retries(inner, RetryPolicy(patience=3600), pause=lambda _seconds: None)
    assert len(tries) == 5


def test_the_policy_tells_of_a_failed_try_where_nobody_else_hears_it() -> None:
    told: list[Retried] = []
    heard: list[Retried] = []
    tries: list[int] = []
    policy = RetryPolicy(on_retry=told.append)
    with_retries(lambda: restarting(2, refused(), tries), policy, pause=lambda _seconds: None)
    assert [one.failures for one in told] == [1, 2]
    tries.clear()
    with_retries(
        lambda: restarting(2, refused(), tries),
        policy,
        pause=lambda _seconds: None,
        on_retry=heard.append,
    )
    assert (len(told), len(heard)) == (2, 2)


def test_a_host_that_nobody_knows_and_a_certificate_that_is_refused_are_not_waited_for(
    tmp_path: Path,
) -> None:
    files = make_certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.server, files.server_key)
    server = QuietServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with serving(server) as port:
        for url in (f"https://127.0.0.1:{port}/x", "http://nobody.invalid/x"):
            api = Api(Connection("c", url, url, PersonalAccessToken("amp_pat_x")))
            with pytest.raises(ServiceDownError) as caught:
                api.wire.send(Call("GET", url, "trial"))
            assert not caught.value.passing
            assert " within " not in str(caught.value)


def test_a_wait_longer_than_the_cap_is_left_to_the_caller() -> None:
    tries: list[int] = []
    with pytest.raises(RateLimitedError):
        with_retries(
            lambda: failing(RateLimitedError("x", status=429, retry_after=60), tries), POLICY
        )
    assert len(tries) == 1
