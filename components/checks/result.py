"""What a contract check found: progress, a summary, the differences, and every finding."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from client.contract_check.outcome import VERDICTS
from client.contract_check.probe import Finding, counted
from client.contract_check.reports import html as html_report
from client.contract_check.reports import json_report
from client.contract_check.reports import junit as junit_report
from client.contract_check.reports.words import (
    BASIS_TITLES,
    VERDICT_TITLES,
    source_text,
    verdict_text,
)
from client.contract_check.run import CheckReport
from components.checks import words
from components.checks.form import check_run, next_probe
from components.checks.run import CheckRun
from components.common.long_text import long_text
from components.common.moment import day_text
from components.common.plain_text import on_one_line, plain

POLL = 0.7
"""Seconds between two looks while a check runs."""
_REPORTS: tuple[tuple[str, str, str, Callable[[CheckReport], str]], ...] = (
    ("html", "html", html_report.MEDIA_TYPE, html_report.html_report),
    ("junit", "xml", junit_report.MEDIA_TYPE, junit_report.junit_report),
    ("json", "json", json_report.MEDIA_TYPE, json_report.json_report),
)


def check_result() -> None:
    """Draw the last check of the visit, or that there is none."""
    run = check_run()
    if run is None:
        st.subheader(words.EMPTY_TITLE, anchor=False)
        st.caption(words.EMPTY)
        return
    if run.running:
        st.fragment(_progress, run_every=POLL)(run)
        return
    report = run.state.report
    if report is None:
        st.error(words.SILENT)
        return
    _summary(report, len(run.probes))
    _reports(report)
    if differing := report.with_verdict("differs"):
        st.subheader(words.DIFFERENCES_TITLE, anchor=False)
        for finding in differing:
            with st.container(border=True, key=f"check-differs-{finding.probe.id}"):
                st.markdown(f"**{plain(finding.probe.title)}**")
                _facts(finding)
    _table(report)
    _details(report)


def _progress(run: CheckRun) -> None:
    if not run.running:
        st.rerun()
    done, total = len(run.state.findings), len(run.probes)
    st.progress(done / total, text=words.PROGRESS.format(done=done, total=total))
    probe = next_probe(run)
    if run.stopping or probe is None:
        st.caption(words.STOPPING)
    else:
        st.caption(words.NEXT.format(title=plain(probe.title)))


def _summary(report: CheckReport, total: int) -> None:
    failures, met = report.failures, report.with_verdict("met")
    if failures:
        st.error(words.counted(words.FAILED, len(failures)), icon=":material/error:")
    elif not report.passed:
        st.error(words.SILENT, icon=":material/error:")
    else:
        text = words.PASSED.format(met=len(met), total=len(report.findings))
        st.success(text, icon=":material/check_circle:")
    settled = sum(finding.settles for finding in report.findings)
    notes = [words.counted(words.SETTLED, settled)] if settled else []
    if len(report.findings) < total:
        notes.append(words.STOPPED.format(done=len(report.findings), total=total))
    moment = day_text(report.started.timestamp())
    ran = words.RAN.format(endpoint=report.endpoint, moment=moment, seconds=report.seconds)
    st.caption("  \n".join([*notes, plain(ran)]))
    for reason in report.left_behind:
        st.warning(words.LEFT_BEHIND.format(reason=plain(reason)))


def _reports(report: CheckReport) -> None:
    with st.container(horizontal=True, key="check-reports"):
        for name, ending, media_type, write in _REPORTS:
            st.download_button(
                f"{words.REPORTS_TITLE}: {words.REPORT_LABELS[name]}",
                partial(_encoded, write, report),
                f"contract-check-{report.started:%Y%m%d-%H%M%S}.{ending}",
                media_type,
                key=f"check-report-{name}",
                on_click="ignore",
                icon=":material/download:",
            )


def _encoded(write: Callable[[CheckReport], str], report: CheckReport) -> bytes:
    return write(report).encode()


def _facts(finding: Finding) -> None:
    probe = finding.probe
    lines = (
        f"{words.EXPECTED}: {plain(probe.expected_text)}",
        f"{words.SEEN}: {plain(finding.seen)}",
        f"{plain(verdict_text(finding))} · {plain(source_text(finding))}",
    )
    st.markdown("  \n".join(lines))


def _table(report: CheckReport) -> None:
    """Draw the findings, all of them or those of one verdict, as a table."""
    st.subheader(words.TABLE_TITLE, anchor=False)
    counts = counted(report.findings).items()
    labels = {words.SHOW_ALL: len(report.findings)}
    labels |= {VERDICT_TITLES[verdict]: count for verdict, count in counts if count}
    wanted = st.radio(
        words.SHOW,
        list(labels),
        format_func=lambda label: f"{label} ({labels[label]})",
        horizontal=True,
        key="check-show",
    )
    rows = [
        (
            VERDICT_TITLES[finding.verdict],
            finding.probe.title,
            finding.probe.expected_text,
            on_one_line(finding.seen),
            finding.probe.section,
            BASIS_TITLES[finding.probe.basis],
            words.YES if finding.settles else "",
        )
        for finding in report.findings
        if wanted in (words.SHOW_ALL, VERDICT_TITLES[finding.verdict])
    ]
    table = {column: [row[index] for row in rows] for index, column in enumerate(words.COLUMNS)}
    st.dataframe(  # pyright: ignore[reportUnknownMemberType] # names pyarrow, which has no types
        table, hide_index=True, key="check-table", alt=words.TABLE_ALT
    )


def _details(report: CheckReport) -> None:
    order = {verdict: place for place, verdict in enumerate(VERDICTS)}
    findings = sorted(report.findings, key=lambda one: order[one.verdict])
    by_id = {finding.probe.id: finding for finding in findings}
    chosen = st.selectbox(
        words.DETAILS, list(by_id), format_func=lambda id_: by_id[id_].probe.title, key="check-one"
    )
    finding = by_id[chosen]
    _facts(finding)
    st.caption(words.EVIDENCE if finding.evidence else words.NO_EVIDENCE)
    if finding.evidence:
        long_text("\n".join(finding.evidence), key="check-evidence", height=220)
