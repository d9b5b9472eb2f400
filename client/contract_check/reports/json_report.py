"""A report as JSON, for programs."""

import json

from client.contract_check.probe import counted
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
        "findings": [
            {
                "id": finding.probe.id,
                "group": finding.probe.group,
                "title": finding.probe.title,
                "section": finding.probe.section,
                "basis": finding.probe.basis,
                "expected": list(finding.probe.expected),
                "seen": finding.seen,
                "verdict": finding.verdict,
                "settles": finding.settles,
                "evidence": list(finding.evidence),
                "seconds": finding.seconds,
            }
            for finding in report.findings
        ],
        "leftBehind": list(report.left_behind),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
