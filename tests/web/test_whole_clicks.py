"""A click is carried out once and whole, whatever else comes meanwhile."""

import secrets
from collections.abc import Iterator

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from tests.app_server import AppServer, free_port
from tests.visit import Visit, click
from tests.web.clicked_page import STEPS
from web.whole_clicks import PATIENCE


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    command = ("-m", "tests.web.clicked_app")
    server = AppServer(tmp_path_factory.mktemp("clicked"), free_port(), command=command)
    server.start()
    yield server
    server.stop()


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


@pytest.mark.parametrize(("asked", "begun"), [("ask", "new_session"), ("ask-in-run", "Asking")])
def test_an_endpoint_that_does_not_answer_holds_up_no_click(
    visitor: Visit, asked: str, begun: str
) -> None:
    press(visitor, asked)
    until_told(visitor, begun)
    press(visitor, "write")
    assert "1 written, silent" in at_rest(visitor)
    press(visitor, "write")
    press(visitor, "answer")
    until_drawn(visitor, "2 written, answered")


def test_a_timer_does_not_overtake(visitor: Visit) -> None:
    press(visitor, "ask")
    until_told(visitor, "new_session")
    visitor.socket.send(BackMsg(rerun_script=ClientState(is_auto_rerun=True)))
    nothing_is_run(visitor, seconds=2 * PATIENCE)
    press(visitor, "answer")
    until_drawn(visitor, "answered")


@pytest.mark.parametrize("drawn", [False, True], ids=["at once", "when the next page is drawn"])
def test_a_click_that_is_told_after_its_page_was_left_does_not_call_back(
    visitor: Visit, drawn: bool
) -> None:
    home, other = pages(visitor)
    button = visitor.widget("write")
    tell(visitor, other)
    if drawn:
        until_drawn(visitor, "Elsewhere, 0 written")
        nothing_is_run(visitor)  # however long ago it was left
    send(visitor, home, click(button))
    until_drawn(visitor, "Elsewhere, 1 written")
    nothing_is_run(visitor)


def test_a_timer_of_a_page_that_was_left_does_not_call_back(visitor: Visit) -> None:
    home, other = pages(visitor)
    seen = part(visitor)
    tell(visitor, home, "push-down")
    until_told(visitor, "Line 0")  # for a while the other page waits, and the timer's part is known
    tell(visitor, other)
    timer = ClientState(page_script_hash=home, fragment_id=seen, is_auto_rerun=True)
    visitor.socket.send(BackMsg(rerun_script=timer))
    until_drawn(visitor, "Elsewhere, 0 written")
    visitor.socket.send(BackMsg(rerun_script=timer))
    nothing_is_run(visitor)


def test_a_click_on_a_page_that_the_script_has_gone_back_to_stays_there(visitor: Visit) -> None:
    home, other = pages(visitor)
    press(visitor, "send-back-once")
    at_rest(visitor)
    button = visitor.widget("write")
    tell(visitor, other)
    visitor.take_in()
    assert "0 steps and 0 written" in visitor.text()
    send(visitor, home, click(button))
    until_drawn(visitor, "0 steps and 1 written")


def test_a_click_of_who_has_gone_back_at_once_stays_on_its_page(visitor: Visit) -> None:
    home, other = pages(visitor)
    tell(visitor, home, "ask")
    until_told(visitor, "new_session")  # so that what is told now is known before any of it is run
    tell(visitor, other)
    tell(visitor, home)
    tell(visitor, home, "write", "answer")
    until_drawn(visitor, "0 steps and 1 written")


@pytest.mark.parametrize("moved", ["push-down", "take-away"])
def test_a_click_on_what_is_no_more_where_it_was_seen_is_carried_out(
    visitor: Visit, moved: str
) -> None:
    button, seen = visitor.widget("write-in-part"), part(visitor)
    press(visitor, moved)
    at_rest(visitor)
    visitor.socket.request_run(widgets=[click(button)], fragment=seen)
    visitor.take_in()
    assert "0 steps and 1 written" in visitor.text()


def test_a_click_on_what_moves_meanwhile_is_carried_out(visitor: Visit) -> None:
    seen = part(visitor)
    press(visitor, "push-down")
    until_told(visitor, "Line 0")
    press(visitor, "write-in-part", seen)
    until_drawn(visitor, "In the part: 1 written")
    assert "0 steps and 1 written" in visitor.text()


def test_a_timer_of_what_is_no_more_there_runs_nothing(visitor: Visit) -> None:
    seen = part(visitor)
    press(visitor, "take-away")
    at_rest(visitor)
    visitor.socket.send(BackMsg(rerun_script=ClientState(fragment_id=seen, is_auto_rerun=True)))
    nothing_is_run(visitor)


def part(visitor: Visit) -> str:
    """Return the id of the part that is run apart from the page."""
    messages = visitor.socket.run().messages
    [seen] = {one.delta.fragment_id for one in messages if one.delta.fragment_id}
    return seen


def pages(visitor: Visit) -> list[str]:
    """Return the hashes of the pages, as a browser tells them."""
    run = visitor.socket.run()
    [drawn] = [one.navigation for one in run.messages if one.HasField("navigation")]
    return [page.page_script_hash for page in drawn.app_pages]


def tell(visitor: Visit, page: str, *pressed: str) -> None:
    """Name the page on show and what was pressed, as a browser does."""
    send(visitor, page, *(click(visitor.widget(key)) for key in pressed))


def send(visitor: Visit, page: str, *widgets: WidgetState) -> None:
    state = ClientState(page_script_hash=page, widget_states=WidgetStates(widgets=widgets))
    visitor.socket.send(BackMsg(rerun_script=state))


def press(visitor: Visit, key: str, fragment: str = "") -> None:
    visitor.socket.request_run(widgets=[click(visitor.widget(key))], fragment=fragment)


def until_told(visitor: Visit, what: str) -> None:
    """Wait for a message in which that is said: from then on a click meets the run it is of."""
    while what not in str(visitor.socket.receive()):
        pass


def until_drawn(visitor: Visit, what: str) -> None:
    """Wait for the end of a run that draws that; what is on show already counts, too."""
    while what not in visitor.text():
        visitor.take_in()


def nothing_is_run(visitor: Visit, seconds: float = 1) -> None:
    """See that for so long no run comes to its end."""
    with pytest.raises(TimeoutError):
        visitor.socket.finished_run(seconds)


def events(visitor: Visit, count: int) -> None:
    """Have that many runs asked for, as uploads do."""
    for _ in range(count):
        visitor.socket.request_run()


def at_rest(visitor: Visit) -> str:
    """Return the page as it is after everything that was asked for."""
    last = secrets.token_hex(4)
    visitor.socket.request_run(query=f"last={last}")
    until_drawn(visitor, last)
    return visitor.text()
