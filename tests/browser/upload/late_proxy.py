"""A proxy that takes a whole PUT at once and passes it on when it is told to, as nginx may."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from tests.serving import serving

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "server", "date"}


@dataclass
class LateProxy:
    """What it has taken, and whether it passes PUTs on."""

    upstream: str = ""
    url: str = ""
    open: threading.Event = field(default_factory=threading.Event)
    taken: list[int] = field(default_factory=list[int])
    """The bytes of each PUT that was swallowed whole."""


@contextmanager
def running_late_proxy() -> Generator[LateProxy]:
    """Serve until the block ends. Set `upstream` before the first request, and `open` at last."""
    proxy = LateProxy()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.command == "PUT":
                proxy.taken.append(len(body))
                proxy.open.wait()
            headers = dict(self.headers.items())
            answer = requests.request(
                self.command, proxy.upstream + self.path, headers=headers, data=body, timeout=60
            )
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in HOP_BY_HOP | {"content-length"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_OPTIONS = pass_on  # noqa: N815 - as http.server calls them

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True  # a PUT that nobody waits for any more must not hold the test up
    with serving(server) as port:
        proxy.url = f"http://127.0.0.1:{port}"
        try:
            yield proxy
        finally:
            proxy.open.set()
