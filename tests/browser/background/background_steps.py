"""What a person does on the background page, as the browser tests say it."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.settled import lies_still, settled

RED, GREY, BLUE = (200, 30, 30), (225, 225, 225), (30, 60, 200)
CENTRE, CORNER = (450, 300), (20, 20)
RUN_TIMEOUT = 90_000  # milliseconds
Pixel = tuple[int, ...]


def disc(path: Path, colour: Pixel = RED, hole: bool = False) -> Path:
    """Draw a disc on a plain backdrop, 900 x 600, with a hole of the backdrop's colour or none."""
    image = Image.new("RGB", (900, 600), GREY)
    draw = ImageDraw.Draw(image)
    draw.ellipse((250, 100, 650, 500), fill=colour)
    if hole:
        draw.ellipse((410, 260, 490, 340), fill=GREY)
    image.save(path, quality=95)
    return path


def give(page: Page, *files: Path) -> None:
    """Give pictures to the page the way the file dialog does."""
    page.locator(".picture-drop input[type=file]").set_input_files(files)


def open_background(page: Page, url: str) -> None:
    page.goto(f"{url}/background")
    expect(page.get_by_text("Drop pictures here")).to_be_visible()


def wait_for_result(page: Page) -> None:
    """Wait until the picture on show has a result to take along."""
    expect(page.get_by_role("heading", name="Take it along")).to_be_visible(timeout=RUN_TIMEOUT)
    wait_for_run(page)


def wait_for_run(page: Page) -> None:
    """Wait until the page has drawn what was asked for."""
    settled(page)


def saved(page: Page, name: str) -> Image.Image:
    """Download the finished picture under the name the button says."""
    return Image.open(io.BytesIO(saved_bytes(page, name)))


def saved_bytes(page: Page, name: str) -> bytes:
    wait_for_run(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download {name}").click()
    assert download.value.suggested_filename == name
    return Path(download.value.path()).read_bytes()


def near(pixel: Any, wanted: Sequence[int], tolerance: int = 12) -> bool:
    """Tell whether a pixel, as Pillow returns it, is about that colour."""
    return all(abs(int(a) - b) <= tolerance for a, b in zip(pixel, wanted, strict=True))


def choose_option(page: Page, label: str, option: str) -> None:
    """Choose from one of the page's select boxes."""
    wanted = page.get_by_role("option", name=option, exact=True)
    box = page.get_by_role("combobox", name=label)
    box.scroll_into_view_if_needed()
    lies_still(box)  # an open list closes when the page below it moves
    box.click()
    wanted.click()
    expect(page.get_by_role("combobox", name=label)).to_have_value(option)
    wait_for_run(page)


def radio(page: Page, group: str, option: str) -> None:
    """Choose one of a group of radio buttons, by what the button begins with."""
    buttons = page.get_by_role("radiogroup", name=group)
    buttons.locator("label", has_text=option).first.click()
    wait_for_run(page)


def cell(page: Page, name: str) -> Locator:
    """Return the cell of the grid with that picture."""
    return page.locator("[class*='st-key-cell-']", has=page.get_by_text(name, exact=True))
