"""Requests that meet: real threads against a live service, many rounds of each race."""

import os
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from service.store.sweep import GRACE
from tests.service.api_client import Api, error_code, part_list, send_head
from tests.service.live import SMALL, Live, room_is_counted_right, running
from tests.service.s3_api.test_parts import abort_url
from tests.service.store.test_store import Clock

ROUNDS = int(os.environ.get("ROUNDS", "25"))
CLIENTS = 4
PATIENT: dict[str, Any] = {**SMALL, "idle_timeout": 20}
LARGE: dict[str, Any] = {**SMALL, "multipart_limit": 64_000_000, "max_part_size": 32_000_000}


@pytest.fixture(scope="module")
def racing(tmp_path_factory: pytest.TempPathFactory) -> Generator[Live, None, None]:
    """A service that nothing else uses, so that every file in its folder is accounted for."""
    with running(tmp_path_factory.mktemp("racing"), **SMALL) as live:
        yield live


def at_once(*actions: Callable[[], requests.Response]) -> list[requests.Response]:
    """Run the actions in threads that start together; answers in the order of the actions."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], requests.Response]) -> requests.Response:
        barrier.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def putting(url: str, body: bytes) -> Callable[[], requests.Response]:
    return lambda: requests.put(url, data=body, timeout=20)


def completing(url: str, etags: list[str]) -> Callable[[], requests.Response]:
    return lambda: requests.post(url, data=part_list(etags), timeout=20)


def parts_on_disk(live: Live) -> int:
    return len(live.files)


def test_of_concurrent_puts_of_one_part_exactly_one_stays(racing: Live) -> None:
    api = racing.api
    for number in range(ROUNDS):
        before = parts_on_disk(racing)
        urls = api.multipart(100)
        bodies = [bytes([number, client]) * 5000 for client in range(CLIENTS)]
        answers = at_once(*(putting(urls["uploadPartUrls"][0], body) for body in bodies))
        assert {answer.status_code for answer in answers} == {200}
        assert parts_on_disk(racing) == before + 1
        kept = [
            body
            for body, answer in zip(bodies, answers, strict=True)
            if api.complete(urls["completeUrl"], part_list([answer.headers["ETag"]])).ok
        ]
        assert len(kept) == 1
        assert api.get(urls["downloadUrl"]).content == kept[0]
    assert room_is_counted_right(racing)


def test_the_put_that_was_answered_last_is_the_one_that_counts(racing: Live) -> None:
    urls = racing.api.multipart(100)
    url = urls["uploadPartUrls"][0]
    with send_head(url, "Content-Length: 5", "Connection: close") as slow:
        slow.sendall(b"slo")
        assert racing.api.put(url, b"quick").status_code == 200
        slow.sendall(b"w!")
        answer = b""
        while block := slow.recv(65536):
            answer += block
        assert answer.startswith(b"HTTP/1.1 200 ")
    etag = next(line for line in answer.splitlines() if line.lower().startswith(b"etag"))
    listed = part_list([etag.partition(b":")[2].strip().decode()])
    assert racing.api.complete(urls["completeUrl"], listed).status_code == 200
    assert racing.api.get(urls["downloadUrl"]).content == b"slow!"


def test_concurrent_puts_of_one_file_leave_one_whole_file(racing: Live) -> None:
    for number in range(ROUNDS):
        before = parts_on_disk(racing)
        urls = racing.api.single()
        bodies = [bytes([number, client]) * 5000 for client in range(CLIENTS)]
        answers = at_once(*(putting(urls["uploadUrl"], body) for body in bodies))
        assert {answer.status_code for answer in answers} == {200}
        assert racing.api.get(urls["downloadUrl"]).content in bodies
        assert parts_on_disk(racing) == before + 1
    assert room_is_counted_right(racing)


def test_a_complete_that_meets_a_put_takes_the_listed_bytes_or_none(racing: Live) -> None:
    api = racing.api
    outcomes: set[tuple[int, int]] = set()
    for number in range(ROUNDS):
        before = parts_on_disk(racing)
        urls = api.multipart(100)
        old, new = bytes([number]) * 3000, bytes([number]) * 3000 + b"new"
        etags = api.put_parts(urls["uploadPartUrls"], [old])
        put, complete = at_once(
            putting(urls["uploadPartUrls"][0], new), completing(urls["completeUrl"], etags)
        )
        outcomes.add((put.status_code, complete.status_code))
        assert parts_on_disk(racing) == before + 1
        if complete.ok:
            assert error_code(put) == (404, "NoSuchUpload")
            assert api.get(urls["downloadUrl"]).content == old
            continue
        assert error_code(complete) == (400, "InvalidPart")
        listed = part_list([put.headers["ETag"]])
        assert api.complete(urls["completeUrl"], listed).status_code == 200
        assert api.get(urls["downloadUrl"]).content == new
    assert outcomes <= {(404, 200), (200, 400)}
    assert room_is_counted_right(racing)


def test_completes_at_the_same_time_give_one_answer(racing: Live) -> None:
    api = racing.api
    for number in range(ROUNDS):
        urls = api.multipart(100)
        etags = api.put_parts(urls["uploadPartUrls"], [bytes([number])])
        answers = at_once(*[completing(urls["completeUrl"], etags)] * CLIENTS)
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert api.get(urls["downloadUrl"]).content == bytes([number])


def test_completes_with_different_lists_at_the_same_time_make_one_of_the_files(
    racing: Live,
) -> None:
    api = racing.api
    for _ in range(ROUNDS):
        before = parts_on_disk(racing)
        urls = api.multipart(300_000)
        etags = api.put_parts(urls["uploadPartUrls"], [b"a" * 100_000, b"b"])
        answers = at_once(
            completing(urls["completeUrl"], etags), completing(urls["completeUrl"], etags[:1])
        )
        assert sorted(answer.status_code for answer in answers) == [200, 404]
        whole = answers[0].ok
        assert api.get(urls["downloadUrl"]).content == b"a" * 100_000 + (b"b" if whole else b"")
        assert parts_on_disk(racing) == before + (2 if whole else 1)
    assert room_is_counted_right(racing)


def test_an_abort_that_meets_a_put_leaves_nothing(racing: Live) -> None:
    api = racing.api
    for number in range(ROUNDS):
        before = parts_on_disk(racing)
        urls = api.multipart(100)
        url = abort_url(racing, urls)
        put, aborted = at_once(
            putting(urls["uploadPartUrls"][0], bytes([number]) * 5000),
            lambda url=url: requests.delete(url, timeout=20),
        )
        assert aborted.status_code == 204
        assert put.ok or error_code(put) == (404, "NoSuchUpload")
        assert parts_on_disk(racing) == before
    assert room_is_counted_right(racing)


def test_an_abort_that_meets_a_complete_loses_to_it_or_wins_whole(racing: Live) -> None:
    api = racing.api
    for number in range(ROUNDS):
        before = parts_on_disk(racing)
        urls = api.multipart(100)
        etags = api.put_parts(urls["uploadPartUrls"], [bytes([number])])
        url = abort_url(racing, urls)
        complete, aborted = at_once(
            completing(urls["completeUrl"], etags), lambda url=url: requests.delete(url, timeout=20)
        )
        assert sorted([complete.status_code, aborted.status_code]) in ([200, 404], [204, 404])
        got = api.get(urls["downloadUrl"])
        assert (got.status_code, parts_on_disk(racing)) == (
            (200, before + 1) if complete.ok else (404, before)
        )


def test_a_download_that_meets_the_sweep_gets_every_byte(tmp_path: Path) -> None:
    clock = Clock()
    with running(tmp_path, clock, **LARGE) as live:
        urls = live.api.multipart(40_000_000)
        blocks = [bytes([number]) * 10_000_000 for number in range(4)]
        etags = live.api.put_parts(urls["uploadPartUrls"], blocks)
        assert live.api.complete(urls["completeUrl"], part_list(etags)).status_code == 200
        with requests.get(urls["downloadUrl"], stream=True, timeout=20) as answer:
            received = answer.raw.read(1000)
            clock.now += live.settings.url_lifetime + GRACE + 1
            assert live.service.store.sweep() == 0
            while block := answer.raw.read(5_000_000):
                received += block
                live.service.store.sweep()
        assert received == b"".join(blocks)
        assert error_code(live.api.get(urls["downloadUrl"])) == (403, "AccessDenied")
        live.service.store.sweep()
        assert live.files == []


def test_a_part_that_meets_the_sweep_is_told_the_truth(tmp_path: Path) -> None:
    clock = Clock()
    with running(tmp_path, clock, **PATIENT) as live:
        urls = live.api.multipart(100)
        head = ("Content-Length: 4", "Connection: close")
        with send_head(urls["uploadPartUrls"][0], *head) as slow:
            slow.sendall(b"sl")
            while not live.files:
                pass
            clock.now += live.settings.url_lifetime + GRACE + 1
            live.service.store.sweep()
            slow.sendall(b"ow")
            assert slow.recv(65536).startswith(b"HTTP/1.1 200 ")
        live.service.store.sweep()
        assert live.files == []


def puts_until_told_to_stop(api: Api, stop: threading.Event) -> None:
    while not stop.is_set():
        urls = api.single()
        body = urls["uploadUrl"].encode() * 20
        assert requests.put(urls["uploadUrl"], data=body, timeout=20).ok
        assert requests.get(urls["downloadUrl"], timeout=20).content == body


def test_the_sweep_never_takes_a_fresh_file(racing: Live) -> None:
    stop = threading.Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        busy = [pool.submit(puts_until_told_to_stop, racing.api, stop) for _ in range(CLIENTS)]
        for _ in range(100):
            racing.service.store.sweep()
        stop.set()
        for future in busy:
            future.result()
    assert room_is_counted_right(racing)
