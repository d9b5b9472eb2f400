"""A click is carried out once and whole, whatever else comes meanwhile."""

import secrets
from collections.abc import Iterator

import pytest

from tests.app_server import AppServer, free_port
from tests.visit import Visit, click, visit
from tests.web.clicked_page import STEPS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    command = ("-m", "tests.web.clicked_app")
    server = AppServer(tmp_path_factory.mktemp("clicked"), free_port(), command=command)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def visitor(server: AppServer) -> Iterator[Visit]:
    with visit(server.url) as opened:
        yield opened


def test_what_comes_meanwhile_does_not_end_a_callback(visitor: Visit) -> None:
    press(visitor, "count")
    events(visitor, 20)
    assert f"{STEPS} steps and 0 written" in at_rest(visitor)


def test_a_click_whose_run_has_not_begun_is_not_lost(visitor: Visit) -> None:
    for number in range(1, 21):
        press(visitor, "write")
        events(visitor, 3)
        assert f"0 steps and {number} written" in at_rest(visitor)


def test_two_clicks_at_once_are_both_carried_out(visitor: Visit) -> None:
    press(visitor, "count")
    press(visitor, "write")
    assert f"{STEPS} steps and 1 written" in at_rest(visitor)


def test_a_callback_may_end_itself(visitor: Visit) -> None:
    press(visitor, "end")
    assert "1 steps and 0 written" in at_rest(visitor)


def press(visitor: Visit, key: str) -> None:
    visitor.socket.request_run(widgets=[click(visitor.widget(key))])


def events(visitor: Visit, count: int) -> None:
    """Have that many runs asked for, as uploads do."""
    for _ in range(count):
        visitor.socket.request_run()


def at_rest(visitor: Visit) -> str:
    """Return the page as it is after everything that was asked for."""
    last = secrets.token_hex(4)
    visitor.socket.request_run(query=f"last={last}")
    while last not in visitor.text():
        visitor.take_in()
    return visitor.text()
