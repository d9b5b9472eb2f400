"""A second instance of the service in the dress of a strict endpoint elsewhere.

What is unlike the embedded service, all of which a real endpoint may do: TLS from an authority that
nobody knows; temp files on Ceph, behind another TLS port with HTTP/2; only `fileSize` is known;
introspection is refused; 60 requests a minute; tokens die long before the time they were issued
with; every refusal but 400 is a page of HTML; nothing says that it is ours; and searches, folders,
organizations and deletions are as public clients show them of real accounts (`strict_service.py`).
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.app.strict_service import NEW_MINUTE
from tests.app_server import ROOT, free_port
from tests.browser.service_control import ServiceControl
from tests.own_ca import Certificates, make_certificates
from tests.s3.engines import Ceph

CLIENT = ("strict", "canary of a client")
PAT = "amp_pat_canary.of.a.person"
BUCKET = "strict"
TOKEN_SECONDS = 5  # they promise 300
MOST_A_MINUTE = 60  # requests
HTML = (
    "<!DOCTYPE html><html><head><title>Sorry</title></head>"
    "<body><h1>Sorry</h1><p>The gateway could not help you.</p></body></html>"
)
HTML_STATUSES = "401 403 404 405 406 413 415 429 500 502 503 504 507"
# The bucket lets pages of any origin in, as Amplience's does (contract 6).
CORS_RULE = """<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>
<AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod>
<AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader>
<ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>"""
NGINX = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
worker_processes 1;
events {{ worker_connections 128; }}
http {{
  access_log off;
  client_max_body_size 0;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  ssl_certificate {certificates.server};
  ssl_certificate_key {certificates.server_key};
  proxy_http_version 1.1;
  proxy_request_buffering off;
  proxy_buffering off;
  proxy_set_header Host $http_host;
  server {{
    listen 127.0.0.1:{api_port} ssl;
    location / {{
      proxy_pass http://127.0.0.1:{service_port};
      proxy_hide_header X-Local-Service;
      proxy_hide_header X-Fault;
      proxy_intercept_errors on;
      error_page {html_statuses} /sorry.html;
    }}
    location = /sorry.html {{
      internal;
      root {folder};
      default_type text/html;
      add_header Retry-After $upstream_http_retry_after always;
    }}
  }}
  server {{
    listen 127.0.0.1:{storage_port} ssl http2;
    location / {{ proxy_pass {ceph}; }}
  }}
}}
"""


@dataclass(frozen=True)
class StrictRemote:
    """Where it is. `control` reaches the service behind the proxy, without TLS."""

    url: str
    storage_url: str
    certificates: Certificates
    control: ServiceControl

    def settings(self, *, with_pat: bool = False) -> dict[str, str]:
        """Return the settings of an app that uses it, with a client or a person's token."""
        credentials = (
            {"AMPLIENCE_PAT": PAT}
            if with_pat
            else {"AMPLIENCE_CLIENT_ID": CLIENT[0], "AMPLIENCE_CLIENT_SECRET": CLIENT[1]}
        )
        return {
            "AMPLIENCE_GRAPHQL_URL": f"{self.url}/graphql",
            "AMPLIENCE_TOKEN_URL": f"{self.url}/oauth/token",
            "AMPLIENCE_RATE_LIMIT": "0",  # a client would wait for minutes that `new_minute` ended
            "REQUESTS_CA_BUNDLE": str(self.certificates.authority),
            **credentials,
        }

    def new_minute(self) -> None:
        """Have the requests of a minute counted anew."""
        (self.control.data_dir / NEW_MINUTE).touch()

    def begin_badly(self) -> None:
        """Refuse the next two requests with 429, beside tokens that die early."""
        limit = {"times": 2, "retry_after": 1}
        self.control.switch(token_expiry={"seconds": TOKEN_SECONDS}, rate_limit=limit)

    def forget_faults(self) -> None:
        """Let nothing go wrong but that tokens die early."""
        self.control.switch(token_expiry={"seconds": TOKEN_SECONDS})

    def session(self) -> requests.Session:
        """Return a session that trusts the authority."""
        http = requests.Session()
        http.trust_env = False
        http.verify = str(self.certificates.authority)
        return http


def nginx_program() -> str | None:
    """Return where nginx is; Debian puts it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def running_strict_remote(folder: Path, ceph: Ceph) -> Generator[StrictRemote]:
    """Run it until the block ends."""
    folder.mkdir(parents=True)
    certificates = make_certificates(folder / "certificates")
    service_port, api_port, storage_port = (free_port() for _ in range(3))
    _make_bucket(ceph)
    url, storage_url = (f"https://127.0.0.1:{port}" for port in (api_port, storage_port))
    remote = StrictRemote(
        url,
        storage_url,
        certificates,
        ServiceControl(f"http://127.0.0.1:{service_port}", folder / "data", CLIENT),
    )
    configuration = NGINX.format(
        user="user root;" if os.geteuid() == 0 else "",
        folder=folder,
        certificates=certificates,
        api_port=api_port,
        storage_port=storage_port,
        service_port=service_port,
        html_statuses=HTML_STATUSES,
        ceph=ceph.base_url,
    )
    (folder / "nginx.conf").write_text(configuration)
    (folder / "sorry.html").write_text(HTML)
    environment = _service_environment(remote, ceph, service_port)
    nginx = [nginx_program() or "nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (
        _process(nginx, {**os.environ}),
        _process([sys.executable, "-m", "tests.app.strict_service"], environment),
    ):
        _wait_until_it_answers(remote)
        yield remote


def _service_environment(remote: StrictRemote, ceph: Ceph, port: int) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("TFW_")},
        "REQUESTS_CA_BUNDLE": str(remote.certificates.authority),
        "TFW_PORT": str(port),
        "TFW_PUBLIC_URL": remote.url,
        "TFW_DATA_DIR": str(remote.control.data_dir),
        "TFW_CLIENT_ID": CLIENT[0],
        "TFW_CLIENT_SECRET": CLIENT[1],
        "TFW_PATS": PAT,
        "TFW_FAULTS": "on",
        "TFW_DEMO_DATA": "on",
        "TFW_RATE_LIMIT": str(MOST_A_MINUTE),
        "TFW_INTROSPECTION": "off",
        "TFW_SIZE_SPELLING": "fileSize",
        "TFW_S3_ENDPOINT": remote.storage_url,
        "TFW_S3_BUCKET": BUCKET,
        "TFW_S3_REGION": ceph.key.region,
        "TFW_S3_ACCESS_KEY": ceph.key.key_id,
        "TFW_S3_SECRET_KEY": ceph.key.secret,
    }


def _make_bucket(ceph: Ceph) -> None:
    signer = ceph.signer()
    for parameters, body in (({}, ""), ({"cors": ""}, CORS_RULE)):
        url = signer.sign("PUT", f"/{BUCKET}", parameters)
        answer = ceph.http.put(url, data=body, timeout=30)
        assert answer.ok, answer.text


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Generator[None]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_it_answers(remote: StrictRemote) -> None:
    """Wait for a refusal of the token endpoint itself: nginx has pages for all others."""
    with remote.session() as http:
        for _ in range(300):
            try:
                if http.post(f"{remote.url}/oauth/token", timeout=2).status_code == 400:
                    return
            except (requests.ConnectionError, requests.Timeout):
                pass
            time.sleep(0.1)
    raise TimeoutError(remote.url)
