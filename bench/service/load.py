"""Load on the app, each kind from a process of its own, every call timed.

In one process with the rest, the load would wait for itself and call that the server's time.
"""

import hashlib
import http.client
import json
import multiprocessing
import os
import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from urllib.parse import urlsplit

from tests.streamlit_socket import StreamlitSocket

TIMEOUT = 120  # seconds
PART = 5 * 1024 * 1024
PARTS = 4
"""Of an upload: 20 MiB, in parts of the smallest size."""
SINGLE = "mutation { createTempFileUploadUrl { uploadUrl downloadUrl } }"
MULTIPART = (
    f"mutation {{ createTempFileMultipartUploadUrl(input: {{ filesize: {PART * PARTS} }})"
    " { completeUrl uploadPartUrls } }"
)
STARTING = 120
"""Seconds that processes may take until all are ready to begin."""

Ready = Callable[[], None]


@dataclass
class Timed:
    """Seconds of each call, and what went wrong, in words."""

    seconds: list[float] = field(default_factory=list[float])
    problems: list[str] = field(default_factory=list[str])

    @property
    def p95(self) -> float:
        """Milliseconds within which 95 % of the calls ended.

        Raises:
            RuntimeError: nearly all went wrong, so there is no such figure.
        """
        if len(self.seconds) < 2:
            raise RuntimeError(f"There is nothing to measure: {self.problems[:3]}")
        return statistics.quantiles(self.seconds, n=20)[18] * 1000

    @property
    def most(self) -> float:
        """Milliseconds of the longest call."""
        return max(self.seconds) * 1000


@dataclass(frozen=True)
class Live:
    """Asks /service/live again and again, as a health check that is never content."""

    url: str
    pause: float = 0.02

    def __call__(self, ready: Ready, lasting: float) -> Timed:
        """Ask for so many seconds."""
        timed, connection = Timed(), _connection(self.url)
        ready()
        started = time.monotonic()
        while time.monotonic() - started < lasting:
            began = time.perf_counter()
            connection.request("GET", "/service/live")
            answer = connection.getresponse()
            answer.read()
            timed.seconds.append(time.perf_counter() - began)
            _expect(answer, timed, "live")
            time.sleep(self.pause)
        return timed


@dataclass(frozen=True)
class Mutations:
    """Asks for upload URLs, `rate` times a second at most."""

    url: str
    token: str
    rate: float = 5.0

    def __call__(self, ready: Ready, lasting: float) -> Timed:
        """Ask for so many seconds."""
        timed, connection = Timed(), _connection(self.url)
        ready()
        started = time.monotonic()
        while time.monotonic() - started < lasting:
            _ask(connection, self.token, SINGLE, timed)
            time.sleep(1 / self.rate)
        return timed


@dataclass(frozen=True)
class Uploads:
    """Sends files of 20 MiB, in so many threads. Timed is the PUT of a part.

    Attributes:
        most: files of one thread; 0: as many as there is time for.
    """

    url: str
    token: str
    at_once: int
    most: int = 0

    def __call__(self, ready: Ready, lasting: float) -> Timed:
        """Send for so many seconds, and end the uploads that have begun."""
        timed = Timed()
        body = os.urandom(PART)
        etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
        ready()
        _in_threads(self.at_once, lambda _: self._send(body, etag, lasting, timed), timed)
        return timed

    def _send(self, body: bytes, etag: str, lasting: float, timed: Timed) -> None:
        connection, unimportant = _connection(self.url), Timed()
        started, sent = time.monotonic(), 0
        while time.monotonic() - started < lasting and not 0 < self.most <= sent:
            sent += 1
            answer = json.loads(_ask(connection, self.token, MULTIPART, unimportant))
            if not answer.get("data"):
                timed.problems.append(str(answer["errors"]))
                return
            urls = answer["data"]["createTempFileMultipartUploadUrl"]
            for part in urls["uploadPartUrls"]:
                began = time.perf_counter()
                connection.request("PUT", _path(part), body)
                response = connection.getresponse()
                response.read()
                timed.seconds.append(time.perf_counter() - began)
                _expect(response, timed, "part")
                if response.headers["ETag"] != etag:
                    timed.problems.append("a part came with a wrong ETag")
            _complete(connection, urls["completeUrl"], etag, timed)
        timed.problems.extend(unimportant.problems)


@dataclass(frozen=True)
class Tabs:
    """People at open tabs. Each looks at a page for a while, then goes on to the next one.

    Attributes:
        think: seconds, from and to; 0 for a tab that wants the next page at once.
    """

    url: str
    cookie: str
    count: int
    think: tuple[float, float] = (0.0, 0.0)

    def __call__(self, ready: Ready, lasting: float) -> Timed:
        """Open the tabs, begin when all are ready, and go on for so many seconds."""
        timed = Timed()
        all_open = threading.Barrier(self.count, action=ready, timeout=STARTING)
        _in_threads(self.count, lambda number: self._visit(number, all_open, lasting, timed), timed)
        return timed

    def _visit(
        self, number: int, all_open: threading.Barrier, lasting: float, timed: Timed
    ) -> None:
        chance = random.Random(number)  # noqa: S311 - the same run each time
        with StreamlitSocket(self.url, cookie=self.cookie) as tab:
            pages = tab.run().pages or [""]
            all_open.wait()
            started = time.monotonic()
            time.sleep(chance.uniform(0, self.think[1]))
            while time.monotonic() - started < lasting:
                number += 1
                began = time.perf_counter()
                run = tab.run(pages[number % len(pages)], seconds=TIMEOUT)
                timed.seconds.append(time.perf_counter() - began)
                timed.problems.extend(run.exceptions)
                time.sleep(chance.uniform(*self.think))


Job = Live | Mutations | Uploads | Tabs


def measured(jobs: Sequence[Job], lasting: float) -> list[Timed]:
    """Run jobs at the same time, each in a process of its own, and return what each of them saw."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(jobs))
    results: Queue[tuple[int, Timed]] = context.Queue()
    processes = [
        context.Process(target=_work, args=(number, job, barrier.wait, lasting, results))
        for number, job in enumerate(jobs)
    ]
    for process in processes:
        process.start()
    found = dict(results.get(timeout=STARTING + lasting + TIMEOUT) for _ in jobs)
    for process in processes:
        process.join()
    return [found[number] for number in range(len(jobs))]


def _work(
    number: int,
    job: Job,
    wait: Callable[[float], int],
    lasting: float,
    results: "Queue[tuple[int, Timed]]",
) -> None:
    try:
        timed = job(lambda: _begin(wait), lasting)
    except Exception as error:  # noqa: BLE001 - told to the parent, which counts it
        timed = Timed(problems=[repr(error)])
    results.put((number, timed))


def _begin(wait: Callable[[float], int]) -> None:
    wait(STARTING)


def _in_threads(count: int, work: Callable[[int], None], timed: Timed) -> None:
    def guarded(number: int) -> None:
        try:
            work(number)
        except Exception as error:  # noqa: BLE001 - counted among the problems
            timed.problems.append(repr(error))

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _connection(url: str) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT)
    connection.connect()
    return connection


def _ask(connection: http.client.HTTPConnection, token: str, query: str, timed: Timed) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    began = time.perf_counter()
    connection.request("POST", "/graphql", json.dumps({"query": query}), headers)
    answer = connection.getresponse()
    text = answer.read()
    timed.seconds.append(time.perf_counter() - began)
    _expect(answer, timed, "mutation")
    if b'"errors"' in text:
        timed.problems.append(text.decode())
    return text


def _complete(connection: http.client.HTTPConnection, url: str, etag: str, timed: Timed) -> None:
    rows = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
        for number in range(1, PARTS + 1)
    )
    xml = f"<CompleteMultipartUpload>{rows}</CompleteMultipartUpload>"
    connection.request("POST", _path(url), xml)
    answer = connection.getresponse()
    text = answer.read()
    _expect(answer, timed, "complete")
    if b"<Error>" in text:
        timed.problems.append(text.decode())


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def _expect(answer: http.client.HTTPResponse, timed: Timed, what: str) -> None:
    if answer.status != 200:
        timed.problems.append(f"{what} answered {answer.status}")
