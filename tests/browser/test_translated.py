"""A browser that translates pages is told to leave ours as they are: web/page_head.py says why."""

import pytest
from playwright.sync_api import Page, expect

from tests.app_server import AppServer

MARKS = """() => [
  document.documentElement.translate,
  document.querySelector('meta[name=google]')?.content,
]"""


@pytest.mark.parametrize("path", ["/", "/playground", "/assets?asset=none"])
def test_every_page_keeps_its_language(page: Page, app_server: AppServer, path: str) -> None:
    page.goto(app_server.url + path)
    expect(page.get_by_label("User name")).to_be_visible()
    assert page.evaluate(MARKS) == [False, "notranslate"]
