"""The scripts are run: against an endpoint that fails as told, and against the service."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from client.api.api import Api
from client.connection.connection import (
    ClientCredentials,
    Connection,
    NoToken,
    PersonalAccessToken,
    connection_from_settings,
)
from client.export.scripts.curl import upload_as_curl
from client.export.scripts.python import upload_as_python
from client.storage.plan import UploadPlan
from settings import read_settings
from tests.app_server import ServiceAlone
from tests.client.scripted_endpoint import SIGNED, ScriptedEndpoint, answer, drop, s3_error

AWKWARD = 'it\'s $(touch owned) "a" `b`\n;-ö.bin'
HOSTILE = [
    "clip.bin",
    AWKWARD,
    "-rf",
    "{SIZE} %s $HOME \\n.bin",
    "\u202egpj.صورة 🎬.bin",
    '"""#.bin',
]
PART = 5_242_880

Script = Callable[[UploadPlan, Connection | None], str]
SHELLS: dict[Script, str] = {upload_as_curl: "bash", upload_as_python: sys.executable}


@pytest.fixture(params=SHELLS, ids=lambda script: script.__name__)
def script(request: pytest.FixtureRequest) -> Script:
    return request.param


def run(
    text: str, folder: Path, shell: str = "bash", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shell, "-c", text],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


CREDENTIALS = {"CLIENT_ID": "demo", "CLIENT_SECRET": "s+cret/value"}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", ["single", "multipart"])
def test_a_script_uploads_the_same_bytes_to_the_service(
    service_alone: ServiceAlone, tmp_path: Path, script: Script, name: str, kind: str
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / name).write_bytes(os.urandom(2 * PART + 7))
    settings = read_settings(service_alone.environment_of_child(), tmp_path / "none.toml")
    connection = connection_from_settings(settings)
    api = Api(connection)
    asked = "single" if kind == "single" else "multipart"
    plan = api.plan_upload(name, 2 * PART + 7, "video/mp4", part_size=PART, kind=asked)
    api.close()
    assert isinstance(connection.credentials, ClientCredentials)
    done = run(
        script(plan, connection),
        folder,
        SHELLS[script],
        CLIENT_ID=connection.credentials.client_id,
        CLIENT_SECRET=connection.credentials.client_secret,
    )
    assert done.returncode == 0, done.stderr
    stored = requests.get(done.stdout.strip(), timeout=30)
    sent = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert hashlib.sha256(stored.content).hexdigest() == sent
    assert os.listdir(folder) == [name]  # noqa: PTH208 - hostile names, told as they are


@pytest.mark.parametrize("name", HOSTILE)
def test_the_multipart_script_uploads_the_same_bytes(
    endpoint: ScriptedEndpoint, tmp_path: Path, script: Script, name: str
) -> None:
    (tmp_path / name).write_bytes(bytes(range(100)))
    plan = endpoint.api().plan_upload(name, 100, "video/mp4", part_size=30)
    done = run(script(plan, endpoint.connection()), tmp_path, SHELLS[script], **CREDENTIALS)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{endpoint.url}/object?{SIGNED}\n"
    assert endpoint.stored == bytes(range(100))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_script_cuts_the_parts_as_the_browser_did(
    endpoint: ScriptedEndpoint, clip: Path, script: Script
) -> None:
    plan = endpoint.api().plan_upload(clip.name, 100, "video/mp4", cut=False)
    cut = [(1, 0, 40), (2, 40, 80), (3, 80, 95), (4, 95, 100)]
    plan = plan.with_parts(cut)
    done = run(script(plan, endpoint.connection()), clip.parent, SHELLS[script], **CREDENTIALS)
    assert done.returncode == 0, done.stderr
    assert {number: len(part) for number, part in endpoint.parts.items()} == {
        number: end - start for number, start, end in cut
    }


def test_the_single_script_uploads_the_same_bytes_with_their_type(
    endpoint: ScriptedEndpoint, picture: Path, script: Script
) -> None:
    plan = endpoint.api().plan_upload("picture.png", 40, "image/png")
    done = run(script(plan, endpoint.connection()), picture.parent, SHELLS[script], **CREDENTIALS)
    assert done.returncode == 0, done.stderr
    assert endpoint.stored == picture.read_bytes()
    assert endpoint.last("single").headers["Content-Type"] == "image/png"


def test_the_script_fails_on_an_error_in_a_200(
    endpoint: ScriptedEndpoint, clip: Path, script: Script
) -> None:
    plan = endpoint.api().plan_upload(clip.name, 100, "video/mp4", part_size=60)
    endpoint.on("complete", answer(200, s3_error("InternalError")))
    done = run(script(plan, endpoint.connection()), clip.parent, SHELLS[script], **CREDENTIALS)
    assert done.returncode == 1
    assert "InternalError" in done.stderr
    assert done.stdout == ""


def test_the_script_asks_for_its_credentials(endpoint: ScriptedEndpoint, clip: Path) -> None:
    plan = endpoint.api().plan_upload(clip.name, 100, "video/mp4")
    done = run(upload_as_curl(plan, endpoint.connection()), clip.parent, CLIENT_ID="")
    assert done.returncode != 0
    assert "CLIENT_ID: set it to the OAuth client id" in done.stderr


def test_a_personal_access_token_comes_from_the_environment(
    endpoint: ScriptedEndpoint, clip: Path, script: Script
) -> None:
    plan = endpoint.api().plan_upload(clip.name, 100, "video/mp4", part_size=60)
    connection = endpoint.connection(credentials=PersonalAccessToken("amp_pat_hidden"))
    text = script(plan, connection)
    done = run(text, clip.parent, SHELLS[script], ACCESS_TOKEN="amp_pat_x.y")
    assert done.returncode == 0, done.stderr
    assert endpoint.last("graphql").headers["Authorization"] == "Bearer amp_pat_x.y"
    assert "amp_pat_hidden" not in text


def test_headers_in_the_place_of_a_token_come_from_the_environment(
    endpoint: ScriptedEndpoint, tmp_path: Path, script: Script
) -> None:
    (tmp_path / "clip.bin").write_bytes(b"0123456789")
    connection = endpoint.connection(credentials=NoToken(), headers=(("X-Shop", "canary"),))
    plan = endpoint.api().plan_upload("clip.bin", 10, "image/png")
    text = script(plan, connection)
    assert "canary" not in text
    done = run(text, tmp_path, SHELLS[script], HEADER_X_SHOP="mine")
    assert done.returncode == 0, done.stderr
    asked = endpoint.last("graphql").headers
    assert ("Authorization" in asked, asked["X-Shop"]) == (False, "mine")
    assert "X-Shop" not in endpoint.last("single").headers


def test_no_secret_and_no_signed_url_is_in_a_script(
    endpoint: ScriptedEndpoint, script: Script
) -> None:
    plan = endpoint.api().plan_upload("clip", 100, "video/mp4")
    text = script(plan, endpoint.connection())
    assert "s+cret" not in text
    assert "X-Amz" not in text
    assert "https://api.amplience.net/graphql" in script(plan, None)


def test_the_python_script_sends_a_part_again_from_its_first_byte(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    plan = endpoint.api().plan_upload(clip.name, 100, "video/mp4", part_size=60)
    endpoint.on("part 2", drop, answer(503, s3_error("SlowDown")))
    text = upload_as_python(plan, endpoint.connection())
    done = run(text, clip.parent, sys.executable, **CREDENTIALS)
    assert done.returncode == 0, done.stderr
    assert endpoint.stored == clip.read_bytes()
    assert endpoint.times("part 2") == 3


def test_the_python_script_ends_on_a_refusal_without_trying_again(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    plan = endpoint.api().plan_upload(clip.name, 100, "video/mp4", part_size=60)
    endpoint.on("part 1", answer(403, s3_error("AccessDenied", "Request has expired")))
    text = upload_as_python(plan, endpoint.connection())
    done = run(text, clip.parent, sys.executable, **CREDENTIALS)
    assert done.returncode == 1
    assert "Request has expired" in done.stderr
    assert SIGNED not in done.stderr
    assert endpoint.times("part 1") == 1


def test_the_python_script_shows_the_errors_of_a_200_and_asks_once(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    plan = endpoint.api().plan_upload(clip.name, 100, "video/mp4", part_size=60)
    before = endpoint.times("graphql")
    endpoint.on("graphql", answer(200, b'{"errors": [{"message": "no grant"}]}'))
    text = upload_as_python(plan, endpoint.connection())
    done = run(text, clip.parent, sys.executable, **CREDENTIALS)
    assert (done.returncode, "no grant" in done.stderr) == (1, True)
    assert endpoint.times("graphql") == before + 1
