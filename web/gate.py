"""Reads the session cookie of every request and websocket, and passes on who it belongs to.

Streamlit turns the headers written here into `st.user`, so the ones a visitor sends are removed
first. `main.py` run without this gate has no `st.user`: `launch.py` sets the option, no file does.
"""

from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from settings import Settings
from web.access import Access
from web.origin import is_own_request
from web.sessions import reference_of

IDENTITY_PREFIX = b"x-tfw-"
USER_HEADER, ROLES_HEADER, SESSION_HEADER = b"x-tfw-user", b"x-tfw-roles", b"x-tfw-session"
USER_FIELDS = {  # names in `st.user`
    USER_HEADER.decode(): "username",
    ROLES_HEADER.decode(): "roles",
    SESSION_HEADER.decode(): "session",
}

# Streamlit's own uploads and media are closed too: the sign-in page needs neither.
PROTECTED = ("/transfers", "/relay", "/media", "/_stcore/upload_file")
READING = {"GET", "HEAD", "OPTIONS"}


def cookie_name(settings: Settings) -> str:
    """Return the session cookie's name. It has the port in it, since cookies ignore ports."""
    port = urlsplit(settings.public_url).port
    return f"tfw_session_{port}" if port else "tfw_session"


class Gate:
    """ASGI middleware: identity for everything, 401 for protected paths without a session."""

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        settings: Settings,
        protected: Iterable[str] = PROTECTED,
    ) -> None:
        self._app = app
        self._access = access
        self._public_url = settings.public_url
        self._cookie = cookie_name(settings)
        self._protected = tuple(protected)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with our identity headers, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        identity = self._identity(headers)
        if not self._is_protected(scope["path"]):
            await self._app(_with_identity(scope, identity), receive, send)
        elif not identity:
            await _refuse(401, "sign-in-required", "Please sign in again.", scope, receive, send)
        elif scope.get("method", "GET") not in READING and not is_own_request(
            headers, self._public_url
        ):
            message = "This request did not come from our own page."
            await _refuse(403, "wrong-origin", message, scope, receive, send)
        else:
            await self._app(_with_identity(scope, identity), receive, send)

    def _is_protected(self, path: str) -> bool:
        return any(path == prefix or path.startswith(f"{prefix}/") for prefix in self._protected)

    def _identity(self, headers: Headers) -> list[tuple[bytes, bytes]]:
        session_id = _cookies(headers).get(self._cookie)
        reference = reference_of(session_id) if session_id else None
        user = self._access.user_of(reference)
        if user is None or reference is None:
            return []
        return [
            (USER_HEADER, user.username.encode()),
            (ROLES_HEADER, ",".join(user.roles).encode()),
            (SESSION_HEADER, reference.encode()),
        ]


def _cookies(headers: Headers) -> dict[str, str]:
    try:
        jar = SimpleCookie("; ".join(headers.getlist("cookie")))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _with_identity(scope: Scope, identity: list[tuple[bytes, bytes]]) -> Scope:
    kept = [row for row in scope["headers"] if not row[0].lower().startswith(IDENTITY_PREFIX)]
    return {**scope, "headers": kept + identity}


async def _refuse(
    status: int, code: str, message: str, scope: Scope, receive: Receive, send: Send
) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": message})
        return
    response = JSONResponse(
        {"error": code, "message": message}, status, headers={"Cache-Control": "no-store"}
    )
    await response(scope, receive, send)
