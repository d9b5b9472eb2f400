"""Scripts of one operation are run, and what arrives is what was in the editor."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client.api.document import choose_operation, read_variables
from client.connection.connection import (
    ClientCredentials,
    Connection,
    NoToken,
    PersonalAccessToken,
    connection_from_settings,
)
from client.export.scripts.curl_operation import operation_as_curl
from client.export.scripts.powershell import operation_as_powershell, upload_as_powershell
from client.export.scripts.python_operation import operation_as_python
from client.export.scripts.request import SnippetRequest, snippet_request
from client.storage.plan import UploadPlan, planned_parts
from settings import read_settings
from tests.app_server import ServiceAlone
from tests.client.scripted_endpoint import ScriptedEndpoint

HOSTILE = [
    "it's",
    'say "hi"',
    "$(touch owned) `touch owned` $HOME",
    "back\\slash \\n \\u0041",
    "line\nbreak\r\n\ttab",
    "JSON\n'@\nEOF",
    "@/etc/passwd",
    "%PATH% !x! ^& | > <",
    "\u2028\u2029 \U0001f600 é \u202egpj",
    "\u2018curly\u2019 \u201cquotes\u201d",
    '"""triple"""',
    "{braces} ${dollar} $$ %s",
    "\x00\x07\x7f",
    "--option",
    "",
]
QUERY = """query Echo($values: [String!]) {
  # it's a "comment" with $dollars, `ticks` and a \\ backslash
  echo(a: $values, b: \"\"\"block "text" \\ here\"\"\")
}
"""
CREDENTIALS = {"CLIENT_ID": "demo", "CLIENT_SECRET": "s+cret/value"}

Script = Callable[[SnippetRequest, Connection | None], str]
RUNNERS: dict[Script, str] = {operation_as_curl: "bash", operation_as_python: sys.executable}
POWERSHELL = shutil.which("pwsh")
if POWERSHELL:
    RUNNERS[operation_as_powershell] = POWERSHELL
ALL: list[Script] = [operation_as_curl, operation_as_python, operation_as_powershell]


@pytest.fixture(params=RUNNERS, ids=lambda script: script.__name__)
def script(request: pytest.FixtureRequest) -> Script:
    return request.param


def run(
    script: Script, text: str, folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    option = "-Command" if RUNNERS[script] == POWERSHELL else "-c"
    return subprocess.run(
        [RUNNERS[script], option, text],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def request_of(endpoint: ScriptedEndpoint, text: str, variables: dict[str, Any]) -> SnippetRequest:
    return snippet_request(choose_operation(text), variables, endpoint.connection())


def sent(endpoint: ScriptedEndpoint) -> dict[str, Any]:
    return json.loads(endpoint.last("graphql").body)


def test_hostile_values_arrive_unchanged(
    endpoint: ScriptedEndpoint, tmp_path: Path, script: Script
) -> None:
    variables = {"values": HOSTILE, **{f"key {value}": 1.5 for value in HOSTILE}}
    text = script(request_of(endpoint, QUERY, variables), endpoint.connection())
    done = run(script, text, tmp_path, **CREDENTIALS)
    assert done.returncode == 0, done.stderr
    assert sent(endpoint) == {
        "query": QUERY,
        "variables": variables,
        "operationName": "Echo",
    }
    assert json.loads(done.stdout)["data"]["echo"] == variables
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_document_arrives_unchanged(
    endpoint: ScriptedEndpoint, tmp_path: Path, script: Script, value: str
) -> None:
    document = f"query Echo {{\n  echo(a: {json.dumps(value)})\n}}\n"
    text = script(request_of(endpoint, document, {}), endpoint.connection())
    done = run(script, text, tmp_path, **CREDENTIALS)
    assert done.returncode == 0, done.stderr
    assert sent(endpoint)["query"] == document


def test_the_token_goes_to_the_api(
    endpoint: ScriptedEndpoint, tmp_path: Path, script: Script
) -> None:
    text = script(request_of(endpoint, "{ echo }", {}), endpoint.connection())
    assert run(script, text, tmp_path, **CREDENTIALS).returncode == 0
    assert endpoint.last("graphql").headers["Authorization"] == "Bearer eyJraWQi.token.1"


def test_a_personal_access_token_comes_from_the_environment(
    endpoint: ScriptedEndpoint, tmp_path: Path, script: Script
) -> None:
    connection = endpoint.connection(credentials=PersonalAccessToken("amp_pat_canary"))
    text = script(snippet_request(choose_operation("{ echo }"), {}, connection), connection)
    assert "canary" not in text
    assert run(script, text, tmp_path, ACCESS_TOKEN="amp_pat_mine").returncode == 0
    assert endpoint.last("graphql").headers["Authorization"] == "Bearer amp_pat_mine"


HEADERS = (("x-hasura-admin-secret", "canary"), ("X.Odd'$Name", "canary"))
HEADER_VALUES = {
    "HEADER_X_HASURA_ADMIN_SECRET": "it's $mine `x`",
    "HEADER_X_ODD__NAME": "other \\ value",
}


def test_headers_come_from_the_environment_with_and_without_a_token(
    endpoint: ScriptedEndpoint, tmp_path: Path, script: Script
) -> None:
    for credentials, authorization in (
        (PersonalAccessToken("canary"), "Bearer mine"),
        (NoToken(), None),
    ):
        connection = endpoint.connection(credentials=credentials, headers=HEADERS)
        text = script(snippet_request(choose_operation("{ echo }"), {}, connection), connection)
        assert "canary" not in text
        done = run(script, text, tmp_path, ACCESS_TOKEN="mine", **HEADER_VALUES)
        assert done.returncode == 0, done.stderr
        arrived = endpoint.last("graphql").headers
        assert arrived.get("Authorization") == authorization
        assert [arrived[name] for name, _ in HEADERS] == list(HEADER_VALUES.values())


@pytest.mark.parametrize("script", ALL, ids=lambda script: script.__name__)
def test_the_values_of_headers_are_in_no_script(endpoint: ScriptedEndpoint, script: Script) -> None:
    connection = endpoint.connection(credentials=NoToken(), headers=HEADERS)
    text = script(snippet_request(choose_operation("{ echo }"), {}, connection), connection)
    assert "canary" not in text
    for variable in HEADER_VALUES:
        assert variable in text
    assert "Bearer" not in text
    assert "CLIENT_SECRET" not in text


def test_a_refusal_is_printed_and_ends_the_python_script_with_1(
    service_alone: ServiceAlone, tmp_path: Path
) -> None:
    settings = read_settings(service_alone.environment_of_child(), tmp_path / "none.toml")
    connection = connection_from_settings(settings)
    credentials = connection.credentials
    assert isinstance(credentials, ClientCredentials)
    request = snippet_request(choose_operation("{ nothing }"), {}, connection)
    done = run(
        operation_as_python,
        operation_as_python(request, connection),
        tmp_path,
        CLIENT_ID=credentials.client_id,
        CLIENT_SECRET=credentials.client_secret,
    )
    assert done.returncode == 1
    assert "nothing" in done.stdout


@pytest.mark.parametrize("script", ALL, ids=lambda script: script.__name__)
def test_no_credential_is_in_a_script(endpoint: ScriptedEndpoint, script: Script) -> None:
    connection = endpoint.connection(credentials=ClientCredentials("canary-id", "canary-secret"))
    text = script(request_of(endpoint, "{ echo }", {}), connection)
    assert "canary" not in text
    assert "CLIENT_SECRET" in text


@pytest.mark.parametrize("script", ALL, ids=lambda script: script.__name__)
@pytest.mark.parametrize(
    ("token", "kind"),
    [("amp_pat_canary", "a personal access token, amp_pat_..."), ("canary", "an access token")],
)
def test_a_token_is_called_what_it_is(
    endpoint: ScriptedEndpoint, script: Script, token: str, kind: str
) -> None:
    connection = endpoint.connection(credentials=PersonalAccessToken(token))
    text = script(request_of(endpoint, "{ echo }", {}), connection)
    assert kind in text
    assert ("amp_pat_" in text) == token.startswith("amp_pat_")
    assert "canary" not in text


@pytest.mark.parametrize("script", ALL, ids=lambda script: script.__name__)
def test_without_a_connection_it_goes_to_amplience(script: Script) -> None:
    text = script(snippet_request(choose_operation("{ echo }"), {}, None), None)
    assert "https://api.amplience.net/graphql" in text
    assert "https://auth.amplience.net/oauth/token" in text


# PowerShell is not everywhere; what can be told without running it.


def here_string(text: str) -> str:
    found = re.search(r"\$body = @'\n(.*?)\n'@\n", text, re.DOTALL)
    assert found
    return found[1]


def test_no_value_ends_the_here_string_of_powershell(endpoint: ScriptedEndpoint) -> None:
    variables = {"values": HOSTILE}
    text = operation_as_powershell(request_of(endpoint, QUERY, variables), endpoint.connection())
    body = here_string(text)
    assert body.isascii()
    assert not any(line.startswith("'@") for line in body.splitlines())
    assert json.loads(body)["variables"] == variables


def test_quotes_of_every_kind_are_doubled_in_powershell() -> None:
    name = "it's \u2018curly\u2019 $(x).png"
    parts = planned_parts(10, 10, ["https://store.example/put"])
    plan = UploadPlan("single", name, 10, "image/png", 10, parts, None, "", 0.0)
    text = upload_as_powershell(plan)
    assert "store.example" not in text
    assert "$file = 'it''s \u2018\u2018curly\u2019\u2019 $(x).png'" in text


def test_numbers_are_in_the_scripts_as_they_were_written() -> None:
    values = read_variables('{"big": 485091432142801408, "price": 1.10, "e": 1E400}')
    request = snippet_request(choose_operation("query Q { a }"), values, None)
    assert '"price": 1.10,\n    "e": 1E400' in request.body
    assert "'price': 1.10, 'e': 1E400" in operation_as_python(request)
