"""Failures on demand: what is on, for everybody to see, and the switches, among the QA tools."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from client.api.api import Api
from client.api.faults import FaultField, FaultKind, FaultState, FaultSwitches, FaultValue
from client.errors import ClientError
from components.common.error_message import error_message
from components.common.plain_text import plain
from components.qa_tools import qa_tools_on
from components.session import is_admin, of_connection
from components.upload import fault_words as words
from components.widget_state import entered
from process import this_process

POLL = 3
"""Seconds between two looks at the counts, while a switch is on."""

_SWITCHES, _BANNER, _PROBLEM, _KIND = "fault_api", "fault_banner", "fault_problem", "fault_kind"


def fault_banner() -> None:
    """Say which failures are switched on.

    It is as fresh as the panel, which runs the page again when that changes. It has a place of its
    own, also while nothing is on: what stands below keeps its element in the browser when the
    banner comes and goes, and a click on it is not lost.
    """
    with st.container():
        if sentences := _shown():
            text = words.BANNER.format(faults="; ".join(plain(sentence) for sentence in sentences))
            st.warning(
                f"{text}{_way_out()}", title=words.BANNER_TITLE, icon=":material/bug_report:"
            )


def fault_panel(api: Api) -> None:
    """Draw the switches for an admin with the QA tools on; keep the banner up to date for all.

    It is drawn apart from the page, so that a click in it leaves a running upload alone. Nothing
    is drawn for another endpoint, or where `TFW_FAULTS` is off.
    """
    if api.connection.embedded and this_process().settings.faults != "off":
        st.fragment(_panel, run_every=POLL if _shown() else None)(api)


def _panel(api: Api) -> None:
    remembered = of_connection()
    if _SWITCHES not in remembered:
        remembered[_SWITCHES] = FaultSwitches(api)
    switches: FaultSwitches = remembered[_SWITCHES]
    try:
        state = switches.read()
    except ClientError as error:
        if qa_tools_on():
            error_message(error)
        return
    if qa_tools_on():
        _controls(switches, state)
    sentences = [words.switch_text(name, fields) for name, fields in state.on.items()]
    if sentences != _shown():
        of_connection()[_BANNER] = sentences
        st.rerun()


def _way_out() -> str:
    """Say who can switch the faults off, unless the switches are on the same page."""
    if qa_tools_on():
        return ""
    return f" {words.BANNER_FOR_ADMINS if is_admin() else words.BANNER_FOR_OTHERS}"


def _shown() -> list[str]:
    return of_connection().get(_BANNER, [])


def _controls(switches: FaultSwitches, state: FaultState) -> None:
    # Known here, whether it is open outlives what is drawn anew above it: the banner, an upload.
    with st.expander(words.TITLE, icon=":material/bug_report:", key="faults", on_change="rerun"):
        st.caption(words.PURPOSE)
        with st.container():
            if _PROBLEM in st.session_state:
                error_message(st.session_state.pop(_PROBLEM))
        with st.container(horizontal=True, key="fault-scenarios"):
            for key, scenario in words.SCENARIOS.items():
                action = partial(switches.switch_on, scenario.switches)
                st.button(scenario.label, key=f"fault-{key}", on_click=_do, args=(action,))
        with st.container():
            _switches_on(switches, state)
        _own_switch(switches, state.available)


def _switches_on(switches: FaultSwitches, state: FaultState) -> None:
    st.markdown(f"**{words.ON_TITLE}**")
    if not state.on:
        st.caption(words.NOTHING_ON)
        return
    for name, fields in state.on.items():
        with st.container(horizontal=True, vertical_alignment="center", key=f"fault-on-{name}"):
            text = f"{words.switch_text(name, fields)}, {words.times_left(fields)}"
            st.markdown(plain(words.sentence(text)), width="stretch")
            st.button(
                words.SWITCH_OFF.format(name=words.switch_name(name)),
                key=f"fault-off-{name}",
                on_click=_do,
                args=(partial(switches.switch_off, name),),
            )
    st.button(words.ALL_OFF, key="fault-all-off", on_click=_do, args=(switches.switch_all_off,))


def _own_switch(switches: FaultSwitches, kinds: tuple[FaultKind, ...]) -> None:
    """Draw a form for any switch there is, out of what the service says of its fields."""
    st.markdown(f"**{words.OWN_TITLE}**")
    chosen = st.selectbox(
        words.SWITCH,
        kinds,
        format_func=lambda kind: words.sentence(words.switch_name(kind.name)),
        key=_KIND,
    )
    st.caption(plain(chosen.meaning))
    with st.form(f"fault-form-{chosen.name}", border=False):
        for field in chosen.fields:
            label, key = words.field_label(field), _key(chosen, field)
            if key not in st.session_state:
                st.session_state[key] = words.example(chosen, field)
            if field.choices:
                codes = [None, *field.choices] if field.may_be_null else field.choices
                st.selectbox(label, codes, format_func=lambda code: code or words.USUAL, key=key)
            else:
                st.number_input(
                    label,
                    field.lowest,
                    field.highest,
                    None,
                    required=not field.may_be_null,
                    placeholder=words.UNTIL_OFF if field.may_be_null else None,
                    key=key,
                )
        st.form_submit_button(
            words.SWITCH_ON, on_click=_do, args=(partial(_switch_own_on, switches, chosen),)
        )


def _switch_own_on(switches: FaultSwitches, kind: FaultKind) -> None:
    fields: dict[str, FaultValue] = {
        field.name: entered(_key(kind, field)) for field in kind.fields
    }
    switches.switch_on({kind.name: fields})


def _key(kind: FaultKind, field: FaultField) -> str:
    return f"fault_{kind.name}_{field.name}"


def _do(action: Callable[[], None]) -> None:
    """Run an action a click asked for; what goes wrong is shown with the panel."""
    try:
        action()
    except ClientError as error:
        st.session_state[_PROBLEM] = error
