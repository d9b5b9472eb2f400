"""A task is begun once, waited for by any number of runs, and forgotten with its end."""

from threading import Event

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from components.task import Task


class Ended:
    """The state of a session whose run another event ends."""

    def __contains__(self, key: str) -> bool:
        raise StopException


def test_what_is_done_is_forgotten() -> None:
    done = list[str]()
    task = Task()
    task.begin(lambda: done.append("once"))
    assert task.wanted
    task.wait()
    assert not task.wanted
    assert done == ["once"]


def test_what_fails_is_raised_and_not_tried_again() -> None:
    task = Task()
    task.begin(full)
    with pytest.raises(OSError, match="disk full"):
        task.wait()
    assert not task.wanted


def test_what_another_event_ends_goes_on_and_the_next_run_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, may_end, done = Event(), Event(), list[str]()

    def work() -> None:
        begun.set()
        assert may_end.wait(10)
        done.append("once")

    task = Task()
    task.begin(work)
    with monkeypatch.context() as patch:
        patch.setattr(st, "session_state", Ended())
        with pytest.raises(StopException):
            task.wait()
    assert begun.wait(10)
    assert task.wanted
    task.begin(work)
    may_end.set()
    task.wait()
    assert not task.wanted
    assert done == ["once"]


def test_what_was_done_may_be_asked_for_again() -> None:
    done = list[str]()
    task = Task()
    for name in ("first", "second"):
        task.begin(lambda name=name: done.append(name))
        task.wait()
    assert done == ["first", "second"]


def full() -> None:
    raise OSError("disk full")
