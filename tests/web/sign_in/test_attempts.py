import threading

from tests.web.conftest import Clock
from web.sign_in.attempts import ADDRESS_TRIES, MEMORY, USER_TRIES, WAIT, Attempts


def fail(attempts: Attempts, times: int, username: str = "ada", address: str = "a") -> None:
    """Make that many tries that nobody says succeeded."""
    for _ in range(times):
        assert attempts.reserve(username, address) == 0


def test_first_tries_are_free(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, USER_TRIES)
    assert attempts.reserve("ada", "a") == WAIT


def test_then_one_try_a_minute_from_any_address_and_in_any_case(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, USER_TRIES)
    assert attempts.reserve("ADA ", "b") == WAIT
    clock.seconds += WAIT - 0.5
    assert attempts.reserve("ada", "a") == 1
    clock.seconds += 0.5
    assert attempts.reserve("ada", "a") == 0
    assert attempts.reserve("ada", "a") == WAIT


def test_other_users_at_other_addresses_are_not_held_up(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, USER_TRIES)
    assert attempts.reserve("grace", "b") == 0


def test_one_address_trying_many_users_is_slowed_down(clock: Clock) -> None:
    attempts = Attempts(clock)
    for number in range(ADDRESS_TRIES):
        fail(attempts, 1, f"user{number}")
    assert attempts.reserve("ada", "a") == WAIT
    assert attempts.reserve("ada", "b") == 0


def test_a_try_that_has_to_wait_counts_for_nothing(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, USER_TRIES)
    for _ in range(ADDRESS_TRIES):
        assert attempts.reserve("ada", "a") == WAIT
    assert attempts.reserve("grace", "a") == 0


def test_success_clears_the_user_and_gives_the_address_its_try_back(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, USER_TRIES)
    clock.seconds += WAIT
    fail(attempts, 1)
    attempts.succeeded("ada", "a")
    fail(attempts, USER_TRIES)
    for number in range(ADDRESS_TRIES - 2 * USER_TRIES):
        fail(attempts, 1, f"user{number}")
    assert attempts.reserve("grace", "a") == WAIT


def test_failures_are_forgotten_after_ten_minutes(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, USER_TRIES)
    clock.seconds += MEMORY
    fail(attempts, USER_TRIES)


def test_of_forty_tries_at_once_five_go_ahead() -> None:
    attempts = Attempts()
    together = threading.Barrier(40)
    waits: list[int] = []

    def one_try() -> None:
        together.wait()
        waits.append(attempts.reserve("ada", "a"))

    threads = [threading.Thread(target=one_try) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waits.count(0) == USER_TRIES
