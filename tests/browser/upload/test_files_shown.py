"""What a browser makes of a file that is opened from its link: shown, never run."""

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Route

from service.auth.keys import load_oauth_client
from settings import read_settings
from tests.app_server import AppServer
from tests.service.api_client import Api

PAGE = b"""<!DOCTYPE html><title>still</title><p>text</p>
<img src="/service/live?shown"><iframe src="/service/live?framed"></iframe>
<script>document.title = "ran"; new Image().src = "/service/live?ran"</script>
<script src="/service/live?loaded"></script>
<p><a id="link" href="javascript:location='/service/live?ran'">a</a>
<img src="x:" onerror="new Image().src = '/service/live?ran'">
<form action="/service/live"><input name="sent"><button>b</button></form>"""
DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" onload="top.ran()">
<image href="/service/live?shown" width="9" height="9"/>
<script>new Image().src = "/service/live?ran"</script></svg>"""
XHTML = b"""<html xmlns="http://www.w3.org/1999/xhtml"><head><title>still</title></head><body>
<img src="/service/live?shown" alt=""/>
<script>new Image().src = "/service/live?ran"</script></body></html>"""
RUNNABLE = {
    "text/html": PAGE,
    "image/svg+xml": DRAWING,
    "application/xhtml+xml": XHTML,
    "application/pdf,text/html": PAGE,
}


@pytest.fixture
def api(app_server: AppServer) -> Iterator[Api]:
    folder = app_server.data_dir
    client = load_oauth_client(read_settings({"TFW_DATA_DIR": str(folder)}, folder / "none.toml"))
    api = Api(app_server.url, client.client_id, client.client_secret)
    yield api
    api.http.close()


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[BrowserContext]:
    """A context in which a file may try what it likes: `no_breach` does not watch it."""
    context = browser.new_context()
    yield context
    context.close()


def uploaded(api: Api, content: bytes, media_type: str) -> str:
    urls = api.single()
    said = {"Content-Type": media_type, "Content-Disposition": "inline"}
    assert api.put(urls["uploadUrl"], content, **said).ok
    return urls["downloadUrl"]


@cache
def pdf() -> bytes:
    """A PDF says when it was made: in another second it has other bytes."""
    content = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(content, "PDF")
    return content.getvalue()


def asked_for(context: BrowserContext, url: str, last: str) -> set[str]:
    """Open a file until it asks for `last`; return all it had the browser ask for, by the query."""
    page = context.new_page()
    queries: set[str] = set()
    page.on("request", lambda request: queries.add(urlsplit(request.url).query))
    with page.expect_request(lambda request: urlsplit(request.url).query == last):
        page.goto(url)
    page.close()
    return queries - {urlsplit(url).query, ""}


@pytest.mark.parametrize("media_type", RUNNABLE)
def test_a_script_in_a_file_does_not_run(
    api: Api, elsewhere: BrowserContext, media_type: str
) -> None:
    url = uploaded(api, RUNNABLE[media_type], media_type)
    assert asked_for(elsewhere, url, "shown") == {"shown"}

    def unguarded(route: Route) -> None:
        answer = route.fetch()
        headers = {k: v for k, v in answer.headers.items() if k != "content-security-policy"}
        route.fulfill(response=answer, headers=headers)

    elsewhere.route("**/files/**", unguarded)  # the same file does run without our policy
    assert "ran" in asked_for(elsewhere, url, "ran")


def test_a_pdf_that_is_none_is_not_made_a_page_of(api: Api, elsewhere: BrowserContext) -> None:
    page = elsewhere.new_page()
    url = uploaded(api, PAGE, "application/pdf")
    queries: set[str] = set()
    page.on("request", lambda request: queries.add(urlsplit(request.url).query))
    with page.expect_download() as waiting:  # where there is a viewer, it says that it cannot
        page.evaluate("url => { location = url }", url)
    assert Path(waiting.value.path()).read_bytes() == PAGE
    assert queries == {urlsplit(url).query}


def test_a_pdf_is_not_blocked(api: Api, elsewhere: BrowserContext) -> None:
    """The shell has no viewer, so it saves what it would hand to one."""
    page = elsewhere.new_page()
    reasons: list[Any] = []

    def failed(event: dict[str, Any]) -> None:
        reasons.append(event.get("blockedReason"))  # a download ends the loading, too: with none

    session = elsewhere.new_cdp_session(page)
    session.send("Network.enable")  # pyright: ignore[reportUnknownMemberType] # a bare Dict
    session.on("Network.loadingFailed", failed)  # pyright: ignore[reportUnknownMemberType] # as above
    with page.expect_download() as waiting:
        page.evaluate("url => { location = url }", uploaded(api, pdf(), "application/pdf"))
    assert Path(waiting.value.path()).read_bytes() == pdf()
    assert not any(reasons)
