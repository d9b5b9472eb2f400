"""Start here: `python app.py`. `streamlit run app.py` and `uvicorn app:app` work as well.

One process and one port: the pages (main.py), the embedded service, and the sign-in.
"""

import logging
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from client.errors import RecordsUnavailableError
from client.transfers.relay import Relay
from components.common.error_words import spoken
from components.registry import register_components, script_address
from components.shell import shell_style
from components.unexpected import show_unexpected_error
from process import open_process
from service.app import build_service
from service.data_folder import prepare
from service.errors import DataFolderError
from service.http.protocol import DirectBodyProtocol, listen
from service.http.server import StoppableServer
from service.monitoring.access_log import configure_logging
from web.headers import SecurityHeaders, first_segments
from web.host_config import HostConfig
from web.launch import (
    announce,
    configure_streamlit,
    one_line_for,
    raise_open_files,
    say,
    serve,
    startup_settings,
    warn_of_readable,
)
from web.page_head import PageHead
from web.sign_in.access import open_access, publish
from web.sign_in.gate import Gate
from web.sign_in.routes import session_routes
from web.sign_in.sessions import SessionsUnavailableError
from web.sign_in.users import UsersFileError
from web.transfers.relay import RelayEndpoint, relay_routes
from web.transfers.routes import TransferRoutes, transfer_routes
from web.verbatim import Verbatim
from web.whole_clicks import carry_out_whole_clicks

settings = startup_settings()
with one_line_for(DataFolderError):
    prepared = prepare(settings.data_dir)
for warning in prepared.warnings:
    say(warning)
warn_of_readable(prepared.readable)
configure_logging(settings.access_log or "off", logging.getLogger("service"))
with one_line_for(DataFolderError):
    # Here the access tokens are the app's own: its pages let nobody but admins at the switches.
    service = build_service(replace(settings, faults=settings.faults or "on"))
with one_line_for(RecordsUnavailableError):
    process = open_process(settings)
    for kept in (process.transfers, process.connections.store, process.operations):
        if lost := kept.lost():
            say(f"Warning: {lost}")
transfers = TransferRoutes(
    process.transfers,
    process.visitors,
    process.transfer_jobs,
    lambda problem: spoken(problem.code, problem.details, problem.message),
    time.time,
)
relay = Relay(process.transfers, process.connections.named)
relay_endpoint = RelayEndpoint(relay, settings.idle_timeout, service.stopping)
relaying = relay_routes(relay_endpoint)
with one_line_for(SessionsUnavailableError):
    access = open_access(settings)
publish(access)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncGenerator[None]:
    """Run the embedded service as long as the app runs."""
    async with AsyncExitStack() as stack:
        with one_line_for(DataFolderError, UsersFileError):
            await stack.enter_async_context(service.lifespan())
            announce(settings, access)
        register_components()  # a browser may fetch their files before any page was drawn
        yield
    access.sessions.close()
    relay_endpoint.close()
    relay.close()
    process.close()


app = st.App(
    Path(__file__).with_name("main.py"),
    routes=[
        *service.routes,
        *session_routes(access, settings, process.visitors.drop),
        *transfer_routes(transfers),
        *relaying,
    ],
    lifespan=lifespan,
    on_script_error=show_unexpected_error,
    middleware=[
        Middleware(
            SecurityHeaders,
            settings=settings,
            service_prefixes=first_segments(service.routes),
            endpoints=process.connections.stored_endpoints,
        ),
        Middleware(Gate, access=access, settings=settings),
        Middleware(HostConfig),
        Middleware(
            PageHead, style=shell_style(), scripts={"/playground": script_address("editor")}
        ),
        Middleware(Verbatim, routes=[*service.file_routes, *relaying]),
    ],
)
configure_streamlit(settings)
carry_out_whole_clicks()
raise_open_files()

if __name__ == "__main__":
    serve(
        app,
        settings,
        listen,
        DirectBodyProtocol,
        partial(
            StoppableServer,
            stopping=service.stopping,
            notice=settings.notice_seconds,
            patience=settings.stop_seconds,
        ),
    )
