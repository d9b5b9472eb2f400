"""The contract check's reports and its command."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree

from client.api.api import Api
from client.connection.connection import Connection, PersonalAccessToken
from client.contract_check.command import add_check, check
from client.contract_check.probe import PROBES, Finding
from client.contract_check.reports.html import html_report
from client.contract_check.reports.json_report import json_report
from client.contract_check.reports.junit import junit_report
from client.contract_check.run import CheckReport
from tests.client import broken_endpoint as broken
from tests.client.broken_endpoint import running_broken
from tests.client.scripted_endpoint import QUICK
from tests.service.live import Live, running

ROOT = Path(__file__).parents[3]
NASTY = "<script>alert('\"&')</script>\x00\x1b"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with running(tmp_path_factory.mktemp("service"), demo_data=True) as live:
        yield live


def finding(id_: str, **changes: Any) -> Finding:
    return replace(Finding(PROBES[id_], "met", "as expected", seconds=0.25), **changes)


REPORT = CheckReport(
    connection="Amplience",
    endpoint="https://api.example/graphql",
    started=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    seconds=12.5,
    findings=(
        finding("token"),
        finding("complete-reversed", verdict="differs", seen=NASTY, evidence=(NASTY, "second")),
        finding("size-types", verdict="differs", seen="Int"),
        finding("single-put", verdict="unclear", seen="service-down: nothing was heard."),
        finding("remove-background", verdict="not-run", seen="Not allowed."),
    ),
    left_behind=("the asset <b> is still there",),
)


def test_the_json_report_says_everything_that_was_found() -> None:
    content = json.loads(json_report(REPORT))
    assert content["verdicts"] == {"differs": 2, "unclear": 1, "met": 1, "not-run": 1}
    assert content["passed"] is False
    reversed_ = content["findings"][1]
    assert (reversed_["section"], reversed_["basis"]) == ("7.6", "storage")
    assert (reversed_["expected"], reversed_["seen"]) == (["400 InvalidPartOrder"], NASTY)
    assert [one["settles"] for one in content["findings"]] == [False, False, True, False, False]
    assert content["leftBehind"] == ["the asset <b> is still there"]


def test_the_junit_report_fails_only_where_something_known_differs() -> None:
    root = ElementTree.fromstring(junit_report(REPORT))
    counts = {name: root.get(name) for name in ("tests", "failures", "skipped")}
    assert counts == {"tests": "5", "failures": "1", "skipped": "3"}
    assert [suite.get("name") for suite in root] == [
        "Transport",
        "Schema",
        "Storage",
        "Background removal",
    ]
    [failure] = root.iter("failure")
    assert "expected 400 InvalidPartOrder; seen: <script>" in failure.attrib["message"]
    [settled, *_] = root.iter("skipped")
    assert "Settled: it is not as the contract inferred." in settled.attrib["message"]


def test_the_html_report_shows_what_an_endpoint_said_and_runs_none_of_it() -> None:
    text = html_report(REPORT)
    assert "<script" not in text
    assert "&lt;script&gt;alert(&#x27;&quot;&amp;&#x27;)" in text
    assert "the asset &lt;b&gt; is still there" in text
    assert "2 differs, 1 unclear, 1 as expected, 1 not run" in text
    assert 'lang="en"' in text


def command(live: Live, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    client = json.loads((live.settings.data_dir / "oauth-client.json").read_text())
    environment = {
        **{key: text for key, text in os.environ.items() if not key.startswith("TFW_")},
        "AMPLIENCE_GRAPHQL_URL": f"{url}/graphql",
        "AMPLIENCE_TOKEN_URL": f"{url}/oauth/token",
        "AMPLIENCE_CLIENT_ID": client["client_id"],
        "AMPLIENCE_CLIENT_SECRET": client["client_secret"],
        "AMPLIENCE_RATE_LIMIT": "0",  # ours needs no pauses
    }
    return subprocess.run(
        [sys.executable, "-m", "client", "check", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def test_the_command_passes_on_our_service_and_writes_every_report(
    live: Live, tmp_path: Path
) -> None:
    names = ("json", "junit", "html")
    reports = [text for name in names for text in (f"--{name}", str(tmp_path / name))]
    done = command(live, live.settings.public_url, *reports, "--allow", "asset")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 differs, 0 unclear" in done.stdout
    content = json.loads((tmp_path / "json").read_text())
    assert len(content["findings"]) == len(PROBES)
    root = ElementTree.fromstring((tmp_path / "junit").read_text())
    assert root.get("tests") == str(len(PROBES))
    assert "Contract check of" in (tmp_path / "html").read_text()
    by_id = {one["id"]: one["verdict"] for one in content["findings"]}
    assert (by_id["create-asset"], by_id["remove-background"]) == ("met", "not-run")


def test_the_command_fails_on_a_broken_endpoint_and_says_what_was_expected(live: Live) -> None:
    with running_broken(live.settings.public_url, [broken.parts_in_any_order]) as url:
        done = command(live, url, "--group", "storage")
    assert done.returncode == 1
    assert "complete-reversed: 200" in done.stdout
    assert "expected: 400 InvalidPartOrder" in done.stdout
    assert "Transport" not in done.stdout


def test_an_endpoint_that_does_not_answer_is_no_success() -> None:
    """The command itself, with a client that pauses for hundredths of a second between tries."""
    nowhere, token = "http://127.0.0.1:9", PersonalAccessToken("amp_pat_x")
    connection = Connection("nowhere", f"{nowhere}/graphql", f"{nowhere}/oauth/token", token)
    parser = argparse.ArgumentParser()
    add_check(parser)
    options, shown = parser.parse_args(["--group", "schema", "--no-questions"]), list[str]()
    assert check(Api(connection, policy=QUICK), options, shown.append, input) == 1
    assert "service-down" in "\n".join(shown)


def test_strict_counts_what_is_inferred(live: Live) -> None:
    with running_broken(live.settings.public_url, [broken.no_introspection]) as url:
        usual = command(live, url, "--group", "schema", "--group", "limits")
        strict = command(live, url, "--group", "schema", "--group", "limits", "--strict")
    assert (usual.returncode, strict.returncode) == (0, 1)
    assert "Settled: it is not as the contract inferred." in usual.stdout


def test_wrong_usage_is_status_2(live: Live) -> None:
    assert command(live, live.settings.public_url, "--group", "nonsense").returncode == 2
