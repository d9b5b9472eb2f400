"""Work that a click asks for: a thread of the app does it, whatever becomes of the page's run.

Another event ends the run that waits for it, at once; the run that follows waits on.
"""

from collections.abc import Callable
from concurrent import futures
from threading import Thread

import streamlit as st

_LOOK = 0.05
"""Seconds between two looks whether something else wants to be drawn."""


class Task:
    """A function run in a thread; `wanted` from when it is asked for until `wait` has seen its end.

    `work` runs without a session: what it needs of `st.session_state` it is given, and what it
    finds it leaves in objects that the session holds.
    """

    def __init__(self) -> None:
        """Begin with nothing asked for."""
        self.wanted = False
        self._running: futures.Future[None] | None = None

    @property
    def begun(self) -> bool:
        """Tell whether it was begun and `wait` has not seen its end."""
        return self._running is not None

    def ask(self) -> None:
        """Want it: the page's next run, which knows the work, is to `begin` it; once is enough."""
        self.wanted = True

    def begin(self, work: Callable[[], None]) -> None:
        """Begin it at once, so that no change of pages comes before; once is enough."""
        self.wanted = True
        if self._running is not None:
            return
        future = futures.Future[None]()

        def run() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - raised to the run that waits for it
                future.set_exception(error)
            else:
                future.set_result(None)

        Thread(target=run, name="task", daemon=True).start()
        self._running = future

    def forget(self) -> None:
        """Want it no more; a thread that has begun runs to its end, and nobody waits for that."""
        self.wanted, self._running = False, None

    def wait(self) -> None:
        """Wait for what was begun, in as many runs as it takes, and raise what it raised."""
        running = self._running
        if running is None:
            return
        while not running.done():
            _give_way()
            futures.wait([running], _LOOK)
        self.forget()
        running.result()


def _give_way() -> None:
    """End this run if another one waits: Streamlit looks at each use of the session's state."""
    _ = "task" in st.session_state
