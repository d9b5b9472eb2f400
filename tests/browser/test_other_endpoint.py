"""The same pages on another endpoint than the embedded service."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import expect_signed_in, sign_in
from tests.browser.steps import card_of, choose, download, link_of, parts_of, wait_until_done
from tests.conftest import ROOT, AppServer, free_port


@dataclass(frozen=True)
class Endpoint:
    url: str
    client_id: str
    client_secret: str

    def settings(self) -> dict[str, str]:
        return {
            "AMPLIENCE_GRAPHQL_URL": f"{self.url}/graphql",
            "AMPLIENCE_TOKEN_URL": f"{self.url}/oauth/token",
            "AMPLIENCE_CLIENT_ID": self.client_id,
            "AMPLIENCE_CLIENT_SECRET": self.client_secret,
        }


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    """A second service, in a process, on a port and with credentials of its own."""
    url, folder = f"http://127.0.0.1:{free_port()}", tmp_path / "endpoint"
    environment = {
        **os.environ,
        "TFW_PORT": str(urlsplit(url).port),
        "TFW_DATA_DIR": str(folder),
        "TFW_CLIENT_ID": "other",
        "TFW_CLIENT_SECRET": "canary secret",
    }
    process = subprocess.Popen([sys.executable, "-m", "service"], cwd=ROOT, env=environment)
    try:
        _wait_until_it_answers(f"{url}/oauth/token", process)
        yield Endpoint(url, "other", "canary secret")
    finally:
        process.terminate()
        process.wait(15)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None
        try:
            requests.post(url, timeout=1)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


def test_a_file_goes_to_the_endpoint_that_the_settings_name(
    page: Page, endpoint: Endpoint, own_app_server: AppServer, tmp_path: Path
) -> None:
    own_app_server.environment.update(endpoint.settings())
    own_app_server.start()
    page.goto(own_app_server.url)
    sign_in(page, own_app_server.password)
    expect_signed_in(page)
    expect(page.get_by_text(f"Connected to {urlsplit(endpoint.url).netloc}")).to_be_visible()
    file = tmp_path / "film.mp4"
    file.write_bytes(os.urandom(101_000_000))
    choose(page, file)
    wait_until_done(page, "film.mp4")
    assert len(parts_of(card_of(page, "film.mp4"))) == 7
    link = link_of(page, "film.mp4")
    assert link.startswith(f"{endpoint.url}/files/")
    copy = download(link, tmp_path / "copy")
    assert hashlib.sha256(copy.read_bytes()).digest() == hashlib.sha256(file.read_bytes()).digest()
    assert "canary" not in page.content()
    assert "canary" not in own_app_server.log_file.read_text()


def test_wrong_credentials_are_named_and_the_secret_is_not(
    page: Page, endpoint: Endpoint, own_app_server: AppServer
) -> None:
    own_app_server.environment.update(endpoint.settings())
    own_app_server.environment["AMPLIENCE_CLIENT_SECRET"] = "canary of another kind"
    own_app_server.start()
    page.goto(own_app_server.url)
    sign_in(page, own_app_server.password)
    page.get_by_role("button", name="Sample image").click()
    alert = card_of(page, "sample-image.jpg").get_by_role("alert")
    expect(alert).to_contain_text("Code: credentials-refused")
    assert "canary" not in page.content()


def test_missing_credentials_are_asked_for_by_name(page: Page, own_app_server: AppServer) -> None:
    own_app_server.environment["AMPLIENCE_GRAPHQL_URL"] = "http://127.0.0.1:9/graphql"
    own_app_server.start()
    page.goto(own_app_server.url)
    sign_in(page, own_app_server.password)
    alert = page.get_by_role("alert").filter(has_text="The connection is not set up")
    expect(alert).to_contain_text("AMPLIENCE_PAT")


def test_the_embedded_service_still_answers_beside_it(
    endpoint: Endpoint, own_app_server: AppServer
) -> None:
    own_app_server.environment.update(endpoint.settings())
    own_app_server.start()
    client = json.loads((own_app_server.data_dir / "oauth-client.json").read_text())
    form = {"grant_type": "client_credentials", **client}
    answer = requests.post(f"{own_app_server.url}/oauth/token", data=form, timeout=10)
    assert answer.json()["expires_in"] == 300
