"""What can go wrong with a picture on this machine, shown as every other error is."""

from collections.abc import Generator
from contextlib import contextmanager

from components.background.picture_run import CUT_OUT_ERRORS, problem_of
from components.common.error_message import error_message


@contextmanager
def problems_shown(name: str) -> Generator[None, None, None]:
    """Show why a picture could not be worked on, and go on with the page."""
    try:
        yield
    except CUT_OUT_ERRORS as error:
        error_message(problem_of(error, name))
