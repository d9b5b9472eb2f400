"""What the app answers to a browser that sends files, against the running service."""

import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from client.api.api import Api
from client.connection.connection import connection_from_settings
from client.errors import ConnectionUnknownError, RecordsUnavailableError
from client.storage.plan import UploadPlan, UploadSlot
from client.transfers.bodies import Cancel, Fail, FileToPlan, Forget, Plan, Resume, SentFile
from client.transfers.browser import KEPT, ApiOf, BrowserTransfers, TransferAnswer
from client.transfers.record import Link, Problem, Transfer, Try
from client.transfers.registry import KEPT_PER_OWNER, TransferRegistry
from client.transfers.slots import WaitingSlots
from client.wire.exchange import ExchangeLog
from client.wire.http import Call
from settings import read_settings
from tests.app_server import ServiceAlone
from tests.client.remembered import FINGERPRINT, sent
from tests.client.scripted_endpoint import (
    QUICK,
    ScriptedEndpoint,
    drop,
    graphql_error,
    running_endpoint,
)
from tests.content_types.files import WORD, archive, base_media, matroska, office

PART = 5_242_880
MODIFIED = 1_700_000_000_123
MD5 = "0123456789abcdef" * 2
NO_SECRETS = Path("/nonexistent/secrets.toml")
IN_PARTS: dict[str, Any] = {"part_size": PART, "kind": "multipart"}
Sent = tuple[int, int, int, str]
TRY: dict[str, Any] = {
    "part": 1, "size": PART, "started": 1.0, "seconds": 0.5, "status": 200, "request_id": "R",
}  # fmt: skip


@pytest.fixture
def log() -> ExchangeLog:
    return ExchangeLog()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[TransferRegistry]:
    registry = TransferRegistry(tmp_path)
    yield registry
    registry.close()


@pytest.fixture
def slots() -> WaitingSlots:
    return WaitingSlots()


@pytest.fixture
def api(service_alone: ServiceAlone, log: ExchangeLog) -> Iterator[Api]:
    settings = read_settings(service_alone.environment_of_child(), NO_SECRETS)
    api = Api(connection_from_settings(settings), log)
    yield api
    api.close()


@pytest.fixture
def visitor(
    api: Api, registry: TransferRegistry, log: ExchangeLog, slots: WaitingSlots
) -> BrowserTransfers:
    return BrowserTransfers(registry, "ann", log, lambda _name: api, slots)


@pytest.fixture
def scripted(
    endpoint: ScriptedEndpoint, registry: TransferRegistry, log: ExchangeLog, slots: WaitingSlots
) -> Iterator[BrowserTransfers]:
    """A visitor whose connection is a scripted endpoint."""
    api = Api(endpoint.connection(embedded=True), log, policy=QUICK)
    yield BrowserTransfers(registry, "ann", log, lambda _name: api, slots)
    api.close()


def another_session(api: Api, registry: TransferRegistry, owner: str = "ann") -> BrowserTransfers:
    """A session that knows nothing of the first but what is remembered, as after a restart."""
    return BrowserTransfers(registry, owner, ExchangeLog(), lambda _name: api, WaitingSlots())


def file(transfer_id: str = "a", **changes: Any) -> FileToPlan:
    values: dict[str, Any] = {
        "name": "film.mp4",
        "size": PART + 1,
        "type": "video/mp4",
        "modified": MODIFIED,
        "fingerprint": FINGERPRINT,
    }
    return FileToPlan(id=transfer_id, **values | changes)


def asked(*files: FileToPlan, holder: str = "page", connection: str = "embedded") -> Plan:
    return Plan(holder=holder, connection=connection, files=list(files))


def start(visitor: BrowserTransfers, **changes: Any) -> UploadPlan:
    """Plan a file in parts."""
    plan = visitor.plan(asked(file(**IN_PARTS | changes)))[changes.get("transfer_id", "a")].plan
    assert plan
    return plan


def resume(visitor: BrowserTransfers, **changes: Any) -> TransferAnswer:
    values: dict[str, Any] = {
        "holder": "page 2", "id": "a", "name": "film.mp4", "size": PART + 1,
        "modified": MODIFIED, "fingerprint": FINGERPRINT,
    }  # fmt: skip
    return visitor.resume(Resume(**values | changes))


def complete(
    visitor: BrowserTransfers, parts: list[Sent], *, holder: str = "page", **other: Any
) -> TransferAnswer:
    return visitor.complete(SentFile(id="a", name="film.mp4", parts=parts, **other), holder)


def fail(visitor: BrowserTransfers, *tries: Try, holder: str = "page") -> TransferAnswer:
    problem = Problem("part-failed", {"part": 2, "total": 2, "tries": 6})
    told = Fail(holder=holder, id="a", name="film.mp4", error=problem, tries=list(tries))
    return visitor.fail(told)


def cancel(visitor: BrowserTransfers, *, holder: str = "page") -> None:
    visitor.cancel(Cancel(holder=holder, ids=["a"]))


def code_of(answer: TransferAnswer) -> str | None:
    assert [answer.plan, answer.link, answer.problem].count(None) == 2
    return answer.problem.code if answer.problem else None


def told_try(**changes: Any) -> Try:
    return Try(**{**TRY, **changes})


def known(registry: TransferRegistry) -> Transfer:
    transfer = registry.get("ann", "a")
    assert transfer
    return transfer


def arrived(number: int, etag: str) -> Sent:
    return sent(number, etag, PART + 1)


def put_all(plan: UploadPlan) -> list[Sent]:
    etags: list[Sent] = []
    for part in plan.parts:
        headers = {} if plan.kind == "multipart" else {"Content-Type": plan.content_type}
        answer = requests.put(part.url, data=bytes(part.size), headers=headers, timeout=30)
        answer.raise_for_status()
        etags.append((part.number, part.start, part.end, answer.headers["ETag"]))
    return etags


def test_a_file_gets_a_plan_as_wished(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    answer = visitor.plan(asked(file(**IN_PARTS)))["a"]
    plan = answer.plan
    assert plan
    assert (plan.kind, [part.size for part in plan.parts]) == ("multipart", [PART, 1])
    assert (answer.etags, answer.takes_md5) == ({}, True)
    transfer = known(registry)
    assert (transfer.plan, transfer.state, transfer.lease_owner) == (plan, "planned", "page")
    assert (transfer.modified, transfer.fingerprint) == (MODIFIED, FINGERPRINT)


def test_a_browser_that_cuts_the_parts_tells_how_it_did(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    plan = start(visitor, size=3 * PART, part_size=None)
    assert (plan.parts, len(plan.urls)) == ((), 3)
    ranges = [(1, 0, PART + 5), (3, PART + 5, 3 * PART)]
    parts: list[Sent] = []
    for number, first, end in ranges:
        answer = requests.put(plan.urls[number], data=bytes(end - first), timeout=30)
        parts.append((number, first, end, answer.headers["ETag"]))
    registry.leases.report("ann", "a", lease_owner="page", parts=parts[1:], gone=True)
    resumed = resume(visitor, size=3 * PART)
    assert resumed.plan
    assert [(part.number, part.start, part.end) for part in resumed.plan.parts] == ranges[1:]
    assert code_of(complete(visitor, [])) == "complete-failed"
    assert code_of(complete(visitor, parts)) is None
    [(transfer, receipt)] = registry.finished("ann")
    assert [row[:2] for row in receipt.parts] == [(1, PART + 5), (3, 2 * PART - 5)]
    assert transfer.plan
    assert transfer.plan.part_sizes == (PART + 5, 2 * PART - 5)


def test_each_of_several_files_gets_its_own_answer(
    visitor: BrowserTransfers, registry: TransferRegistry, log: ExchangeLog
) -> None:
    answers = visitor.plan(
        asked(
            file("small", size=3),
            file("empty", size=0),
            file("parts", **IN_PARTS),
            file("other", size=4),
            file("odd", kind="multipart", part_size=7),
        )
    )
    assert {name: code_of(answer) for name, answer in answers.items()} == {
        "small": None, "empty": "empty-file", "parts": None, "other": None, "odd": "bad-part-size",
    }  # fmt: skip
    assert {record.id for record in registry.list("ann")} == {"small", "parts", "other"}
    urls = {plan.parts[0].url for answer in answers.values() if (plan := answer.plan)}
    assert len(urls) == 3
    [together] = [row for row in log.entries() if row.purpose == "createTempFileUploadUrl"]
    assert together.transfers == ("small", "other")


def test_only_the_files_that_are_wanted_are_planned(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    answers = visitor.plan(asked(file("a", size=3), file("b", size=3)), frozenset("b"))
    assert list(answers) == ["b"]
    assert [record.id for record in registry.list("ann")] == ["b"]


def test_sent_parts_are_completed_into_a_link(
    visitor: BrowserTransfers, registry: TransferRegistry, log: ExchangeLog
) -> None:
    plan = start(visitor)
    answer = complete(visitor, put_all(plan), tries=[told_try()])
    [(transfer, receipt)] = registry.finished("ann")
    assert (transfer.state, receipt.size, len(receipt.parts)) == ("done", PART + 1, 2)
    assert answer.link == Link(
        receipt.download_url, receipt.deadline, receipt.content_type, image=False
    )
    content = requests.get(receipt.download_url, timeout=30).content
    assert content == bytes(PART + 1)
    purposes = [exchange.purpose for exchange in log.entries()]
    assert purposes.count("complete") == 1
    visitor.log_tries()
    [put] = [exchange for exchange in log.entries() if exchange.made_by == "browser"]
    assert (put.purpose, put.request_bytes, put.status) == ("part 1", PART, 200)
    assert "X-Amz-Signature=" in put.url
    assert plan.parts[0].url.rsplit("=", 1)[1] not in put.url


def test_a_file_that_is_asked_for_again_keeps_its_plan(
    visitor: BrowserTransfers, log: ExchangeLog
) -> None:
    first, calls = start(visitor), len(log.entries())
    assert start(visitor) == first
    assert len(log.entries()) == calls


def test_a_file_that_is_done_is_answered_with_its_link(
    visitor: BrowserTransfers, log: ExchangeLog
) -> None:
    link = complete(visitor, put_all(start(visitor))).link
    calls = len(log.entries())
    again = visitor.plan(asked(file(**IN_PARTS)))["a"]
    assert (again.link, code_of(again)) == (link, None)
    assert len(log.entries()) == calls


@pytest.mark.parametrize(
    ("change", "what"),
    [({"name": "b.mp4"}, "name"), ({"size": 7}, "size"), ({"fingerprint": ""}, "content")],
)
def test_another_file_under_an_id_that_is_taken_gets_no_plan(
    visitor: BrowserTransfers, registry: TransferRegistry, change: dict[str, Any], what: str
) -> None:
    plan = start(visitor)
    answer = visitor.plan(asked(file(**IN_PARTS | change)))["a"]
    assert code_of(answer) == "file-differs"
    assert answer.problem
    assert answer.problem.details["what"] == what
    assert known(registry).plan == plan


def test_two_owners_may_have_the_same_id(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    mine = start(visitor)
    other = start(another_session(api, registry, "bob"), name="another.mp4")
    assert other.download_url != mine.download_url
    assert known(registry).plan == mine


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"size": 0}, "empty-file"),
        ({"size": 2**31 + 1}, "size-over-2gb"),
        ({"size": 200_000_000, "kind": "single"}, "size-over-single-limit"),
    ],
)
def test_a_file_of_a_wrong_size_costs_no_call(
    visitor: BrowserTransfers,
    registry: TransferRegistry,
    log: ExchangeLog,
    changes: dict[str, Any],
    code: str,
) -> None:
    assert code_of(visitor.plan(asked(file(**changes)))["a"]) == code
    assert registry.get("ann", "a") is None
    assert log.entries() == ()


def test_what_the_endpoint_refuses_is_said_of_each_file_and_can_be_asked_again(
    scripted: BrowserTransfers, registry: TransferRegistry, endpoint: ScriptedEndpoint
) -> None:
    files = asked(file("a", size=3), file("b", size=3), file("c", size=0))
    endpoint.on("graphql", graphql_error("no grant", "FORBIDDEN"))
    answers = scripted.plan(files)
    assert [code_of(answer) for answer in answers.values()] == [
        "permission-denied", "permission-denied", "empty-file",
    ]  # fmt: skip
    assert registry.list("ann") == []
    again = scripted.plan(files)
    assert [code_of(again[name]) for name in "ab"] == [None, None]


def test_a_wrong_etag_fails_and_a_second_try_with_the_right_one_completes(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    etags = put_all(start(visitor))
    wrong = [arrived(1, '"00000000000000000000000000000000"'), etags[1]]
    answer = complete(visitor, wrong)
    assert code_of(answer) == "complete-failed"
    assert answer.problem
    assert answer.problem.details["storage_code"] == "InvalidPart"
    assert (known(registry).state, known(registry).problem) == ("failed", answer.problem)
    assert code_of(complete(visitor, etags)) is None
    assert len(registry.finished("ann")) == 1


def test_a_failure_in_the_browser_is_kept_with_its_code(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    start(visitor)
    answer = fail(visitor)
    assert code_of(answer) == "part-failed"
    transfer = known(registry)
    assert (transfer.state, transfer.problem) == ("failed", answer.problem)
    assert transfer.problem
    assert transfer.problem.details["name"] == "film.mp4"


def test_a_failure_of_a_page_load_that_lost_the_transfer_changes_nothing(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    start(visitor)
    fail(visitor, holder="another")
    assert known(registry).state == "planned"


def test_parts_of_an_upload_from_before_a_restart_are_refused_with_the_reason(
    visitor: BrowserTransfers,
) -> None:
    assert code_of(complete(visitor, [arrived(1, '"a"')])) == "transfer-forgotten"


def test_an_image_is_stored_under_what_its_bytes_say(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    pdf = file(name="a.jpg", type="image/jpeg", head=b"%PDF-1.7", size=9)
    plan = visitor.plan(asked(pdf))["a"].plan
    assert plan
    assert plan.content_type == "application/pdf"
    assert known(registry).false_image
    link = complete(visitor, put_all(plan)).link
    assert link
    assert not link.image


def test_a_picture_s_link_says_that_its_background_can_be_removed(
    visitor: BrowserTransfers,
) -> None:
    png = file(name="a.png", type="image/png", head=b"\x89PNG\r\n\x1a\n" + bytes(8), size=9)
    plan = visitor.plan(asked(png))["a"].plan
    assert plan
    link = complete(visitor, put_all(plan)).link
    assert link
    assert (link.content_type, link.image) == ("image/png", True)
    again = complete(visitor, []).link
    assert again == link


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
    chosen = file(name=name, type=claimed, head=content, size=len(content))
    plan = visitor.plan(asked(chosen))["a"].plan
    assert plan
    assert not known(registry).false_image
    assert plan.content_type == stored
    answer = requests.put(plan.parts[0].url, content, headers={"Content-Type": stored}, timeout=30)
    link = complete(visitor, [arrived(1, answer.headers["ETag"])]).link
    assert link
    assert link.content_type == stored


def test_a_transfer_completes_after_a_restart_from_the_plan_that_was_stored(
    visitor: BrowserTransfers, api: Api, tmp_path: Path
) -> None:
    etags = put_all(start(visitor))
    restarted = TransferRegistry(tmp_path)
    after = another_session(api, restarted)
    assert code_of(complete(after, etags, sha256="ab" * 32)) is None
    [(transfer, receipt)] = restarted.finished("ann")
    assert (transfer.sha256, receipt.size) == ("ab" * 32, PART + 1)
    restarted.close()


def test_a_file_that_is_asked_for_again_after_a_restart_keeps_its_plan(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    plan = start(visitor)
    registry.leases.report("ann", "a", lease_owner="page", parts=[arrived(1, '"e"')])
    again = another_session(api, registry).plan(asked(file(**IN_PARTS)))["a"]
    assert (again.plan, again.etags) == (plan, {1: '"e"'})


def test_the_same_file_chosen_again_goes_on_with_what_has_arrived(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    plan = start(visitor)
    [first, second] = put_all(plan)
    registry.leases.report("ann", "a", lease_owner="page", parts=[first], gone=True)
    after = another_session(api, registry)
    answer = resume(after)
    assert (answer.plan, answer.etags, answer.takes_md5) == (plan, {1: first[3]}, True)
    transfer = known(registry)
    assert (transfer.problem, transfer.lease_owner) == (None, "page 2")
    assert code_of(complete(after, [second], holder="page 2")) is None
    assert len(registry.finished("ann")) == 1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"size": PART}, "size"),
        ({"modified": MODIFIED + 1}, "time it was changed"),
        ({"modified": 10**30}, "time it was changed"),
        ({"modified": 10**30, "digests": [(1, MD5)]}, "time it was changed"),
        ({"modified": MODIFIED + 1, "digests": []}, "time it was changed"),
        ({"modified": MODIFIED + 1, "digests": [(2, MD5)]}, "time it was changed"),
        ({"modified": MODIFIED + 1, "digests": [(1, "ab" * 16)]}, "content of part 1"),
        ({"modified": MODIFIED + 1, "digests": [(1, MD5)], "fingerprint": "cd" * 32}, "content"),
        ({"fingerprint": "cd" * 32}, "content"),
        ({"fingerprint": ""}, "content"),
    ],
)
def test_another_file_is_refused_with_the_reason_and_the_transfer_stays_resumable(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry, change: Any, what: str
) -> None:
    start(visitor)
    registry.leases.report(
        "ann", "a", lease_owner="page", parts=[arrived(1, f'"{MD5}"')], gone=True
    )
    after = another_session(api, registry)
    refused = resume(after, **change)
    assert known(registry).state == "planned"
    assert refused.problem
    assert (refused.problem.code, refused.problem.details["what"]) == ("file-differs", what)
    assert refused.problem.details["expected"] != refused.problem.details["found"]
    assert code_of(resume(after)) is None


def test_a_file_of_another_time_goes_on_where_the_parts_sent_prove_it(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    start(visitor)
    registry.leases.report(
        "ann", "a", lease_owner="page", parts=[arrived(1, f'"{MD5.upper()}"')], gone=True
    )
    after = another_session(api, registry)
    assert code_of(resume(after, modified=MODIFIED + 1, digests=[(1, MD5)])) is None
    # From now on the file it goes on with is the one it is recognised by.
    registry.leases.report("ann", "a", lease_owner="page 2", gone=True)
    assert code_of(resume(after)) == "file-differs"
    assert code_of(resume(after, modified=MODIFIED + 1)) is None


def test_of_a_transfer_without_a_part_the_samples_are_proof_enough(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    start(visitor)
    registry.leases.report("ann", "a", lease_owner="page", gone=True)
    assert code_of(resume(another_session(api, registry), modified=MODIFIED + 1)) is None


def test_a_transfer_that_another_window_sends_is_not_taken_over(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    start(visitor)
    other = another_session(api, registry)
    assert code_of(resume(other)) == "transfer-elsewhere"
    mine = known(registry)
    assert (mine.state, mine.problem, mine.lease_owner) == ("planned", None, "page")
    registry.leases.report("ann", "a", lease_owner="page", gone=True)
    assert code_of(resume(other)) is None


def test_a_transfer_whose_links_have_expired_is_not_gone_on_with(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    plan = start(visitor)
    expired = replace(plan, deadline=time.time() - 1)
    registry.put(replace(known(registry), plan=expired, heartbeat=0.0))
    assert code_of(resume(visitor)) == "link-expired"


@pytest.mark.parametrize("owner", ["ann", "bob"])
def test_what_is_not_remembered_cannot_be_gone_on_with(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry, owner: str
) -> None:
    start(visitor, **({"transfer_id": "b"} if owner == "ann" else {}))
    assert code_of(resume(another_session(api, registry, owner))) == "transfer-forgotten"


def test_another_owner_completes_fails_and_cancels_nothing(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    etags = put_all(start(visitor))
    bob = another_session(api, registry, "bob")
    assert code_of(complete(bob, etags)) == "transfer-forgotten"
    fail(bob, told_try())
    cancel(bob)
    bob.forget(Forget(holder="page", ids=["a"]))
    assert (known(registry).state, known(registry).etags) == ("planned", {})
    assert registry.tries.of("ann", "a") == []
    assert code_of(complete(visitor, etags)) is None


def test_a_failed_transfer_keeps_its_plan_and_parts(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    [first, second] = put_all(start(visitor))
    registry.leases.report("ann", "a", lease_owner="page", parts=[first])
    fail(visitor)
    transfer = known(registry)
    assert (transfer.state, transfer.etags) == ("failed", {1: first[3]})
    assert code_of(complete(visitor, [second])) is None
    assert len(registry.finished("ann")) == 1


def test_two_windows_that_complete_at_once_do_no_harm(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry, log: ExchangeLog
) -> None:
    etags = put_all(start(visitor))
    sessions = [visitor, *(another_session(api, registry) for _ in range(3))]
    answers: list[TransferAnswer] = []

    def finish(one: BrowserTransfers) -> None:
        answers.append(complete(one, etags))

    threads = [threading.Thread(target=finish, args=(one,)) for one in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(registry.finished("ann")) == 1
    assert [code_of(answer) for answer in answers] == [None] * 4
    completed = [exchange for exchange in log.entries() if exchange.purpose == "complete"]
    assert code_of(complete(visitor, etags)) is None
    assert [item for item in log.entries() if item.purpose == "complete"] == completed


def puts(log: ExchangeLog) -> list[tuple[int | None, str, str | None]]:
    found = [exchange for exchange in log.entries() if exchange.method == "PUT"]
    return [(put.status, put.made_by, put.transfer) for put in found]


def test_tries_are_kept_and_logged_once_however_they_are_told(
    visitor: BrowserTransfers, registry: TransferRegistry, log: ExchangeLog
) -> None:
    start(visitor)
    first = told_try(status=503)
    second = told_try(started=2.0, route="relay")
    registry.leases.report("ann", "a", lease_owner="page", tries=[first])
    visitor.log_tries()
    assert puts(log) == [(503, "browser", "a")]
    fail(visitor, first, second)
    fail(visitor, second)
    visitor.log_tries()
    visitor.log_tries()
    assert [row.started for _, row in registry.tries.of("ann", "a")] == [1.0, 2.0]
    assert puts(log) == [(503, "browser", "a"), (200, "python", "a")]


def test_tries_are_logged_once_by_however_many_tabs_look_at_once(
    visitor: BrowserTransfers, registry: TransferRegistry, log: ExchangeLog
) -> None:
    start(visitor)
    together = threading.Barrier(6)
    for number in range(20):
        told = told_try(started=float(number))
        registry.leases.report("ann", "a", lease_owner="page", tries=[told])

    def look() -> None:
        together.wait()
        visitor.log_tries()

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(puts(log)) == 20


def test_tries_from_before_a_transfer_was_gone_on_with_belong_to_another_session(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    start(visitor)
    registry.leases.report("ann", "a", lease_owner="page", tries=[told_try()], gone=True)
    log = ExchangeLog()
    after = BrowserTransfers(registry, "ann", log, lambda _name: api, WaitingSlots())
    resume(after)
    after.log_tries()
    assert puts(log) == []
    told = told_try(started=2.0)
    registry.leases.report("ann", "a", lease_owner="page 2", tries=[told])
    after.log_tries()
    assert puts(log) == [(200, "browser", "a")]


def test_tries_of_a_part_that_the_plan_does_not_have_are_not_logged(
    visitor: BrowserTransfers, registry: TransferRegistry, log: ExchangeLog
) -> None:
    start(visitor)
    told = told_try(part=9)
    registry.leases.report("ann", "a", lease_owner="page", tries=[told])
    visitor.log_tries()
    assert puts(log) == []


def test_a_transfer_that_is_forgotten_leaves_its_tries_in_the_log_and_hides_no_later_ones(
    scripted: BrowserTransfers, registry: TransferRegistry, log: ExchangeLog
) -> None:
    scripted.plan(asked(file("a", size=9), file("b", size=9)))
    registry.leases.report("ann", "b", lease_owner="page", tries=[told_try()])
    error = Problem("part-failed", {})
    scripted.fail(Fail(holder="page", id="b", name="film.mp4", error=error, tries=[]))
    scripted.forget(Forget(holder="page", ids=["b"]))
    assert [record.id for record in registry.list("ann")] == ["a"]
    assert puts(log) == [(200, "browser", "b")]
    registry.leases.report("ann", "a", lease_owner="page", tries=[told_try()])
    scripted.log_tries()
    assert puts(log) == [(200, "browser", "b"), (200, "browser", "a")]


def test_a_transfer_that_goes_on_is_not_forgotten(
    scripted: BrowserTransfers, registry: TransferRegistry
) -> None:
    scripted.plan(asked(file(size=9)))
    scripted.forget(Forget(holder="page", ids=["a", "unknown"]))
    assert known(registry).state == "planned"


def test_the_transfers_whose_tries_are_logged_are_so_many(
    scripted: BrowserTransfers, registry: TransferRegistry, monkeypatch: pytest.MonkeyPatch,
    log: ExchangeLog,
) -> None:  # fmt: skip
    assert KEPT > KEPT_PER_OWNER
    monkeypatch.setattr("client.transfers.browser.KEPT", 2)
    scripted.plan(asked(*(file(name, size=9) for name in "abc")))
    for name in "abc":
        registry.leases.report("ann", name, lease_owner="page", tries=[told_try()])
    scripted.log_tries()
    assert [transfer for _, _, transfer in puts(log)] == ["b", "c"]


def test_cancelling_leaves_nothing_in_the_store(
    visitor: BrowserTransfers, registry: TransferRegistry, service_alone: ServiceAlone
) -> None:
    files = service_alone.data_dir / "files"
    before = set(files.iterdir())
    plan = start(visitor)
    put_all(plan)
    assert set(files.iterdir()) > before
    cancel(visitor)
    transfer = known(registry)
    assert (transfer.state, transfer.problem) == ("cancelled", None)
    assert set(files.iterdir()) == before
    late = requests.put(plan.parts[0].url, data=bytes(PART), timeout=30)
    assert (late.status_code, b"NoSuchUpload" in late.content) == (404, True)
    assert set(files.iterdir()) == before


def test_a_part_on_its_way_when_its_transfer_is_cancelled_leaves_nothing(
    visitor: BrowserTransfers, service_alone: ServiceAlone
) -> None:
    files = service_alone.data_dir / "files"
    before = set(files.iterdir())
    plan = start(visitor)
    on_its_way, cancelled = threading.Event(), threading.Event()

    def body() -> Iterator[bytes]:
        yield bytes(PART - 1)
        on_its_way.set()
        cancelled.wait(30)
        yield b"x"

    answers: list[requests.Response] = []
    url, length = plan.parts[0].url, {"Content-Length": str(PART)}
    request = requests.Request("PUT", url, headers=length).prepare()
    request.body = body()  # pyright: ignore[reportAttributeAccessIssue] - no chunks: it has a length
    thread = threading.Thread(
        target=lambda: answers.append(requests.Session().send(request, timeout=30))
    )
    thread.start()
    on_its_way.wait(30)
    cancel(visitor)
    cancelled.set()
    thread.join()
    assert answers[0].status_code == 404
    assert set(files.iterdir()) == before


def test_a_discarded_transfer_of_another_page_load_is_aborted_too(
    visitor: BrowserTransfers, api: Api, registry: TransferRegistry
) -> None:
    plan = start(visitor)
    other = another_session(api, registry)
    cancel(other, holder="page 2")
    assert registry.list("ann")[0].state == "cancelled"
    assert requests.put(plan.parts[0].url, data=bytes(PART), timeout=30).status_code == 404
    assert registry.leases.report("ann", "a", lease_owner="page") == "elsewhere"
    assert code_of(resume(other)) == "transfer-forgotten"


def test_an_abort_that_fails_is_logged_and_the_transfer_is_cancelled_all_the_same(
    scripted: BrowserTransfers,
    registry: TransferRegistry,
    endpoint: ScriptedEndpoint,
    log: ExchangeLog,
) -> None:
    scripted.plan(asked(file(size=60)))
    endpoint.on("service/uploads/u1", drop)
    cancel(scripted)
    transfer = known(registry)
    assert (transfer.state, transfer.problem) == ("cancelled", None)
    [abort] = [exchange for exchange in log.entries() if exchange.purpose == "abort"]
    assert (abort.status, abort.error, abort.transfer) == (None, "the connection broke off", "a")


@pytest.mark.parametrize("size", [20, 60])
def test_another_endpoint_has_no_abort_to_call(endpoint: ScriptedEndpoint, size: int) -> None:
    api = endpoint.api()
    assert not api.abort(api.plan_upload("a", size, "video/mp4").complete_url)
    assert endpoint.seen[-1].what == "graphql"


def test_a_cancel_of_something_unknown_or_done_is_no_error(
    visitor: BrowserTransfers, registry: TransferRegistry
) -> None:
    cancel(visitor)
    assert registry.get("ann", "a") is None
    complete(visitor, put_all(start(visitor)))
    cancel(visitor)
    assert known(registry).state == "done"


def test_an_owner_sees_their_own_transfers_only_and_the_oldest_go(
    registry: TransferRegistry,
) -> None:
    now = time.time()
    for number in range(KEPT_PER_OWNER + 1):
        registry.put(Transfer(f"t{number}", "ann", "a", 1, "planned", now + number))
    assert registry.get("ann", "t0") is None
    assert registry.get("ann", f"t{KEPT_PER_OWNER}")
    assert registry.get("bob", f"t{KEPT_PER_OWNER}") is None


class Connections:
    """Two endpoints under their names, each of which may be removed."""

    def __init__(self, one: ScriptedEndpoint, other: ScriptedEndpoint) -> None:
        self.apis = {name: end.api(name=name) for name, end in (("one", one), ("other", other))}

    def api_of(self, name: str) -> Api:
        if name not in self.apis:
            raise ConnectionUnknownError(f"No connection has the name {name}.", name=name)
        return self.apis[name]


def test_a_running_transfer_ends_on_the_connection_it_began_on(
    registry: TransferRegistry, log: ExchangeLog, slots: WaitingSlots
) -> None:
    with running_endpoint() as one, running_endpoint() as other:
        connections = Connections(one, other)
        visitor = BrowserTransfers(registry, "ann", log, connections.api_of, slots)
        plan = visitor.plan(asked(file(size=10), connection="one"))["a"].plan
        assert plan
        assert plan.connection == "one"
        connections.apis["one"].wire.send(Call("PUT", plan.parts[0].url, "part 1", body=bytes(10)))
        # Asked for again with the connection that was chosen since, it keeps its own.
        again = visitor.plan(asked(file(size=10), file("b", size=10), connection="other"))
        assert again["a"].plan == plan
        assert again["b"].plan
        assert again["b"].plan.connection == "other"
        etag = f'"{hashlib.md5(bytes(10)).hexdigest()}"'  # noqa: S324
        assert code_of(complete(visitor, [arrived(1, etag)])) is None
        assert known(registry).state == "done"
        assert (one.times("graphql"), other.times("graphql")) == (1, 1)


def test_a_connection_that_was_removed_costs_its_own_files_only(
    registry: TransferRegistry, log: ExchangeLog, slots: WaitingSlots
) -> None:
    with running_endpoint() as one, running_endpoint() as other:
        connections = Connections(one, other)
        visitor = BrowserTransfers(registry, "ann", log, connections.api_of, slots)
        visitor.plan(asked(file(size=10), connection="one"))
        kept = visitor.plan(asked(file("k", size=10), connection="other"))["k"]
        del connections.apis["one"]
        both = asked(file(size=10), file("b", size=10), connection="other")
        answers = visitor.plan(both)
        assert {name: code_of(answer) for name, answer in answers.items()} == {
            "a": "connection-unknown", "b": None,
        }  # fmt: skip
        gone = visitor.plan(asked(file("k", size=10), file("c", size=10), connection="one"))
        assert gone["k"] == kept
        assert code_of(gone["c"]) == "connection-unknown"
        registry.leases.report("ann", "a", lease_owner="page", gone=True)
        assert code_of(resume(visitor, size=10)) == "connection-unknown"
        assert known(registry).lease_owner == "page"
        assert code_of(complete(visitor, [arrived(1, '"e"')])) == "connection-unknown"
        assert known(registry).state == "failed"
        cancel(visitor)
        assert known(registry).state == "cancelled"


def single_slot(endpoint: ScriptedEndpoint) -> UploadSlot:
    api = endpoint.api()
    slot = api.operations.create_single()
    api.close()
    return slot


def test_waiting_links_go_to_one_file(
    scripted: BrowserTransfers, endpoint: ScriptedEndpoint, slots: WaitingSlots
) -> None:
    slot = single_slot(endpoint)
    kept = slots.keep("ann", slot)
    calls = endpoint.times("graphql")
    answers = scripted.plan(
        asked(
            file("big", size=51, slot=kept),  # more than one PUT carries
            file("a", size=9, slot=kept),
            file("b", size=9, slot=kept),
        )
    )
    assert {name: code_of(answer) for name, answer in answers.items()} == {
        "big": "size-over-single-limit", "a": None, "b": "slot-gone",
    }  # fmt: skip
    plan = answers["a"].plan
    assert plan
    assert [part.url for part in plan.parts] == list(slot.put_urls)
    assert endpoint.times("graphql") == calls
    again = scripted.plan(asked(file("a", size=9, slot=kept)))
    assert again["a"].plan == plan


def test_waiting_links_have_a_kind_whatever_is_wished(
    scripted: BrowserTransfers, endpoint: ScriptedEndpoint, slots: WaitingSlots
) -> None:
    api = endpoint.api()
    kept = slots.keep("ann", api.operations.create_multipart(60))
    api.close()
    answer = scripted.plan(asked(file(size=60, slot=kept, kind="single", part_size=30)))["a"]
    assert answer.plan
    assert (answer.plan.kind, len(answer.plan.parts)) == ("multipart", 2)


def test_another_s_waiting_links_are_as_good_as_gone(
    scripted: BrowserTransfers, endpoint: ScriptedEndpoint, slots: WaitingSlots
) -> None:
    kept = slots.keep("bob", single_slot(endpoint))
    assert code_of(scripted.plan(asked(file(size=9, slot=kept)))["a"]) == "slot-gone"
    assert slots.get("bob", kept)


def unreadable(_name: str) -> Api:
    raise RecordsUnavailableError.of(Path("connections.sqlite3"), "gone")


@pytest.mark.parametrize("api_of", [unreadable])
def test_connections_that_cannot_be_read_are_said_of_each_file(
    registry: TransferRegistry, log: ExchangeLog, slots: WaitingSlots, api_of: ApiOf
) -> None:
    visitor = BrowserTransfers(registry, "ann", log, api_of, slots)
    answers = visitor.plan(asked(file("a"), file("b")))
    assert [code_of(answer) for answer in answers.values()] == ["records-unavailable"] * 2


def test_a_registry_that_cannot_be_read_is_said_and_no_crash(
    scripted: BrowserTransfers, registry: TransferRegistry, tmp_path: Path
) -> None:
    scripted.plan(asked(file(size=9)))
    registry.close()
    for path in tmp_path.glob("*.sqlite3*"):
        path.unlink()
        path.mkdir()
    assert code_of(resume(scripted)) == "records-unavailable"
    for act in (
        lambda: scripted.plan(asked(file("b", size=9))),
        lambda: complete(scripted, []),
        lambda: fail(scripted),
        lambda: cancel(scripted),
        scripted.log_tries,
    ):
        with pytest.raises(RecordsUnavailableError):
            act()


def test_the_plan_of_one_put_names_the_link_that_there_will_be(
    visitor: BrowserTransfers,
) -> None:
    head = (b"\xff\xd8\xff\xe0" + bytes(60))[:64]
    single = visitor.plan(asked(file(name="a.jpg", type="image/jpeg", size=64, head=head)))["a"]
    assert single.plan
    assert single.link_to_come
    answer = requests.put(
        single.plan.parts[0].url,
        data=head,
        headers={"Content-Type": single.plan.content_type},
        timeout=30,
    )
    done = complete(visitor, [arrived(1, answer.headers["ETag"])])
    assert done.link == single.link_to_come
    assert done.link
    assert done.link.image

    assert visitor.plan(asked(file("b", **IN_PARTS)))["b"].link_to_come is None
