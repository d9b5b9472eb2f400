"""GraphQL calls to the bare service: how late they are, at rest and under load."""

import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import requests

from bench.service.bare import BareService
from service.auth.keys import load_service_keys
from service.auth.signing import SigningKey, UrlSigner
from settings import read_settings

LARGEST = 2_147_483_648
CALLS = 500
MULTIPART = (
    "mutation { createTempFileMultipartUploadUrl(input: { filesize: %d }) { uploadPartUrls } }"
)


class Caller:
    """One kept connection that asks the service's GraphQL endpoint."""

    def __init__(self, service: BareService) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=30)
        self._headers = {
            "Authorization": f"Bearer {service.token()}",
            "Content-Type": "application/json",
        }

    def ask(self, query: str) -> bytes:
        """Return the answer's body."""
        body = json.dumps({"query": query})
        self._connection.request("POST", "/graphql", body, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        return text

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def part_urls(service: BareService) -> list[str]:
    """Open the largest upload and return its 410 part URLs."""
    caller = Caller(service)
    answer = json.loads(caller.ask(MULTIPART % LARGEST))
    caller.close()
    return answer["data"]["createTempFileMultipartUploadUrl"]["uploadPartUrls"]


def abort(service: BareService, part_url: str) -> None:
    """Abort an upload; its clients cannot, so the URL is signed with the service's own key."""
    settings = read_settings({"TFW_DATA_DIR": str(service.data_dir)})
    signer = UrlSigner(load_service_keys(settings).url_key, service.url, 3600)
    parts = urlsplit(part_url)
    upload_id = parse_qs(parts.query)["uploadId"][0]
    url = signer.sign("DELETE", parts.path, {"uploadId": upload_id})
    requests.delete(url, timeout=10).raise_for_status()


def latencies(service: BareService, enough: Callable[[int], bool] | None = None) -> str:
    """Ask the smallest question again and again; return p50 and p99 in ms.

    Args:
        service: whom to ask.
        enough: told how many calls were made; says whether to stop. None: after `CALLS`.
    """
    caller, times = Caller(service), list[float]()
    while not (enough(len(times)) if enough else len(times) >= CALLS):
        started = time.perf_counter()
        caller.ask("{ viewer { name } }")
        times.append((time.perf_counter() - started) * 1000)
    caller.close()
    cuts = statistics.quantiles(times, n=100)
    return f"{cuts[49]:.1f} and {cuts[98]:.1f} ms ({len(times)} calls)"


def latencies_during(service: BareService, load: Callable[[], object]) -> str:
    """Return the latencies while `load` runs in another thread."""
    loading = threading.Thread(target=load)
    loading.start()
    found = latencies(service, lambda count: count > 10 and not loading.is_alive())
    loading.join()
    return found


def signing_time(count: int) -> float:
    """Return the median ms that signing so many part URLs takes."""
    signer = UrlSigner(SigningKey("bench", "bench-secret"), "http://127.0.0.1:8501", 3600)
    times: list[float] = []
    for _ in range(11):
        started = time.perf_counter()
        for number in range(count):
            signer.sign("PUT", "/files/bench", {"partNumber": str(number), "uploadId": "u" * 32})
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)
