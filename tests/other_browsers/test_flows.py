"""What people do most, in Firefox and in WebKit: `make test-browsers`."""

import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.app_server import AppServer
from tests.browser.service_control import ServiceControl
from tests.browser.steps import download, random_file, sha256
from tests.other_browsers.conftest import sign_in
from tests.other_browsers.tab import Tab
from tests.other_browsers.upload_page import choose_again, copy_link, link_of, pause_and_resume

pytestmark = [
    pytest.mark.browsers,
    # What Selenium's own driver of WebKitGTK does.
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),
]

SLOW = 8_000_000  # bytes per second
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


def expect_same(tab: Tab, file: Path, folder: Path) -> None:
    copy = download(link_of(tab, file.name), folder / "copy")
    assert sha256(copy) == sha256(file)


def test_sign_out_and_in_again(tab: Tab, app: AppServer) -> None:
    tab.press("Sign out")
    tab.find("button", "Sign in")
    sign_in(tab, app.password)
    tab.see("Drop files here")


def test_a_picture_is_uploaded_and_its_link_copied(
    tab: Tab, screen: dict[str, str], tmp_path: Path
) -> None:
    picture = tmp_path / "disc.png"
    image = Image.new("RGB", (900, 600), "#e1e1e1")
    ImageDraw.Draw(image).ellipse((250, 100, 650, 500), fill="#c81e1e")
    image.save(picture)
    tab.choose_file(picture)
    expect_same(tab, picture, tmp_path)
    copy_link(tab, picture.name)
    clipboard = ["xclip", "-o", "-selection", "clipboard"]
    copied = subprocess.run(clipboard, env=screen, capture_output=True, text=True, timeout=30)
    assert copied.stdout == link_of(tab, picture.name)


def test_a_film_goes_in_parts_through_a_pause_and_a_reload(
    tab: Tab, service: ServiceControl, tmp_path: Path
) -> None:
    film = random_file(tmp_path / "film.mp4", 120_000_000)
    before = service.stored_parts()
    service.switch(bandwidth={"bytes_per_second": SLOW})
    tab.choose_file(film)
    tab.wait(lambda: service.stored_parts() - before >= 2, "two parts")
    pause_and_resume(tab)
    tab.driver.refresh()
    choose_again(tab)
    service.switch()
    tab.choose_file(film)  # the same bytes: the upload is recognised
    expect_same(tab, film, tmp_path)
    assert service.stored_parts() - before < 2 * 8


def test_a_file_dropped_anywhere_is_taken(tab: Tab, tmp_path: Path) -> None:
    for place in ("h1", "[data-testid=stSidebar]"):
        assert tab.drag("dragenter", place, "anywhere.txt", "anywhere", "text/plain")
        tab.see("Drop to upload")
        assert tab.drag("dragover", place, "anywhere.txt", "anywhere", "text/plain")
        tab.drag("dragleave", place)
        tab.see_no("Drop to upload")
    assert tab.drag("drop", "h1", "anywhere.txt", "anywhere", "text/plain")
    copy = download(link_of(tab, "anywhere.txt"), tmp_path / "copy")
    assert copy.read_text() == "anywhere"


def test_the_tray_tells_of_an_upload_while_another_page_is_open(
    tab: Tab, service: ServiceControl, tmp_path: Path
) -> None:
    file = random_file(tmp_path / "elsewhere.bin", 40_000_000)
    service.switch(bandwidth={"bytes_per_second": SLOW // 2})
    tab.choose_file(file)
    tab.find("button", "Pause")
    tab.go("Requests")
    tab.see("elsewhere.bin")
    tab.find(".tray, [role=region]", "Upload on its way")
    service.switch()
    tab.go("Upload")
    expect_same(tab, file, tmp_path)


def test_a_background_is_removed(tab: Tab) -> None:
    tab.go("Background")
    tab.press("Sample: drawn")
    tab.see("Take it along")
    assert tab.wait(
        lambda: tab.run(
            "const [stage] = found('.stage', '', true); if (!stage) return false;"
            "return [...stage.querySelectorAll('img')].filter(one => one.naturalWidth).length > 1"
        ),
        "both pictures",
    )
    # The brush's chips stand beside its name, and the divider's handle is not in its way.
    tab.press("Remove", ".chip")
    tab.wait(
        lambda: tab.run(
            "return found('.handle', '', false)"
            ".every(one => getComputedStyle(one).display === 'none')"
        ),
        "no handle",
    )
    tops = tab.run("return found('.tool > *', '', true).map(one => one.offsetTop)")
    assert max(tops) - min(tops) < 20, tops


def test_an_operation_is_run_in_the_playground(tab: Tab) -> None:
    tab.go("Playground")
    tab.press("Run ")
    tab.see("uploadUrl")


def test_nothing_scrolls_sideways_at_375_pixels(tab: Tab, app: AppServer) -> None:
    """In a frame, for neither browser's window gets that narrow."""
    for path in PAGES:
        tab.run(NARROW, f"{app.url}/{path}")
        tab.wait(lambda: tab.run(IS_DRAWN), path)
        width, needed = tab.run(WIDTHS)
        assert needed <= width <= 375, path
