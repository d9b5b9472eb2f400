"""A report as JSON, for programs."""

import json
from typing import Any

from client.contract_check.probe import Finding, counted
from client.contract_check.run import CheckReport

MEDIA_TYPE = "application/json"


def json_report(report: CheckReport) -> str:
    """Return the report as pretty-printed JSON; times are UTC, durations seconds."""
    content = {
        "connection": report.connection,
        "endpoint": report.endpoint,
        "started": report.started.isoformat(timespec="milliseconds"),
        "seconds": round(report.seconds, 3),
        "passed": report.passed,
        "verdicts": dict(counted(report.findings)),
        "findings": [_finding(finding) for finding in report.findings],
        "leftBehind": list(report.left_behind),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    probe = finding.probe
    return {
        "id": probe.id,
        "group": probe.group,
        "title": probe.title,
        "section": probe.section,
        "basis": probe.basis,
        "expected": list(probe.expected),
        "seen": finding.seen,
        "verdict": finding.verdict,
        "settles": finding.settles,
        "evidence": list(finding.evidence),
        "seconds": finding.seconds,
    }
