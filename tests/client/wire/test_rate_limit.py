from dataclasses import dataclass, field

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from client.api.api import Api
from client.connection.connection import PersonalAccessToken
from client.errors import RateLimitedError
from client.wire.rate_limit import LONGEST_WAIT, MINUTE, TokenBucket, bucket_of
from tests.client.scripted_endpoint import QUICK, ScriptedEndpoint, answer


@dataclass
class Clock:
    """A clock that only moves when somebody waits or a test moves it."""

    time: float = 0.0
    waited: list[float] = field(default_factory=list[float])

    def now(self) -> float:
        return self.time

    def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.time += seconds

    def bucket(self, limit: int) -> TokenBucket:
        return TokenBucket(limit, self.now, self.pause)


@example(limit=2, gaps=[17.4, 0.0])
@given(st.integers(1, 90), st.lists(st.floats(0, 20), max_size=150))
def test_no_window_of_a_minute_sees_more_than_the_limit(limit: int, gaps: list[float]) -> None:
    clock = Clock()
    bucket = clock.bucket(limit)
    sent: list[float] = []
    for gap in gaps:
        clock.time += gap
        bucket.take()
        sent.append(clock.time)
    for first in sent:
        assert sum(first <= one < first + MINUTE - 1e-6 for one in sent) <= limit


def test_a_third_of_the_limit_goes_at_once_and_the_next_is_told_its_wait() -> None:
    clock, told = Clock(), list[float]()
    bucket = clock.bucket(60)
    assert [bucket.take(told.append) for _ in range(20)] == [0] * 20
    assert bucket.state.ready == 0
    assert bucket.take(told.append) == pytest.approx(1.5)  # 40 are filled up in a minute
    assert told == clock.waited == [pytest.approx(1.5)]


def test_a_bucket_fills_up_again() -> None:
    clock = Clock()
    bucket = clock.bucket(60)
    for _ in range(20):
        bucket.take()
    clock.time += MINUTE
    assert (bucket.state.ready, bucket.state.wait) == (20, 0)


def test_a_request_that_would_wait_too_long_is_refused_unsent() -> None:
    clock = Clock()
    bucket = clock.bucket(60)
    bucket.hold(LONGEST_WAIT + 30)
    with pytest.raises(RateLimitedError, match="nothing was sent") as info:
        bucket.take()
    assert info.value.details["retry_after"] == 90
    assert clock.waited == []


def test_after_a_wait_that_the_endpoint_asked_for_the_limit_still_holds() -> None:
    clock = Clock()
    bucket = clock.bucket(60)
    bucket.hold(30)
    sent: list[float] = []
    for _ in range(40):
        bucket.take()
        sent.append(clock.time)
    assert sent[0] == pytest.approx(30)
    assert sum(one < 30 + 1e-6 for one in sent) == 20


def test_all_clients_of_one_credential_share_a_bucket(endpoint: ScriptedEndpoint) -> None:
    mine, again = (endpoint.connection(rate_limit=60) for _ in range(2))
    other = endpoint.connection(rate_limit=60, credentials=PersonalAccessToken("amp_pat_other"))
    assert bucket_of(mine) is bucket_of(again)
    assert bucket_of(mine) is not bucket_of(other)
    assert bucket_of(endpoint.connection()) is None


def test_every_graphql_request_takes_a_turn_and_tokens_and_files_take_none(
    endpoint: ScriptedEndpoint,
) -> None:
    api, other = (endpoint.api(rate_limit=60) for _ in range(2))
    api.graphql.execute("{ echo }")
    other.graphql.execute("{ echo }")
    assert endpoint.times("token") == 2
    assert api.rate
    assert api.rate.ready == 18
    assert endpoint.api().rate is None


def test_an_endpoint_that_asks_to_wait_is_left_alone_by_everybody(
    endpoint: ScriptedEndpoint,
) -> None:
    endpoint.on("graphql", answer(429, b"", Retry_After="3600"))
    with pytest.raises(RateLimitedError):
        endpoint.api(rate_limit=60).graphql.execute("{ echo }")
    with pytest.raises(RateLimitedError, match="nothing was sent"):
        endpoint.api(rate_limit=60).graphql.execute("{ echo }")
    assert endpoint.times("graphql") == 1


def test_whoever_waits_is_told(endpoint: ScriptedEndpoint) -> None:
    told: list[float] = []
    api = Api(endpoint.connection(rate_limit=60), policy=QUICK, on_wait=told.append)
    api.graphql.execute("{ echo }")
    assert told == []
    bucket = bucket_of(api.connection)
    assert bucket
    bucket.hold(0.2)
    api.graphql.execute("{ echo }")
    assert len(told) == 1
    assert 0 < told[0] <= 0.2


def test_a_token_is_not_fetched_before_the_turn_that_it_is_for(endpoint: ScriptedEndpoint) -> None:
    """It could run out while the request waits, and so could the one that replaces it."""
    connection = endpoint.connection(rate_limit=90)
    bucket = bucket_of(connection)
    assert bucket
    for _ in range(bucket.state.ready):
        bucket.take()
    fetched: list[int] = []
    api = Api(connection, policy=QUICK, on_wait=lambda _: fetched.append(endpoint.times("token")))
    api.graphql.execute("{ echo }")
    assert fetched == [0]
    assert endpoint.times("token") == 1
