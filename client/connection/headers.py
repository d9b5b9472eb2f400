"""Headers that a connection sends along with its GraphQL requests, as some services want.

Hasura takes `x-hasura-admin-secret` and Shopify `X-Shopify-Access-Token`, in the place of a bearer
token or beside one. Their values are secrets.
"""

import re
from collections.abc import Iterable

from client.errors import HeaderRefusedError
from client.pasted import as_meant

Headers = tuple[tuple[str, str], ...]
"""Names with their values, in the order in which they were entered."""

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token, RFC 9110 5.6.2
_OURS = {
    "accept",
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
"""Set by this app for each request, or about the wire (RFC 9110 7.6.1) and not about who asks."""


def checked_headers(entered: Iterable[tuple[str, str]], *, with_token: bool) -> Headers:
    """Return headers as they are sent, without those of which nothing was entered.

    Args:
        entered: names and values as people pasted them.
        with_token: whether a token goes along, as the header Authorization.

    Raises:
        HeaderRefusedError: a header cannot be sent, or not from here.
        OddCharactersError: a value has a character that it cannot have (`client.pasted`).
    """
    found: dict[str, tuple[str, str]] = {}
    for entered_name, entered_value in entered:
        name = as_meant(entered_name, "id", "name of a header").removesuffix(":")
        value = as_meant(entered_value, "secret", f"header {name}")
        if not (name or value):
            continue
        _check_name(name, with_token=with_token)
        if not value:
            raise HeaderRefusedError(f"The header {name} has no value: fill it in.", name=name)
        variable = header_variable(name)
        if variable in found:
            raise HeaderRefusedError(f"The header {name} is there twice.", name=name)
        found[variable] = (name, value)
    return tuple(found.values())


def header_variable(name: str) -> str:
    """Return the variable of the environment that scripts take the value of a header from."""
    return f"HEADER_{re.sub('[^0-9A-Za-z]', '_', name).upper()}"


def _check_name(name: str, *, with_token: bool) -> None:
    if not name:
        raise HeaderRefusedError("A value has no header to go with: fill in its name.", name="")
    if not _NAME.fullmatch(name):
        raise HeaderRefusedError(
            f'"{name}" is no name of a header: it has letters, digits and hyphens.', name=name
        )
    if name.lower() in _OURS:
        raise HeaderRefusedError(f"The header {name} is set for each request anew.", name=name)
    if name.lower() == "authorization" and with_token:
        raise HeaderRefusedError(
            f"The header {name} has the token already. Say that no token is wanted, or leave it "
            "out.",
            name=name,
        )
