"""The tabs of a visit: what becomes of what the person wants done with them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from client.playground.run import Run
from client.playground.runs import Runs
from client.playground.saved_operations import (
    LONGEST_NAME,
    MOST_CLOSED,
    MOST_TABS,
    OperationStore,
)
from components.playground import words
from components.playground.state import Playground
from components.playground.tab_strip import tab_strip
from components.playground.tab_strip.tab_strip import Wish
from components.playground.tabs import carry_out, titles


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OperationStore]:
    store = OperationStore(tmp_path)
    yield store
    store.close()


@pytest.fixture
def state(store: OperationStore) -> Playground:
    """A visit with the tabs a, b and c, the last of them on show."""
    return visit(store, "a", "b", "c")


def visit(store: OperationStore, *opened: str, runs: Runs | None = None) -> Playground:
    state = Playground("ann", store, runs or Runs())
    state.load("{ first }")
    for name in opened:
        state.open(f"{{ {name} }}")
    if opened:
        state.close(next(iter(state.tabs)))  # that of a first visit
    return state


def shown(state: Playground) -> str:
    """The titles of the tabs, with the one on show in brackets."""
    return " ".join(
        f"[{title}]" if tab_id == state.active else title for tab_id, title in titles(state).items()
    )


def ids(state: Playground) -> list[str]:
    return list(state.tabs)


def do(state: Playground, kind: Any, at: int, **more: str) -> None:
    carry_out(state, Wish(kind, ids(state)[at], **more))


def test_what_is_done_is_there_after_a_reload(state: Playground, store: OperationStore) -> None:
    do(state, "move", 2, before=ids(state)[0])
    do(state, "rename", 1, name="  My\n name ")
    do(state, "duplicate", 1)
    assert shown(state) == "c My name [My name (2)] b"
    do(state, "show", 0)
    assert shown(visit(store)) == shown(state) == "[c] My name My name (2) b"


def test_a_tab_that_is_moved_keeps_its_number(store: OperationStore) -> None:
    state = visit(store, "a", "a", "a")
    do(state, "move", 2, before=ids(state)[0])
    assert shown(state) == "[a (3)] a a (2)"
    assert shown(visit(store)) == "[a (3)] a a (2)"


def test_a_name_is_cut_and_an_empty_one_gives_the_title_back(state: Playground) -> None:
    do(state, "rename", 0, name="x" * (LONGEST_NAME + 1))
    assert shown(state) == f"{'x' * LONGEST_NAME} b [c]"
    do(state, "rename", 0, name=" ")
    assert shown(state) == "a b [c]"


def test_renaming_another_tab_does_not_show_it_after_a_reload(
    state: Playground, store: OperationStore
) -> None:
    do(state, "rename", 0, name="Mine")
    assert shown(visit(store)) == "Mine b [c]"


def test_a_name_is_kept_where_another_window_changed_the_text(
    state: Playground, store: OperationStore
) -> None:
    other = visit(store)
    other.typed(ids(other)[0], "{ other }", "")
    do(state, "rename", 0, name="Mine")
    assert shown(visit(store)).startswith("[Mine] ")
    assert state.tabs[ids(state)[0]].text == "{ other }"


def test_after_the_tab_on_show_the_next_one_is_shown(state: Playground) -> None:
    do(state, "show", 1)
    do(state, "close", 1)
    assert shown(state) == "a [c]"
    do(state, "close", 1)
    assert shown(state) == "[a]"
    do(state, "close", 0)
    assert shown(state) == "[Untitled]"
    assert state.tab.text == words.NEW_TEXT
    last = state.active
    do(state, "close", 0)
    assert ids(state) == [last], "an empty one that is the last stays"


def test_closed_tabs_come_back_with_their_answers(store: OperationStore) -> None:
    runs = Runs()
    state = visit(store, "a", "b", "c", runs=runs)
    do(state, "move", 2, before=ids(state)[0])
    closed = ids(state)[1]
    runs.put("ann", closed, Run("ok", "a", started=0.0))
    do(state, "close", 1)
    carry_out(state, Wish("reopen"))
    assert shown(state) == "c [a] b"
    assert state.run
    assert state.run.outcome
    do(state, "close", 1)
    for _ in range(MOST_CLOSED):
        state.open("{ x }")
        state.close(state.active)
    assert runs.of("ann", closed) is None, "it cannot come back any more"
    do(state, "close-others", 0)
    assert shown(state) == "[c]"
    carry_out(state, Wish("reopen"))
    assert shown(state) == "c [b]"


def test_the_tab_used_longest_ago_makes_room_and_is_named(
    state: Playground, store: OperationStore
) -> None:
    do(state, "show", 0)
    while len(state.tabs) < MOST_TABS:
        state.open("{ more }")
    assert not state.notice
    carry_out(state, Wish("new"))
    assert "30 tabs can be open, so b, which was used longest ago" in state.notice
    assert shown(state).startswith("a c more ")
    assert len(state.tabs) == len(store.tabs("ann")) == MOST_TABS
    do(state, "show", 0)
    assert not state.notice
    carry_out(state, Wish("reopen"))
    assert shown(state).startswith("a [b] more ")
    assert "so c, which" in state.notice


def test_a_tab_that_made_room_for_another_window_opens_again_by_typing(
    state: Playground, store: OperationStore
) -> None:
    on_show = state.active
    other = visit(store)
    for _ in range(MOST_TABS):
        other.open("{ more }")
    assert on_show not in [tab.id for tab in store.tabs("ann")]
    state.open("{ here }")
    state.show(on_show)
    state.typed(on_show, "{ typed }", "")
    assert "{ typed }" in [tab.text for tab in store.tabs("ann")]


def test_a_tab_that_is_gone_is_left_alone(state: Playground) -> None:
    before = shown(state)
    for kind in ("show", "close", "close-others", "rename", "move", "duplicate"):
        carry_out(state, Wish(kind, "gone"))
    do(state, "move", 2, before="gone")
    assert shown(state) == before


@pytest.mark.parametrize(
    "told",
    [None, "x", {}, {"wishes": 1}, {"wishes": [1, {}, {"number": "1"}, {"number": True}]}],
)
def test_what_is_no_list_of_wishes_is_none(told: object) -> None:
    assert not list(tab_strip.wishes_of(told))


def test_wishes_are_read_with_their_numbers() -> None:
    told = [
        {"number": 1, "kind": "new"},
        {"number": 2, "kind": "explode", "tab": "a"},
        {"number": 3, "kind": "show", "tab": 1},
        {"number": 4, "kind": "move", "tab": "a", "before": "b"},
    ]
    assert tab_strip.wishes_of({"at": 1, "wishes": told}) == [
        (1, Wish("new")),
        (2, None),
        (3, None),
        (4, Wish("move", "a", before="b")),
    ]
