from tests.web.conftest import Clock
from web.attempts import ADDRESS_TRIES, MEMORY, USER_TRIES, WAIT, Attempts


def fail(attempts: Attempts, times: int, username: str = "ada", address: str = "a") -> None:
    for _ in range(times):
        attempts.failed(username, address)


def test_first_tries_are_free(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, USER_TRIES - 1)
    assert attempts.wait("ada", "a") == 0


def test_then_one_try_a_minute_from_any_address_and_in_any_case(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, USER_TRIES)
    assert attempts.wait("ADA ", "b") == WAIT
    clock.seconds += WAIT - 0.5
    assert attempts.wait("ada", "a") == 1
    clock.seconds += 0.5
    assert attempts.wait("ada", "a") == 0
    fail(attempts, 1)
    assert attempts.wait("ada", "a") == WAIT


def test_other_users_at_other_addresses_are_not_held_up(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, USER_TRIES)
    assert attempts.wait("grace", "b") == 0


def test_one_address_trying_many_users_is_slowed_down(clock: Clock) -> None:
    attempts = Attempts(clock)
    for number in range(ADDRESS_TRIES):
        attempts.failed(f"user{number}", "a")
    assert attempts.wait("ada", "a") == WAIT
    assert attempts.wait("ada", "b") == 0


def test_success_clears_the_user_only(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, ADDRESS_TRIES)
    attempts.succeeded("ada")
    assert attempts.wait("ada", "b") == 0
    assert attempts.wait("ada", "a") == WAIT


def test_failures_are_forgotten_after_ten_minutes(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, USER_TRIES - 1)
    clock.seconds += MEMORY
    fail(attempts, 1)
    assert attempts.wait("ada", "a") == 0
