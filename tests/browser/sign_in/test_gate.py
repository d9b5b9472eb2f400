"""Who a browser may speak for, and what a page shows when its sign-in ends elsewhere."""

from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.app_server import AppServer
from tests.browser.conftest import expect_signed_in, expect_signed_out, sign_in
from tests.browser.settled import settled
from tests.serving import serving

OPEN_SOCKET = """url => new Promise(resolve => {
  const socket = new WebSocket(url, ["streamlit"])
  socket.onopen = () => resolve("opened")
  socket.onerror = () => resolve("refused")
})"""


class _EmptyPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Another program</title>")

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def another_program() -> Generator[int]:
    """Serve a page on another port of this machine, as a notebook or a development server does."""
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), _EmptyPage)) as port:
        yield port


def test_a_page_of_another_port_opens_no_websocket(
    signed_in_page: Page, context: BrowserContext, app_server: AppServer
) -> None:
    stream = f"ws://127.0.0.1:{app_server.port}/_stcore/stream"
    assert signed_in_page.evaluate(OPEN_SOCKET, stream) == "opened"
    with another_program() as port:
        for host in ("127.0.0.1", "localhost"):
            page = context.new_page()
            page.goto(f"http://{host}:{port}/")
            assert page.evaluate(OPEN_SOCKET, stream) == "refused"


@pytest.mark.parametrize("ways", ["127.0.0.1", "localhost"])
def test_every_name_of_this_machine_leads_in(page: Page, app_server: AppServer, ways: str) -> None:
    page.goto(f"http://{ways}:{app_server.port}/")
    sign_in(page, app_server.password)
    expect_signed_in(page)


def test_signing_out_in_one_tab_shows_the_form_in_all(
    page: Page, context: BrowserContext, app_server: AppServer
) -> None:
    page.goto(app_server.url)
    sign_in(page, app_server.password)
    expect_signed_in(page)
    second = context.new_page()
    second.goto(f"{app_server.url}/requests")
    expect_signed_in(second)
    page.get_by_role("button", name="Sign out").click()
    expect_signed_out(page)
    expect_signed_out(second)
    sign_in(second, app_server.password)
    expect_signed_in(second)
    assert second.url == f"{app_server.url}/requests"


def test_a_session_that_ends_elsewhere_shows_the_form_by_itself(
    browser: Browser, page: Page, app_server: AppServer
) -> None:
    page.goto(f"{app_server.url}/connections")
    sign_in(page, app_server.password)
    expect_signed_in(page)
    settled(page)  # an idle page asks the server for nothing by itself
    session = page.context.cookies()
    elsewhere = browser.new_context()
    elsewhere.add_cookies([{**one} for one in session])  # pyright: ignore[reportArgumentType] # the same shape
    asked = elsewhere.request.delete(f"{app_server.url}/session")
    assert asked.status == 204
    expect_signed_out(page)
    expect(page.get_by_text("Signed in as")).to_have_count(0)
    elsewhere.close()
    sign_in(page, app_server.password)
    expect_signed_in(page)
    expect(page).to_have_title("Connections · Temp files")
