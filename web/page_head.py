"""Adds to the `<head>` of Streamlit's page: no translation, a style, a script loaded early."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD_END = b"</head>"
# What would make the page come packed, in part, or not at all.
LEFT_OUT = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
# A browser that translates puts each text into elements of its own. React goes on writing into the
# texts that it made, which nobody sees any more: what is shown is what was there before
# (github.com/streamlit/streamlit/issues/7745), be it the heading of the last page.
NOT_TRANSLATED = b'<meta name="google" content="notranslate">'
TRANSLATABLE, NOT_TRANSLATABLE = b"<html ", b'<html translate="no" '


class PageHead:
    """ASGI middleware: keeps browsers from translating pages, styles them, starts a script early.

    Streamlit asks for a component's script once it has drawn the page around it. The browser has
    fetched and run it by then, and a module runs once however often it is asked for.
    """

    def __init__(self, app: ASGIApp, style: str, scripts: dict[str, str]) -> None:
        """Wrap an app.

        Args:
            app: what answers; its pages have addresses of one segment and fit into memory.
            style: the CSS that every page has.
            scripts: path of a script by the path of the page that needs it.
        """
        self._app = app
        self._style = style
        self._scripts = scripts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a page is asked for whole and uncompressed, to be changed."""
        if scope["type"] != "http" or scope["path"].count("/") > 1 or not _shows_pages(scope):
            await self._app(scope, receive, send)
            return
        script = self._scripts.get(scope["path"])
        style = f"<style>{self._style}</style>"
        early = f'<script type="module" async src="{script}"></script>' if script else ""
        headers = [one for one in scope["headers"] if one[0] not in LEFT_OUT]
        page = _Page(send, NOT_TRANSLATED + (style + early).encode())
        await self._app({**scope, "headers": headers}, receive, page.send)


class _Page:
    """Collects a response that is a page, changes it and sends it; passes any other on."""

    def __init__(self, send: Send, added: bytes) -> None:
        self._send = send
        self._added = added
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
            return
        if self._start is None:
            await self._send(message)
            return
        self._body.extend(message.get("body", b""))
        if message.get("more_body", False):
            return
        page = bytes(self._body).replace(TRANSLATABLE, NOT_TRANSLATABLE, 1)
        page = page.replace(HEAD_END, self._added + HEAD_END, 1)
        if len(page) > len(self._body):  # the answer's head has to fit what is sent instead
            headers = MutableHeaders(scope=self._start)
            headers["Content-Length"] = str(len(page))
            for name in ("ETag", "Last-Modified", "Accept-Ranges"):
                del headers[name]
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": page})


def _shows_pages(scope: Scope) -> bool:
    """Return whether a browser opens a page; scripts do not ask for HTML."""
    return "text/html" in Headers(scope=scope).get("accept", "")


def _is_html(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")
