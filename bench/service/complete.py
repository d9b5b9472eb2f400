"""How long the service takes to complete an upload, by its own clock."""

import re
from collections.abc import Iterator, Sequence

import requests

from client.api.api import Api
from client.connection.connection import connection_from_settings
from settings import read_settings
from tests.app_server import AppServer

PART = 5_242_880
LARGEST = 2_147_483_648
SERVER_TIMING = re.compile(r"complete;dur=([\d.]+)")


def api_of(server: AppServer) -> Api:
    """Return a client of the embedded service."""
    return Api(connection_from_settings(read_settings(server.environment_of_child())))


def server_times(server: AppServer, counts: Sequence[int]) -> Iterator[tuple[int, float]]:
    """Yield part count and milliseconds of server time for uploads of 5 MiB parts."""
    for count in counts:
        api = api_of(server)
        size = min(count * PART, LARGEST)
        plan = api.plan_upload("parts.bin", size, "video/mp4", PART, "multipart")
        block = bytes(PART)
        etags = {part.number: _put(part.url, block[: part.size]) for part in plan.parts}
        api.complete(plan, etags)
        done = next(entry for entry in api.log.entries() if entry.purpose == "complete")
        timing = {name.lower(): value for name, value in done.response_headers.items()}
        match = SERVER_TIMING.search(timing["server-timing"])
        assert match, timing
        yield count, float(match.group(1))
        api.close()


def _put(url: str, block: bytes) -> str:
    answer = requests.put(url, data=block, timeout=60)
    answer.raise_for_status()
    return answer.headers["ETag"]
