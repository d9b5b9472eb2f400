"""The same sender for every store: plain threads, a kept connection each, `sendfile`.

It costs little, so that the two cores are left to the store, and it is no store's own client.
"""

import http.client
import queue
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

TIMEOUT = 120  # seconds


def send(file: Path, urls: Sequence[str], part_size: int, parallel: int) -> float:
    """Put consecutive parts of a file to URLs of one host; return MB/s."""
    waiting: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
    for item in enumerate(urls):
        waiting.put(item)
    problems: list[str] = []
    threads = [
        threading.Thread(target=_send_some, args=(file, waiting, part_size, problems))
        for _ in range(parallel)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    assert not problems, problems[0]
    assert waiting.empty(), "A sender broke off."
    return len(urls) * part_size / 1e6 / seconds


def _send_some(
    file: Path,
    waiting: "queue.SimpleQueue[tuple[int, str]]",
    part_size: int,
    problems: list[str],
) -> None:
    connection: http.client.HTTPConnection | None = None
    with file.open("rb", buffering=0) as source:
        while True:
            try:
                index, url = waiting.get_nowait()
            except queue.Empty:
                break
            parts = urlsplit(url)
            connection = connection or http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT)
            connection.putrequest("PUT", f"{parts.path}?{parts.query}".rstrip("?"))
            connection.putheader("Content-Length", str(part_size))
            connection.endheaders()
            connection.sock.sendfile(source, index * part_size, part_size)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status >= 300:
                problems.append(f"{url} answered {answer.status}: {text[:300]!r}")
    if connection:
        connection.close()
