import json
import logging
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from service.app import standalone
from tests.service.api_client import SINGLE, error_code, part_list, send_head, wait_until
from tests.service.live import Live, make_settings
from tests.service.process import ROOT, process

PART = 5_242_880


def test_kill_9_loses_no_acknowledged_part_and_shows_no_half_file(tmp_path: Path) -> None:
    with process(tmp_path) as (api, child):
        port = urlsplit(api.base_url).port or 0
        urls = api.multipart(2 * PART + 3)
        etags = api.put_parts(urls["uploadPartUrls"], [b"a" * PART, b"b" * PART])
        half = send_head(urls["uploadPartUrls"][2], "Content-Length: 1000000")
        half.sendall(bytes(500_000))
        folder = tmp_path / "files"
        wait_until(lambda: len(list(folder.iterdir())) == 3)
        child.send_signal(signal.SIGKILL)
        child.wait()
        half.close()
    with process(tmp_path, port) as (api, _):
        assert len(list(folder.iterdir())) == 2
        assert error_code(api.get(urls["downloadUrl"])) == (404, "NoSuchKey")
        etags += api.put_parts(urls["uploadPartUrls"][2:], [b"end"])
        assert api.complete(urls["completeUrl"], part_list(etags)).status_code == 200
        assert api.get(urls["downloadUrl"]).content == b"a" * PART + b"b" * PART + b"end"


def test_kill_9_during_many_puts_keeps_each_answered_one(tmp_path: Path) -> None:
    with process(tmp_path) as (api, child):
        port = urlsplit(api.base_url).port or 0
        urls = api.multipart(40 * PART)
        answered: dict[int, str] = {}
        deadline = time.monotonic() + 0.4
        for index, url in enumerate(urls["uploadPartUrls"]):
            if time.monotonic() > deadline:
                break
            answered[index] = api.put(url, bytes([index]) * 20_000).headers["ETag"]
        child.send_signal(signal.SIGKILL)
        child.wait()
    with process(tmp_path, port) as (api, _):
        last = max(answered)
        row = f"<Part><PartNumber>{last + 1}</PartNumber><ETag>{answered[last]}</ETag></Part>"
        assert len(list((tmp_path / "files").iterdir())) == len(answered)
        body = f"<CompleteMultipartUpload>{row}</CompleteMultipartUpload>"
        assert api.complete(urls["completeUrl"], body).status_code == 200
        assert api.get(urls["downloadUrl"]).content == bytes([last]) * 20_000


def start(data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Start a service that cannot start."""
    command = [sys.executable, "-m", "service", "--port", "0", "--data-dir", str(data_dir)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )


def test_a_start_that_cannot_be_says_why(tmp_path: Path) -> None:
    (tmp_path / "service-keys.json").write_text("{")
    ended = start(tmp_path)
    assert ended.returncode == 1
    assert "service-keys.json cannot be read" in ended.stderr


def test_a_folder_in_use_stops_the_start(tmp_path: Path) -> None:
    with process(tmp_path):
        second = start(tmp_path)
    assert second.returncode != 0
    assert "in use by another service" in second.stderr


def test_the_service_runs_as_an_application_of_its_own(tmp_path: Path) -> None:
    with TestClient(standalone(make_settings(tmp_path))) as client:
        client_file = json.loads((tmp_path / "oauth-client.json").read_text())
        form = {"grant_type": "client_credentials", **client_file}
        token = client.post("/oauth/token", data=form).json()["access_token"]
        answer = client.post(
            "/graphql", json={"query": SINGLE}, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["/files", "/files/", "/files/a/b", "/oauth", "/oauth/other", "/graphql/other"]
)
def test_unknown_paths_have_their_own_404(live: Live, path: str) -> None:
    answer = live.api.get(live.api.base_url + path)
    assert answer.status_code == 404
    assert answer.json() == {"error": "not_found", "path": path}
    assert answer.headers["X-Local-Service"] == "1"


def test_the_log_has_no_signature_and_no_token(
    live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    urls = live.api.single()
    live.api.put(urls["uploadUrl"], b"x")
    live.api.get(urls["downloadUrl"][:-3] + "000")
    live.api.put(urls["uploadUrl"], b"x", Authorization="Bearer leaked-token")

    def lines() -> list[str]:
        ours = [record for record in caplog.records if record.name.startswith("service")]
        return [record.getMessage() for record in ours]

    wait_until(lambda: len(lines()) >= 4)  # a line is written after its answer was sent
    text = "\n".join(lines())
    assert "/files/" in text
    for secret in ("X-Amz", "?", "leaked-token", live.api.token(), live.api.client_secret):
        assert secret not in text
