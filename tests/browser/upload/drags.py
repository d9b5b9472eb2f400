"""Dragging things of the desktop onto a page, with Chromium's own drag and drop."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

COPY = 1


def drop(
    page: Page, place: Locator, *files: Path, text: str = "", texts: Sequence[str] = ()
) -> None:
    """Drag files, or a text as these types, to the middle of what is there and let go."""
    items = [{"mimeType": kind, "data": text} for kind in texts]
    data: dict[str, Any] = {
        "items": items,
        "files": [str(file) for file in files],
        "dragOperationsMask": COPY,
    }
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        parameters = {"type": kind, "x": x, "y": y, "data": data}
        session.send("Input.dispatchDragEvent", parameters)  # pyright: ignore[reportUnknownMemberType] # a bare Dict
    session.detach()
