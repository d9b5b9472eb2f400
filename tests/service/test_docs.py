"""What docs/qa.md and docs/operations.md show is run, and what they list is complete."""

import inspect
import json
import logging
import re
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from client.transfers.registry import KEPT_PER_OWNER
from service import errors
from service.data_folder import KEPT
from service.faults.codes import S3_CODES
from service.faults.switches import KINDS, describe_switches
from service.monitoring.access_log import FIELDS, JsonLines, request_fields
from service.monitoring.middleware import FinishedRequest
from settings import settings_table
from tests.service.live import Live, running

ROOT = Path(__file__).parents[2]
QA = (ROOT / "docs/qa.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def shell_blocks(document: str) -> str:
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", document, re.DOTALL | re.MULTILINE))


def rows(document: str) -> list[list[str]]:
    """The cells of every table row."""
    lines = [line for line in document.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture
def permitted(tmp_path: Path) -> Generator[Live, None, None]:
    with running(tmp_path, faults="on") as live:
        yield live


def run(script: str, live: Live) -> str:
    client = live.settings.data_dir / "oauth-client.json"
    script = script.replace("http://127.0.0.1:8501", live.api.base_url)
    script = script.replace("./data/oauth-client.json", str(client))
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run(
        [bash, "-euo", "pipefail"],
        input=script,
        env={"SERVICE": live.api.base_url, "PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_examples_of_the_qa_guide_work_as_they_stand(permitted: Live) -> None:
    output = run(shell_blocks(QA), permitted)
    answers = [json.loads(piece) for piece in re.split(r"(?<=})(?={)", output.replace("\n", ""))]
    switched = [answer["on"] for answer in answers if "on" in answer]
    assert {name for names in switched for name in names} == set(KINDS)
    refused = [answer for answer in answers if "problems" in answer]
    assert [answer["problems"][0]["message"] for answer in refused] == [
        "latency.ms is 0; it must be a whole number from 1 to 60000."
    ]
    assert "latency.ms is 0; it must be a whole number from 1 to 60000." in QA
    limited = [answer["errors"][0]["message"] for answer in answers if "errors" in answer]
    assert limited == ["Rate limit exceeded; try again in 5 seconds."]
    assert sum("data" in answer for answer in answers) == 1
    assert permitted.service.faults.active() == ()


def test_the_examples_of_the_operations_guide_work_as_they_stand(permitted: Live) -> None:
    output = run(shell_blocks(OPERATIONS), permitted)
    assert '{"live":true}{"ready":true,"checks":{' in output
    assert "# TYPE tfw_requests_total counter" in output


def test_the_qa_guide_lists_every_switch_with_its_fields_and_defaults() -> None:
    described = {row[0].strip("`"): row[1] for row in rows(QA)}
    for name, entry in describe_switches().items():
        shown: list[str] = []
        for field, limits in entry["fields"].items():
            if limits["required"]:
                shown.append(f"`{field}`")
                continue
            default = limits["default"]
            text = f"`{default}`" if isinstance(default, str) else json.dumps(default)
            shown.append(f"`{field}` ({text})")
        assert described[name] == ", ".join(shown)


def test_the_qa_guide_lists_every_storage_error_with_its_status() -> None:
    listed = {row[0].strip("`"): row[1] for row in rows(QA) if len(row) == 4}
    assert {code: str(status) for code, status in S3_CODES.items()}.items() <= listed.items()


def test_the_qa_guide_lists_every_error_a_caller_is_told() -> None:
    listed = {row[0].strip("`") for row in rows(QA) if len(row) == 4}
    source = inspect.getsource(errors)
    assert set(re.findall(r'S3ApiError\(\s*"([A-Za-z]+)"', source)) <= listed


def test_the_qa_guide_lists_every_graphql_and_token_error() -> None:
    listed = {row[0].strip("`") for row in rows(QA) if len(row) == 4}
    sources = "\n".join(path.read_text() for path in (ROOT / "service").rglob("*.py"))
    sent = re.findall(r'(?:Problem|GraphQLRequestError|OAuthError)\(\s*"(\w+)"', sources)
    sent += re.findall(r'"?(?:code|CODE|INTERNAL)"?(?:: | = )"([A-Z_]+)"', sources)
    assert len(set(sent)) > 10
    assert set(sent) <= listed


def test_the_operations_guide_lists_every_metric_and_no_other(permitted: Live) -> None:
    text = permitted.api.get(f"{permitted.api.base_url}/service/metrics").text
    exposed = set(re.findall(r"^# TYPE (tfw_\w+) ", text, re.MULTILINE))
    listed = {row[0].strip("`") for row in rows(OPERATIONS) if row[0].startswith("`tfw_")}
    assert listed == exposed


def test_the_operations_guide_names_every_file_of_the_data_folder_and_no_other() -> None:
    table = OPERATIONS.partition("## The data folder")[2]
    first = [row[0] for row in rows(table) if row[0].startswith("`")]
    named = {name.rstrip("/") for cell in first for name in re.findall("`([^`]+)`", cell)}
    assert named == {kept.name for kept in KEPT}


def test_the_operations_guide_says_how_many_transfers_are_kept() -> None:
    assert f"up to {KEPT_PER_OWNER} of each user" in OPERATIONS


def test_the_log_line_of_the_operations_guide_is_one_that_is_written() -> None:
    shown = re.search(r"^```json\n(.*?)\n```", OPERATIONS, re.DOTALL | re.MULTILINE)
    assert shown
    line = json.loads(shown[1])
    request = FinishedRequest("id", "/", "put", "PUT", "/", 200, 1, 2, 0.5)
    written = logging.makeLogRecord({"levelname": "INFO", FIELDS: request_fields(request)})
    assert json.loads(JsonLines().format(written)).keys() == line.keys()


def test_settings_named_in_the_guides_exist() -> None:
    known = {variable for variable, _, _ in settings_table()}
    named = set(re.findall(r"\bTFW_[A-Z_]+\b", QA + OPERATIONS))
    assert named <= known


def test_the_readme_leads_to_both_guides() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(docs/qa.md)" in readme
    assert "(docs/operations.md)" in readme
