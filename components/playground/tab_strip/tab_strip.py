"""The open operations as tabs: shows them, and tells what the person wants done with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast, get_args

import streamlit as st

from client.playground.saved_operations import LONGEST_NAME
from components.playground import words
from components.registry import component
from components.widget_state import reported

WishKind = Literal["show", "new", "close", "close-others", "reopen", "rename", "move", "duplicate"]


@dataclass(frozen=True)
class StripTab:
    """One tab.

    Attributes:
        id: told with what the person wants.
        title: shown as text only, cut where it is too long.
        runs: whether an answer to its operation is awaited.
        ended: when its last run began, if that is over; 0 for none.
        outcome: what came of that run, which screen readers hear once it is over.
    """

    id: str
    title: str
    runs: bool = False
    ended: float = 0.0
    outcome: str = ""


@dataclass(frozen=True)
class Wish:
    """What the person wants.

    Attributes:
        kind: what is to be done.
        tab: the id of the tab to do it with; empty for `new` and `reopen`.
        name: of `rename`, what was typed.
        before: of `move`, the id of the tab that it is to stand before; empty for the end.
    """

    kind: WishKind
    tab: str = ""
    name: str = ""
    before: str = ""


def tab_strip(
    tabs: Sequence[StripTab],
    active: str,
    *,
    can_reopen: bool,
    key: str,
    on_wish: Callable[[Wish], None],
) -> None:
    """Draw the tabs.

    The strip shows at once what its person wants, and what Python makes of it once that is known.
    Wishes are numbered, and told again until they are heard, so that none is lost, or carried out
    twice, where several come at once or the app is away.

    Args:
        tabs: in their order.
        active: the id of the one on show.
        can_reopen: whether there are closed tabs that can be opened again.
        key: of the element.
        on_wish: called with each wish, before the page is drawn.
    """
    heard_key = f"{key}-heard"

    def listen() -> None:
        for number, wish in wishes_of(reported(key, "wishes")):
            if number > st.session_state.get(heard_key, 0):
                st.session_state[heard_key] = number
                if wish:
                    on_wish(wish)

    component("tab_strip")(
        key=key,
        data={
            "tabs": [asdict(tab) for tab in tabs],
            "active": active,
            "canReopen": can_reopen,
            "longestName": LONGEST_NAME,
            "heard": st.session_state.get(heard_key, 0),
            "words": words.TAB_STRIP,
        },
        on_wishes_change=listen,
    )


def wishes_of(told: object) -> Sequence[tuple[int, Wish | None]]:
    """Return what the browser told by its number; None in the place of what is no wish."""
    if not isinstance(told, Mapping):
        return ()
    listed = cast("Mapping[str, Any]", told).get("wishes")
    entries = cast("list[Any]", listed) if isinstance(listed, list) else []
    objects = [cast("Mapping[str, Any]", one) for one in entries if isinstance(one, Mapping)]
    return [(one["number"], _wish(one)) for one in objects if type(one.get("number")) is int]


def _wish(told: Mapping[str, Any]) -> Wish | None:
    kind, *texts = (told.get(name, "") for name in ("kind", "tab", "name", "before"))
    if kind not in get_args(WishKind) or not all(isinstance(text, str) for text in texts):
        return None
    return Wish(kind, *texts)
