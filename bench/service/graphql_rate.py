"""createTempFileUploadUrl a second on the bare service: `python -m bench.service.graphql_rate`.

The client is as cheap as it can be (ready-made requests on raw sockets, in a process of its own),
so that on a machine with few cores it is the service that is measured.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import cast

import requests
import uvloop

from tests.app_server import ServiceAlone, free_port

CONNECTIONS = 8
SECONDS = 5
QUERY = "mutation { createTempFileUploadUrl { uploadUrl downloadUrl } }"


class _Connection(asyncio.Protocol):
    """Sends the request again as soon as its answer is complete."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._received = b""
        self.answers = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) >= length:
            assert head.startswith(b"HTTP/1.1 200"), head
            assert b'"errors"' not in body, body
            self._received = b""
            self.answers += 1
            self._transport.write(self._request)


async def _rate(port: int, request: bytes) -> float:
    loop = asyncio.get_running_loop()
    pairs = [
        await loop.create_connection(lambda: _Connection(request), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    ]
    await asyncio.sleep(1)  # warm up
    before, started = sum(protocol.answers for _, protocol in pairs), time.perf_counter()
    await asyncio.sleep(SECONDS)
    done = sum(protocol.answers for _, protocol in pairs) - before
    rate = done / (time.perf_counter() - started)
    for transport, _ in pairs:
        transport.close()
    return rate


def client(port: int, token: str) -> float:
    """Return answers a second."""
    body = json.dumps({"query": QUERY})
    request = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
    return uvloop.run(_rate(port, request))


def measured() -> float:
    """Start a service of its own and return its rate."""
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        server = ServiceAlone(Path(name), free_port())
        server.start()
        try:
            credentials = json.loads((server.data_dir / "oauth-client.json").read_text())
            form = {"grant_type": "client_credentials", **credentials}
            answer = requests.post(f"{server.url}/oauth/token", data=form, timeout=10)
            token = answer.json()["access_token"]
            command = [sys.executable, "-m", "bench.service.graphql_rate", str(server.port), token]
            return float(subprocess.run(command, capture_output=True, check=True).stdout)
        finally:
            server.stop()


if __name__ == "__main__":
    if sys.argv[1:]:
        print(client(int(sys.argv[1]), sys.argv[2]))
    else:
        print(f"createTempFileUploadUrl: {measured():.0f} a second (goal: 1,000)")
