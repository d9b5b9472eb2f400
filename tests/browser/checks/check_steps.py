"""What a person does on the checks page, as the browser tests say it."""

import re

from playwright.sync_api import Locator, Page, expect

GROUPS = ("Transport", "Schema", "Limits", "Storage", "Background removal", "Assets")
A_CHECK = 120_000  # milliseconds, on a busy machine


def open_checks(page: Page, url: str) -> None:
    page.goto(f"{url}/checks")
    expect(page.get_by_role("heading", name="Checks", exact=True)).to_be_visible()


def choose_only(page: Page, *groups: str) -> None:
    for group in GROUPS:
        if group not in groups:
            box = page.get_by_test_id("stCheckbox").filter(has_text=re.compile(f"^{group}$"))
            box.locator("label").click()
            expect(page.get_by_role("checkbox", name=group, exact=True)).not_to_be_checked()


def all_questions(page: Page) -> Locator:
    """Return the heading that is there once a check has ended."""
    return page.get_by_role("heading", name="All questions")


def run_check(page: Page) -> None:
    page.get_by_role("button", name="Run the check").click()
    expect(all_questions(page)).to_be_visible(timeout=A_CHECK)
