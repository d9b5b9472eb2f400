"""`python -m client check`: the contract check on the command line."""

import argparse
import sys
from collections.abc import Callable, Generator
from pathlib import Path

from client.api.api import Api
from client.connection.connection import global_id
from client.contract_check.outcome import COSTS, VERDICTS, Cost
from client.contract_check.probe import GROUPS, Finding, counted
from client.contract_check.reports.html import html_report
from client.contract_check.reports.json_report import json_report
from client.contract_check.reports.junit import junit_report
from client.contract_check.reports.words import (
    COST_TITLES,
    GROUP_TITLES,
    VERDICT_TITLES,
    verdict_text,
)
from client.contract_check.run import CheckReport, probes_of, run_check
from client.contract_check.trial import SOME_PAGE, CheckOptions
from client.pasted import as_meant

_DESCRIPTION = """\
Try the connection's endpoint against the wire contract, and say where it differs. About 40 MB are
sent to temp files. What costs something is done only with --allow, or when you say yes to it.
Exit status: 0 nothing differs but what the contract only infers; 1 something else does, or nothing
was as expected.
"""
_FORMATS: dict[str, Callable[[CheckReport], str]] = {
    "json": json_report,
    "junit": junit_report,
    "html": html_report,
}

Write = Callable[[str], object]


def add_check(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.description = _DESCRIPTION
    parser.add_argument(
        "--group",
        action="append",
        choices=GROUPS,
        help="only this group of probes; may be given several times",
    )
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        choices=COSTS,
        help="; ".join(f"{cost}: {title}" for cost, title in COST_TITLES.items()),
    )
    parser.add_argument(
        "--no-questions", action="store_true", help="do not ask for what --allow leaves out"
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit 1 also for what is inferred or unclear"
    )
    parser.add_argument(
        "--origin", default=SOME_PAGE, metavar="URL", help="page to try CORS for; default: another"
    )
    parser.add_argument(
        "--repository", metavar="ID", help="where the asset is made; default: the first repository"
    )
    parser.add_argument(
        "--wait",
        type=float,
        default=0,
        metavar="SECONDS",
        help="how long to wait at most for a link to expire; default: not at all",
    )
    for name in _FORMATS:
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=f"write a {name} report")


def check(api: Api, options: argparse.Namespace, write: Write, ask: Callable[[str], str]) -> int:
    """Run the check, write its reports, and return the exit status.

    Raises:
        OddCharactersError: an option holds a character that it cannot have.
        OSError: a report cannot be written.
    """
    groups = frozenset(options.group) if options.group else None
    choice = CheckOptions(
        allowed=_allowed(options, ask),
        origin=as_meant(options.origin, "address", "origin"),
        wait=options.wait,
        repository_id=global_id(
            "AssetRepository", as_meant(options.repository or "", "id", "repository")
        )
        or None,
    )
    report = _shown(run_check(api, choice, groups), write)
    for name, text in _FORMATS.items():
        path: Path | None = getattr(options, name)
        if path:
            path.write_text(text(report), encoding="utf-8")
    counts = counted(report.findings)
    words = ", ".join(f"{counts[one]} {VERDICT_TITLES[one].lower()}" for one in VERDICTS)
    lines = [f"\n{report.endpoint}: {words}, in {report.seconds:.0f} s."]
    lines += [f"Could not be put away: {reason}" for reason in report.left_behind]
    write("\n".join(lines))
    refused = options.strict and (report.with_verdict("differs") or report.with_verdict("unclear"))
    return 1 if refused or not report.passed else 0


def _allowed(options: argparse.Namespace, ask: Callable[[str], str]) -> frozenset[Cost]:
    allowed: set[Cost] = set(options.allow)
    wanted = {probe.cost for probe in probes_of(set(options.group) if options.group else None)}
    if options.no_questions or not sys.stdin.isatty():
        return frozenset(allowed)
    for cost in COSTS:
        if cost in wanted - allowed:
            answer = ask(f"May the check {COST_TITLES[cost]}? [y/N] ")
            if answer.strip().lower() in {"y", "yes"}:
                allowed.add(cost)
    return frozenset(allowed)


def _shown(run: Generator[Finding, None, CheckReport], write: Write) -> CheckReport:
    group = ""
    try:
        while True:
            finding = next(run)
            if finding.probe.group != group:
                group = finding.probe.group
                write(f"\n{GROUP_TITLES[finding.probe.group]}")
            write(_line(finding))
    except StopIteration as end:
        return end.value
    finally:
        run.close()


def _line(finding: Finding) -> str:
    lines = [f"  {VERDICT_TITLES[finding.verdict]:<12} {finding.probe.id}: {finding.seen}"]
    if finding.verdict == "differs":
        lines.append(f"{'':15}expected: {finding.probe.expected_text}")
    if finding.verdict == "differs" and finding.settles:
        lines.append(f"{'':15}{verdict_text(finding)}")
    return "\n".join(lines)
