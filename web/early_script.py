"""A page's largest script, run while the page waits for its first words from the server."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD_END = b"</head>"
# What would make the page come packed, in part, or not at all.
LEFT_OUT = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}


class EarlyScript:
    """ASGI middleware that adds, to the head of a page, the script that it will ask for.

    Streamlit asks for a component's script once it has drawn the page around it. The browser has
    fetched and run it by then, and a module runs once however often it is asked for.
    """

    def __init__(self, app: ASGIApp, scripts: dict[str, str]) -> None:
        """Wrap an app.

        Args:
            app: what answers; the pages named must fit into memory.
            scripts: path of a script by the path of the page that needs it.
        """
        self._app = app
        self._scripts = scripts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a page with a script comes whole, unpacked and with the script."""
        script = self._scripts.get(scope["path"]) if scope["type"] == "http" else None
        if script is None:
            await self._app(scope, receive, send)
            return
        tag = f'<script type="module" async src="{script}"></script>'.encode()
        headers = [one for one in scope["headers"] if one[0] not in LEFT_OUT]
        start: Message = {}
        body = bytearray()

        async def send_with_script(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body", False):
                return
            page = bytes(body).replace(HEAD_END, tag + HEAD_END, 1)
            if len(page) > len(body):
                _describe(start, page)
            await send(start)
            await send({"type": "http.response.body", "body": page})

        await self._app({**scope, "headers": headers}, receive, send_with_script)


def _describe(start: Message, page: bytes) -> None:
    """Make the head of an answer fit the page sent instead."""
    headers = MutableHeaders(scope=start)
    headers["Content-Length"] = str(len(page))
    for name in ("ETag", "Last-Modified", "Accept-Ranges"):
        del headers[name]
