"""`python -m service`: the service alone, without the page."""

import argparse
import logging
import socket
import sys
import textwrap
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from service.app import Service, build_service
from service.data_folder import prepare
from service.errors import DataFolderError
from service.http.protocol import DirectBodyProtocol, listen
from service.http.server import StoppableServer
from service.monitoring.access_log import configure_logging
from settings import SettingError, Settings, comma_separated, read_settings, settings_table

KEEP_ALIVE_SECONDS = 75  # as nginx: long enough for calls that a client makes some seconds apart
HELP_WIDTH = 78
INDENT = " " * 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; return the exit status."""
    try:
        settings = _settings(arguments)
        prepared = prepare(settings.data_dir)
        for warning in prepared.warnings:
            print(warning, file=sys.stderr)
        if readable := prepared.readable:
            warning = f"Warning: others may read {len(readable)} files in {settings.data_dir}."
            print(warning, file=sys.stderr)
        with listen(settings.host, settings.port) as listener:
            with_real_port = replace(settings, port=listener.getsockname()[1])
            _serve(_moved(settings, with_real_port), listener)
    except (SettingError, DataFolderError, OSError) as error:
        _explain(error)
        return 1
    return 0


def _serve(settings: Settings, listener: socket.socket) -> None:
    configure_logging(settings.access_log or "text", logging.getLogger())
    service = build_service(settings)
    proxies = comma_separated(settings.proxy_addresses)
    config = uvicorn.Config(
        Starlette(routes=service.routes, lifespan=lambda _app: _running(service)),
        http=DirectBodyProtocol,
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    server = StoppableServer(
        config, service.stopping, settings.notice_seconds, settings.stop_seconds
    )
    server.run(sockets=[listener])


@asynccontextmanager
async def _running(service: Service) -> AsyncGenerator[None]:
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(service.lifespan())
        except DataFolderError as error:
            _explain(error)
            logging.getLogger("uvicorn.error").disabled = True  # it would add a traceback
            raise SystemExit(1) from None
        addresses = f"{service.settings.local_url}; URLs start with {service.settings.public_url}"
        print(f"Service at {addresses}", flush=True)
        yield


def _explain(error: Exception) -> None:
    print(f"The service cannot start: {error}", file=sys.stderr, flush=True)


def _settings(arguments: Sequence[str] | None) -> Settings:
    parser = argparse.ArgumentParser(
        prog="python -m service",
        description="The embedded temp file service alone, without the pages.",
        epilog=_settings_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", help="address to listen on (TFW_HOST)")
    parser.add_argument("--port", type=int, help="port to listen on, 0 for any (TFW_PORT)")
    parser.add_argument("--data-dir", type=Path, help="folder to keep everything in (TFW_DATA_DIR)")
    parser.add_argument(
        "--faults",
        action="store_const",
        const="on",
        help="permit fault switches (TFW_FAULTS); see docs/qa.md",
    )
    parser.add_argument(
        "--demo-data",
        action="store_const",
        const=True,
        help="put something to show into the Content Hub (TFW_DEMO_DATA)",
    )
    given = parser.parse_args(arguments)
    settings = read_settings()
    chosen = {name: value for name, value in vars(given).items() if value is not None}
    return _moved(settings, replace(settings, **chosen))


def _settings_help() -> str:
    lines = ["settings, from the environment, else from .streamlit/secrets.toml, else the default:"]
    for variable, default, meaning in settings_table():
        if variable.startswith("TFW_"):
            lines.append(f"  {variable}={default}")
            lines += textwrap.wrap(
                meaning,
                HELP_WIDTH,
                initial_indent=INDENT,
                subsequent_indent=INDENT,
                break_on_hyphens=False,
            )
    return "\n".join(lines)


def _moved(before: Settings, after: Settings) -> Settings:
    """Let the public URL follow host and port, unless it was set to something else."""
    follows = before.public_url == before.local_url
    return replace(after, public_url=after.local_url) if follows else after


if __name__ == "__main__":
    sys.exit(main())
