"""Signing in by user name and password, inside a Streamlit script without a browser."""

from dataclasses import replace

import bcrypt
import pytest
from streamlit.testing.v1 import AppTest

from tests.web.conftest import Clock, cheap_hash
from web.sign_in.access import Access
from web.sign_in.attempts import USER_TRIES, WAIT, Attempts
from web.sign_in.check import (
    _NOBODY,  # pyright: ignore[reportPrivateUsage] # what its check costs is the point
    Accepted,
    Refused,
    Wait,
)
from web.sign_in.users import NAME_CHARACTERS, hash_password

pytestmark = pytest.mark.usefixtures("installed_components")

NOBODYS_PASSWORD = "-"


def script() -> None:
    import streamlit as st

    from web.sign_in.access import published
    from web.sign_in.check import sign_in

    access = published()
    assert access
    st.session_state["answer"] = sign_in(
        access, st.session_state["name"], st.session_state["secret"], "address"
    )


@pytest.fixture(autouse=True)
def desk(access: Access, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Access:
    """What `main.py` would find, with a clock of our own behind the waiting time."""
    desk = Access(access.users, access.sessions, attempts=Attempts(clock))
    monkeypatch.setattr("web.sign_in.access._published", [desk])
    monkeypatch.setattr(
        "web.sign_in.check._NOBODY", replace(_NOBODY, password_hash=cheap_hash(NOBODYS_PASSWORD))
    )
    return desk


def answer_to(username: str, password: str) -> Accepted | Refused | Wait:
    test = AppTest.from_function(script, default_timeout=30)
    test.session_state["name"] = username
    test.session_state["secret"] = password
    test.run()
    assert not test.exception
    return test.session_state["answer"]


@pytest.mark.parametrize("username", ["ada", " Ada "])
def test_right_password_gives_a_ticket_of_that_user(desk: Access, username: str) -> None:
    answer = answer_to(username, "pencil")
    assert isinstance(answer, Accepted)
    assert desk.tickets.redeem(answer.ticket) == "ada"


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("ada", "crayon"),
        ("ada", ""),
        ("ada", "x" * 100),
        ("grace", "pencil"),
        ("nobody", NOBODYS_PASSWORD),
    ],
)
def test_anything_else_is_refused_alike(username: str, password: str) -> None:
    assert answer_to(username, password) == Refused()


def test_after_five_wrong_passwords_nothing_is_checked_for_a_minute(clock: Clock) -> None:
    for _ in range(USER_TRIES):
        assert answer_to("ada", "crayon") == Refused()
    assert answer_to("ada", "pencil") == Wait(WAIT)
    clock.seconds += WAIT
    assert isinstance(answer_to("ada", "pencil"), Accepted)


def test_waiting_time_says_nothing_about_who_exists() -> None:
    for _ in range(USER_TRIES):
        assert answer_to("grace", "crayon") == Refused()
    assert answer_to("grace", "crayon") == Wait(WAIT)


def test_a_check_for_nobody_costs_what_a_real_one_costs() -> None:
    algorithm_and_cost = len("$2b$12$")
    real = hash_password("pencil")
    assert _NOBODY.password_hash[:algorithm_and_cost] == real[:algorithm_and_cost]
    assert bcrypt.checkpw(NOBODYS_PASSWORD.encode(), _NOBODY.password_hash.encode())


def test_a_name_that_nobody_can_have_is_refused_and_not_kept(desk: Access) -> None:
    for _ in range(USER_TRIES + 1):
        assert answer_to("x" * (NAME_CHARACTERS + 1), "pencil") == Refused()
    assert not desk.attempts._failures  # pyright: ignore[reportPrivateUsage] # memory is the point
    for _ in range(USER_TRIES):
        assert answer_to("x" * NAME_CHARACTERS, "pencil") == Refused()
    assert answer_to("x" * NAME_CHARACTERS, "pencil") == Wait(WAIT)
