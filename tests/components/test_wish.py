"""A wish is forgotten when it is carried out or has failed, and kept when its run is ended."""

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException

from components.wish import carried_out


class Wish:
    """Something asked for by a click."""

    def __init__(self) -> None:
        self.wanted = True

    def forget(self) -> None:
        self.wanted = False


def test_what_is_done_is_forgotten() -> None:
    wish = Wish()
    with carried_out(wish.forget):
        assert wish.wanted
    assert not wish.wanted


def test_what_fails_is_not_tried_again() -> None:
    wish = Wish()
    with pytest.raises(OSError, match="disk full"), carried_out(wish.forget):
        raise OSError("disk full")
    assert not wish.wanted


@pytest.mark.parametrize("ended", [RerunException(RerunData()), StopException()])
def test_what_another_event_ends_is_left_to_the_next_run(ended: BaseException) -> None:
    wish = Wish()
    with pytest.raises(type(ended)), carried_out(wish.forget):
        raise ended
    assert wish.wanted
