"""The drop zone of the upload page, with a live table of parts for each file."""

from client.connection.connection import Connection
from components.registry import component
from components.upload.words import uploader_words


def uploader(connection: Connection) -> None:
    """Draw the drop zone and the files of this visit; their bytes never pass through Python."""
    words = uploader_words(connection.single_limit, connection.multipart_limit)
    component("uploader")(key="uploader", data={"words": words})
