"""The same pages on another endpoint than the embedded service."""

import hashlib
import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import requests
from playwright.sync_api import Page, expect

from tests.app_server import AppServer
from tests.browser.conftest import sign_in
from tests.browser.endpoint import Endpoint
from tests.browser.steps import (
    card_of,
    choose,
    choose_part_size,
    download,
    link_of,
    parts_of,
    wait_until_done,
)


def test_a_file_goes_to_the_endpoint_that_the_settings_name(
    remote_home: Page, endpoint: Endpoint, remote_app: AppServer, tmp_path: Path
) -> None:
    page = remote_home
    expect(page.get_by_text(f"Connected to {urlsplit(endpoint.url).netloc}")).to_be_visible()
    file = tmp_path / "film.mp4"
    file.write_bytes(os.urandom(101_000_000))
    choose_part_size(page)
    choose(page, file)
    wait_until_done(page, "film.mp4")
    assert len(parts_of(card_of(page, "film.mp4"))) == 7
    link = link_of(page, "film.mp4")
    assert link.startswith(f"{endpoint.url}/files/")
    copy = download(link, tmp_path / "copy")
    assert hashlib.sha256(copy.read_bytes()).digest() == hashlib.sha256(file.read_bytes()).digest()
    assert "canary" not in page.content()
    assert "canary" not in remote_app.log_file.read_text()


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
    remote_app: AppServer,
) -> None:
    client = json.loads((remote_app.data_dir / "oauth-client.json").read_text())
    form = {"grant_type": "client_credentials", **client}
    answer = requests.post(f"{remote_app.url}/oauth/token", data=form, timeout=10)
    assert answer.json()["expires_in"] == 300
