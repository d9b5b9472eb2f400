"""Dragging things of the desktop onto a page, with Chromium's own drag and drop."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

COPY = 1


class Drag:
    """A drag of files, or of a text as some types, from outside of the browser over a page."""

    def __init__(self, page: Page, *files: Path, text: str = "", texts: Sequence[str] = ()) -> None:
        self._session = page.context.new_cdp_session(page)
        self._is_over_page = False
        self._data: dict[str, Any] = {
            "items": [{"mimeType": kind, "data": text} for kind in texts],
            "files": [str(file) for file in files],
            "dragOperationsMask": COPY,
        }

    def over(self, place: Locator) -> None:
        """Move to the middle of what is there."""
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        assert box
        self._point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        if not self._is_over_page:
            self._tell("dragEnter")
        self._is_over_page = True
        self._tell("dragOver")

    def let_go(self) -> None:
        """Drop it where it is now."""
        self._tell("drop")
        self._session.detach()

    def _tell(self, kind: str) -> None:
        parameters = {"type": kind, **self._point, "data": self._data}
        self._session.send("Input.dispatchDragEvent", parameters)  # pyright: ignore[reportUnknownMemberType] # a bare Dict


def drop(
    page: Page, place: Locator, *files: Path, text: str = "", texts: Sequence[str] = ()
) -> None:
    """Drag files, or a text as these types, to the middle of what is there and let go."""
    drag = Drag(page, *files, text=text, texts=texts)
    drag.over(place)
    drag.let_go()
