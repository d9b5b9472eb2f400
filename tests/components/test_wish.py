"""A wish is forgotten when it is carried out or has failed, and kept when its run is ended."""

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException

from components.wish import Wish


def test_what_is_done_is_forgotten() -> None:
    wish = Wish()
    wish.ask()
    with wish.carried_out():
        assert wish.wanted
    assert not wish.wanted


def test_what_fails_is_not_tried_again() -> None:
    wish = Wish()
    wish.ask()
    with pytest.raises(OSError, match="disk full"), wish.carried_out():
        raise OSError("disk full")
    assert not wish.wanted


@pytest.mark.parametrize("ended", [RerunException(RerunData()), StopException()])
def test_what_another_event_ends_is_left_to_the_next_run(ended: BaseException) -> None:
    wish = Wish()
    wish.ask()
    with pytest.raises(type(ended)), wish.carried_out():
        raise ended
    assert wish.wanted
