"""The relay of the running app, with stores at other origins: another service, and Ceph."""

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import requests

from client.api.api import Api
from client.connection.connection import connection_from_settings
from client.storage.plan import UploadPlan
from client.transfers.bodies import FileToPlan, Plan, SentFile
from client.transfers.browser import BrowserTransfers
from client.transfers.record import Transfer
from client.transfers.registry import TransferRegistry
from client.transfers.slots import WaitingSlots
from client.wire.exchange import ExchangeLog
from settings import read_settings
from tests.app_server import AppServer, free_port
from tests.browser.connections.ceph_endpoint import running_ceph_api
from tests.browser.endpoint import Endpoint, running_endpoint
from tests.s3.engines import Engine
from web.sign_in.sessions import Sessions

MEBIBYTE = 1024**2
LARGE = 300_000_000


@dataclass
class Visit:
    """A signed-in browser of the app, and what Python plans for it."""

    app: AppServer
    registry: TransferRegistry
    transfers: BrowserTransfers
    http: requests.Session
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    def pick(self, size: int, part_size: int) -> UploadPlan:
        file = FileToPlan(
            id=self.id, name="film.mp4", size=size, type="video/mp4", part_size=part_size,
            kind="multipart",
        )  # fmt: skip
        answer = self.transfers.plan(Plan(holder="p", connection="", files=[file]))[self.id]
        assert answer.plan, answer
        return answer.plan

    def complete(self) -> None:
        """Have what the relay brought to the store put together."""
        answer = self.transfers.complete(SentFile(id=self.id, name="film.mp4", parts=[]), "p")
        assert answer.link, answer

    @property
    def transfer(self) -> Transfer:
        """What Python knows of the file."""
        known = self.registry.get("demo", self.id)
        assert known
        return known

    def relay(self, number: int, body: Any, length: int | None = None) -> requests.Response:
        """Send a part to the app."""
        request = self.http.prepare_request(
            requests.Request("PUT", f"{self.app.url}/relay/{self.id}/{number}")
        )
        request.body = body
        request.headers["Content-Length"] = str(len(body) if length is None else length)
        return self.http.send(request, timeout=60)

    def resident(self) -> int:
        return psutil.Process(self.app.pid).memory_info().rss


@contextmanager
def running_app(folder: Path, settings: dict[str, str]) -> Generator[AppServer]:
    app = AppServer(folder / "data", free_port(), environment=settings)
    try:
        app.start()
        yield app
    finally:
        app.stop()


def visit(app: AppServer) -> Iterator[Visit]:
    sessions = Sessions(app.data_dir / "web.sqlite3")
    http = requests.Session()
    http.trust_env = False
    http.headers["Cookie"] = f"tfw_session_{app.port}={sessions.open('demo')}"
    sessions.close()
    log = ExchangeLog()
    connection = connection_from_settings(
        read_settings(app.environment_of_child(), app.data_dir / "no-secrets.toml")
    )
    api, registry = Api(connection, log), TransferRegistry(app.data_dir)
    transfers = BrowserTransfers(registry, "demo", log, lambda _name: api, WaitingSlots())
    yield Visit(app, registry, transfers, http)
    api.close()
    registry.close()
    http.close()


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with running_endpoint(tmp_path_factory.mktemp("endpoint")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def app_of_endpoint(
    endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AppServer]:
    with running_app(tmp_path_factory.mktemp("there"), endpoint.settings()) as app:
        yield app


@pytest.fixture(scope="module")
def app_of_ceph(ceph: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    with (
        running_ceph_api(ceph) as settings,
        running_app(tmp_path_factory.mktemp("ceph-app"), settings) as app,
    ):
        yield app


@pytest.fixture
def there(endpoint: Endpoint, app_of_endpoint: AppServer) -> Iterator[Visit]:
    """A visit of an app whose store is another service, which no page of the app may reach."""
    endpoint.control.switch(cors_off={})
    yield from visit(app_of_endpoint)


@pytest.fixture
def at_ceph(app_of_ceph: AppServer) -> Iterator[Visit]:
    """A visit of an app whose store is Ceph."""
    yield from visit(app_of_ceph)


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.05)


def send_through(visit: Visit, content: bytes, part_size: int) -> bytes:
    """Send everything through the relay and return what is at the download URL then."""
    plan = visit.pick(len(content), part_size)
    for part in plan.parts:
        piece = content[part.start : part.end]
        answer = visit.relay(part.number, piece)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["ETag"] == f'"{hashlib.md5(piece).hexdigest()}"'  # noqa: S324
        assert answer.headers["x-amz-request-id"]
        assert "Access-Control-Allow-Origin" not in answer.headers
    visit.complete()
    [receipt] = [
        receipt for transfer, receipt in visit.registry.finished("demo") if transfer.id == visit.id
    ]
    return visit.http.get(receipt.download_url, timeout=60).content


def test_a_file_reaches_a_store_that_the_page_may_not_reach(
    there: Visit, endpoint: Endpoint
) -> None:
    content = os.urandom(12 * MEBIBYTE + 3)
    copy = send_through(there, content, 5 * MEBIBYTE)
    assert hashlib.sha256(copy).digest() == hashlib.sha256(content).digest()
    told = there.http.get(f"{there.app.url}/transfers").json()["transfers"]
    assert {one["id"]: one["state"] for one in told}[there.id] == "done"


def test_a_file_reaches_ceph(at_ceph: Visit) -> None:
    content = os.urandom(12 * MEBIBYTE + 3)
    copy = send_through(at_ceph, content, 5 * MEBIBYTE)
    assert hashlib.sha256(copy).digest() == hashlib.sha256(content).digest()


def test_memory_stays_bounded_while_large_parts_pass(there: Visit) -> None:
    there.pick(LARGE, 100 * MEBIBYTE)
    assert there.relay(1, bytes(100 * MEBIBYTE)).ok
    before, most = there.resident(), 0

    def body() -> Iterator[bytes]:
        nonlocal most
        for _ in range(100):
            most = max(most, there.resident())
            yield bytes(MEBIBYTE)

    assert there.relay(2, body(), 100 * MEBIBYTE).ok
    assert there.relay(3, bytes(LARGE - 200 * MEBIBYTE)).ok
    assert max(most, there.resident()) - before < 40 * MEBIBYTE


def test_a_browser_that_leaves_leaves_nothing_in_the_store(
    there: Visit, endpoint: Endpoint
) -> None:
    before, stored = set(endpoint.control.files()), endpoint.control.stored_parts()
    there.pick(40 * MEBIBYTE, 20 * MEBIBYTE)

    def body() -> Iterator[bytes]:
        for _ in range(19):
            yield bytes(MEBIBYTE)
        wait_until(lambda: set(endpoint.control.files()) != before)
        raise ConnectionAbortedError

    with suppress(requests.ConnectionError, ConnectionAbortedError):
        there.relay(1, body(), 20 * MEBIBYTE)
    wait_until(lambda: set(endpoint.control.files()) == before)
    assert endpoint.control.stored_parts() == stored
    record = there.registry.record("demo", there.id)
    assert record
    assert record.parts_done == 0
    assert there.relay(1, bytes(20 * MEBIBYTE)).ok


def test_a_part_of_another_length_never_reaches_the_store(there: Visit, endpoint: Endpoint) -> None:
    before = set(endpoint.control.files())
    there.pick(10 * MEBIBYTE, 5 * MEBIBYTE)
    for length in (5 * MEBIBYTE - 1, 5 * MEBIBYTE + 1):
        answer = there.relay(1, bytes(length))
        assert (answer.status_code, answer.json()["error"]) == (413, "wrong-length")
    assert set(endpoint.control.files()) == before


def test_the_store_s_word_on_an_expired_link_is_handed_on(there: Visit, endpoint: Endpoint) -> None:
    there.pick(50 * MEBIBYTE, 50 * MEBIBYTE)
    endpoint.control.switch(expire_urls={"seconds": 1})
    time.sleep(1.2)
    answer = there.relay(1, bytes(50 * MEBIBYTE))
    assert answer.status_code == 403
    assert b"<Message>Request has expired</Message>" in answer.content
    assert answer.headers["Content-Type"].startswith("application/xml")


def test_ceph_s_word_on_a_url_that_is_not_right_is_handed_on(at_ceph: Visit) -> None:
    at_ceph.pick(50 * MEBIBYTE, 50 * MEBIBYTE)
    known = at_ceph.transfer
    assert known.plan
    [part] = known.plan.parts
    wrong = replace(part, url=part.url.replace("X-Amz-Signature=", "X-Amz-Signature=0"))
    at_ceph.registry.put(replace(known, plan=replace(known.plan, parts=(wrong,))))
    answer = at_ceph.relay(1, bytes(50 * MEBIBYTE))
    assert (answer.status_code, b"SignatureDoesNotMatch" in answer.content) == (403, True)


def test_a_store_that_is_down_is_named(there: Visit, endpoint: Endpoint) -> None:
    plan = there.pick(6 * MEBIBYTE, 6 * MEBIBYTE)
    known = there.transfer
    gone = replace(
        plan.parts[0], url=plan.parts[0].url.replace(urlsplit(endpoint.url).netloc, "127.0.0.1:9")
    )
    there.registry.put(replace(known, plan=replace(plan, parts=(gone,))))
    answer = there.relay(1, bytes(6 * MEBIBYTE))
    assert (answer.status_code, answer.json()["error"]) == (502, "service-down")
    assert "X-Amz" not in answer.text


def test_another_s_transfer_and_no_session_are_refused(there: Visit) -> None:
    there.pick(6 * MEBIBYTE, 6 * MEBIBYTE)
    there.registry.put(replace(there.transfer, id="u", owner="bob"))
    url = f"{there.app.url}/relay/u/1"
    forged = {"X-Tfw-User": "bob"}
    answer = there.http.put(url, data=bytes(6 * MEBIBYTE), headers=forged, timeout=30)
    assert (answer.status_code, answer.json()["error"]) == (404, "transfer-forgotten")
    assert requests.put(url, data=b"x", headers=forged, timeout=30).status_code == 401
    foreign = {"Origin": "https://evil.example"}
    assert there.http.put(url, data=b"x", headers=foreign, timeout=30).status_code == 403
