"""The form of a contract check: which groups of probes to run, and what they may spend."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import streamlit as st

from client.contract_check.outcome import COSTS, Cost
from client.contract_check.probe import GROUPS, Group, Probe
from client.contract_check.reports.words import GROUP_TITLES
from client.contract_check.run import probes_of
from client.contract_check.trial import SOME_PAGE, CheckOptions
from components.checks import words
from components.checks.run import CheckRun
from components.kept import kept
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
        _boxes(words.GROUPS, [(group, GROUP_TITLES[group]) for group in GROUPS], on=True)
        asked = {probe.cost for probe in probes_of(_groups())}
        offered = [(cost, words.COST_LABELS[cost]) for cost in COSTS if cost in asked]
        if offered:
            _boxes(words.PERMISSIONS, offered, on=False)
            st.caption(words.PERMISSIONS_CAPTION)
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
        )
        if st.session_state.pop(_PROBLEM, None):
            st.warning(words.NOTHING_CHOSEN)


def _boxes(title: str, offered: Sequence[tuple[str, str]], *, on: bool) -> None:
    st.markdown(f"**{title}**")
    with st.container(horizontal=True):
        for name, label in offered:
            st.checkbox(label, value=kept(_key(name), on), key=_key(name), persist_state="session")


def _groups() -> frozenset[Group]:
    return frozenset(group for group in GROUPS if st.session_state.get(_key(group)))


def _key(name: str) -> str:
    return f"check-{name}"


def _start() -> None:
    """Start a check of what is ticked now, which the page may not have been drawn with yet."""
    groups = _groups()
    if not groups:
        st.session_state[_PROBLEM] = True
        return
    allowed = frozenset[Cost](cost for cost in COSTS if st.session_state.get(_key(cost)))
    here = urlsplit(st.context.url or "")
    origin = f"{here.scheme}://{here.netloc}" if here.netloc else SOME_PAGE
    st.session_state[_RUN] = CheckRun(api(), CheckOptions(allowed, origin), groups)


def next_probe(run: CheckRun) -> Probe | None:
    """Return the probe that runs now; None at the end."""
    done = len(run.state.findings)
    return run.probes[done] if done < len(run.probes) else None
