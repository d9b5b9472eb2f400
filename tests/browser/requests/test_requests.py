"""The requests page in a real browser: live during an upload, readable by everybody, exported."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.app_server import AppServer
from tests.browser.conftest import home_of, signed_in
from tests.browser.requests.request_steps import EXPORTS, export_requests, open_page
from tests.browser.steps import (
    card_of,
    choose,
    go_by_navigation,
    random_file,
    send_sample_video,
    sha256,
    slow_down,
    unfold,
    wait_for_parts,
    wait_until_done,
)
from tests.client.export.har_schema import check_har

Check = Callable[[Page], None]


def shown(page: Page) -> int:
    """Return how many requests the page says it shows."""
    text = page.get_by_text(re.compile(r"\d+ of \d+ requests")).inner_text()
    return int(text.split(" of ")[0].replace(",", ""))


def test_parts_appear_while_the_browser_sends_them(signed_in_page: Page) -> None:
    page = signed_in_page
    slow_down(page, 12_000_000)
    name = send_sample_video(page, "250 MB")
    wait_for_parts(card_of(page, name), 1)
    open_page(page, "Requests")
    page.get_by_label("Text", exact=True).fill('"part"')
    page.get_by_label("Text", exact=True).fill("partNumber")
    page.get_by_label("Text", exact=True).press("Enter")
    filtered = re.compile(r"^([1-9]\d*) of (?!\1 requests)\d+ requests")  # not all of them
    expect(page.get_by_text(filtered)).to_be_visible()
    first = shown(page)
    expect(page.get_by_text(re.compile(rf"^{first} of \d+ requests"))).to_be_hidden()
    assert shown(page) > first
    expect(page.get_by_label("Text", exact=True)).to_have_value("partNumber")
    open_page(page, "Upload")
    card_of(page, name).get_by_role("button", name="Cancel").click()


def test_a_whole_upload_is_exported_and_the_scripts_repeat_it(
    browser: Browser, context: BrowserContext, own_app_server: AppServer, tmp_path: Path
) -> None:
    """The app is the test's own, so its one token was asked for here and is in the log."""
    own_app_server.start()
    page = home_of(context, own_app_server, signed_in(browser, own_app_server))
    folder = tmp_path / "files"
    file = random_file(folder / "it's a film.mp4", 12_000_000)
    unfold(page, "Advanced: how files are sent")
    page.get_by_role("radiogroup", name="Send as").get_by_text("Parts", exact=True).click()
    choose(page, file)
    wait_until_done(page, file.name)
    open_page(page, "Requests")
    copies = {form: export_requests(page, form) for form in EXPORTS}

    document = json.loads(copies["HAR 1.2"])
    check_har(document)
    purposes = [entry["comment"].split(",")[0] for entry in document["log"]["entries"]]
    assert {"token", "createTempFileMultipartUploadUrl", "part 1", "complete"} <= set(purposes)
    opens_in_chromium(browser, document, tmp_path)
    assert "| part 1 |" in copies["Markdown report"]

    token = access_token(own_app_server)
    for form, shell in (("curl script", "bash"), ("Python script", sys.executable)):
        done = subprocess.run(
            [shell, "-c", copies[form]],
            cwd=folder,
            env=os.environ | {"ACCESS_TOKEN": token},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        link = next(line for line in done.stdout.splitlines() if line.startswith("http"))
        stored = requests.get(link, timeout=60).content
        assert hashlib.sha256(stored).hexdigest() == sha256(file)


def access_token(server: AppServer) -> str:
    client = json.loads((server.data_dir / "oauth-client.json").read_text())
    form = {"grant_type": "client_credentials", **client}
    return str(
        requests.post(f"{server.url}/oauth/token", data=form, timeout=10).json()["access_token"]
    )


def opens_in_chromium(browser: Browser, document: dict[str, Any], folder: Path) -> None:
    """Let Playwright's own reader of archives answer a request from the one that was exported."""
    [complete] = [
        entry for entry in document["log"]["entries"] if entry["comment"].startswith("complete")
    ]
    archive = folder / "exported.har"
    archive.write_text(json.dumps(document))
    context = browser.new_context(ignore_https_errors=True)
    context.route_from_har(archive, not_found="abort")
    page = context.new_page()
    request = complete["request"]
    answered = page.evaluate(
        "([url, method, headers, body]) => fetch(url, {method, headers, body})"
        ".then(answer => answer.text())",
        [request["url"], "POST", {"Content-Type": "application/xml"}, request["postData"]["text"]],
    )
    assert answered == complete["response"]["content"]["text"]
    context.close()


def test_every_state_of_the_page_is_accessible(
    signed_in_page: Page, expect_accessible: Check
) -> None:
    page = signed_in_page
    go_by_navigation(page, "Requests")
    clear = page.get_by_role("button", name="Clear the list")
    expect(clear.or_(page.get_by_text("No requests yet"))).to_be_visible()
    if clear.is_visible():
        clear.click()
    expect(page.get_by_text("No requests yet")).to_be_visible()
    expect_accessible(page)
    go_by_navigation(page, "Upload")
    page.get_by_role("button", name="Sample image").click()
    wait_until_done(page, "sample-image.jpg")

    go_by_navigation(page, "Requests")
    expect(page.get_by_text(re.compile(r"\d+ of \d+ requests"))).to_be_visible()
    unfold(page, "One request in full")
    expect(page.get_by_role("tab", name="Answer body")).to_be_visible()
    unfold(page, "Take these requests along")
    expect(page.get_by_role("button", name="Download requests.har")).to_be_visible()
    unfold(page, "sample-image.jpg:")
    expect(page.get_by_role("img", name=re.compile(r"requests over"))).to_be_visible()
    switch_live_off(page)
    expect_accessible(page)

    page.get_by_label("Text", exact=True).fill("nothing has these words")
    page.get_by_label("Text", exact=True).press("Enter")
    expect(page.get_by_text(re.compile("None of the"))).to_be_visible()
    expect_accessible(page)


def switch_live_off(page: Page) -> None:
    page.get_by_test_id("stCheckbox").filter(has_text="Live").locator("label").click()
    expect(page.get_by_role("switch", name="Live")).not_to_be_checked()
