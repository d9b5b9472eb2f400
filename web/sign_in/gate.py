"""Reads the session cookie of every request and websocket, and passes on who it belongs to.

Streamlit turns the headers written here into `st.user`, so the ones a visitor sends are removed
first. `main.py` run without this gate has no `st.user`: `launch.py` sets the option, no file does.
"""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from settings import Settings
from web.field_uploads import PATH as FIELD_UPLOADS
from web.field_uploads import FieldUploads
from web.live_sockets import LIFT_LIMIT, STRANGER_BYTES, LiveSocket
from web.sign_in.access import Access
from web.sign_in.cookies import cookie_values
from web.sign_in.origin import HostProblem, OwnAddresses
from web.sign_in.sessions import SessionsUnavailableError, reference_of
from web.sign_in.users import PageUser, UsersFileError

IDENTITY_PREFIX = b"x-tfw-"
USER_HEADER, ROLES_HEADER, SESSION_HEADER = b"x-tfw-user", b"x-tfw-roles", b"x-tfw-session"
USER_FIELDS = {  # names in `st.user`
    USER_HEADER.decode(): "username",
    ROLES_HEADER.decode(): "roles",
    SESSION_HEADER.decode(): "session",
}

# Streamlit's own uploads, media and metrics are closed too: the sign-in page needs none of them.
# Its host-config stays open: a page asks for it before its websocket.
PROTECTED = (
    "/transfers",
    "/relay",
    "/media",
    FIELD_UPLOADS,
    "/_stcore/metrics",
    "/_stcore/agent",
)
SESSION_PATH = "/session"
"""Where a page asks who is signed in. The service does not ask: it has credentials of its own."""
READING = {"GET", "HEAD", "OPTIONS"}
UPLOADERS = {"uploader", "admin"}

_log = logging.getLogger(__name__)

Identity = tuple[PageUser, str]
"""A user and the reference of the session."""


def cookie_name(settings: Settings) -> str:
    """Return the session cookie's name. It has the port in it, since cookies ignore ports."""
    port = urlsplit(settings.public_url).port
    return f"tfw_session_{port}" if port else "tfw_session"


class Gate:
    """ASGI middleware: says who is signed in; 401 for protected paths without a session.

    What is sent to a host that is not ours is refused before anything else, and so is a websocket
    that a page of another origin opens. A websocket lasts as long as the sign-in behind it.
    """

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        settings: Settings,
        protected: Iterable[str] = PROTECTED,
    ) -> None:
        self._app = app
        self._access = access
        self._own = OwnAddresses(settings)
        self._cookie = cookie_name(settings)
        self._protected = tuple(protected)
        self._field_uploads = FieldUploads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with our identity headers, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refuse = partial(_refuse, scope, receive, send)
        problem = self._own.host_problem(scope)
        if problem is HostProblem.MALFORMED:
            await refuse(400, "bad-host", "A request names one host.")
            return
        if problem is HostProblem.FOREIGN:
            message = (
                "This app does not go by that name. Open it at its own address, which the setting "
                "TFW_PUBLIC_URL gives."
            )
            await refuse(421, "unknown-host", message)
            return
        protected = any(_is_below(scope["path"], prefix) for prefix in self._protected)
        is_socket = scope["type"] == "websocket"
        asks = protected or is_socket or _is_below(scope["path"], SESSION_PATH)
        try:
            identity = self._identity(Headers(scope=scope)) if asks else None
        except UsersFileError as error:
            _log.error("Nobody is let in: %s", error)
            await refuse(503, error.code, "The file of users cannot be read. Its admin can help.")
            return
        except SessionsUnavailableError as error:
            _log.error("Nobody is let in: %s", error)
            await refuse(503, error.code, "Sign-ins cannot be looked up. Its admin can help.")
            return
        must_be_own = is_socket or (protected and scope["method"] not in READING)
        if protected and not identity:
            await refuse(401, "sign-in-required", "Please sign in again.")
        elif must_be_own and not self._own.is_own_request(scope):
            await refuse(403, "wrong-origin", "This request did not come from our own page.")
        elif is_socket:
            await self._pass_socket(identity, scope, receive, send)
        elif scope["method"] == "PUT" and identity and _is_below(scope["path"], FIELD_UPLOADS):
            await self._pass_upload(identity, scope, receive, send)
        else:
            await self._app(_with_identity(scope, identity), receive, send)

    async def _pass_socket(
        self, identity: Identity | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        headers = Headers(scope=scope)
        if identity is None:
            socket = LiveSocket(lambda: True, receive, send, STRANGER_BYTES)
            await self._app(_with_identity(scope, None), socket.receive, socket.send)
            return
        reference = identity[1]

        def lasts() -> bool:
            try:
                return _headers_of(self._identity(headers)) == _headers_of(identity)
            except SessionsUnavailableError as error:
                _log.error("A page is closed: %s", error)
                return False

        if lift := _extensions(scope).get(LIFT_LIMIT):
            lift()
        socket = LiveSocket(lasts, receive, send, None)
        self._access.sockets.add(reference, socket)
        watch = asyncio.create_task(socket.watch())
        try:
            await self._app(_with_identity(scope, identity), socket.receive, socket.send)
        finally:
            self._access.sockets.remove(reference, socket)
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    async def _pass_upload(
        self, identity: Identity, scope: Scope, receive: Receive, send: Send
    ) -> None:
        user, _ = identity
        refuse = partial(_refuse, scope, receive, send)
        length = Headers(scope=scope).get("content-length", "")
        if UPLOADERS.isdisjoint(user.roles):
            await refuse(403, "upload-not-allowed", "You may look, but not upload.")
        elif not (length.isascii() and length.isdigit()):
            await refuse(411, "length-required", "An upload says its length.")
        else:
            with self._field_uploads.room_for(user.username, scope["path"], int(length)) as fits:
                if fits:
                    await self._app(_with_identity(scope, identity), receive, send)
                else:
                    message = "Your pages hold too many files already. Close some of them."
                    await refuse(413, "too-many-files", message)

    def _identity(self, headers: Headers) -> Identity | None:
        for session_id in cookie_values(headers, self._cookie):
            reference = reference_of(session_id)
            user = self._access.user_of(reference)
            if user is not None:
                return user, reference
        return None


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def _extensions(scope: Scope) -> dict[str, Any]:
    return scope.get("extensions") or {}


def _headers_of(identity: Identity | None) -> list[tuple[bytes, bytes]]:
    if identity is None:
        return []
    user, reference = identity
    return [
        (USER_HEADER, user.username.encode()),
        (ROLES_HEADER, ",".join(user.roles).encode()),
        (SESSION_HEADER, reference.encode()),
    ]


def _with_identity(scope: Scope, identity: Identity | None) -> Scope:
    kept = [row for row in scope["headers"] if not row[0].lower().startswith(IDENTITY_PREFIX)]
    return {**scope, "headers": kept + _headers_of(identity)}


async def _refuse(
    scope: Scope, receive: Receive, send: Send, status: int, code: str, message: str
) -> None:
    if scope["type"] == "websocket" and "websocket.http.response" not in _extensions(scope):
        await send({"type": "websocket.close", "code": 1008, "reason": message})
        return
    response = JSONResponse(
        {"error": code, "message": message}, status, headers={"Cache-Control": "no-store"}
    )
    await response(scope, receive, send)
