"""What a person does in the playground, as the browser tests say it."""

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

from client.playground.link import write_link
from client.playground.saved_operations import SavedOperation
from tests.app_server import AppServer
from tests.browser.conftest import sign_in

SINGLE = """mutation Single {
  createTempFileUploadUrl {
    uploadUrl
    downloadUrl
  }
}
"""


def playground(
    context: BrowserContext, server: AppServer, text: str = SINGLE, values: str = ""
) -> Page:
    """Open the playground with this operation in a tab of its own."""
    page = context.new_page()
    page.goto(f"{server.url}/playground?op={write_link(SavedOperation(text, values))}")
    expect(operations(page).or_(page.get_by_label("User name"))).to_be_visible()
    if page.get_by_label("User name").is_visible():
        sign_in(page, server.password)
    expect(operations(page)).to_be_visible()
    expect(operations(page)).to_contain_text(text.split("\n")[0])
    expect(page.locator(".tray")).to_be_attached()  # loaded by now: a test may stop the app
    return page


def outcome(page: Page) -> Locator:
    return page.locator(".st-key-playground-answer-head p").first


def answer_text(page: Page) -> Locator:
    return page.get_by_role("region", name="Answer").locator(".cm-content")


def execute(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Run ")).click()


def switch(page: Page, name: str) -> None:
    page.get_by_test_id("stCheckbox").filter(has_text=name).locator("label").click()


def operations(page: Page) -> Locator:
    return page.get_by_role("textbox", name="GraphQL operations")


def variables(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Variables as JSON")


def tabs(page: Page) -> Locator:
    """The tabs of the open operations."""
    return page.locator(".st-key-playground-tab-strip").get_by_role("tab")


def tab(page: Page, title: str) -> Locator:
    return tabs(page).and_(page.get_by_role("tab", name=title, exact=True))


def shown_tab(page: Page) -> Locator:
    return tabs(page).and_(page.get_by_role("tab", selected=True))


def write(pane: Locator, text: str) -> None:
    """Put a text in the place of what is there, as pasting does."""
    pane.press("Control+a")
    pane.evaluate(
        """(node, text) => {
          const data = new DataTransfer()
          data.setData("text/plain", text)
          node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }))
        }""",
        text,
    )
