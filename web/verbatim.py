"""Keeps some routes out of Streamlit's compression, so that their answers leave unchanged."""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send


class Verbatim:
    """ASGI middleware that answers some routes itself, so that none behind it changes a byte.

    A packed file would have another length than its head says, another ETag than the store gave
    it, and no ranges; and a packed answer is held back until its first block is there. Nothing in
    a head would tell Streamlit's compression to leave an answer alone but a Content-Encoding, and
    there is none for "none" (RFC 9110, section 8.4.1: `identity` is not to be sent).
    """

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        """Answer `routes`; everything else is for `app`."""
        self._app = app
        self._routes = tuple(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        for route in self._routes:
            match, found = route.matches(scope)
            if match is Match.FULL:
                await route.handle({**scope, **found}, receive, send)
                return
        await self._app(scope, receive, send)
