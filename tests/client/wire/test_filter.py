import pytest

from client.wire.exchange import Exchange, ExchangeLog
from client.wire.filter import (
    ExchangeFilter,
    Kind,
    Outcome,
    by_transfer,
    kind_of,
    outcome_of,
    tries_of,
)


def made(purpose: str, started: float = 0, status: int | None = 200, **other: object) -> Exchange:
    return Exchange("POST", "http://h/a", purpose, started, status=status, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("purpose", "body", "kind"),
    [
        ("token", "grant_type=x", "token"),
        ("part 12", None, "part"),
        ("complete", "<x/>", "complete"),
        ("verify", None, "check"),
        ("download", None, "check"),
        ("createAsset", '{"query": "x"}', "graphql"),
        ("abort", None, "other"),
    ],
)
def test_the_sort_is_told_by_the_purpose(purpose: str, body: str | None, kind: Kind) -> None:
    assert kind_of(made(purpose, request_body=body)) == kind


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (204, None, "2xx"),
        (302, None, "3xx"),
        (403, None, "4xx"),
        (503, None, "5xx"),
        (None, None, "none"),
        (200, '{"errors": [{"message": "no"}], "data": null}', "refused"),
        (200, '{"data": {"errors": 0}, "errors": []}', "2xx"),
        (200, "<?xml version='1.0'?><Error><Code>InternalError</Code></Error>", "refused"),
    ],
)
def test_a_200_may_say_no(status: int | None, body: str | None, outcome: Outcome) -> None:
    assert outcome_of(made("x", status=status, response_body=body)) == outcome


def test_an_empty_filter_lets_everything_through_and_each_part_narrows() -> None:
    part = made("part 1", transfer="t1", status=503, request_id="ABC")
    assert ExchangeFilter().matches(part)
    assert ExchangeFilter(frozenset({"part"}), frozenset({"5xx"}), "t1", "abc 503").matches(part)
    assert not ExchangeFilter(frozenset({"token"})).matches(part)
    assert not ExchangeFilter(outcomes=frozenset({"2xx"})).matches(part)
    assert not ExchangeFilter(transfer="t2").matches(part)
    assert not ExchangeFilter(words="abc other").matches(part)


def test_words_are_found_in_headers_and_bodies() -> None:
    one = made("x", response_headers={"ETag": '"f00"'}, request_body="<Part/>")
    assert all(ExchangeFilter(words=words).matches(one) for words in ("etag F00", "<part/>"))


def test_tries_are_counted_until_one_succeeds() -> None:
    log = ExchangeLog()
    with log.about("t1"):
        for number, status in enumerate([503, None, 200, 200]):
            log.record(made("part 1", number, status))
        log.record(made("part 2", 9))
    for number, status in enumerate([503, 200]):
        log.record(made("viewer", number, status))
    assert list(tries_of(log.entries()).values()) == [1, 1, 2, 1, 3, 1, 1]
    in_transfer = [entry for entry in log.entries() if entry.purpose == "part 1"]
    assert [tries_of(log.entries())[entry.id] for entry in in_transfer] == [1, 2, 3, 1]


def test_transfers_are_newest_first_with_tries_side_by_side() -> None:
    log = ExchangeLog()
    for transfer, start in (("old", 0), ("new", 100)):
        with log.about(transfer):
            log.record(made("part 1", start + 1, 503))
            log.record(made("part 2", start + 2))
            log.record(made("part 1", start + 3, seconds=4.0))
    log.record(made("token", 50))
    new, old = by_transfer(log.entries())
    assert (new.transfer, old.transfer) == ("new", "old")
    assert [(one.purpose, one.started) for one in old.exchanges] == [
        ("part 1", 1),
        ("part 1", 3),
        ("part 2", 2),
    ]
    assert (old.started, old.seconds, old.failed) == (1, 6, 1)


def test_a_request_for_several_transfers_is_found_under_each() -> None:
    together = made("createTempFileUploadUrl", 1, transfer="a", also_for=("b",))
    part = made("part 1", 2, transfer="b")
    for transfer, found in (("a", True), ("b", True), ("c", False)):
        assert ExchangeFilter(transfer=transfer).matches(together) is found
    groups = {group.transfer: group.exchanges for group in by_transfer([together, part])}
    assert groups == {"a": (together,), "b": (together, part)}
