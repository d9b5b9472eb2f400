"""Pictures that a component shows, handed to the browser by address instead of inside a message."""

from streamlit.runtime import get_instance


def picture_url(content: bytes, media_type: str, place: str) -> str:
    """Return an address that shows these bytes to signed-in visitors.

    Streamlit keeps them while the visitor's page names them: what this place showed before, and
    what a finished run of the page no longer asks for, is dropped.

    Args:
        content: the picture.
        media_type: what it is served as.
        place: names where on the page it is shown.
    """
    return get_instance().media_file_mgr.add(content, media_type, place)
