"""Starting up: settings, the listening socket, uvicorn, and the lines printed on the way."""

import asyncio
import errno
import logging
import os
import socket
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from settings import ANY_ADDRESS, SettingError, Settings, comma_separated, read_settings
from web.sign_in.access import Access
from web.sign_in.gate import USER_FIELDS
from web.sign_in.users import DEMO
from web.socket_protocol import StrangerLimitProtocol

try:
    import resource
except ImportError:  # Windows
    resource = None

MEGABYTE = 1024 * 1024
KEEP_ALIVE_SECONDS = 75
"""As nginx does. After uvicorn's own 5 seconds a pause between two calls often ends just when the
connection is closed, and a mutation that gets no answer must not be sent again."""
PING_SECONDS = 20.0
"""Between two pings of a websocket, and how long its answer may take: a tab whose machine fell
asleep or lost its network is noticed within 40 seconds, and no proxy finds the connection idle."""
MOST_OPEN_FILES = 65_536
FEW_OPEN_FILES = 4_096
"""A tab takes 4 descriptors (its websocket, and an event loop of Streamlit's), so this is 1,000."""

Listen = Callable[[str, int], socket.socket]
MakeServer = Callable[[uvicorn.Config], uvicorn.Server]


def startup_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; under `streamlit run app.py` host and port are Streamlit's.

    Raises:
        SystemExit: a setting is not usable; the message is one line for the terminal.
    """
    if _started_by_streamlit():
        environment = {
            **environment,
            "TFW_HOST": config.get_option("server.address") or "",
            "TFW_PORT": str(config.get_option("server.port")),
        }
    try:
        return read_settings(environment)
    except SettingError as error:
        raise SystemExit(str(error)) from None


def configure_streamlit(settings: Settings) -> None:
    """Set Streamlit's options: its address and who is signed in; turn the access log off.

    Call it after `st.App(...)`, which decides which `config.toml` is read. It also turns off the
    automatic discovery of `pages/`: until the first `st.navigation` that would run a page asked
    for by its address without main.py, and so without the sign-in.
    """
    PagesManager.uses_pages_directory = False
    public = urlsplit(settings.public_url)
    config.set_option("server.trustedUserHeaders", dict(USER_FIELDS))
    config.set_option("server.port", settings.port)
    # The page itself may tell Streamlit to connect anew (components/sign_in); nobody else may.
    config.set_option("client.allowedOrigins", [settings.public_url])
    config.set_option("browser.serverAddress", public.hostname)
    config.set_option(
        "browser.serverPort", public.port or (443 if public.scheme == "https" else 80)
    )
    logging.getLogger("uvicorn.access").disabled = True


def raise_open_files() -> None:
    """Let this process open as many files as it may: systems start it with 1,024, some with 256.

    The soft limit becomes the hard one, up to `MOST_OPEN_FILES`. Where the system allows few, a
    line says so. Windows has no such limit.
    """
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (OSError, ValueError) as error:  # macOS has a limit below "unlimited"
            say(f"Warning: the limit of open files stays {soft}: {error}.")
    if soft != resource.RLIM_INFINITY and soft < FEW_OPEN_FILES:
        say(
            f"Warning: this process may open {soft} files, which is about {soft // 5} open tabs. "
            "Raise the hard limit (ulimit -Hn, LimitNOFILE)."
        )


def announce(settings: Settings, access: Access) -> None:
    """Print the address and, at the very first start, create and print the demo sign-in.

    Raises:
        UsersFileError: the users cannot be read; then nothing is printed.
    """
    password = access.users.create_demo(settings.demo_password)
    say(f"Temp File Workbench: {settings.public_url}")
    if settings.host in ANY_ADDRESS and urlsplit(settings.public_url).hostname == "127.0.0.1":
        say(
            f'Warning: TFW_HOST is "{settings.host}" and TFW_PUBLIC_URL is not set. Upload links '
            f"start with {settings.public_url} and work on this machine only."
        )
    if urlsplit(settings.public_url).scheme == "https" and not settings.proxy_addresses:
        say(
            "Warning: TFW_PUBLIC_URL is https, so a proxy is in front, and TFW_PROXY_ADDRESSES "
            "does not name it. All visitors count as one address: 20 wrong passwords of anybody "
            "keep everybody waiting."
        )
    if password and settings.demo_password:
        say(f'First start: sign in as "{DEMO}" with the password of TFW_DEMO_PASSWORD.')
    elif password:
        say(f'First start: sign in as "{DEMO}" with the password {password}')
        say("It is shown this once and kept as a hash in users.yaml.")


def warn_of_readable(paths: Sequence[Path]) -> None:
    """Warn in one line that other accounts of this machine may read these paths."""
    if paths:
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        say(f"Warning: others may read {paths[0]}{more}; its owner can run chmod go= on it.")


@contextmanager
def one_line_for(*expected: type[Exception]) -> Generator[None]:
    """Print the expected errors as one line, without a traceback, and exit with status 1.

    Raises:
        SystemExit: in place of such an error.
    """
    try:
        yield
    except expected as error:
        say(str(error), sys.stderr)
        logging.getLogger("uvicorn.error").disabled = True
        raise SystemExit(1) from None


def serve(
    app: ASGIApp,
    settings: Settings,
    listen: Listen,
    http: type[asyncio.Protocol],
    server: MakeServer = uvicorn.Server,
) -> None:
    """Listen and serve until stopped.

    `listen` opens the socket for a host and a port; `http` and `server` are uvicorn's own, or made
    from them.

    Raises:
        SystemExit: the address cannot be listened on; the message says which setting to change.
    """
    listener = bind(settings, listen)
    proxies = comma_separated(settings.proxy_addresses)
    running = server(
        uvicorn.Config(
            app,
            http=http,
            ws=StrangerLimitProtocol,
            # Streamlit refuses more than this itself, but not before all of it is in memory.
            ws_max_size=config.get_option("server.maxWidgetStateSize") * MEGABYTE,
            ws_per_message_deflate=False,
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            ws_ping_interval=PING_SECONDS,
            ws_ping_timeout=PING_SECONDS,
        )
    )
    running.run(sockets=[listener])


def bind(settings: Settings, listen: Listen) -> socket.socket:
    """Return a socket listening on the configured address.

    Raises:
        SystemExit: the address or port is not usable; the message names the setting.
    """
    try:
        return listen(settings.host, settings.port)
    except OSError as error:
        problem = f'TFW_HOST is "{settings.host}"; this machine cannot listen there: {error}.'
        if error.errno == errno.EADDRINUSE:
            problem = (
                f"Port {settings.port} is in use already. Stop what uses it, or set TFW_PORT to a "
                "free port."
            )
        elif error.errno == errno.EACCES:
            problem = f"Port {settings.port} needs more rights. Set TFW_PORT to a port above 1023."
        raise SystemExit(problem) from None


def say(line: str, stream: TextIO | None = None) -> None:
    """Print a line for the person who started the app, at once even when output is a file."""
    print(line, file=stream, flush=True)


def _started_by_streamlit() -> bool:
    return getattr(config, "_server_mode", None) == "starlette-app"
