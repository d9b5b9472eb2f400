"""Reads cookies as RFC 6265 section 5.4 has browsers write them: `name=value; name=value`.

Every port of a host shares one jar, so cookies of other applications come along, some of which
`http.cookies` cannot read; it gives up at the first, and with it on all that follow.
"""

from starlette.datastructures import Headers


def cookie_values(headers: Headers, name: str) -> list[str]:
    """Return every value of that name, in the browser's order: the longest path comes first."""
    pairs = (pair.partition("=") for line in headers.getlist("cookie") for pair in line.split(";"))
    return [value.strip(" \t") for key, _, value in pairs if key.strip(" \t") == name]
