import os
import subprocess
from pathlib import Path

import pytest

from client.connection import PersonalAccessToken
from client.snippets import upload_as_curl
from tests.client.scripted_endpoint import SIGNED, ScriptedEndpoint, answer, s3_error

AWKWARD = 'it\'s $(touch owned) "a" `b`\n;-ö.bin'


def run(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


CREDENTIALS = {"CLIENT_ID": "demo", "CLIENT_SECRET": "s+cret/value"}


@pytest.mark.parametrize("name", ["clip.bin", AWKWARD, "-rf"])
def test_the_multipart_script_uploads_the_same_bytes(
    endpoint: ScriptedEndpoint, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(bytes(range(100)))
    plan = endpoint.api().plan_upload(name, 100, "video/mp4", part_size=30)
    done = run(upload_as_curl(plan, endpoint.connection()), tmp_path, **CREDENTIALS)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{endpoint.url}/object?{SIGNED}\n"
    assert endpoint.stored == bytes(range(100))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_single_script_uploads_the_same_bytes_with_their_type(
    endpoint: ScriptedEndpoint, picture: Path
) -> None:
    plan = endpoint.api().plan_upload("picture.png", 40, "image/png")
    done = run(upload_as_curl(plan, endpoint.connection()), picture.parent, **CREDENTIALS)
    assert done.returncode == 0, done.stderr
    assert endpoint.stored == picture.read_bytes()
    assert endpoint.last("single").headers["Content-Type"] == "image/png"


def test_the_script_fails_on_an_error_in_a_200(endpoint: ScriptedEndpoint, clip: Path) -> None:
    plan = endpoint.api().plan_upload(clip.name, 100, "video/mp4", part_size=60)
    endpoint.on("complete", answer(200, s3_error("InternalError")))
    done = run(upload_as_curl(plan, endpoint.connection()), clip.parent, **CREDENTIALS)
    assert done.returncode == 1
    assert "InternalError" in done.stderr
    assert done.stdout == ""


def test_the_script_asks_for_its_credentials(endpoint: ScriptedEndpoint, clip: Path) -> None:
    plan = endpoint.api().plan_upload(clip.name, 100, "video/mp4")
    done = run(upload_as_curl(plan, endpoint.connection()), clip.parent, CLIENT_ID="")
    assert done.returncode != 0
    assert "CLIENT_ID: set it to the OAuth client id" in done.stderr


def test_a_personal_access_token_comes_from_the_environment(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    plan = endpoint.api().plan_upload(clip.name, 100, "video/mp4", part_size=60)
    connection = endpoint.connection(credentials=PersonalAccessToken("amp_pat_hidden"))
    script = upload_as_curl(plan, connection)
    done = run(script, clip.parent, ACCESS_TOKEN="amp_pat_x.y")
    assert done.returncode == 0, done.stderr
    assert endpoint.last("graphql").headers["Authorization"] == "Bearer amp_pat_x.y"
    assert "amp_pat_hidden" not in script


def test_no_secret_and_no_signed_url_is_in_a_script(endpoint: ScriptedEndpoint) -> None:
    plan = endpoint.api().plan_upload("clip", 100, "video/mp4")
    script = upload_as_curl(plan, endpoint.connection())
    assert "s+cret" not in script
    assert "X-Amz" not in script
    assert "https://api.amplience.net/graphql" in upload_as_curl(plan)
