"""Signing in and out, as a visitor with a browser does it."""

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import BrowserContext, Cookie, Page, Route, expect

from tests.app_server import AppServer
from tests.browser.conftest import expect_signed_in, expect_signed_out, sign_in
from tests.browser.settled import settled


def session_cookie(context: BrowserContext) -> Cookie:
    return next(
        cookie for cookie in context.cookies() if cookie.get("name", "").startswith("tfw_session")
    )


def status_of(url: str, cookie: Cookie | None = None) -> tuple[int, dict[str, Any]]:
    headers = {"Cookie": f"{cookie.get('name')}={cookie.get('value')}"} if cookie else {}
    try:
        with urlopen(Request(url, headers=headers)) as response:
            return response.status, {}
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"{}")


def test_right_password_opens_home_page(page: Page, app_server: AppServer) -> None:
    page.goto(app_server.url)
    expect(page).to_have_title("Sign in · Temp files")
    sign_in(page, app_server.password)
    expect_signed_in(page)
    expect(page).to_have_title("Upload · Temp files")


def test_a_cookie_that_the_browser_does_not_keep_is_said_so(
    page: Page, context: BrowserContext, app_server: AppServer
) -> None:
    def lose_the_cookie(route: Route) -> None:
        answer = route.fetch()
        context.clear_cookies()
        kept = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
        route.fulfill(response=answer, headers=kept)

    page.goto(app_server.url)
    page.route("**/session", lose_the_cookie)
    loads: list[str] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    sign_in(page, app_server.password)
    expect(page.get_by_role("alert")).to_contain_text("did not keep the sign-in cookie")
    expect_signed_out(page)
    assert not loads


def test_wrong_password_is_explained_and_keeps_user_name(page: Page, app_server: AppServer) -> None:
    page.goto(app_server.url)
    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    expect(page.get_by_label("User name")).to_have_value("demo")
    page.get_by_label("Password", exact=True).fill(app_server.password)
    page.keyboard.press("Enter")
    expect_signed_in(page)


def test_empty_form_says_what_is_missing(page: Page, app_server: AppServer) -> None:
    page.goto(app_server.url)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your user name")


def test_too_many_tries_are_told_to_wait(page: Page, app_server: AppServer) -> None:
    page.goto(app_server.url)
    for _ in range(5):
        sign_in(page, "wrong", username="somebody")
        expect(page.get_by_role("alert")).to_contain_text("is not right")
        page.get_by_label("Password", exact=True).fill("")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Enter your")
    sign_in(page, "wrong", username="somebody")
    expect(page.get_by_role("alert")).to_contain_text("Too many tries. Wait")


def test_fields_suit_password_managers(page: Page, app_server: AppServer) -> None:
    page.goto(app_server.url)
    expect(page.get_by_label("User name")).to_have_attribute("autocomplete", "username")
    password = page.get_by_label("Password", exact=True)
    expect(password).to_have_attribute("autocomplete", "current-password")
    expect(password).to_have_attribute("type", "password")


def test_keyboard_alone_signs_in(page: Page, app_server: AppServer) -> None:
    page.goto(app_server.url)
    expect_signed_out(page)
    page.get_by_label("User name").focus()
    page.keyboard.type("demo")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.keyboard.type(app_server.password)
    page.keyboard.press("Escape")
    expect(page.get_by_label("Password", exact=True)).to_have_value(app_server.password)
    page.keyboard.press("Enter")
    expect_signed_in(page)


def test_deep_link_survives_sign_in(page: Page, app_server: AppServer) -> None:
    page.goto(f"{app_server.url}/requests?from=mail")
    sign_in(page, app_server.password)
    expect_signed_in(page)
    expect(page).to_have_title("Requests · Temp files")
    assert page.url == f"{app_server.url}/requests?from=mail"


def test_signed_out_visitor_learns_nothing_of_the_pages(page: Page, app_server: AppServer) -> None:
    frames: list[bytes] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: frames.append(_bytes(frame))),
    )
    page.goto(f"{app_server.url}/requests")
    expect_signed_out(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("navigation")).to_have_count(0)
    received = b"".join(frames)
    assert received
    assert not [word for word in (b"Requests", b"Connections", b"pages/") if word in received]


def _bytes(frame: bytes | str) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()


def test_reload_and_second_tab_stay_signed_in(
    signed_in_page: Page, context: BrowserContext, app_server: AppServer
) -> None:
    signed_in_page.reload()
    expect_signed_in(signed_in_page)
    second = context.new_page()
    second.goto(f"{app_server.url}/connections")
    expect_signed_in(second)


def test_restart_of_the_app_keeps_the_sign_in(page: Page, own_app_server: AppServer) -> None:
    own_app_server.start()
    page.goto(own_app_server.url)
    sign_in(page, own_app_server.password)
    expect_signed_in(page)
    expect(page.get_by_text("Drop files here")).to_be_visible()
    settled(page)
    page.goto("about:blank")  # an open page connects again by itself: test_interruptions.py
    own_app_server.stop()
    own_app_server.start()
    page.goto(own_app_server.url)
    expect_signed_in(page)


def test_script_cannot_read_the_cookie(signed_in_page: Page, context: BrowserContext) -> None:
    cookie = session_cookie(context)
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") == "Lax"
    assert "tfw_session" not in signed_in_page.evaluate("document.cookie")


def test_sign_out_ends_the_session_everywhere(
    page: Page, context: BrowserContext, app_server: AppServer
) -> None:
    page.goto(app_server.url)
    sign_in(page, app_server.password)
    expect_signed_in(page)
    cookie = session_cookie(context)
    assert status_of(f"{app_server.url}/transfers/x", cookie)[0] != 401
    page.get_by_role("button", name="Sign out").click()
    expect_signed_out(page)
    assert not [name for row in context.cookies() if (name := row.get("name", "")) in str(cookie)]
    status, body = status_of(f"{app_server.url}/transfers/x", cookie)
    assert (status, body["error"]) == (401, "sign-in-required")


def test_replayed_cookie_of_ended_session_shows_sign_in_page(
    page: Page, context: BrowserContext, app_server: AppServer
) -> None:
    page.goto(app_server.url)
    sign_in(page, app_server.password)
    expect_signed_in(page)
    cookie = session_cookie(context)
    page.get_by_role("button", name="Sign out").click()
    expect_signed_out(page)
    context.add_cookies(
        [
            {
                "name": str(cookie.get("name")),
                "value": str(cookie.get("value")),
                "url": app_server.url,
            }
        ]
    )
    page.reload()
    expect_signed_out(page)


def test_spoofed_identity_header_is_ignored(context: BrowserContext, app_server: AppServer) -> None:
    context.set_extra_http_headers({"X-Tfw-User": "demo", "X-Tfw-Roles": "admin"})
    page = context.new_page()
    page.goto(app_server.url)
    expect_signed_out(page)
    request = Request(f"{app_server.url}/transfers/x", headers={"X-Tfw-User": "demo"})
    with pytest.raises(HTTPError, match="401") as refused:
        urlopen(request)
    refused.value.close()


def test_sign_in_page_is_accessible(
    page: Page, app_server: AppServer, expect_accessible: Callable[[Page], None]
) -> None:
    page.goto(app_server.url)
    expect_signed_out(page)
    expect_accessible(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect_accessible(page)
