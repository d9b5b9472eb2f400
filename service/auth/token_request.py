"""Reads the credentials of a token request: form, query string or HTTP Basic.

RFC 6749 section 2.3.1 has the form and HTTP Basic, which is what its clients use by default. Two of
Amplience's own tools put the parameters into the query string, with an empty body or `{}`
(contract 19.2).
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_plus

from service.errors import OAuthError

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 20
NO_BODY = (b"", b"{}")


@dataclass(frozen=True)
class TokenRequest:
    """The parameters of one request; `credentials` are the pairs of id and secret it may mean."""

    grant_type: str
    credentials: Sequence[tuple[str, str]] = field(repr=False)
    by_basic: bool = False
    secret_in_url: bool = False


def read_token_request(headers: Mapping[str, str], query: bytes, content: bytes) -> TokenRequest:
    """Read a request, wherever it has its parameters.

    Raises:
        OAuthError: it cannot be read, gives a parameter twice or authenticates in two ways.
    """
    in_url = _pairs(query)
    pairs = [*in_url, *_form(headers, content, needed=not in_url)]
    if len(dict(pairs)) != len(pairs):
        raise _unreadable("a parameter is given twice")
    fields = {name: value for name, value in pairs if value}  # empty is left out (RFC 6749, 3.2)
    grant_type = fields.get("grant_type", "")
    scheme, _, basic = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        if "client_secret" in fields:
            raise _unreadable("the client authenticates twice: by HTTP Basic and by client_secret")
        pairs = _basic(basic.strip())
        if fields.get("client_id", pairs[0][0]) not in dict(pairs):
            raise _unreadable("client_id is another one than that of HTTP Basic")
        return TokenRequest(grant_type, pairs, by_basic=True)
    pair = fields.get("client_id", ""), fields.get("client_secret", "")
    return TokenRequest(grant_type, [pair], secret_in_url=bool(dict(in_url).get("client_secret")))


def unknown_client(request: TokenRequest) -> OAuthError:
    """Refuse credentials that are not valid, the way they were given (RFC 6749 section 5.2)."""
    error = OAuthError("invalid_client", "client id or secret not valid")
    if request.by_basic:
        error.status = HTTPStatus.UNAUTHORIZED
        error.headers = {"WWW-Authenticate": 'Basic realm="temp-file-workbench"'}
    return error


def _form(headers: Mapping[str, str], content: bytes, *, needed: bool) -> list[tuple[str, str]]:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if b"".join(content.split()) in NO_BODY and (media_type == FORM or not needed):
        return []
    if media_type != FORM:
        raise _unreadable(f"Content-Type must be {FORM}")
    return _pairs(content)


def _pairs(content: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(content.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise _unreadable("the form cannot be read") from error


def _basic(encoded: str) -> list[tuple[str, str]]:
    """Return id and secret: the RFC has them encoded as in a form, many clients leave that out."""
    try:
        plain = base64.b64decode(encoded, validate=True).decode()
    except ValueError as error:  # no base64, no ASCII before, or no UTF-8 behind it
        raise _unreadable("the credentials of HTTP Basic cannot be read") from error
    client_id, _, secret = plain.partition(":")
    return [(client_id, secret), (unquote_plus(client_id), unquote_plus(secret))]


def _unreadable(description: str) -> OAuthError:
    return OAuthError("invalid_request", description)
