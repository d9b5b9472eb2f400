"""Work that a click asks for: a thread of the app does it, whatever becomes of the page's run.

Another event ends the run that waits for it, at once; the run that follows waits on.
"""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread

import streamlit as st

_LOOK = 0.05
"""Seconds between two looks whether something else wants to be drawn."""


class Task:
    """One such thing; `wanted` tells whether it was asked for and its end not heard of yet."""

    def __init__(self) -> None:
        """Have nothing to do."""
        self.wanted = False
        self._running: Future[None] | None = None

    def ask(self) -> None:
        """Ask for it; once is enough."""
        self.wanted = True

    def forget(self) -> None:
        """Ask for it no more; what has begun comes to its end, and nobody waits for that."""
        self.wanted, self._running = False, None

    def carry_out(self, work: Callable[[], None]) -> None:
        """Have it done once, however many runs wait here, and raise what it raised.

        `work` runs without a session: what it needs of `st.session_state` it is given, and what it
        finds it leaves in objects that the session holds.
        """
        running = self._running = self._running or _begun(work)
        while not running.done():
            _give_way()
            wait([running], _LOOK)
        self.forget()
        running.result()


def _begun(work: Callable[[], None]) -> Future[None]:
    future: Future[None] = Future()

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised to the run that waits for it
            future.set_exception(error)
        else:
            future.set_result(None)

    Thread(target=run, name="task", daemon=True).start()
    return future


def _give_way() -> None:
    """End this run if another one waits: Streamlit looks at each use of the session's state."""
    _ = "task" in st.session_state
