"""The drop zone of the upload page, with a live table of parts for each file, and the links."""

from collections.abc import Callable, Mapping

from client.connection.connection import Connection
from client.json_object import as_object
from components.registry import component
from components.upload.words import uploader_words
from components.widget_state import reported

KEY = "uploader"

Wish = Callable[[str], None]
"""Does what was wished for with the transfer of that id."""


def uploader(connection: Connection, wishes: Mapping[str, Wish]) -> None:
    """Draw the drop zone and the visitor's files; their bytes never pass through Python.

    Args:
        connection: the endpoint that new files go to.
        wishes: what is done with a finished file, by the name of its button: "background",
            "asset", "details".
    """

    def carry_out() -> None:
        wish = as_object(reported(KEY, "wish"))
        what, transfer_id = wish.get("what"), wish.get("id")
        if isinstance(what, str) and what in wishes and isinstance(transfer_id, str):
            wishes[what](transfer_id)

    words = uploader_words(connection.single_limit, connection.multipart_limit)
    component("uploader")(key=KEY, data={"words": words}, on_wish_change=carry_out)
