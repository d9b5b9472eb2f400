"""Security headers of the page. The service's routes set their own and are left alone."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from settings import Settings

COMPONENT_FILES = "/_stcore/bidi-components/"
INDEX_FILE = Path(streamlit.__file__).parent / "static" / "index.html"
_BUNDLE = re.compile(r"\.[0-9a-f]{12}\.js$")
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def inline_script_hashes(html: str) -> list[str]:
    """Return the `'sha256-...'` source of every inline script of a page."""
    digests = [hashlib.sha256(code.encode()).digest() for code in _INLINE_SCRIPT.findall(html)]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def content_security_policy(settings: Settings) -> str:
    """Return the page's policy: our own files, and the stores that files go to and come from.

    The embedded service's store is at the public URL. The storage hosts of another endpoint are not
    known beforehand, so once one is configured any host of its scheme is allowed.
    """
    hashes = inline_script_hashes(INDEX_FILE.read_text(encoding="utf-8"))
    endpoint = settings.amplience_graphql_url
    stores = [settings.public_url, *([f"{urlsplit(endpoint).scheme}:"] if endpoint else [])]
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


def cache_control(path: str) -> str:
    """Return how long a browser keeps a component's file: for good if its name has its hash."""
    return "public, max-age=31536000, immutable" if _BUNDLE.search(path) else "no-cache"


class SecurityHeaders:
    """ASGI middleware that adds the headers to every response outside the service's paths."""

    def __init__(self, app: ASGIApp, settings: Settings, service_prefixes: Iterable[str]) -> None:
        self._app = app
        self._service = tuple(service_prefixes)
        self._headers = {
            "Content-Security-Policy": content_security_policy(settings),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the head of its answer."""
        if scope["type"] != "http" or self._is_of_service(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _is_of_service(self, path: str) -> bool:
        return any(path == prefix or path.startswith(f"{prefix}/") for prefix in self._service)

    def _complete(self, headers: MutableHeaders, path: str) -> None:
        for name, value in self._headers.items():
            headers[name] = value
        if path.startswith(COMPONENT_FILES):
            headers["Cache-Control"] = cache_control(path)
