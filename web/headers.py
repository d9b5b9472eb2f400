"""Adds security headers to the pages; the service's routes set their own."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from settings import Settings

COMPONENT_FILES = "/_stcore/bidi-components/"
INDEX_FILE = Path(streamlit.__file__).parent / "static" / "index.html"
_HASHED_NAME = re.compile(r"\.[0-9a-f]{12}\.js$")
_SCHEME = re.compile(r"https?:", re.IGNORECASE)
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def content_security_policy(settings: Settings, endpoints: Iterable[str] = ()) -> str:
    """Return the Content-Security-Policy: it allows our own files and the stores in use.

    The embedded service's store is at the public URL, or is the S3 store of the settings. The
    storage hosts of another endpoint are not known beforehand, so once one is configured any host
    of its scheme is allowed.

    `endpoints` are the addresses that admins added to the one of the settings.
    """
    scripts = _INLINE_SCRIPT.findall(INDEX_FILE.read_text(encoding="utf-8"))
    digests = [base64.b64encode(hashlib.sha256(code.encode()).digest()) for code in scripts]
    hashes = [f"'sha256-{digest.decode()}'" for digest in digests]
    remote = [settings.amplience_endpoint, *endpoints]
    # Found, not split off: an address that was pasted may have something invisible before it.
    schemes = sorted({found[0].lower() for one in remote if (found := _SCHEME.search(one))})
    stores = [settings.public_url, *filter(None, [settings.s3_endpoint]), *schemes]
    rules = {
        "default-src": ["'self'"],
        # The uploader hashes parts with WebAssembly: a page on plain http has no `crypto.subtle`,
        # and no browser makes MD5. The keyword allows WebAssembly only, not JavaScript's `eval`.
        "script-src": ["'self'", "'wasm-unsafe-eval'", *hashes],
        "worker-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],  # Streamlit styles its elements in place
        "img-src": ["'self'", "data:", "blob:", *stores],
        "media-src": ["'self'", "blob:", *stores],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", *stores],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


def first_segments(routes: Iterable[BaseRoute]) -> set[str]:
    """Return the prefixes that routes live under: `/files/{id}` lives under `/files`."""
    paths = [str(getattr(route, "path", "")) for route in routes]
    return {f"/{path.split('/')[1]}" for path in paths if path.startswith("/")}


class SecurityHeaders:
    """ASGI middleware that adds the headers to every response outside the service's paths."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        service_prefixes: Iterable[str],
        endpoints: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        """Wrap `app`; `service_prefixes` are the paths of the service.

        `endpoints` returns the endpoints that admins added. It is called for every page, so it
        must be fast.
        """
        self._app = app
        self._service = tuple(service_prefixes)
        self._endpoints = endpoints
        self._policy = lru_cache(1)(partial(content_security_policy, settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to the response."""
        if scope["type"] != "http" or self._is_of_service(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self._policy(self._endpoints())
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                if scope["path"].startswith(COMPONENT_FILES):
                    is_hashed = _HASHED_NAME.search(scope["path"])
                    kept = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
                    headers["Cache-Control"] = kept
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _is_of_service(self, path: str) -> bool:
        return any(path == prefix or path.startswith(f"{prefix}/") for prefix in self._service)
