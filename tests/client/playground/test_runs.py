"""Runs of the playground: each goes on without a page, and is its owner's and its tab's alone."""

import threading
from collections.abc import Callable

import pytest

from client.connection.connection import Endpoint
from client.json_object import JsonObject
from client.playground.run import Run
from client.playground.runs import MOST_AT_ONCE, Runs, TabRun

HERE = Endpoint("Here", "https://here.example/graphql")


class Held:
    """Work that ends when it is let go."""

    def __init__(self, size: int = 1, data: JsonObject | None = None) -> None:
        self.outcome = Run("ok", "Mine", 1.0, status=200, size=size, data=data)
        self._let_go = threading.Event()

    def __call__(self) -> Run:
        assert self._let_go.wait(60)
        return self.outcome

    def let_go(self) -> None:
        self._let_go.set()


def finished(runs: Runs, tab: str, size: int) -> TabRun:
    run, work = TabRun("Mine"), Held(size)
    assert runs.begin("ann", tab, run, work)
    work.let_go()
    run.wait(60)
    return run


def test_its_outcome_is_there_for_who_looks_later() -> None:
    runs, run, work = Runs(), TabRun("Mine"), Held()
    assert runs.begin("ann", "1", run, work)
    assert run.awaited
    work.let_go()
    run.wait(60)
    assert runs.of("ann", "1") is run
    assert (run.awaited, run.outcome) == (False, work.outcome)


def test_others_and_other_tabs_see_nothing_of_it() -> None:
    runs = Runs()
    finished(runs, "1", 1)
    assert runs.of("ben", "1") is None
    assert runs.of("ann", "2") is None


def test_a_second_one_of_a_tab_does_not_begin_while_the_first_is_awaited() -> None:
    runs, work = Runs(), Held()
    first = TabRun("Mine")
    assert runs.begin("ann", "1", first, work)
    assert not runs.begin("ann", "1", TabRun("Mine"), never)
    work.let_go()
    first.wait(60)
    assert runs.begin("ann", "1", TabRun("Mine"), work)


def test_one_person_waits_for_so_many_and_cancelling_frees_no_place() -> None:
    runs, work = Runs(), Held()
    begun = [TabRun("Mine") for _ in range(MOST_AT_ONCE)]
    assert all(runs.begin("ann", str(number), run, work) for number, run in enumerate(begun))
    begun[0].cancel()  # it is still under way at the endpoint
    assert not runs.begin("ann", "0", TabRun("Mine"), never)
    other = TabRun("Mine")
    assert runs.begin("ben", "0", other, work)
    work.let_go()
    for run in (*begun[1:], other):
        run.wait(60)
        assert run.outcome


def test_what_comes_after_it_was_cancelled_is_not_shown() -> None:
    run = TabRun("Mine")
    run.cancel()
    run.end(Held().outcome)
    assert (run.awaited, run.outcome) == (False, None)
    assert run.cancelled


def test_what_is_cancelled_after_its_end_stays_as_it_was() -> None:
    run, outcome = TabRun("Mine"), Held().outcome
    run.end(outcome)
    run.cancel()
    assert (run.outcome, run.cancelled) == (outcome, None)


def test_a_tab_that_goes_on_as_another_takes_it_along() -> None:
    runs = Runs()
    run = finished(runs, "1", 1)
    runs.go_on_as("ann", "1", "2")
    runs.forget("ann", "1")
    assert (runs.of("ann", "1"), runs.of("ann", "2")) == (None, run)


def test_the_answer_before_is_there_to_compare_with() -> None:
    runs = Runs()
    first = finished(runs, "1", 1)
    assert runs.before("ann", "1") is None
    cancelled, work = TabRun("Mine"), Held()
    assert runs.begin("ann", "1", cancelled, work)
    assert runs.before("ann", "1") is first
    cancelled.cancel()
    work.let_go()
    second = finished(runs, "1", 1)
    assert runs.before("ann", "1") is first  # what was cancelled has no answer
    finished(runs, "1", 1)
    assert runs.before("ann", "1") is second
    assert runs.before("ben", "1") is None
    runs.go_on_as("ann", "1", "2")
    runs.forget("ann", "1")
    assert (runs.before("ann", "1"), runs.before("ann", "2")) == (None, second)


def test_answers_to_compare_with_go_before_those_that_are_shown() -> None:
    runs = Runs(most_kept=13)
    finished(runs, "1", 6)
    shown = finished(runs, "1", 6)
    assert runs.before("ann", "1")
    other = finished(runs, "2", 6)
    wait_for(lambda: runs.before("ann", "1") is None)
    assert (runs.of("ann", "1"), runs.of("ann", "2")) == (shown, other)


def test_the_oldest_answers_go_where_they_are_too_large_together() -> None:
    runs = Runs(most_kept=10)
    first, second = finished(runs, "1", 6), finished(runs, "2", 6)
    wait_for(lambda: runs.of("ann", "1") is None)
    assert first.outcome
    assert runs.of("ann", "2") is second


def test_work_that_fails_is_waited_for_by_nobody_and_named_as_the_log_names_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    runs, run = Runs(), TabRun("Mine")
    assert runs.begin("ann", "1", run, never)
    run.wait(60)
    assert (run.awaited, run.outcome, run.cancelled) == (False, None, None)
    [entry] = caplog.records
    assert run.fault
    assert run.fault in entry.getMessage()
    assert "not to be called" in caplog.text
    assert runs.begin("ann", "1", TabRun("Mine"), Held())


def test_what_is_not_sent_leaves_the_answer_before_it() -> None:
    runs, run, work = Runs(), TabRun("Mine", HERE), Held(data={"of": "1"})
    assert runs.begin("ann", "1", run, work)
    work.let_go()
    run.wait(60)
    for _ in range(2):
        runs.put("ann", "1", Run("not-sent", "Mine", 2.0))
    assert runs.of("ann", "1") is not run
    assert runs.before("ann", "1") is run
    assert runs.answers("ann", HERE) == [{"of": "1"}]


@pytest.mark.parametrize(
    "other",
    [
        Endpoint("There", HERE.graphql_url),
        Endpoint("Here", "https://here.example/v2/graphql"),
    ],
)
def test_answers_are_those_of_one_connection_at_one_address(other: Endpoint) -> None:
    runs = Runs()
    for tab, asked in (("1", HERE), ("2", other)):
        run, work = TabRun("Mine", asked), Held(data={"of": tab})
        assert runs.begin("ann", tab, run, work)
        work.let_go()
        run.wait(60)
    runs.go_on_as("ann", "1", "3")
    runs.forget("ann", "1")
    assert runs.answers("ann", HERE) == [{"of": "1"}]
    assert runs.answers_elsewhere("ann", HERE) == [{"of": "2"}]
    assert runs.answers("ann", other) == [{"of": "2"}]
    assert (runs.answers("ben", HERE), runs.answers_elsewhere("ben", HERE)) == ([], [])


def never() -> Run:
    raise AssertionError("not to be called")


def wait_for(true: Callable[[], bool]) -> None:
    waited = threading.Event()
    while not true():
        assert not waited.wait(0.01)
