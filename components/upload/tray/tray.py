"""The tray: on every page, it tells the browser's engine how files are to be sent.

What runs in the browser asks the app by `/transfers/…` and draws itself. It has the page run only
when links from the playground are used up, of which the upload page tells, and when a page that was
loaded again is to go on with the connection that its window used before.
"""

from collections.abc import Callable

from components.playground.upload_slot import waiting_slot
from components.registry import component
from components.session import connection, undecided_visit, username
from components.upload.uploader import choices
from components.upload.words import UPLOADER
from components.widget_state import reported

_KEY = "tray"


def tray(use_connection: Callable[[str], None]) -> None:
    """Draw the tray. It shows itself where an upload runs and the upload page is not on show.

    `use_connection` is called with the connection that this window used before it was loaded anew.
    """
    data = {
        "owner": username(),
        "connection": connection().name,
        "undecided": undecided_visit(),
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

    def go_on() -> None:
        if undecided_visit():  # else the person chose one meanwhile
            use_connection(str(reported(_KEY, "connection")))

    component("tray")(
        key=_KEY,
        data=data,
        on_spent_change=_nothing_more,
        on_connection_change=go_on,
    )


def _nothing_more() -> None:
    """Links that were kept for a file are used: this run draws the page without them."""
