"""A report as JUnit XML, for build servers.

A failure is where the endpoint departs from what is documented, observed or S3's. What is unclear,
was not run, or settles an inferred item otherwise, is skipped, with the reason.
"""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from client.contract_check.probe import GROUPS, Finding
from client.contract_check.reports.words import GROUP_TITLES, source_text, verdict_text
from client.contract_check.run import CheckReport

MEDIA_TYPE = "application/xml"
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(report: CheckReport) -> str:
    """Return the report as an XML document with one test suite for each group."""
    root = Element("testsuites", {"name": f"Contract check of {_plain(report.endpoint)}"})
    for group in GROUPS:
        findings = [one for one in report.findings if one.probe.group == group]
        if findings:
            suite = SubElement(root, "testsuite", {"name": GROUP_TITLES[group]})
            suite.attrib |= {
                **_totals(report, findings),
                "errors": "0",
                "timestamp": report.started.isoformat(timespec="seconds"),
            }
            for finding in findings:
                _case(suite, finding, failed=finding in report.failures)
    root.attrib |= _totals(report, report.findings)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode") + "\n"


def _totals(report: CheckReport, findings: Sequence[Finding]) -> dict[str, str]:
    failed = [one for one in findings if one in report.failures]
    passed = [one for one in findings if one.verdict == "met"]
    return {
        "tests": str(len(findings)),
        "failures": str(len(failed)),
        "skipped": str(len(findings) - len(failed) - len(passed)),
        "time": f"{sum(one.seconds for one in findings):.3f}",
    }


def _case(suite: Element, finding: Finding, *, failed: bool) -> None:
    case = SubElement(
        suite,
        "testcase",
        {
            "classname": f"contract.{finding.probe.group}.{finding.probe.id}",
            "name": finding.probe.title,
            "time": f"{finding.seconds:.3f}",
        },
    )
    said = f"expected {finding.probe.expected_text}; seen: {finding.seen}"
    if failed:
        problem = SubElement(
            case, "failure", {"type": finding.probe.basis, "message": _plain(said)}
        )
        problem.text = _plain(source_text(finding))
    elif finding.verdict != "met":
        reason = f"{verdict_text(finding)}: {said}"
        SubElement(case, "skipped", {"message": _plain(reason)})
    if finding.evidence:
        SubElement(case, "system-out").text = _plain("\n".join(finding.evidence))


def _plain(text: str) -> str:
    """Leave out what XML 1.0 cannot hold: an endpoint may say anything."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
