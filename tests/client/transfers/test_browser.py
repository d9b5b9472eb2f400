"""What Python answers to a browser that sends a file, against the running service."""

import hashlib
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from client.api.api import Api
from client.connection.connection import connection_from_settings
from client.storage.plan import UploadPlan
from client.transfers.browser import BrowserTransfers, UploadOptions
from client.transfers.record import Transfer, Try
from client.transfers.registry import KEPT_PER_OWNER, TransferRegistry
from client.wire.exchange import ExchangeLog
from client.wire.http import Call
from settings import read_settings
from tests.app_server import ServiceAlone
from tests.client.remembered import FINGERPRINT
from tests.client.scripted_endpoint import QUICK, ScriptedEndpoint, drop, running_endpoint
from tests.content_types.files import WORD, archive, base_media, matroska, office

PART = 5_242_880
MODIFIED = 1_700_000_000_123
MD5 = "0123456789abcdef" * 2
NO_SECRETS = Path("/nonexistent/secrets.toml")


@pytest.fixture
def log() -> ExchangeLog:
    return ExchangeLog()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[TransferRegistry]:
    registry = TransferRegistry(tmp_path)
    yield registry
    registry.close()


@pytest.fixture
def api(service_alone: ServiceAlone, log: ExchangeLog) -> Iterator[Api]:
    settings = read_settings(service_alone.environment_of_child(), NO_SECRETS)
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


IN_PARTS = UploadOptions(part_size=PART, kind="multipart")


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
    visitor.handle(picked(size=size), UploadOptions())
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
    visitor.handle(picked(name="a.jpg", type="image/jpeg", head=head), UploadOptions())
    [transfer] = visitor.begun()
    assert transfer.false_image
    assert plan_of(registry).content_type == "application/pdf"


@pytest.mark.parametrize(
    ("name", "claimed", "content", "stored"),
    [
        ("a.docx", WORD, office("word/document.xml"), WORD),
        ("a.docx", "", archive({"a.xml": ""}), WORD),  # a browser that knows no such ending
        ("a.heic", "image/heic", base_media("mif1", "heic"), "image/heic"),
        ("a.heic", "", base_media("hevx", "mif1"), "image/heic"),
        ("a.m4a", "audio/x-m4a", base_media("mp42", "isom"), "audio/x-m4a"),
        ("a.mkv", "video/x-matroska", matroska(b"matroska"), "video/x-matroska"),
        ("BMI.csv", "text/csv", b"BMI,height\n22,180\n", "text/csv"),
        ("a.svg", "image/svg+xml", b"<!-- a --><svg/>", "image/svg+xml"),
    ],
)
def test_a_browsers_file_is_stored_under_its_type(
    visitor: BrowserTransfers,
    registry: TransferRegistry,
    name: str,
    claimed: str,
    content: bytes,
    stored: str,
) -> None:
    head = b64encode(content).decode()
    visitor.handle(picked(name=name, type=claimed, head=head, size=len(content)), UploadOptions())
    [transfer] = visitor.begun()
    assert not transfer.false_image
    plan = plan_of(registry)
    assert plan.content_type == stored
    answer = requests.put(plan.parts[0].url, content, headers={"Content-Type": stored}, timeout=30)
    visitor.handle(
        told("sent", "2", etags=[[1, answer.headers["ETag"]]], tries=[]), UploadOptions()
    )
    [transfer] = visitor.begun()
    assert transfer.receipt
    assert transfer.receipt.content_type == stored


def another_visit(api: Api, registry: TransferRegistry, owner: str = "ann") -> BrowserTransfers:
    """A visit that knows nothing of the first but what is remembered, as after a restart."""
    return BrowserTransfers(api, registry, owner, ExchangeLog())


def start(visitor: BrowserTransfers, **changes: Any) -> None:
    file: dict[str, Any] = {"modified": MODIFIED, "fingerprint": FINGERPRINT, "holder": "page"}
    visitor.handle(picked(**(file | changes)), IN_PARTS)


def resumed(event: str = "r", **changes: Any) -> dict[str, Any]:
    file = {"modified": MODIFIED, "fingerprint": FINGERPRINT, "holder": "page 2"}
    return told("resumed", event, **(file | changes))


def code_of(visitor: BrowserTransfers) -> str | None:
    [transfer] = visitor.begun()
    return transfer.problem.code if transfer.problem else None


def test_a_transfer_completes_after_a_restart_from_the_plan_that_was_stored(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry, tmp_path: Path
) -> None:
    start(visitor)
    etags = put_all(plan_of(registry))
    restarted = TransferRegistry(tmp_path)
    after = another_visit(api, restarted)
    after.handle(told("sent", "2", etags=etags, tries=[], sha256="AB" * 32), IN_PARTS)
    [(transfer, receipt)] = restarted.finished("ann")
    assert (transfer.sha256, receipt.size) == ("ab" * 32, PART + 1)
    assert code_of(after) is None
    restarted.close()


def test_a_picked_file_that_is_told_again_after_a_restart_keeps_its_plan(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    start(visitor)
    plan = plan_of(registry)
    after = another_visit(api, registry)
    start(after)
    assert plan_of(registry) == plan
    [transfer] = after.begun()
    assert transfer.answers == "1"
    assert after.awaits_plan(transfer)


def test_the_same_file_chosen_again_goes_on_with_what_has_arrived(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    start(visitor)
    [first, second] = put_all(plan_of(registry))
    registry.leases.report("ann", "a", lease_owner="page", etags=[(1, first[1])], gone=True)
    after = another_visit(api, registry)
    after.handle(resumed(), IN_PARTS)
    [transfer] = after.begun()
    assert (transfer.answers, transfer.problem, transfer.lease_owner) == ("r", None, "page 2")
    assert transfer.etags == {1: first[1]}
    assert after.awaits_plan(transfer)
    after.handle(told("sent", "s", etags=[second], tries=[], holder="page 2"), IN_PARTS)
    assert len(registry.finished("ann")) == 1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"size": PART}, "size"),
        ({"modified": MODIFIED + 1}, "time it was changed"),
        ({"modified": 10**30}, "time it was changed"),
        ({"modified": 10**30, "digests": [[1, MD5]]}, "time it was changed"),
        ({"modified": MODIFIED + 1, "digests": []}, "time it was changed"),
        ({"modified": MODIFIED + 1, "digests": [[2, MD5]]}, "time it was changed"),
        ({"modified": MODIFIED + 1, "digests": [[1, "ab" * 16]]}, "content of part 1"),
        ({"modified": MODIFIED + 1, "digests": [[1, MD5]], "fingerprint": "cd" * 32}, "content"),
        ({"fingerprint": "cd" * 32}, "content"),
        ({"fingerprint": None}, "content"),
    ],
)
def test_another_file_is_refused_with_the_reason_and_the_transfer_stays_resumable(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry, change: Any, what: str
) -> None:
    start(visitor)
    registry.leases.report("ann", "a", lease_owner="page", etags=[(1, f'"{MD5}"')], gone=True)
    after = another_visit(api, registry)
    after.handle(resumed(**change), IN_PARTS)
    [transfer] = after.begun()
    assert transfer.state == "planned"
    assert transfer.problem
    assert (transfer.problem.code, transfer.problem.details["what"]) == ("file-differs", what)
    assert transfer.problem.details["expected"] != transfer.problem.details["found"]
    assert not after.awaits_plan(transfer)
    after.handle(resumed("r2"), IN_PARTS)
    assert code_of(after) is None


def test_a_file_of_another_time_goes_on_where_the_parts_sent_prove_it(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    start(visitor)
    registry.leases.report(
        "ann", "a", lease_owner="page", etags=[(1, f'"{MD5.upper()}"')], gone=True
    )
    after = another_visit(api, registry)
    after.handle(resumed(modified=MODIFIED + 1, digests=[[1, MD5]]), IN_PARTS)
    assert code_of(after) is None
    # From now on the file it goes on with is the one it is recognised by.
    registry.leases.report("ann", "a", lease_owner="page 2", gone=True)
    after.handle(resumed("r2"), IN_PARTS)
    assert code_of(after) == "file-differs"
    after.handle(resumed("r3", modified=MODIFIED + 1), IN_PARTS)
    assert code_of(after) is None


def test_of_a_transfer_without_a_part_the_samples_are_proof_enough(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    start(visitor)
    registry.leases.report("ann", "a", lease_owner="page", gone=True)
    after = another_visit(api, registry)
    after.handle(resumed(modified=MODIFIED + 1), IN_PARTS)
    assert code_of(after) is None


def test_a_transfer_that_another_window_sends_is_not_taken_over(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    start(visitor)
    other = another_visit(api, registry)
    other.handle(resumed(), IN_PARTS)
    assert code_of(other) == "transfer-elsewhere"
    [mine] = visitor.begun()
    assert (mine.answers, mine.problem, mine.lease_owner) == ("1", None, "page")
    registry.leases.report("ann", "a", lease_owner="page", gone=True)
    other.handle(resumed("r2"), IN_PARTS)
    assert code_of(other) is None


def test_a_transfer_whose_links_have_expired_is_not_gone_on_with(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    start(visitor)
    known = registry.get("ann", "a")
    assert known
    assert known.plan
    registry.put(replace(known, plan=replace(known.plan, deadline=time.time() - 1), heartbeat=0.0))
    visitor.handle(resumed(), IN_PARTS)
    assert code_of(visitor) == "link-expired"


@pytest.mark.parametrize("owner", ["ann", "bob"])
def test_what_is_not_remembered_cannot_be_gone_on_with(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry, owner: str
) -> None:
    start(visitor, **({"id": "b"} if owner == "ann" else {}))
    other = another_visit(api, registry, owner)
    other.handle(resumed(), IN_PARTS)
    assert code_of(other) == "transfer-forgotten"


def test_a_failed_transfer_keeps_its_plan_and_parts(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    start(visitor)
    [first, second] = put_all(plan_of(registry))
    registry.leases.report("ann", "a", lease_owner="page", etags=[(1, first[1])])
    error = {"code": "part-failed", "details": {"part": 2, "total": 2, "tries": 6}}
    visitor.handle(told("failed", "2", error=error, tries=[], holder="page"), IN_PARTS)
    [transfer] = visitor.begun()
    assert (transfer.state, transfer.etags) == ("failed", {1: first[1]})
    visitor.handle(told("sent", "3", etags=[second], tries=[], holder="page"), IN_PARTS)
    assert len(registry.finished("ann")) == 1


def test_two_windows_that_complete_at_once_do_no_harm(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry, log: ExchangeLog
) -> None:
    start(visitor)
    etags = put_all(plan_of(registry))
    others = [another_visit(api, registry) for _ in range(3)]
    threads = [
        threading.Thread(target=other.handle, args=(told("sent", "s", etags=etags), IN_PARTS))
        for other in (visitor, *others)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(registry.finished("ann")) == 1
    assert [code_of(other) for other in (visitor, *others)] == [None] * 4
    completed = [exchange for exchange in log.entries() if exchange.purpose == "complete"]
    visitor.handle(told("sent", "t", etags=etags), IN_PARTS)
    assert code_of(visitor) is None
    assert [item for item in log.entries() if item.purpose == "complete"] == completed


def test_a_plan_goes_out_until_the_browser_shows_that_it_has_it(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    def awaited() -> bool:
        [transfer] = visitor.begun()
        return visitor.awaits_plan(transfer)

    start(visitor)
    assert awaited()
    assert awaited()
    registry.leases.report("ann", "a", lease_owner="page")
    assert awaited()
    registry.leases.report("ann", "a", lease_owner="page", etags=[(1, '"a"')])
    assert not awaited()


def test_tries_are_kept_and_logged_once_however_they_are_told(
    visitor: BrowserTransfers, registry: TransferRegistry, log: ExchangeLog
) -> None:
    start(visitor)
    base: dict[str, Any] = {
        "size": PART,
        "seconds": 0.5,
        "code": "",
        "etag": None,
        "request_id": "R",
    }
    first: dict[str, Any] = {"part": 1, "started": 1.0, "status": 503, "route": "direct", **base}
    second = {"part": 1, "started": 2.0, "status": 200, "route": "relay", **base}
    registry.leases.report("ann", "a", lease_owner="page", tries=[Try(**first)])
    error: dict[str, Any] = {"code": "part-failed", "details": {}}
    visitor.handle(told("failed", "2", error=error, tries=[first, second]), IN_PARTS)
    visitor.handle(told("failed", "3", error=error, tries=[second]), IN_PARTS)
    assert [row.started for _, row in registry.tries.of("ann", "a")] == [1.0, 2.0]
    puts = [exchange for exchange in log.entries() if exchange.method == "PUT"]
    assert [(put.status, put.made_by) for put in puts] == [(503, "browser"), (200, "python")]
    assert {put.transfer for put in puts} == {"a"}


def test_cancelling_leaves_nothing_in_the_store(
    visitor: BrowserTransfers, registry: TransferRegistry, service_alone: ServiceAlone
) -> None:
    files = service_alone.data_dir / "files"
    before = set(files.iterdir())
    start(visitor)
    plan = plan_of(registry)
    put_all(plan)
    assert set(files.iterdir()) > before
    visitor.handle(told("cancelled", "2", tries=[], holder="page"), IN_PARTS)
    [transfer] = visitor.begun()
    assert (transfer.state, transfer.problem) == ("cancelled", None)
    assert set(files.iterdir()) == before
    late = requests.put(plan.parts[0].url, data=bytes(PART), timeout=30)
    assert (late.status_code, b"NoSuchUpload" in late.content) == (404, True)
    assert set(files.iterdir()) == before


def test_a_part_on_its_way_when_its_transfer_is_cancelled_leaves_nothing(
    visitor: BrowserTransfers, registry: TransferRegistry, service_alone: ServiceAlone
) -> None:
    files = service_alone.data_dir / "files"
    before = set(files.iterdir())
    start(visitor)
    on_its_way, cancelled = threading.Event(), threading.Event()

    def body() -> Iterator[bytes]:
        yield bytes(PART - 1)
        on_its_way.set()
        cancelled.wait(30)
        yield b"x"

    answers: list[requests.Response] = []
    url, length = plan_of(registry).parts[0].url, {"Content-Length": str(PART)}
    request = requests.Request("PUT", url, headers=length).prepare()
    request.body = body()  # pyright: ignore[reportAttributeAccessIssue] - no chunks: it has a length
    thread = threading.Thread(
        target=lambda: answers.append(requests.Session().send(request, timeout=30))
    )
    thread.start()
    on_its_way.wait(30)
    visitor.handle(told("cancelled", "2", tries=[], holder="page"), IN_PARTS)
    cancelled.set()
    thread.join()
    assert answers[0].status_code == 404
    assert set(files.iterdir()) == before


def test_a_discarded_transfer_of_another_page_load_is_aborted_too(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    start(visitor)
    other = another_visit(api, registry)
    other.handle(told("cancelled", "x", tries=[], holder="page 2"), IN_PARTS)
    assert registry.list("ann")[0].state == "cancelled"
    assert registry.leases.report("ann", "a", lease_owner="page") == "elsewhere"
    other.handle(resumed(), IN_PARTS)
    assert code_of(other) == "transfer-forgotten"


def test_an_abort_that_fails_is_logged_and_the_transfer_is_cancelled_all_the_same(
    endpoint: ScriptedEndpoint, registry: TransferRegistry
) -> None:
    log = ExchangeLog()
    api = Api(endpoint.connection(embedded=True), log, policy=QUICK)
    visitor = BrowserTransfers(api, registry, "ann", log)
    visitor.handle(picked(size=60), UploadOptions())
    endpoint.on("service/uploads/u1", drop)
    visitor.handle(told("cancelled", "2", tries=[]), UploadOptions())
    [transfer] = visitor.begun()
    assert (transfer.state, transfer.problem) == ("cancelled", None)
    [abort] = [exchange for exchange in log.entries() if exchange.purpose == "abort"]
    assert (abort.status, abort.error) == (None, "the connection broke off")


@pytest.mark.parametrize("size", [20, 60])
def test_another_endpoint_has_no_abort_to_call(
    endpoint: ScriptedEndpoint, registry: TransferRegistry, size: int
) -> None:
    api = endpoint.api()
    assert not api.abort(api.plan_upload("a", size, "video/mp4").complete_url)
    assert endpoint.seen[-1].what == "graphql"


def test_a_cancel_of_something_unknown_is_no_error(visitor: BrowserTransfers) -> None:
    visitor.handle(told("cancelled", "2", tries=[]), IN_PARTS)
    assert (visitor.begun(), visitor.seen) == ([], "2")


def test_an_owner_sees_their_own_transfers_only_and_the_oldest_go(
    registry: TransferRegistry,
) -> None:
    for number in range(KEPT_PER_OWNER + 1):
        registry.put(Transfer(f"t{number}", "ann", "a", 1, "planned", "e"))
    assert registry.get("ann", "t0") is None
    assert registry.get("ann", "t1")
    assert registry.get("bob", "t1") is None


def test_a_running_transfer_ends_on_the_connection_it_began_on(
    tmp_path: Path, log: ExchangeLog
) -> None:
    registry = TransferRegistry(tmp_path)
    with running_endpoint() as one, running_endpoint() as other:
        apis = {name: end.api(name=name) for name, end in (("one", one), ("other", other))}
        visitor = BrowserTransfers(apis["one"], registry, "ann", log, apis.__getitem__)
        visitor.handle(picked(size=10), UploadOptions())
        visitor.api = apis["other"]
        plan = plan_of(registry)
        assert plan.connection == "one"
        apis["one"].wire.send(Call("PUT", plan.parts[0].url, "part 1", body=bytes(10)))
        etag = f'"{hashlib.md5(bytes(10)).hexdigest()}"'  # noqa: S324
        visitor.handle(told("sent", "2", etags=[[1, etag]]), UploadOptions())
        [transfer] = visitor.begun()
        assert transfer.problem is None
        assert transfer.state == "done"
        visitor.handle(picked("3", id="b", size=10), UploadOptions())
        assert (one.times("graphql"), other.times("graphql")) == (1, 1)
        for api in apis.values():
            api.close()
    registry.close()


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "picked", "event": "1", "id": "a"},
        picked(size="many"),  # pyright: ignore[reportArgumentType]
        picked(head="?"),
        {**picked(), "kind": "thrown"},
        told("sent", "1", etags=[["one", "e"]]),
        told("failed", "1"),
    ],
)
def test_a_malformed_event_is_answered_once_and_changes_nothing(
    visitor: BrowserTransfers, registry: TransferRegistry, event: dict[str, Any]
) -> None:
    visitor.handle(event, UploadOptions())
    assert code_of(visitor) == "bad-event"
    assert (visitor.seen, [one.answers for one in visitor.begun()]) == ("1", ["1"])
    assert registry.list("ann") == []


def test_an_event_without_a_name_is_nobody_s(visitor: BrowserTransfers) -> None:
    visitor.handle({"kind": "picked"}, UploadOptions())
    visitor.handle({"event": ["1"], "id": "a"}, UploadOptions())
    assert (visitor.seen, visitor.begun()) == ("", [])


def test_after_a_malformed_event_the_file_can_be_sent(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    visitor.handle(picked(head="?"), UploadOptions())
    visitor.handle(picked("2"), UploadOptions())
    assert code_of(visitor) is None
    assert plan_of(registry).size == PART + 1


def test_an_event_that_two_runs_bring_is_answered_once(
    visitor: BrowserTransfers, registry: TransferRegistry, log: ExchangeLog
) -> None:
    together = threading.Barrier(8)

    def bring() -> None:
        together.wait()
        visitor.handle(picked(), IN_PARTS)

    threads = [threading.Thread(target=bring) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked = [row for row in log.entries() if row.url.endswith("/graphql")]
    asked = [row for row in asked if row.purpose != "__schema"]
    assert len(asked) == 1
    assert plan_of(registry).size == PART + 1


def test_what_was_begun_can_be_read_while_it_grows(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    ended = threading.Event()
    faults: list[Exception] = []

    def read() -> None:
        while not ended.is_set():
            try:
                visitor.begun()
            except RuntimeError as error:
                faults.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(300):
        visitor.handle({"event": str(number), "id": f"t{number % 40}"}, UploadOptions())
    ended.set()
    for reader in readers:
        reader.join()
    assert not faults
