"""Secrets of every kind, looked for wherever they must not be after a walk over the pages."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, Response, WebSocket, expect

from components.connections import words
from tests.app_server import AppServer
from tests.browser.background.background_steps import RUN_TIMEOUT, disc, give, wait_for_result
from tests.browser.checks.check_steps import run_check
from tests.browser.conftest import expect_signed_in, sign_in
from tests.browser.connections.connection_steps import add
from tests.browser.endpoint import Endpoint, running_endpoint
from tests.browser.requests.request_steps import EXPORTS, export_requests, open_page
from tests.browser.settled import settled
from tests.browser.steps import choose, random_file, result_of, unfold, wait_until_done

SECRET = "canary"  # part of the client's secret and of the personal access token
PAT = "amp_pat_0123456789canary456789.canary-and-more"
TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}")
OWN_SECRETS = {"oauth-client.json", "service-keys.json"}
"""Files of the embedded service that are there to hold its secrets, readable by its owner only."""
PATHS = ("/no-such-page", "/graphql", "/files/none", "/oauth/token", "/transfers/none", "/faults")


@dataclass
class Walk:
    """What a visit made visible, and the signatures and cookies it came across."""

    texts: dict[str, bytes] = field(default_factory=dict[str, bytes])
    frames: list[bytes] = field(default_factory=list[bytes])
    answers: list[bytes] = field(default_factory=list[bytes])
    signatures: set[bytes] = field(default_factory=set[bytes])
    cookies: set[bytes] = field(default_factory=set[bytes])
    cookie_header: str = ""

    def watch(self, page: Page) -> None:
        """Keep what the server sends over websockets, its plans, and the signatures in use."""

        def keep_frame(payload: str | bytes) -> None:
            self.frames.append(payload.encode() if isinstance(payload, str) else payload)

        def on_websocket(websocket: WebSocket) -> None:
            websocket.on("framereceived", keep_frame)

        def keep_answer(response: Response) -> None:
            if urlsplit(response.url).path == "/transfers/plan":
                self.answers.append(response.body())

        page.on("websocket", on_websocket)
        page.on("response", keep_answer)
        page.on("request", lambda request: self.note_signature(request.url))

    def note_signature(self, url: str) -> None:
        found = parse_qs(urlsplit(url).query).get("X-Amz-Signature", [])
        self.signatures.update(value.encode() for value in found)

    def note_cookies(self, context: BrowserContext) -> None:
        """Note the cookies that scripts may not read: they are who somebody is."""
        secret = [cookie for cookie in context.cookies() if cookie.get("httpOnly")]
        self.cookies = {str(cookie.get("value")).encode() for cookie in secret}
        self.cookie_header = "; ".join(f"{one.get('name')}={one.get('value')}" for one in secret)
        assert self.cookies

    def keep(self, name: str, page: Page) -> None:
        settled(page)
        self.texts[f"the page {name}"] = page.content().encode()

    def everything(self) -> dict[str, bytes]:
        return {**self.texts, "the websocket": b"\0".join(self.frames)}


@pytest.fixture
def endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setenv("TFW_PATS", PAT)
    monkeypatch.setenv("TFW_DEMO_DATA", "on")
    with running_endpoint(tmp_path / "endpoint") as endpoint:
        yield endpoint


def with_client(endpoint: Endpoint) -> Mapping[str, str]:
    return endpoint.settings()


def with_pat(endpoint: Endpoint) -> Mapping[str, str]:
    return {"AMPLIENCE_GRAPHQL_URL": f"{endpoint.url}/graphql", "AMPLIENCE_PAT": PAT}


@pytest.mark.parametrize("credentials", [with_client, with_pat])
def test_no_secret_is_anywhere_after_a_walk_over_the_pages(
    context: BrowserContext,
    endpoint: Endpoint,
    own_app_server: AppServer,
    tmp_path: Path,
    credentials: Callable[[Endpoint], Mapping[str, str]],
) -> None:
    own_app_server.environment.update(credentials(endpoint))
    own_app_server.environment |= {"TFW_ACCESS_LOG": "json", "AMPLIENCE_RATE_LIMIT": "0"}
    own_app_server.start()
    walk, page = Walk(), context.new_page()
    walk.watch(page)
    page.goto(own_app_server.url)
    sign_in(page, own_app_server.password)
    expect_signed_in(page)
    walk.note_cookies(context)

    upload_both_ways(page, walk, tmp_path)
    run_in_playground(page, walk)
    cut_out(page, walk, tmp_path)
    try_connections(page, walk, endpoint)
    look_through_assets(page, walk)
    look_at_a_check(page, walk)
    signed_allowed = len(walk.frames)  # up to here the browser needs signed URLs, and gets them
    read_requests(page, walk)
    ask_for_errors(own_app_server, walk)
    own_app_server.stop()

    files = files_of(own_app_server)
    everywhere = {**walk.everything(), **files}
    assert found_in(everywhere, [SECRET.encode(), *walk.cookies]) == []
    assert [name for name, text in everywhere.items() if TOKEN.search(text)] == []
    assert len(walk.signatures) >= 3
    before = {"the plans that the upload page was given": b"\0".join(walk.answers)}
    assert found_in(before, walk.signatures)  # so what is looked for would be found
    unsigned = {
        **{name: text for name, text in walk.texts.items() if "requests" in name},
        "the websocket of the requests page": b"\0".join(walk.frames[signed_allowed:]),
        **files,
    }
    assert found_in(unsigned, walk.signatures) == []


def upload_both_ways(page: Page, walk: Walk, folder: Path) -> None:
    choose(page, random_file(folder / "single.bin", 100_000))
    wait_until_done(page, "single.bin")
    unfold(page, "Advanced: how files are sent")
    send_as = page.get_by_role("radiogroup", name="Send as")
    send_as.get_by_text("Parts", exact=True).click()
    choose(page, random_file(folder / "parts.bin", 6_000_000))
    wait_until_done(page, "parts.bin")
    send_as.get_by_text("Automatic", exact=True).click()  # parts have no type, cut-outs need one
    result = result_of(page, "parts.bin")
    unfold(result, "Copy as: curl")
    for tab in ("curl", "Python", "HAR"):
        result.get_by_role("tab", name=tab, exact=True).click()
        expect(result.get_by_role("tabpanel").locator("code")).to_be_visible()
        shown = result.get_by_role("tabpanel").locator("code").inner_text()
        walk.texts[f"{tab} of a transfer, for requests"] = shown.encode()
    walk.keep("upload", page)


def run_in_playground(page: Page, walk: Walk) -> None:
    open_page(page, "Playground")
    page.get_by_role("button", name=re.compile("^Run ")).click()
    expect(page.locator(".st-key-playground-answer-head p").first).to_be_visible()
    unfold(page, "Take along: link, curl")
    walk.keep("playground", page)


def cut_out(page: Page, walk: Walk, folder: Path) -> None:
    page.get_by_role("link", name="Background", exact=True).click()
    expect(page.get_by_text("Drop pictures here")).to_be_visible()
    give(page, disc(folder / "disc.png"))
    page.get_by_role("button", name=re.compile("^Remove background")).click(timeout=RUN_TIMEOUT)
    wait_for_result(page)
    walk.keep("background", page)


def try_connections(page: Page, walk: Walk, endpoint: Endpoint) -> None:
    open_page(page, "Connections")
    page.get_by_role("button", name=words.TEST).click()
    expect(page.get_by_text(words.GOOD_OUTCOME)).to_be_visible()
    add(page, endpoint, "Kept")  # its secret lies sealed in the data folder from now on
    walk.keep("connections", page)


def look_through_assets(page: Page, walk: Walk) -> None:
    open_page(page, "Assets")
    expect(
        page.get_by_text(re.compile(r"^\d+ assets?|No assets|nothing", re.IGNORECASE)).first
    ).to_be_visible()
    walk.keep("assets", page)


def look_at_a_check(page: Page, walk: Walk) -> None:
    open_page(page, "Checks")
    run_check(page)
    for form in ("HTML", "JUnit XML", "JSON"):
        settled(page)
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Report: {form}").click()
        report = Path(download.value.path()).read_bytes()
        walk.texts[f"{form} report of the check of requests"] = report
    walk.keep("checks of requests", page)


def read_requests(page: Page, walk: Walk) -> None:
    open_page(page, "Requests")
    unfold(page, "One request in full")
    expect(page.get_by_role("tab", name="Answer body")).to_be_visible()
    unfold(page, "parts.bin:")
    for form in EXPORTS:
        walk.texts[f"requests as {form}"] = export_requests(page, form).encode()
    walk.keep("requests", page)
    har = walk.texts["requests as HAR 1.2"]
    for purpose in (b"removeBackgroundFromImage", b"createTempFileUploadUrl", b"part 1"):
        assert purpose in har


def ask_for_errors(server: AppServer, walk: Walk) -> None:
    """Ask for pages that end in errors, with canaries in every place a request has for one."""
    for path in PATHS:
        for method in ("GET", "POST", "PUT"):
            answer = requests.request(
                method,
                f"{server.url}{path}?X-Amz-Signature={SECRET}&token={SECRET}",
                data=f"grant_type=client_credentials&client_id=x&client_secret={SECRET}",
                headers={
                    "Authorization": f"Bearer {PAT}",
                    "Cookie": f"other={SECRET}; {walk.cookie_header}",
                    "Content-Type": "application/x-www-form-urlencoded",
                },
                timeout=10,
            )
            head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
            walk.texts[f"{method} {path}"] = head.encode() + answer.content


def files_of(server: AppServer) -> dict[str, bytes]:
    """Return every file of the data folder, logs and databases included, by its name."""
    paths = [path for path in server.data_dir.rglob("*") if path.is_file()]
    assert {path.name for path in paths} >= {"app.log", "transfers.sqlite3", "operations.sqlite3"}
    return {str(path): path.read_bytes() for path in paths if path.name not in OWN_SECRETS}


def found_in(texts: Mapping[str, bytes], secrets: set[bytes] | list[bytes]) -> list[str]:
    """Return where a secret is found."""
    return [
        f"{secret.decode()[:8]}… in {name}"
        for name, text in texts.items()
        for secret in secrets
        if secret in text
    ]
