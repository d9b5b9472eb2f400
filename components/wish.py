"""What a click asks for and a page's run carries out: it is kept until that is done.

Another event may end the run in between, at any use of `st.session_state` or anything drawn.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Wish:
    """One such thing; `wanted` tells whether it was asked for and is not done yet."""

    wanted: bool = False

    def ask(self) -> None:
        """Ask for it; once is enough."""
        self.wanted = True

    def forget(self) -> None:
        """Ask for it no more."""
        self.wanted = False

    @contextmanager
    def carried_out(self) -> Generator[None]:
        """Forget it when the work is done or has failed; if the run is ended, the next one does it.

        Streamlit ends a run by exceptions that are no `Exception`.
        """
        try:
            yield
        except Exception:
            self.forget()
            raise
        self.forget()
