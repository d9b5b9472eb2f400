"""What is to be checked, and what the check may spend."""

from collections.abc import Sequence, Set
from urllib.parse import urlsplit

import streamlit as st

from client.contract_check.probe import COSTS, GROUPS, Cost, Group, Probe
from client.contract_check.run import probes_of
from client.contract_check.trial import SOME_PAGE, Choice
from client.contract_check.words import GROUP_TITLES
from components import check_words as words
from components.check_run import CheckRun
from components.session import api, may_upload

_RUN, _PROBLEM = "check_run", "check_problem"


def check_run() -> CheckRun | None:
    """Return this visit's last check, if there was one."""
    return st.session_state.get(_RUN)


def check_form() -> None:
    """Draw groups and permissions, and the button that starts or stops a check."""
    if not may_upload():
        st.info(words.ONLY_LOOKING, icon=":material/visibility:")
        return
    with st.container(border=True, key="check-form"):
        offered = [(group, GROUP_TITLES[group]) for group in GROUPS]
        ticked = _ticked(words.GROUPS, offered, on=True)
        groups: frozenset[Group] = frozenset(group for group in GROUPS if group in ticked)
        allowed = _permissions(groups)
        _buttons(groups, allowed)


def _permissions(groups: Set[Group]) -> frozenset[Cost]:
    """Draw what these groups could spend; unticked ones are left out of the check."""
    asked = {probe.cost for probe in probes_of(groups)}
    offered = [(cost, words.COST_LABELS[cost]) for cost in COSTS if cost in asked]
    if not offered:
        return frozenset()
    ticked = _ticked(words.PERMISSIONS, offered, on=False)
    st.caption(words.PERMISSIONS_CAPTION)
    return frozenset(cost for cost in COSTS if cost in ticked)


def _ticked(title: str, offered: Sequence[tuple[str, str]], *, on: bool) -> frozenset[str]:
    st.markdown(f"**{title}**")
    with st.container(horizontal=True):
        return frozenset(
            name
            for name, label in offered
            if st.checkbox(label, value=on, key=f"check-{name}", persist_state="session")
        )


def _buttons(groups: Set[Group], allowed: frozenset[Cost]) -> None:
    run = check_run()
    if run and run.running:
        st.button(words.STOP, key="check-stop", icon=":material/stop:", on_click=run.stop)
        return
    st.button(
        words.RUN,
        key="check-start",
        type="primary",
        icon=":material/fact_check:",
        on_click=_start,
        args=(groups, allowed),
    )
    if st.session_state.pop(_PROBLEM, None):
        st.warning(words.NOTHING_CHOSEN)


def _start(groups: Set[Group], allowed: frozenset[Cost]) -> None:
    if not groups:
        st.session_state[_PROBLEM] = True
        return
    st.session_state[_RUN] = CheckRun(api(), Choice(allowed, _own_origin()), groups)


def _own_origin() -> str:
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}" if here.netloc else SOME_PAGE


def next_probe(run: CheckRun) -> Probe | None:
    """Return the question that is being asked; None at the end."""
    done = len(run.state.findings)
    return run.probes[done] if done < len(run.probes) else None
