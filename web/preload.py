"""A page's largest script, fetched while the page itself is: `Link: <...>; rel=modulepreload`."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Preload:
    """ASGI middleware that names, in the answer with a page, the script that it will ask for.

    A component's script is asked for once Streamlit has drawn the page around it. Until then the
    browser has fetched and compiled the one named here.
    """

    def __init__(self, app: ASGIApp, scripts: dict[str, str]) -> None:
        """Wrap an app.

        Args:
            app: what answers.
            scripts: path of a script by the path of the page that needs it.
        """
        self._app = app
        self._scripts = scripts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the head of a page's answer names its script."""
        script = self._scripts.get(scope["path"]) if scope["type"] == "http" else None
        if script is None:
            await self._app(scope, receive, send)
            return

        async def send_with_link(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Link"] = f"<{script}>; rel=modulepreload"
            await send(message)

        await self._app(scope, receive, send_with_link)
