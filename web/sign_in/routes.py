"""`/session`: turns a ticket into a cookie, tells whose it is, and ends a session."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from settings import Settings
from web.sign_in.access import Access
from web.sign_in.cookies import cookie_values
from web.sign_in.gate import SESSION_PATH, USER_HEADER, cookie_name
from web.sign_in.origin import OwnAddresses
from web.sign_in.sessions import LIFETIME, SessionsUnavailableError, reference_of

BODY_LIMIT, BODY_SECONDS = 1000, 10.0

_log = logging.getLogger(__name__)

Ended = Callable[[str], object]
"""Is told the reference of a session that was ended."""


class SessionRoutes:
    """The three requests of the sign-in component (`components/sign_in`)."""

    def __init__(self, access: Access, settings: Settings, ended: Ended) -> None:
        """Open and close sessions; `ended` is told of each that somebody signs out of."""
        self._access = access
        self._ended = ended
        self._own = OwnAddresses(settings)
        self._cookie: dict[str, Any] = {
            "key": cookie_name(settings),
            "path": "/",
            "httponly": True,
            "samesite": "lax",
            "secure": settings.public_url.startswith("https:"),
        }

    async def open(self, request: Request) -> Response:
        """Answer 204 with the session cookie to a good ticket, 401 to any other."""
        if not self._own.is_own_request(request.scope):
            return _refusal(403, "wrong-origin", "This request did not come from our own page.")
        username = self._access.tickets.redeem(await _ticket(request))
        if username is None:
            return _refusal(401, "bad-ticket", "This ticket was used already or is too old.")
        response = Response(status_code=204, headers={"Cache-Control": "no-store"})
        try:
            session_id = self._access.sessions.open(username)
        except SessionsUnavailableError as error:
            _log.error("Nobody can sign in: %s", error)
            return _refusal(
                error.status, error.code, "Signing in does not work. Its admin can help."
            )
        response.set_cookie(value=session_id, max_age=LIFETIME, **self._cookie)
        return response

    async def who(self, request: Request) -> Response:
        """Answer 200 with the name of the user who is signed in, or null."""
        username = request.headers.get(USER_HEADER.decode())
        return JSONResponse({"username": username}, headers={"Cache-Control": "no-store"})

    async def close(self, request: Request) -> Response:
        """End the session of the cookie, if it is one, and answer 204 without it.

        The websockets of all its tabs are closed at once.
        """
        if not self._own.is_own_request(request.scope):
            return _refusal(403, "wrong-origin", "This request did not come from our own page.")
        try:
            for session_id in cookie_values(request.headers, self._cookie["key"]):
                reference = reference_of(session_id)
                self._access.sessions.revoke(reference)
                self._access.sockets.look_now(reference)
                self._ended(reference)
        except SessionsUnavailableError as error:
            _log.error("Nobody can sign out: %s", error)
            return _refusal(
                error.status, error.code, "Signing out does not work. Its admin can help."
            )
        response = Response(status_code=204, headers={"Cache-Control": "no-store"})
        response.delete_cookie(**self._cookie)
        return response


def session_routes(
    access: Access, settings: Settings, ended: Ended = lambda _reference: None
) -> list[BaseRoute]:
    """Return `POST`, `GET` and `DELETE /session`."""
    routes = SessionRoutes(access, settings, ended)
    return [
        Route(SESSION_PATH, routes.open, methods=["POST"]),
        Route(SESSION_PATH, routes.who, methods=["GET"]),
        Route(SESSION_PATH, routes.close, methods=["DELETE"]),
        Route(SESSION_PATH, _not_allowed, methods=["PUT", "PATCH"]),
    ]


async def _ticket(request: Request) -> str:
    """Return the request's body; empty if it is too long, too slow or broken off."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    return ""
    except (TimeoutError, ClientDisconnect):
        return ""
    return body.decode("ascii", errors="replace")


async def _not_allowed(_request: Request) -> Response:
    return _refusal(405, "method-not-allowed", "Use GET, POST or DELETE.")


def _refusal(status: int, code: str, message: str) -> Response:
    content = {"error": code, "message": message}
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})
