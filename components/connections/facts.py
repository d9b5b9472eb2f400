"""What there is to know of the connection in use, and the test that says whether it works.

No secret is shown, not even to those who entered it.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from client.connection.connection import (
    ClientCredentials,
    Connection,
    Credentials,
    NoToken,
    PersonalAccessToken,
)
from client.contract_check.connection import ConnectionFinding, Verdict, check_connection
from client.errors import ClientError
from client.wire.rate_limit import RateState
from components.common.error_message import error_message
from components.common.error_words import error_text
from components.common.plain_text import plain
from components.connections import words
from components.connections.choice import deep_link
from components.session import api, connection, new_api, of_connection
from components.task import Task
from components.words import limit_text, limits_text

_FINDINGS, _TEST = "connection_findings", "connection_test"


def connection_in_use() -> None:
    """Name the connection in use, or say why none can be used."""
    try:
        endpoint = connection()
    except ClientError as error:
        error_message(error)
        return
    st.subheader(words.IN_USE_TITLE.format(name=plain(endpoint.name)), anchor=False)


def connection_facts() -> None:
    """Draw what is known of the connection in use: how it is shared, and its technical side."""
    try:
        endpoint, rate = connection(), api().rate
    except ClientError:
        return  # `connection_in_use` says why
    st.write(limits_text(endpoint.single_limit, endpoint.multipart_limit))
    st.caption(words.DEEP_LINK)
    st.code(deep_link(endpoint.name), language=None, wrap_lines=True)
    with st.expander(words.TECHNICAL, key="connection-technical"):
        _technical(endpoint, rate)


def _technical(endpoint: Connection, rate: RateState | None) -> None:
    addresses = {words.GRAPHQL_ENDPOINT: endpoint.public_url(endpoint.graphql_url)}
    if isinstance(endpoint.credentials, ClientCredentials):
        addresses[words.TOKEN_URL] = endpoint.public_url(endpoint.token_url)
    for label, address in addresses.items():
        st.caption(label)
        st.code(address, language=None, wrap_lines=True)
    single, multipart = limit_text(endpoint.single_limit), limit_text(endpoint.multipart_limit)
    st.write(words.LIMITS.format(single=single, multipart=multipart))
    st.write(words.SIGNS_IN_WITH[_kind(endpoint.credentials)])
    if endpoint.headers:
        names = ", ".join(name for name, _ in endpoint.headers)
        st.write(words.SENDS_HEADERS.format(names=plain(names)))
    if endpoint.organization:
        st.write(words.ORGANIZATION_IN_USE.format(id=plain(endpoint.organization)))
    if endpoint.repository:
        st.write(words.REPOSITORY_IN_USE.format(id=plain(endpoint.repository)))
    if rate:
        text = words.RATE_WAIT if rate.wait > 0 else words.RATE
        seconds = max(1, round(rate.wait))
        st.write(text.format(limit=endpoint.rate_limit, ready=rate.ready, seconds=seconds))


def _kind(credentials: Credentials) -> str:
    match credentials:
        case ClientCredentials():
            return "client"
        case PersonalAccessToken():
            return "pat"
        case NoToken():
            return "none"


def connection_test() -> None:
    """Draw the test and what it found; it may take long, so what a page has besides comes first."""
    try:
        remembered = of_connection()
    except ClientError:
        return  # `connection_in_use` says why
    task: Task = remembered.setdefault(_TEST, Task())
    st.button(
        words.TEST,
        icon=":material/network_check:",
        key="connection-test",
        on_click=_begin,
        args=(task, remembered),
    )
    if task.wanted:
        with st.spinner(words.TESTING):
            task.wait()
    st.caption(words.TEST_AGAIN_HINT)
    if _FINDINGS in remembered:
        findings: Sequence[ConnectionFinding] = remembered[_FINDINGS]
        with st.container(border=True, key="connection-findings"):
            st.markdown(f"**{words.TEST_TITLE}**: {_outcome({one.verdict for one in findings})}")
            for finding in findings:
                _finding(finding)


def _begin(task: Task, remembered: dict[str, Any]) -> None:
    tested = new_api()

    def test() -> None:
        remembered[_FINDINGS] = list(check_connection(tested))

    task.begin(test)


def _outcome(verdicts: set[Verdict]) -> str:
    if "bad" in verdicts:
        return words.BAD_OUTCOME
    return words.WARNING_OUTCOME if "warning" in verdicts else words.GOOD_OUTCOME


def _finding(finding: ConnectionFinding) -> None:
    if finding.error:
        said = error_text(finding.error.code, finding.error.details, str(finding.error))
        text, step = f"{said.title}. {said.text}", words.failure_next(finding.error.code)
    else:
        text, step = words.finding_text(finding.code, finding.details)
    with st.container(gap="xsmall", key=f"finding-{finding.step}"):
        verdict, name = words.VERDICTS[finding.verdict], words.STEPS[finding.step]
        st.markdown(words.FINDING.format(verdict=verdict, step=name, text=plain(text)))
        if finding.error:
            st.caption(f"{plain(str(finding.error))} `{finding.error.code}`")
        if step:
            st.markdown(words.NEXT_STEP.format(step=plain(step)))
