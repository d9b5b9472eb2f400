"""What a visitor sees of an error that nobody foresaw, and what of the page stays."""

import re
from collections.abc import Iterator

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from components.common.error_words import UNEXPECTED, UNEXPECTED_TITLE
from components.sign_in import words
from tests.app_server import AppServer, free_port
from tests.visit import Visit, click


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    command = ("-m", "tests.web.failing_app")
    server = AppServer(tmp_path_factory.mktemp("failing"), free_port(), command=command)
    server.start()
    yield server
    server.stop()


def press(visitor: Visit, key: str) -> str:
    visitor.run(click(visitor.widget(key)))
    return visitor.text()


def fail(visitor: Visit, key: str) -> str:
    """Press what has a callback that fails: the page is drawn in a run of its own.

    The first run draws nothing, and a slow app tells of the second only.
    """
    press(visitor, key)
    if not visitor.elements:
        visitor.take_in()
    return visitor.text()


def enter(visitor: Visit, key: str, text: str) -> None:
    visitor.run(WidgetState(id=visitor.widget(key), string_value=text))


def tick(visitor: Visit, *, broken: bool) -> str:
    visitor.run(WidgetState(id=visitor.widget("broken"), bool_value=broken))
    return visitor.text()


def expect_in_the_log(text: str, server: AppServer) -> None:
    """The id that is shown leads to the traceback, and nothing of that is shown."""
    [error_id] = re.findall(r"quote ([0-9a-f]{8}) ", text)
    log = server.log_file.read_text()
    assert "a secret of the code" in log[log.index(error_id) :]
    assert "a secret of the code" not in text


def test_a_callback_that_fails_leaves_the_whole_page(visitor: Visit, server: AppServer) -> None:
    enter(visitor, "name", "Ann")
    text = fail(visitor, "fail")
    assert UNEXPECTED_TITLE in text
    expect_in_the_log(text, server)
    assert "Sidebar" in text
    assert "Body of Ann in" in text


def test_it_is_said_once_and_not_done_again(visitor: Visit, server: AppServer) -> None:
    fail(visitor, "fail")
    logged = server.log_file.read_text().count(" as ")
    visitor.run()
    assert UNEXPECTED_TITLE not in visitor.text()
    assert server.log_file.read_text().count(" as ") == logged


def test_what_the_client_says_is_said_in_its_words(visitor: Visit) -> None:
    text = fail(visitor, "refuse")
    assert "records-unavailable" in text
    assert UNEXPECTED_TITLE not in text
    assert "Body of" in text


def test_a_body_that_fails_leaves_the_rest_and_what_was_entered(
    visitor: Visit, server: AppServer
) -> None:
    enter(visitor, "name", "Ann")
    enter(visitor, "place", "Rome")
    text = tick(visitor, broken=True)
    assert UNEXPECTED_TITLE in text
    expect_in_the_log(text, server)
    assert "Sidebar" in text
    assert "The part is here" in text
    assert "Body of" not in text
    assert "Body of Ann in Rome" in tick(visitor, broken=False)


def test_try_again_runs_the_page_and_needs_no_reload(visitor: Visit) -> None:
    tick(visitor, broken=True)
    [again] = [widget for widget in visitor.widgets() if "-try-again-" in widget]
    broken = WidgetState(id=visitor.widget("broken"), bool_value=False)
    visitor.run(click(again), broken)
    assert "Body of" in visitor.text()
    assert UNEXPECTED_TITLE not in visitor.text()


def test_a_part_that_fails_says_so_in_its_place(visitor: Visit, server: AppServer) -> None:
    text = press(visitor, "fail-part")
    assert UNEXPECTED_TITLE in text
    expect_in_the_log(text, server)


def test_what_ends_a_run_in_order_is_no_error(visitor: Visit) -> None:
    assert "Counted 1" in press(visitor, "again")
    assert "Body of" in press(visitor, "run-again")
    text = press(visitor, "stop")
    assert "Body of" not in text
    assert UNEXPECTED_TITLE not in text
    assert "It was pressed" in press(visitor, "pressed")


def test_no_words_of_it_ask_for_a_reload() -> None:
    for sentence in (UNEXPECTED, UNEXPECTED_TITLE, words.SIGN_IN_FAILED):
        assert "load" not in sentence.lower().replace("upload", "")
