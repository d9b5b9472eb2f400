"""Signing in, the playground, and every page on a narrow screen."""

from selenium.webdriver import Keys

from client.playground.link import write_link
from client.playground.saved_operations import SavedOperation
from tests.app_server import AppServer
from tests.other_browsers.conftest import MARKS, sign_in
from tests.other_browsers.tab import Tab

pytestmark = MARKS

PAGES = ["", "playground", "background", "assets", "requests", "checks", "connections"]
NARROW = """
const [address] = arguments
document.querySelector("iframe")?.remove()
const frame = document.createElement("iframe")
frame.style.cssText = "position: fixed; inset: 0; width: 375px; height: 667px; z-index: 9999999"
frame.src = address
document.body.append(frame)
"""
IS_DRAWN = """
const page = document.querySelector("iframe").contentDocument
return page.querySelector("h1") && page.querySelector("[data-test-script-state=notRunning]")
  && page.querySelector("h1").textContent
"""
WIDTHS = """
const root = document.querySelector("iframe").contentDocument.documentElement
return [root.clientWidth, root.scrollWidth]
"""
WHO = "query Who { viewer { id } }\n"


def test_sign_out_and_in_again(tab: Tab, app: AppServer) -> None:
    tab.press("Sign out")
    tab.find("button", "Sign in")
    sign_in(tab, app.password)
    tab.see("Drop files here")


def test_operations_are_sent_from_the_playground(tab: Tab) -> None:
    tab.open(f"playground?op={write_link(SavedOperation(WHO, ''))}")
    tab.find(".cm-content", "query Who")
    tab.press("Run ")
    tab.see("Who · HTTP 200")
    tab.see('"viewer"')
    editor = tab.find(".cm-content", "query Who")
    editor.send_keys(Keys.CONTROL, Keys.END)
    editor.send_keys("query Typed { viewer { id } }", Keys.CONTROL, Keys.ENTER)
    tab.see("Typed · HTTP 200")


def test_nothing_scrolls_sideways_at_375_pixels(tab: Tab, app: AppServer) -> None:
    """In a frame, for neither browser's window gets that narrow."""
    for path in PAGES:
        tab.run(NARROW, f"{app.url}/{path}")
        tab.wait(lambda: tab.run(IS_DRAWN), path)
        width, needed = tab.run(WIDTHS)
        assert needed <= width <= 375, path
