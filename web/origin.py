"""Tells requests of our own pages from requests another site makes with a visitor's cookie."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

_OWN_FETCHES = {"same-origin", "none"}


def is_own_request(headers: Headers, public_url: str) -> bool:
    """Return whether a request comes from our own pages, or from no browser at all.

    Browsers send `Origin` with everything but plain reads, and `Sec-Fetch-Site` with everything.
    """
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") in _OWN_FETCHES
    return origin == public_url or urlsplit(origin).netloc == headers.get("host")
