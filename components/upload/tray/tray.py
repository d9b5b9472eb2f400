"""The tray: on every page, it tells the browser's engine how files are to be sent.

What runs in the browser asks the app by `/transfers/…` and draws itself. It has the page run only
when links from the playground are used up, of which the upload page tells.
"""

from components.playground.upload_slot import waiting_slot
from components.registry import component
from components.session import connection, username
from components.upload.uploader import choices
from components.upload.words import UPLOADER


def tray() -> None:
    """Draw the tray. It shows itself where an upload runs and the upload page is not on show."""
    data = {
        "owner": username(),
        "connection": connection().name,
        "slot": waiting_slot(),
        "kind": choices.kind(),
        "partSize": choices.part_size(),
        "parallel": choices.parallel(),
        "route": choices.route(),
        "rateCap": choices.rate_cap(),
        "checkParts": choices.check_parts(),
        "sha256": choices.sha256(),
        "words": UPLOADER,
    }
    component("tray")(key="tray", data=data, on_spent_change=_nothing_more)


def _nothing_more() -> None:
    """Links that were kept for a file are used: this run draws the page without them."""
