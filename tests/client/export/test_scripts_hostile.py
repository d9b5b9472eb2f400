"""The scripts on a strange machine and against a hostile endpoint: they are run for real."""

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

from client.api.document import choose_operation
from client.export.scripts.curl import replay_as_curl, upload_as_curl
from client.export.scripts.curl_operation import operation_as_curl
from client.export.scripts.powershell import operation_as_powershell, upload_as_powershell
from client.export.scripts.python import replay_as_python, upload_as_python
from client.export.scripts.python_operation import operation_as_python
from client.export.scripts.replay import OperationStep, UploadStep
from client.export.scripts.request import snippet_request
from client.storage.plan import Kind, UploadPlan, planned_parts
from tests.client.scripted_endpoint import SIGNED, ScriptedEndpoint, answer

CONTENT = bytes(range(100))
QUERY = '{"query": "{ echo }"}'
CREDENTIALS = {"CLIENT_ID": "demo", "CLIENT_SECRET": "s+cret/value"}

Make = Callable[[ScriptedEndpoint, Kind], str]


def upload_plan(endpoint: ScriptedEndpoint, kind: Kind) -> UploadPlan:
    size = 100 if kind == "multipart" else 40
    return endpoint.api().plan_upload("clip.bin", size, "video/mp4", part_size=30, kind=kind)


def curl_upload(endpoint: ScriptedEndpoint, kind: Kind) -> str:
    return upload_as_curl(upload_plan(endpoint, kind), endpoint.connection())


def python_upload(endpoint: ScriptedEndpoint, kind: Kind) -> str:
    return upload_as_python(upload_plan(endpoint, kind), endpoint.connection())


def curl_replay(endpoint: ScriptedEndpoint, kind: Kind) -> str:
    steps = [UploadStep(upload_plan(endpoint, kind)), OperationStep("echo", (QUERY,))]
    return replay_as_curl(steps, endpoint.connection())


def python_replay(endpoint: ScriptedEndpoint, kind: Kind) -> str:
    steps = [UploadStep(upload_plan(endpoint, kind)), OperationStep("echo", (QUERY,))]
    return replay_as_python(steps, endpoint.connection())


def curl_snippet(endpoint: ScriptedEndpoint, _kind: Kind) -> str:
    connection = endpoint.connection()
    return operation_as_curl(
        snippet_request(choose_operation("{ echo }"), {}, connection), connection
    )


def python_snippet(endpoint: ScriptedEndpoint, _kind: Kind) -> str:
    connection = endpoint.connection()
    return operation_as_python(
        snippet_request(choose_operation("{ echo }"), {}, connection), connection
    )


UPLOADS: dict[Make, str] = {curl_upload: "bash", python_upload: sys.executable}
ALL: dict[Make, str] = {
    curl_replay: "bash",
    curl_snippet: "bash",
    python_replay: sys.executable,
    python_snippet: sys.executable,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


def run(
    text: str, shell: str, folder: Path, *options: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shell, *options, "-c", text],
        cwd=folder,
        env=os.environ | CREDENTIALS | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def begin(folder: Path, kind: Kind = "multipart") -> None:
    (folder / "clip.bin").write_bytes(CONTENT if kind == "multipart" else CONTENT[:40])


CURLRC = {
    "include": "include",
    "write-out": 'write-out = "x\\n"',
    "fail": "fail",
    "netrc": "netrc",
    "output": 'output = "{home}/taken"',
    "remote-name": "remote-name",
    "compressed": "compressed",
    "proxy": 'proxy = "http://127.0.0.1:9"',
    "request": "request = DELETE",
    "url": 'url = "{url}/object"',
    "header": 'header = "Authorization: Basic eDp5"',
    "user": "user = x:y",
    "head": "head",
    "retry": "max-filesize = 1",
}


@pytest.mark.parametrize("line", CURLRC.values(), ids=CURLRC)
def test_nobody_s_curlrc_changes_what_a_script_does(
    endpoint: ScriptedEndpoint, folder: Path, home: Path, line: str
) -> None:
    begin(folder)
    (home / ".netrc").write_text("default login x password y\n")
    (home / ".curlrc").write_text(line.format(home=home, url=endpoint.url))
    before = sorted(home.iterdir())
    at_home = {"HOME": str(home), "CURL_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    done = run(curl_replay(endpoint, "multipart"), "bash", folder, **at_home)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f'{endpoint.url}/object?{SIGNED}\n{{"data": {{"echo": null}}}}\n'
    assert endpoint.stored == CONTENT
    assert sorted(home.iterdir()) == before
    assert [path.name for path in folder.iterdir()] == ["clip.bin"]


def test_nobody_s_curlrc_changes_what_a_snippet_does(
    endpoint: ScriptedEndpoint, folder: Path, home: Path
) -> None:
    lines = [CURLRC[name] for name in ("include", "write-out", "proxy", "output", "user")]
    (home / ".curlrc").write_text("\n".join(lines).format(home=home))
    done = run(curl_snippet(endpoint, "single"), "bash", folder, HOME=str(home))
    assert (done.returncode, done.stdout) == (0, '{"data": {"echo": null}}\n')
    assert [path.name for path in home.iterdir()] == [".curlrc"]


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_nobody_s_netrc_is_sent(
    endpoint: ScriptedEndpoint, folder: Path, home: Path, make: Make
) -> None:
    begin(folder, "single")
    (home / ".netrc").write_text("default login x password y\n")
    (home / ".curlrc").write_text("netrc\n")
    done = run(make(endpoint, "single"), ALL[make], folder, HOME=str(home))
    assert done.returncode == 0, done.stderr
    sent = {seen.headers.get("Authorization", "") for seen in endpoint.seen}
    assert not [value for value in sent if value.startswith("Basic")]


@pytest.mark.parametrize("module", ["json", "functools", "re", "sitecustomize"])
def test_no_module_of_the_folder_is_run(
    endpoint: ScriptedEndpoint, folder: Path, module: str
) -> None:
    begin(folder)
    (folder / f"{module}.py").write_text('open("owned", "w")\n')
    text = curl_upload(endpoint, "multipart")
    done = run(text, "bash", folder, PYTHONPATH=str(folder))
    assert done.returncode == 0, done.stderr
    assert not (folder / "owned").exists()


NEWLINE = "http://{host}/object\nfile://{folder}/taken"
ADDRESSES: list[Any] = [
    NEWLINE,
    "file://{folder}/taken",
    "FILE://{folder}/taken",
    "-Kevil.cfg",
    "-o x",
    "gopher://{host}/_x",
    "ftp://{host}/x",
    "evil.cfg",
    "file://{folder}/taken\nhttp://{host}/object",
    "http://{host}/object\r\nX-Evil: 1",
    "http://{host}/obj ect -o taken",
    'http://{host}/object"; touch taken; "',
    "",
    None,
    {"a": "b"},
]
PLACES: list[tuple[Kind, str]] = [
    ("single", "uploadUrl"),
    ("single", "downloadUrl"),
    ("multipart", "uploadPartUrls"),
    ("multipart", "completeUrl"),
    ("multipart", "downloadUrl"),
]
TRIALS = [
    *((PLACES[0], one) for one in ADDRESSES),
    *((place, one) for place in PLACES[1:] for one in (ADDRESSES[1], NEWLINE)),
]


def filled(value: Any, folder: Path, endpoint: ScriptedEndpoint) -> Any:
    if not isinstance(value, str):
        return value
    return value.replace("{folder}", str(folder)).replace("{host}", endpoint.url[7:])


def hostile_answer(endpoint: ScriptedEndpoint, kind: Kind, name: str, value: Any) -> bytes:
    good = f"{endpoint.url}/single?{SIGNED}"
    if kind == "single":
        payload: dict[str, Any] = {"uploadUrl": good, "downloadUrl": good} | {name: value}
        return json.dumps({"data": {"createTempFileUploadUrl": payload}}).encode()
    part = f"{endpoint.url}/part?partNumber={{}}&{SIGNED}"
    payload = {
        "uploadPartUrls": [part.format(number) for number in range(1, 5)],
        "completeUrl": f"{endpoint.url}/complete?{SIGNED}",
        "downloadUrl": f"{endpoint.url}/object?{SIGNED}",
    }
    if name == "uploadPartUrls":
        payload[name][1] = value
    else:
        payload[name] = value
    return json.dumps({"data": {"createTempFileMultipartUploadUrl": payload}}).encode()


@pytest.mark.parametrize("make", UPLOADS, ids=lambda make: make.__name__)
@pytest.mark.parametrize(("place", "address"), TRIALS)
def test_an_address_of_an_answer_is_http_or_not_used(
    endpoint: ScriptedEndpoint, folder: Path, make: Make, place: tuple[Kind, str], address: Any
) -> None:
    kind, name = place
    begin(folder, kind)
    (folder / "evil.cfg").write_text(f'url = "{endpoint.url}/object"\noutput = "taken"\n')
    endpoint.stored = b"taken"
    text = make(endpoint, kind)
    value = filled(address, folder, endpoint)
    endpoint.on("graphql", answer(200, hostile_answer(endpoint, kind, name, value)))
    done = run(text, UPLOADS[make], folder)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["clip.bin", "evil.cfg"]
    assert endpoint.times("object") == 0


@pytest.mark.parametrize("make", UPLOADS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("what", ["graphql", "single"])
@pytest.mark.parametrize("target", ["file://{folder}/clip.bin", "http://{host}/object"])
def test_a_redirect_is_a_failure(
    endpoint: ScriptedEndpoint, folder: Path, make: Make, what: str, target: str
) -> None:
    begin(folder, "single")
    endpoint.stored = b"elsewhere"
    text = make(endpoint, "single")
    location = filled(target, folder, endpoint)
    endpoint.on(what, answer(307, Location=location))
    done = run(text, UPLOADS[make], folder)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert endpoint.times("object") == 0
    assert [path.name for path in folder.iterdir()] == ["clip.bin"]


@pytest.mark.parametrize("make", [curl_snippet, python_snippet], ids=lambda make: make.__name__)
@pytest.mark.parametrize("what", ["graphql", "token"])
def test_a_snippet_follows_no_redirect(
    endpoint: ScriptedEndpoint, folder: Path, make: Make, what: str
) -> None:
    endpoint.stored = b'{"access_token": "t", "data": {}}'
    endpoint.on(what, answer(302, Location=f"{endpoint.url}/object"))
    done = run(make(endpoint, "single"), ALL[make], folder)
    assert done.returncode == 1
    assert endpoint.times("object") == 0


@pytest.mark.parametrize("make", UPLOADS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("token", ["a\nX-Evil: 1", None, "@evil"])
def test_a_token_is_one_word_of_the_answer(
    endpoint: ScriptedEndpoint, folder: Path, make: Make, token: Any
) -> None:
    begin(folder, "single")
    text = make(endpoint, "single")
    endpoint.on("token", answer(200, json.dumps({"access_token": token}).encode()))
    done = run(text, UPLOADS[make], folder)
    if token == "@evil":
        assert done.returncode == 0, done.stderr
        assert endpoint.last("graphql").headers["Authorization"] == "Bearer @evil"
    else:
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
    assert "X-Evil" not in endpoint.last("token").headers


# What a script needs, and what it says where that is missing.


def path_with(folder: Path, **programs: str) -> str:
    """Make a folder of programs: links to the real ones, but for these."""
    folder.mkdir()
    for name in ("bash", "curl", "python3", "mktemp", "sed", "tail", "tr", "wc", "rm", "env"):
        real = sys.executable if name == "python3" else shutil.which(name)
        assert real
        program = folder / name
        if name not in programs:
            program.symlink_to(real)
        elif programs[name]:
            program.write_text(f"#!/bin/sh\n{programs[name]}\n")
            program.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize("make", [curl_replay, curl_snippet], ids=lambda make: make.__name__)
@pytest.mark.parametrize(
    ("programs", "words"),
    [
        ({"curl": "echo 'curl 7.75.0 (x86_64-pc-linux-gnu) libcurl/7.75.0'"}, "needs curl 7.76"),
        ({"curl": "echo 'curl 7.68.0 (x86_64-pc-linux-gnu) libcurl/7.68.0'"}, "found: curl 7.68.0"),
        ({"curl": "echo curl of some kind"}, "needs curl 7.76"),
        ({"curl": ""}, "needs curl 7.76"),
        ({"python3": ""}, "needs python3"),
        ({"python3": "exit 1"}, "needs python3"),
    ],
)
def test_a_missing_need_is_named_before_anything_is_asked(
    endpoint: ScriptedEndpoint,
    folder: Path,
    make: Make,
    programs: dict[str, str],
    words: str,
) -> None:
    begin(folder)
    text = make(endpoint, "multipart")
    seen = len(endpoint.seen)
    path = path_with(folder.parent / "bin", **programs)
    done = run(text, shutil.which("bash") or "", folder, PATH=path)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(endpoint.seen) == seen


@pytest.mark.parametrize("version", ["7.76.0", "10.1.0-DEV"])
def test_a_newer_curl_is_enough(endpoint: ScriptedEndpoint, folder: Path, version: str) -> None:
    begin(folder)
    real = shutil.which("curl")
    fake = f'[ "$2" = --version ] && echo "curl {version} (x)" || exec {real} "$@"'
    path = path_with(folder.parent / "bin", curl=fake)
    done = run(curl_upload(endpoint, "multipart"), shutil.which("bash") or "", folder, PATH=path)
    assert done.returncode == 0, done.stderr
    assert endpoint.stored == CONTENT


@pytest.mark.parametrize("make", [curl_replay, curl_snippet], ids=lambda make: make.__name__)
def test_another_shell_is_told_to_be_bash(
    endpoint: ScriptedEndpoint, folder: Path, make: Make
) -> None:
    shell = shutil.which("dash")
    if shell is None:
        pytest.skip("no other shell here")
    done = run(make(endpoint, "multipart"), shell, folder)
    assert done.returncode == 2
    assert "needs bash 4.4 or newer" in done.stderr


@pytest.mark.parametrize("make", [python_replay, python_snippet], ids=lambda make: make.__name__)
def test_a_python_script_says_that_requests_is_missing(
    endpoint: ScriptedEndpoint, folder: Path, make: Make
) -> None:
    done = run(make(endpoint, "single"), sys.executable, folder, "-I", "-S")
    assert done.returncode == 1
    assert done.stderr.startswith("This script needs the package requests")


@pytest.mark.parametrize("make", [curl_replay, curl_snippet, curl_upload])
def test_every_program_that_a_script_runs_is_in_its_head(
    endpoint: ScriptedEndpoint, make: Make
) -> None:
    text = make(endpoint, "multipart")
    needs = next(line for line in text.splitlines() if line.startswith("# Needs "))
    used = set(
        re.findall(r"(?<![\w./-])(curl|python3|mktemp|sed|tail|tr|wc|split|awk|jq) -?", text)
    )
    assert {name for name in used if name not in needs} == set()


# PowerShell is not everywhere; what can be told without running it.


@pytest.mark.parametrize("kind", ["single", "multipart"])
def test_powershell_checks_every_address_and_follows_no_redirect(
    endpoint: ScriptedEndpoint, kind: Kind
) -> None:
    plan = UploadPlan(kind, "a", 9, "image/png", 9, planned_parts(9, 9, [""]), None, "", 0.0)
    connection = endpoint.connection()
    request = snippet_request(choose_operation("{ echo }"), {}, connection)
    upload = upload_as_powershell(plan, connection)
    for text in (upload, operation_as_powershell(request, connection)):
        calls = re.findall(r"Invoke-(?:WebRequest|RestMethod)(?:[^\n]*`\n)*[^\n]*", text)
        assert calls
        assert all("-MaximumRedirection 0" in call for call in calls)
        assert "$PSDefaultParameterValues = @{}" in text
    uses = [line for line in upload.splitlines() if "$urls." in line]
    assert len(uses) == (2 if kind == "single" else 3)
    assert all("Get-Address $urls." in line for line in uses)
