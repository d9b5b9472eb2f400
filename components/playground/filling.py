"""Form and library, below each other in one column: what was switched on last is on top."""

from collections.abc import Sequence

import streamlit as st

from client.api.schema import LoadedSchema
from components.playground.form import playground_form
from components.playground.history import library
from components.playground.state import Playground

_ORDER = "playground_filling"
_DRAWERS = {"library": library, "form": playground_form}


def filling(
    state: Playground, loaded: LoadedSchema, *, with_form: bool, with_library: bool
) -> None:
    """Draw what of them is switched on."""
    order = _in_order(["library"] * with_library + ["form"] * with_form)
    if not order:
        return
    with st.container(key="playground-filling"):
        for name in order:
            _DRAWERS[name](state, loaded)


def _in_order(names: Sequence[str]) -> Sequence[str]:
    """Return them with the new ones first, the others as they were."""
    before: Sequence[str] = st.session_state.get(_ORDER, ())
    order = [name for name in names if name not in before]
    order += [name for name in before if name in names]
    st.session_state[_ORDER] = order
    return order
