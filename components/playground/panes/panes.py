"""Where there is no room for two columns: tabs for what stands side by side elsewhere."""

from components.playground import words
from components.playground.state import Playground
from components.registry import component


def panes(state: Playground, *, with_form: bool, with_library: bool) -> None:
    """Draw the tabs. The answer of a run comes on show once it is there, unless somebody types.

    Form and library share a tab, which is there and comes on show when one of them is switched on.
    """
    beside = [words.FORM] * with_form + [words.LIBRARY] * with_library
    answered = state.run.begun if state.run and not state.run.awaited else 0.0
    data = {
        "document": state.active,
        "answered": answered,
        "beside": beside,
        "words": words.PANES,
    }
    component("panes")(key="playground-panes", data=data)
