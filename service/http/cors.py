"""Answers to pages of other origins (the Fetch standard's CORS protocol).

Any page may call what is opened here: a signature or a bearer token is the permission, and cookies
are neither read nor, as `Access-Control-Allow-Credentials` is never sent, sent along by a browser.
"""

import re
from collections.abc import Mapping

from starlette.responses import Response

REMEMBERED = 3600
"""Seconds for which a browser need not ask again."""
_NAMES = re.compile(r"[\w!#$%&'*+.^`|~, -]{1,2000}", re.ASCII)  # tokens (RFC 9110, 5.6.2), a list
_LISTED = "X-Local-Service, X-Fault, x-amz-request-id"


def cors_headers(*exposed: str) -> tuple[tuple[bytes, bytes], ...]:
    """Return what all answers of an endpoint carry; `exposed` are headers that a page may read."""
    return (
        (b"access-control-allow-origin", b"*"),
        (b"access-control-expose-headers", ", ".join([*exposed, _LISTED]).encode("ascii")),
    )


def preflight(headers: Mapping[str, str], methods: str) -> Response:
    """Allow the methods, and whatever headers a page asks for."""
    asked = headers.get("access-control-request-headers", "")
    allowed = asked if _NAMES.fullmatch(asked) else "*"
    return Response(
        headers={
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": allowed,
            "Access-Control-Max-Age": str(REMEMBERED),
            "Vary": "Access-Control-Request-Headers",
        }
    )
