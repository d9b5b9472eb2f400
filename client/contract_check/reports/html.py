"""A report as one HTML file that needs nothing else, to attach to a ticket."""

from html import escape

from client.contract_check.outcome import VERDICTS
from client.contract_check.probe import GROUPS, Finding, counted
from client.contract_check.reports.words import (
    GROUP_TITLES,
    VERDICT_TITLES,
    source_text,
    verdict_text,
)
from client.contract_check.run import CheckReport

MEDIA_TYPE = "text/html"
_COLUMNS = ("Verdict", "What was asked", "Expected", "Seen")
_STYLE = """\
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.4; }
body { margin: 1.5rem auto; max-width: 80rem; padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #8888; padding: .4rem .6rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; min-width: 7rem; }
tr.differs { background: #d5000018; }
tr.unclear { background: #d5900018; }
small { opacity: .85; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .4rem 0; }
"""


def html_report(report: CheckReport) -> str:
    """Return the report as a document; nothing that an endpoint said is markup in it."""
    counts = counted(report.findings)
    summary = ", ".join(f"{counts[one]} {VERDICT_TITLES[one].lower()}" for one in VERDICTS)
    sections = "".join(_section(report, group) for group in GROUPS)
    items = "".join(f"<li>{escape(reason)}</li>" for reason in report.left_behind)
    left_behind = f"<h2>What could not be put away</h2><ul>{items}</ul>" if items else ""
    title = f"Contract check of {escape(report.endpoint)}"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{title}</h1><p>Connection {escape(report.connection)}, started "
        f"{report.started:%Y-%m-%d %H:%M:%S} UTC, {report.seconds:.0f} s. {summary}.</p>"
        f"{left_behind}{sections}</main></body></html>\n"
    )


def _section(report: CheckReport, group: str) -> str:
    findings = [one for one in report.findings if one.probe.group == group]
    if not findings:
        return ""
    heads = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    rows = "".join(_row(finding) for finding in findings)
    title = GROUP_TITLES[findings[0].probe.group]
    return (
        f'<h2>{title}</h2><div class="wide" tabindex="0" role="region" aria-label="{title}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(finding: Finding) -> str:
    lines = escape("\n".join(finding.evidence))
    evidence = f"<details><summary>Evidence</summary><pre>{lines}</pre></details>"
    return (
        f'<tr class="{finding.verdict}" id="{finding.probe.id}">'
        f"<td>{escape(verdict_text(finding))}</td>"
        f"<td>{escape(finding.probe.title)}<br><small>{escape(source_text(finding))}</small></td>"
        f"<td>{escape(finding.probe.expected_text)}</td>"
        f"<td>{escape(finding.seen)}{evidence if finding.evidence else ''}</td></tr>"
    )
