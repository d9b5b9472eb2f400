"""Start here: `python app.py`. `streamlit run app.py` and `uvicorn app:app` work as well.

One process and one port: the pages (main.py), the embedded service, and the sign-in.
"""

import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from components.unexpected import show_unexpected_error
from service.access_log import configure_logging
from service.app import build_service
from service.errors import DataFolderError
from service.http_server import DirectBodyProtocol, listen
from web.access import open_access, publish
from web.gate import Gate
from web.headers import SecurityHeaders, first_segments
from web.launch import announce, configure_streamlit, one_line_for, serve, startup_settings
from web.session_routes import session_routes
from web.users import UsersFileError

settings = startup_settings()
configure_logging(settings.access_log or "off", logging.getLogger("service"))
with one_line_for(DataFolderError):
    service = build_service(settings)
access = open_access(settings)
publish(access)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncGenerator[None]:
    """Run the embedded service as long as the app runs."""
    async with AsyncExitStack() as stack:
        with one_line_for(DataFolderError, UsersFileError):
            await stack.enter_async_context(service.lifespan())
            announce(settings, access)
        yield
    access.sessions.close()


app = st.App(
    Path(__file__).with_name("main.py"),
    routes=[*service.routes, *session_routes(access, settings)],
    lifespan=lifespan,
    on_script_error=show_unexpected_error,
    middleware=[
        Middleware(
            SecurityHeaders, settings=settings, service_prefixes=first_segments(service.routes)
        ),
        Middleware(Gate, access=access, settings=settings),
    ],
)
configure_streamlit(settings)

if __name__ == "__main__":
    serve(app, settings, listen, DirectBodyProtocol)
