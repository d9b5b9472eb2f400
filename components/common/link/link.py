"""A download link with a copy button and the time it has left."""

from components.common.link.words import LINK
from components.registry import component


def link(url: str, *, name: str, deadline: float, key: str) -> None:
    """Draw a link.

    Args:
        url: copied whole, shown without its signature.
        name: the file's name, for screen readers that list a page's links.
        deadline: when the link ends, in seconds since 1970 (UTC); shown in the visitor's own time.
        key: of the element.
    """
    data = {"url": url, "name": name, "deadline": deadline, "words": LINK}
    component("link")(key=key, data=data)
