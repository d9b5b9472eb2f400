"""Work under keys: begun once, it goes on by itself, and its answer waits for who asks next."""

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping

import pytest

from client.transfers.jobs import AT_ONCE, KEPT, Jobs

SECONDS = 30


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(clock: Clock) -> Iterator[Jobs[str]]:
    jobs = Jobs[str](clock)
    yield jobs
    jobs.close()


class Work:
    """Work that lasts until it is let go, and counts how often it was begun for a key."""

    def __init__(self, *, held: bool = False) -> None:
        self.let_go = threading.Event()
        self.begun: list[Hashable] = []
        if not held:
            self.let_go.set()

    def __call__(self, keys: frozenset[Hashable]) -> Mapping[Hashable, str]:
        self.begun += sorted(map(str, keys))
        assert self.let_go.wait(SECONDS)
        return {key: f"answer {self.begun.count(key)} for {key}" for key in keys}


def test_keys_get_their_answers_from_one_piece_of_work(jobs: Jobs[str]) -> None:
    work = Work()
    found = jobs.begin(["a", "b"], work)
    assert list(found) == ["a", "b"]
    assert [one.result(SECONDS) for one in found.values()] == ["answer 1 for a", "answer 1 for b"]
    assert work.begun == ["a", "b"]


def test_what_runs_is_not_begun_again_and_only_the_new_keys_are_worked_on(jobs: Jobs[str]) -> None:
    work = Work(held=True)
    first = jobs.begin(["a", "b"], work)
    second = jobs.begin(["b", "c"], work)
    assert second["b"] is first["b"]
    assert not second["b"].done()
    work.let_go.set()
    assert second["c"].result(SECONDS) == "answer 1 for c"
    assert first["b"].result(SECONDS) == "answer 1 for b"
    assert sorted(map(str, work.begun)) == ["a", "b", "c"]


def test_many_who_ask_at_once_begin_it_once(jobs: Jobs[str]) -> None:
    work = Work()
    together = threading.Barrier(8)
    answers: list[str] = []

    def ask() -> None:
        together.wait()
        answers.append(jobs.begin(["a"], work)["a"].result(SECONDS))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (work.begun, answers) == (["a"], ["answer 1 for a"] * 8)


def test_an_answer_stays_until_it_was_taken(jobs: Jobs[str]) -> None:
    work = Work()
    answer = jobs.begin(["a"], work)["a"]
    answer.result(SECONDS)
    assert jobs.begin(["a"], work)["a"] is answer
    jobs.take("a", answer)
    assert jobs.begin(["a"], work)["a"].result(SECONDS) == "answer 2 for a"


def test_who_takes_late_does_not_take_what_was_begun_since(jobs: Jobs[str]) -> None:
    work = Work()
    old = jobs.begin(["a"], work)["a"]
    old.result(SECONDS)
    jobs.take("a", old)
    new = jobs.begin(["a"], work)["a"]
    new.result(SECONDS)
    jobs.take("a", old)
    assert jobs.begin(["a"], work)["a"] is new


def test_an_answer_that_nobody_asks_for_is_forgotten_in_the_end(
    jobs: Jobs[str], clock: Clock
) -> None:
    work = Work()
    answer = jobs.begin(["a"], work)["a"]
    answer.result(SECONDS)
    clock.now += KEPT
    assert jobs.begin(["a"], work)["a"] is answer
    clock.now += 1
    assert jobs.begin(["b"], work)["b"].result(SECONDS)
    assert jobs.begin(["a"], work)["a"].result(SECONDS) == "answer 2 for a"


def test_work_that_takes_long_is_not_forgotten(jobs: Jobs[str], clock: Clock) -> None:
    work = Work(held=True)
    answer = jobs.begin(["a"], work)["a"]
    clock.now += 10 * KEPT
    assert jobs.begin(["a"], work)["a"] is answer
    work.let_go.set()
    answer.result(SECONDS)


def fail(_keys: frozenset[Hashable]) -> Mapping[Hashable, str]:
    raise ValueError("no")


def answer_nothing(_keys: frozenset[Hashable]) -> Mapping[Hashable, str]:
    return {}


@pytest.mark.parametrize(("work", "error"), [(fail, ValueError), (answer_nothing, KeyError)])
def test_what_the_work_raises_or_leaves_out_is_raised_for_each_key_and_the_next_try_is_fresh(
    jobs: Jobs[str],
    work: Callable[[frozenset[Hashable]], Mapping[Hashable, str]],
    error: type[Exception],
) -> None:
    for key, answer in jobs.begin(["a", "b"], work).items():
        with pytest.raises(error):
            answer.result(SECONDS)
        jobs.take(key, answer)
    assert jobs.begin(["a"], Work())["a"].result(SECONDS) == "answer 1 for a"


def test_so_many_run_at_once_and_the_others_wait_for_their_turn(jobs: Jobs[str]) -> None:
    work = Work(held=True)
    answers = [jobs.begin([str(key)], work) for key in range(AT_ONCE + 3)]
    work.let_go.set()
    for found in answers:
        for answer in found.values():
            assert answer.result(SECONDS)
    assert len(work.begun) == AT_ONCE + 3


def test_closing_waits_for_nothing(clock: Clock) -> None:
    jobs = Jobs[str](clock)
    work = Work(held=True)
    answer = jobs.begin(["a"], work)["a"]
    jobs.close()
    assert not answer.done()
    work.let_go.set()
    assert answer.result(SECONDS)
