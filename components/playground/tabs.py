"""The open operations, one of them on show."""

from collections.abc import Sequence

import streamlit as st

from client.playground.runs import TabRun
from components.common.plain_text import on_one_line
from components.playground import words
from components.playground.answer import outcome_spoken
from components.playground.state import Playground, title_of
from components.playground.tab_strip.tab_strip import StripTab, Wish, tab_strip

KEY = "playground-tab-strip"
_LONGEST_TITLE = 120
_POLL = 1.0  # seconds


def playground_tabs(state: Playground) -> None:
    """Draw the tabs; what the person wants done with them is done before the page is drawn.

    While operations of other tabs than the one on show run, the page is drawn anew once one ends.
    """
    runs = {tab_id: state.runs.of(state.owner, tab_id) for tab_id in state.tabs}
    awaited = {tab_id: run for tab_id, run in runs.items() if run and run.awaited}
    tabs = [_tab(tab_id, title, runs[tab_id]) for tab_id, title in titles(state).items()]
    with st.container(key="playground-tabs"):  # of every run, so that what follows stays the same
        tab_strip(
            tabs,
            state.active,
            can_reopen=bool(state.closed),
            key=KEY,
            on_wish=lambda wish: carry_out(state, wish),
        )
        others = [run for tab_id, run in awaited.items() if tab_id != state.active]
        if others:
            st.fragment(_watch, run_every=_POLL)(others)


def _tab(tab_id: str, title: str, run: TabRun | None) -> StripTab:
    if run is None or run.awaited:
        return StripTab(tab_id, title, runs=run is not None)
    return StripTab(tab_id, title, ended=run.begun, outcome=outcome_spoken(run))


def _watch(runs: Sequence[TabRun]) -> None:
    if not all(run.awaited for run in runs):
        st.rerun()


def carry_out(state: Playground, wish: Wish) -> None:
    """Do what the person wants; a tab that is open no longer is left alone."""
    if wish.kind == "new":
        state.open(words.NEW_TEXT)
        state.caret_wanted += 1
    elif wish.kind == "reopen":
        state.reopen()
    elif wish.tab not in state.tabs:
        return
    elif wish.kind == "show":
        state.show(wish.tab)
    elif wish.kind == "close":
        state.close(wish.tab)
    elif wish.kind == "close-others":
        state.close_others(wish.tab)
    elif wish.kind == "rename":
        state.rename(wish.tab, wish.name)
    elif wish.kind == "move":
        state.move(wish.tab, wish.before)
    else:
        state.duplicate(wish.tab)


def titles(state: Playground) -> dict[str, str]:
    """Return the titles of the tabs, each its own: they are told apart by ear too.

    Those that would be the same are numbered as they were opened, so that a tab that is moved keeps
    its number.
    """
    found: dict[str, str] = {}
    for tab_id, tab in sorted(state.tabs.items(), key=lambda item: item[1].at):
        title = first = on_one_line(title_of(tab)).strip()[:_LONGEST_TITLE]
        number = 1
        while title in found.values():
            number += 1
            title = f"{first} ({number})"
        found[tab_id] = title
    return {tab_id: found[tab_id] for tab_id in state.tabs}
