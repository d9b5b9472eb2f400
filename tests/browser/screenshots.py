"""Takes pictures of the pages in the states that matter, light and dark, at 1280 and 375 pixels.

`python -m tests.browser.screenshots FOLDER` takes all of them. Without a folder, which is what
`make docs` does, it writes only those into docs/ that a document shows.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.app_server import AppServer, free_port
from tests.browser.background.background_steps import (
    choose_option,
    open_background,
    wait_for_result,
)
from tests.browser.checks.check_steps import run_check
from tests.browser.conftest import CHROMIUM, QUIET, sign_in
from tests.browser.playground.playground_steps import execute, operations, playground, switch
from tests.browser.settled import WATCH_RUNS, settled
from tests.browser.steps import (
    card_of,
    go_by_navigation,
    result_of,
    send_sample_video,
    slow_down,
    unfold,
    wait_for_parts,
    wait_until_done,
)

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTHS = (1280, 375)
HEIGHT = 900
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def shown_in_documents() -> set[str]:
    """The names of the pictures in docs/ that a document shows."""
    texts = [path.read_text() for path in (*ROOT.glob("*.md"), *DOCS.glob("*.md"))]
    return {
        name
        for text in texts
        for name in re.findall(r"!\[[^]]*\]\((?:docs/)?([^/)]+\.png)\)", text)
    }


def take_all(browser: Browser, server: AppServer, folder: Path) -> None:
    """Take every picture into a folder."""
    for theme in THEMES:
        for width in WIDTHS:
            viewport = ViewportSize(width=width, height=HEIGHT)
            context = browser.new_context(color_scheme=theme, viewport=viewport)
            context.add_init_script(WATCH_RUNS)
            page = context.new_page()
            take_states(page, server, lambda name: folder / f"{name}-{theme}-{width}.png")  # noqa: B023 - called at once
            context.close()


def take_states(page: Page, server: AppServer, path: Callable[[str], Path]) -> None:
    """Go through the states of the pages, taking a picture of each."""
    page.goto(server.url)
    expect(page.get_by_label("User name")).to_be_visible()
    page.screenshot(path=path("sign-in"))
    sign_in(page, server.password)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.screenshot(path=path("upload-empty"), animations="disabled")
    slow_down(page, 45_000_000)
    card = card_of(page, send_sample_video(page, "250 MB"))
    wait_for_parts(card, 8)
    page.screenshot(path=path("upload-sending"), animations="disabled")
    slow_down(page, -1)
    wait_until_done(page, "sample-video-250-MB.mp4")
    result_of(page, "sample-video-250-MB.mp4")
    unfold(page, "Details: size, ETag")
    expect(page.get_by_text("CompleteMultipartUpload sent")).to_be_visible()
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    page.get_by_role("heading", name="Details", exact=True).scroll_into_view_if_needed()
    page.mouse.move(0, 0)
    page.screenshot(path=path("upload-done"), animations="disabled")
    take_background(page, server, path)
    take_playground(page, server, path)
    take_records(page, server, path)


def take_background(page: Page, server: AppServer, path: Callable[[str], Path]) -> None:
    """Cut out a sample, taking a picture of the viewer and of what can be done with the result."""
    open_background(page, server.url)
    page.get_by_role("button", name="Sample: portrait").click()
    wait_for_result(page)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    settle(page)
    page.screenshot(path=path("background-compared"), animations="disabled")
    page.get_by_text("Crop to the subject").click()
    choose_option(page, "Shadow", "Drop shadow")
    page.get_by_role("button", name="Create asset").scroll_into_view_if_needed()
    settled(page)
    page.screenshot(path=path("background-finished"), animations="disabled")


def take_playground(page: Page, server: AppServer, path: Callable[[str], Path]) -> None:
    """Run an operation, then fill in another one by its form."""
    page = playground(page.context, server)
    execute(page)
    expect(page.get_by_text("Go on with this answer")).to_be_visible()
    settle(page)
    page.screenshot(path=path("playground-answered"), animations="disabled")
    switch(page, "Form")
    page.locator(".st-key-playground-form").get_by_label("Mutation or query").fill("createAsset")
    page.get_by_role("option", name="Mutation createAsset", exact=True).click()
    expect(operations(page)).to_contain_text("createAsset")
    operations(page).scroll_into_view_if_needed()
    settled(page)
    page.screenshot(path=path("playground-form"), animations="disabled")
    page.close()


def take_records(page: Page, server: AppServer, path: Callable[[str], Path]) -> None:
    """Look through Content Hub, at the requests that took, at the connections, and run a check."""
    page.goto(f"{server.url}/assets")
    thumbnails = page.get_by_role("img", name="Thumbnail of")
    expect(thumbnails.first).to_be_visible()
    settle(page)
    page.screenshot(path=path("assets"), animations="disabled")
    go_by_navigation(page, "Requests")
    unfold(page, "One request in full")
    expect(page.get_by_role("tab", name="Answer body")).to_be_visible()
    settle(page)
    page.screenshot(path=path("requests"), animations="disabled")
    page.goto(f"{server.url}/connections")
    page.get_by_role("button", name="Test the connection").click()
    expect(page.locator(".st-key-connection-findings")).to_contain_text("agree")
    settle(page)
    page.screenshot(path=path("connections"), animations="disabled")
    page.goto(f"{server.url}/checks")
    run_check(page)
    settle(page)
    page.screenshot(path=path("checks"), animations="disabled")


def settle(page: Page) -> None:
    """Let what was drawn anew fade in, with nothing under the pointer."""
    page.mouse.move(0, 0)
    settled(page)


def main(folder: Path) -> None:
    """Start an app of our own, take the pictures, stop it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        server = AppServer(Path(data), free_port(), environment={"TFW_DEMO_DATA": "on"})
        server.start()
        executable = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(
            executable_path=executable, args=[*QUIET, "--no-sandbox"]
        )
        try:
            take_all(browser, server, folder)
        finally:
            browser.close()
            server.stop()


def renew_docs() -> None:
    """Take the pictures that documents show anew."""
    with tempfile.TemporaryDirectory() as name:
        main(Path(name))
        for picture in shown_in_documents():
            shutil.copy(Path(name) / picture, DOCS)


if __name__ == "__main__":
    main(Path(sys.argv[1])) if sys.argv[1:] else renew_docs()
