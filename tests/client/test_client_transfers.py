"""What Python answers to a browser that sends a file, against the running app."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from client.api import Api
from client.connection import connection_from_settings
from client.exchange import ExchangeLog
from client.plan import UploadPlan
from client.transfers import KEPT_PER_OWNER, BrowserTransfers, Transfer, TransferRegistry, Wish
from settings import read_settings
from tests.conftest import AppServer

PART = 5_242_880
NO_SECRETS = Path("/nonexistent/secrets.toml")


@pytest.fixture
def log() -> ExchangeLog:
    return ExchangeLog()


@pytest.fixture
def registry() -> TransferRegistry:
    return TransferRegistry()


@pytest.fixture
def api(app_server: AppServer, log: ExchangeLog) -> Iterator[Api]:
    settings = read_settings(app_server.environment_of_child(), NO_SECRETS)
    api = Api(connection_from_settings(settings), log)
    yield api
    api.close()


@pytest.fixture
def visitor(api: Api, registry: TransferRegistry, log: ExchangeLog) -> BrowserTransfers:
    return BrowserTransfers(api, registry, "ann", log)


def picked(event: str = "1", *, size: int = PART + 1, **other: Any) -> dict[str, Any]:
    file = {"id": "a", "name": "film.mp4", "size": size, "type": "video/mp4", "head": ""}
    return {"kind": "picked", "event": event, **file, **other}


def told(kind: str, event: str, **other: Any) -> dict[str, Any]:
    return {"kind": kind, "event": event, "id": "a", "name": "film.mp4", "size": PART + 1, **other}


def plan_of(registry: TransferRegistry) -> UploadPlan:
    transfer = registry.get("ann", "a")
    assert transfer
    assert transfer.plan
    return transfer.plan


def put_all(plan: UploadPlan) -> list[list[Any]]:
    etags: list[list[Any]] = []
    for part in plan.parts:
        answer = requests.put(part.url, data=bytes(part.size), timeout=30)
        answer.raise_for_status()
        etags.append([part.number, answer.headers["ETag"]])
    return etags


IN_PARTS = Wish(part_size=PART, kind="multipart")


def test_a_picked_file_gets_a_plan_as_wished(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    visitor.handle(picked(), IN_PARTS)
    plan = plan_of(registry)
    assert (plan.kind, [part.size for part in plan.parts]) == ("multipart", [PART, 1])
    assert visitor.seen == "1"
    assert [transfer.answers for transfer in visitor.begun()] == ["1"]


def test_sent_parts_are_completed_into_a_receipt(
    visitor: BrowserTransfers, registry: TransferRegistry, log: ExchangeLog
) -> None:
    visitor.handle(picked(), IN_PARTS)
    etags = put_all(plan_of(registry))
    tries = [{"part": 1, "size": PART, "started": 1.0, "seconds": 0.5, "status": 200, "code": ""}]
    visitor.handle(told("sent", "2", etags=etags, tries=tries), IN_PARTS)
    [(transfer, receipt)] = registry.finished("ann")
    assert (transfer.state, receipt.size, len(receipt.parts)) == ("done", PART + 1, 2)
    content = requests.get(receipt.download_url, timeout=30).content
    assert content == bytes(PART + 1)
    purposes = [exchange.purpose for exchange in log.entries()]
    assert purposes.count("complete") == 1
    [put] = [exchange for exchange in log.entries() if exchange.made_by == "browser"]
    assert (put.purpose, put.request_bytes, put.status) == ("part 1", PART, 200)
    assert "X-Amz-Signature=" in put.url
    assert plan_of(registry).parts[0].url.rsplit("=", 1)[1] not in put.url


def test_an_event_that_arrives_twice_changes_nothing(
    visitor: BrowserTransfers, registry: TransferRegistry, log: ExchangeLog
) -> None:
    visitor.handle(picked(), IN_PARTS)
    first, calls = plan_of(registry), len(log.entries())
    visitor.handle(picked(), IN_PARTS)
    assert plan_of(registry) is first
    assert len(log.entries()) == calls


@pytest.mark.parametrize(("size", "code"), [(0, "empty-file"), (2**31 + 1, "size-over-2gb")])
def test_a_file_of_a_wrong_size_costs_no_call(
    visitor: BrowserTransfers, log: ExchangeLog, size: int, code: str
) -> None:
    visitor.handle(picked(size=size), Wish())
    [transfer] = visitor.begun()
    assert transfer.state == "failed"
    assert transfer.problem
    assert transfer.problem.code == code
    assert log.entries() == ()


def test_a_wrong_etag_fails_and_a_second_try_with_the_right_one_completes(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    visitor.handle(picked(), IN_PARTS)
    etags = put_all(plan_of(registry))
    wrong = [[1, '"00000000000000000000000000000000"'], etags[1]]
    visitor.handle(told("sent", "2", etags=wrong, tries=[]), IN_PARTS)
    [transfer] = visitor.begun()
    assert transfer.problem
    assert transfer.problem.code == "complete-failed"
    assert transfer.problem.details["storage_code"] == "InvalidPart"
    visitor.handle(told("sent", "3", etags=etags, tries=[]), IN_PARTS)
    assert len(registry.finished("ann")) == 1


def test_a_failure_in_the_browser_is_kept_with_its_code(visitor: BrowserTransfers) -> None:
    error = {"code": "part-failed", "details": {"part": 2, "total": 2, "tries": 6}}
    visitor.handle(picked(), IN_PARTS)
    visitor.handle(told("failed", "2", etags=[], error=error, tries=[]), IN_PARTS)
    [transfer] = visitor.begun()
    assert transfer.state == "failed"
    assert transfer.problem
    assert transfer.problem.code == "part-failed"
    assert transfer.problem.details["name"] == "film.mp4"


def test_parts_of_an_upload_from_before_a_restart_are_refused_with_the_reason(
    visitor: BrowserTransfers,
) -> None:
    visitor.handle(told("sent", "7", etags=[[1, '"a"']], tries=[]), IN_PARTS)
    [transfer] = visitor.begun()
    assert transfer.problem
    assert transfer.problem.code == "transfer-forgotten"


def test_an_image_is_stored_under_what_its_bytes_say(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    head = b64encode(b"%PDF-1.7").decode()
    visitor.handle(picked(name="a.jpg", type="image/jpeg", head=head), Wish())
    [transfer] = visitor.begun()
    assert transfer.false_image
    assert plan_of(registry).content_type == "application/pdf"


def test_an_owner_sees_their_own_transfers_only_and_the_oldest_go(
    registry: TransferRegistry,
) -> None:
    for number in range(KEPT_PER_OWNER + 1):
        registry.put(Transfer(f"t{number}", "ann", "a", 1, "planned", "e"))
    assert registry.get("ann", "t0") is None
    assert registry.get("ann", "t1")
    assert registry.get("bob", "t1") is None
