"""Keeps Streamlit's browser from laying a dialog over the page when the app does not answer."""

import json

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = "/_stcore/host-config"


class HostConfig:
    """ASGI middleware that says "no error dialogs" in what Streamlit's browser asks for first.

    While the app is gone, the cards of uploads say so and go on by themselves; Streamlit's dialog
    "Connection error" would lie over them, and take the keyboard. It has no setting for that, but
    a page that shows Streamlit in a frame may block the dialogs, by this answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app that has Streamlit's routes."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and change the one answer."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        headers = [one for one in scope["headers"] if one[0] != b"accept-encoding"]
        start: Message = {}
        body = bytearray()

        async def send_changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body", False):
                return
            changed = _without_dialogs(bytes(body)) if start["status"] == 200 and body else body
            if changed is not body:
                MutableHeaders(scope=start)["Content-Length"] = str(len(changed))
            await send(start)
            await send({"type": "http.response.body", "body": bytes(changed)})

        await self._app({**scope, "headers": headers}, receive, send_changed)


def _without_dialogs(config: bytes) -> bytes:
    return json.dumps({**json.loads(config), "blockErrorDialogs": True}).encode()
