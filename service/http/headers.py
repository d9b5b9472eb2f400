"""Request headers as a plain mapping, and where a request keeps its id."""

from starlette.types import Scope

REQUEST_ID = "service.request_id"
"""The key of a request's id in its ASGI scope; every answer carries it as a header."""


def read_headers(scope: Scope) -> dict[str, str]:
    """Return the headers by lower-case name; repeated ones are joined with commas."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers
