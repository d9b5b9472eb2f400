"""The strict endpoint is as strict as it says, and the command line gets through all the same."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from client.api import Api
from client.assets import ContentHub
from client.background import remove_background
from client.connection import connection_from_settings
from client.transfer import upload_file
from settings import read_settings
from tests.app_server import ROOT
from tests.browser.background_steps import CENTRE, CORNER, disc
from tests.s3.engines import Ceph
from tests.strict_remote import MOST_A_MINUTE, PAT, StrictRemote, running_strict_remote

PART = 5 * 1024**2


@pytest.fixture
def http(strict_remote: StrictRemote) -> Iterator[requests.Session]:
    with strict_remote.session() as http:
        yield http


@pytest.fixture
def api(strict_remote: StrictRemote, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(strict_remote.certificates.authority))
    api = Api(connection_from_settings(read_settings(strict_remote.settings(), Path("none.toml"))))
    yield api
    api.close()


def ask(strict_remote: StrictRemote, http: requests.Session, query: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {PAT}"}
    return http.post(
        f"{strict_remote.url}/graphql", json={"query": query}, headers=headers, timeout=30
    )


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_nobody_trusts_its_authority_unasked(strict_remote: StrictRemote) -> None:
    with requests.Session() as stranger:
        stranger.trust_env = False
        for url in (strict_remote.url, strict_remote.storage_url):
            with pytest.raises(requests.exceptions.SSLError):
                stranger.get(url, timeout=10)


def test_it_refuses_introspection_and_the_usual_spelling(
    strict_remote: StrictRemote, http: requests.Session
) -> None:
    refused = ask(strict_remote, http, "{ __schema { queryType { name } } }").json()
    assert "introspection has been disabled" in refused["errors"][0]["message"]
    create = "mutation { createTempFileMultipartUploadUrl(input: {%s: 6000000}) { completeUrl } }"
    refused = ask(strict_remote, http, create % "filesize").json()
    assert "fileSize" in refused["errors"][0]["message"]
    assert "data" in ask(strict_remote, http, create % "fileSize").json()
    refused = ask(strict_remote, http, create.replace("%s: 6000000", "")).json()
    assert "errors" in refused


def test_its_refusals_are_pages_and_do_not_say_whose_they_are(
    strict_remote: StrictRemote, http: requests.Session
) -> None:
    unauthenticated = http.post(f"{strict_remote.url}/graphql", json={"query": "{ viewer { id } }"})
    assert unauthenticated.status_code == 401
    strict_remote.control.switch(rate_limit={"times": 1, "retry_after": 7})
    limited = ask(strict_remote, http, "{ viewer { id } }")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
    for answer in (unauthenticated, limited, http.get(f"{strict_remote.url}/nowhere")):
        assert answer.headers["Content-Type"] == "text/html"
        assert "<h1>Sorry</h1>" in answer.text
        assert not {"X-Local-Service", "X-Fault"} & answer.headers.keys()


def test_the_sixty_first_request_of_a_minute_is_refused(ceph: Ceph, tmp_path: Path) -> None:
    with running_strict_remote(tmp_path / "strict", ceph) as remote, remote.session() as http:
        allowed = [ask(remote, http, "{ __typename }").status_code for _ in range(MOST_A_MINUTE)]
        assert set(allowed) == {200}
        assert ask(remote, http, "{ __typename }").status_code == 429


def test_the_client_gets_files_through_in_one_and_in_parts(
    strict_remote: StrictRemote, api: Api, http: requests.Session, tmp_path: Path
) -> None:
    strict_remote.control.switch(
        token_expiry={"seconds": 2}, rate_limit={"times": 2, "retry_after": 1}
    )
    for size, kind in ((1_000_000, None), (PART + 1000, "multipart")):
        content = os.urandom(size)
        file = tmp_path / f"{size}.bin"
        file.write_bytes(content)
        options: Any = {"kind": kind} if kind else {}
        receipt = upload_file(api, file, **options)
        assert receipt.download_url.startswith(f"{strict_remote.storage_url}/strict/temp-files/")
        answer = http.get(receipt.download_url, timeout=60)
        assert sha256(answer.content) == sha256(content)
    assert api.size_field() == "fileSize"


def test_the_client_has_a_background_removed_and_makes_an_asset(
    strict_remote: StrictRemote, api: Api, tmp_path: Path
) -> None:
    strict_remote.control.switch(token_expiry={"seconds": 2})
    removed = remove_background(api, disc(tmp_path / "disc.png"), tmp_path / "cut.png")
    assert removed.image_url.startswith(strict_remote.storage_url)
    image = Image.open(removed.download.path)
    assert (image.mode, image.getpixel(CORNER)) == ("RGBA", (0, 0, 0, 0))
    assert image.getpixel(CENTRE) != (0, 0, 0, 0)
    repository = ContentHub(api).repositories()[0]
    create = (
        "mutation ($src: String!, $repository: ID!) { createAsset(input: { src: $src, type: IMAGE,"
        ' name: "cut", filename: "cut.png", assetRepositoryId: $repository }) { mimeType } }'
    )
    made = api.execute(create, {"src": removed.image_url, "repository": repository.id})
    assert made["createAsset"] == {"mimeType": "image/png"}


def test_the_command_line_uploads_with_a_persons_token(
    strict_remote: StrictRemote, http: requests.Session, tmp_path: Path
) -> None:
    file = tmp_path / "file.bin"
    file.write_bytes(os.urandom(100_000))
    done = subprocess.run(
        [sys.executable, "-m", "client", "upload", str(file)],
        cwd=ROOT,
        env={**os.environ, **strict_remote.settings(with_pat=True)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [url] = [word for word in done.stdout.split() if word.startswith(strict_remote.storage_url)]
    assert sha256(http.get(url, timeout=30).content) == sha256(file.read_bytes())
    assert PAT not in done.stdout + done.stderr
