"""What the browser tests rest on: nothing passes from test to test, and what is wrong is seen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.app_server import AppServer
from tests.browser.conftest import forget, new_context, watched
from tests.browser.settled import settled

# Too little contrast, in one of the four looks only.
FAINT = """
@media (prefers-color-scheme: dark) and (max-width: 400px) {
  .faint { color: #777 !important; background: #888 !important; }
}"""
STORED = "[localStorage.length, document.cookie]"


def test_a_breach_belongs_to_the_test_whose_page_it_was(
    browser: Browser, app_server: AppServer
) -> None:
    with new_context(browser) as context:
        with watched(context) as first:
            page = context.new_page()
            page.goto(app_server.url)
            with context.expect_event("weberror"):
                page.evaluate("setTimeout(() => { throw new Error('mine') })")
            with page.expect_console_message(lambda one: "Content Security" in one.text):
                page.evaluate("fetch('http://127.0.0.1:9/').catch(() => null)")
            page.close()
        with watched(context) as second:
            context.new_page().goto(app_server.url)
    assert any("mine" in breach for breach in first)
    assert any("Content Security Policy" in breach for breach in first)
    assert second == []


def test_a_test_leaves_neither_cookies_nor_storage(
    context: BrowserContext, app_server: AppServer
) -> None:
    page = context.new_page()
    page.goto(app_server.url)
    page.evaluate("localStorage.setItem('left', 'behind'); document.cookie = 'left=behind'")
    assert page.evaluate(STORED) != [0, ""]
    page.close()
    forget(context, {app_server.url})
    page = context.new_page()
    page.goto(f"{app_server.url}/service/live")
    assert page.evaluate(STORED) == [0, ""]


def test_a_walk_sees_what_is_wrong_in_one_look_only(
    signed_in_page: Page, expect_accessible: Callable[[Page], None]
) -> None:
    page = signed_in_page
    page.add_style_tag(content=FAINT)
    page.get_by_role("heading", level=1).evaluate("one => one.classList.add('faint')")
    with pytest.raises(AssertionError) as found:
        expect_accessible(page)
    looks = re.findall(r"(\w+, \d+ px): ([\w-]+)", str(found.value))
    assert set(looks) == {("dark, 375 px", "color-contrast")}


def test_a_page_is_not_at_rest_before_python_has_answered(
    signed_in_page: Page, app_server: AppServer
) -> None:
    page = signed_in_page
    page.goto(f"{app_server.url}/playground")
    expect(page.get_by_role("textbox", name="GraphQL operations")).to_be_visible()
    settled(page)
    for _ in range(5):
        page.get_by_test_id("stCheckbox").filter(has_text="Form").locator("label").click()
        settled(page)
        form = page.locator(".st-key-playground-form")
        is_on = page.get_by_role("switch", name="Form").is_checked()
        assert form.count() == int(is_on)
