"""What a person does on the requests page, as the browser tests say it."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.settled import settled
from tests.browser.steps import unfold

EXPORTS = {
    "HAR 1.2": "requests.har",
    "curl script": "requests.sh",
    "Python script": "requests_again.py",
    "Markdown report": "requests.md",
}


def open_page(page: Page, name: str) -> None:
    """Go to a page by the navigation, which keeps the visit and its log."""
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def export_requests(page: Page, form: str) -> str:
    """Return the text of the requests shown in one form, as it is downloaded."""
    group = page.get_by_role("radiogroup", name="As")
    if not group.is_visible():
        unfold(page, "Take these requests along")
    group.get_by_text(form, exact=True).click()
    settled(page)  # the text above the button comes after it, and moves it
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download {EXPORTS[form]}").click()
    return Path(download.value.path()).read_text(encoding="utf-8")
