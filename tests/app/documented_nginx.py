"""The nginx configuration of docs/operations.md, as it stands there, run in front of a server."""

import re
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.app.strict_remote import nginx_program
from tests.app_server import ROOT, AppServer
from tests.conftest import INSTALL
from tests.own_ca import Certificates
from tests.s3.engines import is_root

START_SECONDS = 30
AROUND = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/other-errors.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
  {settings}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{documented}
}}
"""


@contextmanager
def documented_nginx(
    folder: Path,
    server: AppServer,
    port: int,
    certificates: Certificates | None = None,
    settings: str = "",
) -> Generator[None]:
    """Run nginx until the block ends, its logs and other files in `folder`.

    Args:
        folder: exists, and is nginx's alone.
        server: what stands behind it; it runs already.
        port: of 127.0.0.1, to listen on.
        certificates: for TLS, as it is documented; plain HTTP without them.
        settings: what the administrator may have set beside it, for all servers.
    """
    program = nginx_program()
    if program is None:
        missing = f"There is no nginx here. As root: {INSTALL}"
        if is_root():
            pytest.fail(missing)
        pytest.skip(missing)
    text = AROUND.format(
        folder=folder,
        user="user root;" if is_root() else "",
        settings=settings,
        documented=_documented(folder, server, port, certificates),
    )
    (folder / "nginx.conf").write_text(text)
    nginx = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        scheme = "https" if certificates else "http"
        _wait_until_it_answers(nginx, f"{scheme}://127.0.0.1:{port}/", certificates)
        yield
    finally:
        nginx.terminate()
        nginx.wait(20)


def _documented(
    folder: Path, server: AppServer, port: int, certificates: Certificates | None
) -> str:
    guide = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    [text] = re.findall(r"^```nginx\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    replaced = {
        "listen 443 ssl": f"listen 127.0.0.1:{port}{' ssl' if certificates else ''}",
        "http://127.0.0.1:8501": server.url,
        "/var/log/nginx/files.log": str(folder / "files.log"),
        "/var/log/nginx/files-error.log": str(folder / "files-error.log"),
    }
    if certificates:
        replaced["/etc/nginx/files.example.com.pem"] = str(certificates.server)
        replaced["/etc/nginx/files.example.com.key"] = str(certificates.server_key)
    else:
        text = re.sub(r"^ *ssl_certificate.*\n", "", text, flags=re.MULTILINE)
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    return text


def _wait_until_it_answers(
    nginx: "subprocess.Popen[bytes]", url: str, certificates: Certificates | None
) -> None:
    deadline = time.monotonic() + START_SECONDS
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(certificates.authority) if certificates else True
        while True:
            try:
                session.get(url, timeout=5)
            except requests.ConnectionError:
                assert nginx.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return
