"""What a click asks for and a page's run carries out: it is kept until that is done.

Another event may end the run in between, at any use of `st.session_state` or anything drawn.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager


@contextmanager
def carried_out(forget: Callable[[], None]) -> Generator[None]:
    """Forget a wish when the work is done or has failed; if the run is ended, the next one does it.

    Streamlit ends a run by exceptions that are no `Exception`.
    """
    try:
        yield
    except Exception:
        forget()
        raise
    forget()
