"""`/transfers` behind the gate, over what is really remembered, with a scripted endpoint."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import validate
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from client.errors import ConnectionUnknownError
from client.transfers.bodies import MOST_FILES
from client.transfers.browser import TransferAnswer
from client.transfers.jobs import Jobs
from client.transfers.registry import TransferRegistry
from client.transfers.slots import WaitingSlots
from client.transfers.visitors import Visitors
from client.wire.http import Call
from components.common.error_words import spoken
from settings import Settings
from tests.client.remembered import PART, SECRET, receipt, transfer
from tests.client.scripted_endpoint import (
    Handler,
    ScriptedEndpoint,
    graphql_error,
    running_endpoint,
    slow,
)
from tests.web.conftest import PASSWORD_HASH
from web.sign_in.access import Access
from web.sign_in.gate import Gate
from web.sign_in.users import PageUser
from web.transfers import routes as transfers_routes
from web.transfers.description import openapi
from web.transfers.routes import BODY_LIMIT, TransferRoutes, transfer_routes

COOKIE = "tfw_session_8599"
ORIGIN = "http://127.0.0.1:8599"
NOW = 1_800_000_000.5
TRY: dict[str, Any] = {
    "part": 1, "size": 5, "started": 1.5, "seconds": 0.5, "status": 503, "code": "SlowDown",
    "etag": None, "request_id": "R", "route": "relay",
}  # fmt: skip
SMALL: dict[str, Any] = {
    "id": "s", "name": "a.txt", "size": 9, "type": "text/plain", "head": "AAAA",
    "modified": 1_700_000_000_123, "fingerprint": "ab" * 32,
    "kind": None, "part_size": None, "slot": None,
}  # fmt: skip
PLAN: dict[str, Any] = {"holder": "page", "connection": "embedded", "files": [SMALL]}
BODIES: dict[str, dict[str, Any]] = {
    "plan": PLAN,
    "resume": {"holder": "page 2".replace(" ", "-"), "id": "t", "name": "film.mp4",
               "size": 2 * PART, "modified": 1_700_000_000_123, "fingerprint": "ab" * 32,
               "digests": [[1, "cd" * 16]]},
    "complete": {"holder": "page", "files": [
        {"id": "t", "name": "film.mp4", "parts": [[1, 0, PART, '"a"']], "sha256": None,
         "tries": [TRY]}]},
    "fail": {"holder": "page", "id": "t", "name": "film.mp4", "tries": [TRY],
             "error": {"code": "part-failed", "details": {"part": 2, "host": "h"}}},
    "cancel": {"holder": "page", "ids": ["t"]},
    "forget": {"holder": "page", "ids": ["t"]},
    "report": {"holder": "page", "gone": False, "files": [
        {"id": "t", "parts": [[2, PART, 2 * PART, '"b"']], "tries": [TRY]}]},
}  # fmt: skip
"""What the page's JavaScript sends."""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[TransferRegistry]:
    registry = TransferRegistry(tmp_path / "records")
    registry.put(transfer(owner="ada", etags={1: '"a"'}))
    registry.put(transfer("other", owner="bob"))
    yield registry
    registry.close()


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with running_endpoint() as endpoint:
        yield endpoint


@pytest.fixture
def visitors(registry: TransferRegistry, endpoint: ScriptedEndpoint) -> Iterator[Visitors]:
    def named(name: str) -> Any:
        if name == "removed":
            raise ConnectionUnknownError("No connection has this name.", name=name)
        return endpoint.connection(name=name)

    visitors = Visitors(registry, named, WaitingSlots())
    yield visitors
    visitors.close()


@pytest.fixture
def client(
    access: Access, settings: Settings, registry: TransferRegistry, visitors: Visitors
) -> Iterator[TestClient]:
    jobs = Jobs[TransferAnswer]()
    routes = TransferRoutes(
        registry,
        visitors,
        jobs,
        lambda problem: spoken(problem.code, problem.details, problem.message),
        lambda: NOW,
    )
    app = Starlette(
        routes=transfer_routes(routes),
        middleware=[Middleware(Gate, access=access, settings=settings)],
    )
    with TestClient(app, base_url=ORIGIN) as client:
        yield client
    jobs.close()


@pytest.fixture
def ada(client: TestClient, access: Access) -> TestClient:
    client.cookies.set(COOKIE, access.sessions.open("ada"))
    return client


def post(client: TestClient, what: str, body: Any, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(f"/transfers/{what}", content=content, headers=headers)


def of_files(answer: Any) -> dict[str, dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    content = answer.json()
    assert content["now"] == NOW
    return {one.pop("id"): one for one in content["files"]}


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.01)


# Looking


def test_a_list_has_the_visitor_s_own_transfers_and_no_secret(ada: TestClient) -> None:
    answer = ada.get("/transfers")
    assert answer.headers["Cache-Control"] == "no-store"
    content = answer.json()
    assert content["now"] == NOW
    [only] = content["transfers"]
    assert set(only) == {
        "id", "name", "size", "modified", "kind", "state", "started", "deadline", "part_size",
        "parts_total", "parts_done", "bytes_done", "holder", "heard", "link",
    }  # fmt: skip
    assert (only["id"], only["parts_done"], only["bytes_done"]) == ("t", 1, PART)
    assert only["link"] is None
    assert SECRET not in answer.text
    assert '\\"a\\"' not in answer.text


def test_a_transfer_that_is_done_is_listed_with_its_link(
    ada: TestClient, registry: TransferRegistry
) -> None:
    brought = receipt()
    registry.finish("ada", "t", brought, None)
    [only] = ada.get("/transfers").json()["transfers"]
    assert (only["state"], only["link"]) == (
        "done",
        {"url": brought.download_url, "deadline": brought.deadline,
         "content_type": brought.content_type, "image": False},
    )  # fmt: skip


def test_the_details_have_parts_and_tries(ada: TestClient) -> None:
    told = {"holder": "page", "files": [{"id": "t", "tries": [TRY]}]}
    assert post(ada, "report", told).status_code == 200
    answer = ada.get("/transfers/t")
    content = answer.json()
    assert content["parts"] == [[1, 0, PART, '"a"'], [2, PART, 2 * PART, None]]
    assert content["tries"] == [TRY]
    assert content["state"] == "planned"
    assert SECRET not in answer.text


@pytest.mark.parametrize("name", ["other", "unknown", "%2e%2e", "' OR 1=1 --"])
def test_another_s_transfer_is_as_unknown_as_none(ada: TestClient, name: str) -> None:
    answer = ada.get(f"/transfers/{name}")
    assert (answer.status_code, answer.json()["error"]) == (404, "transfer-forgotten")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/transfers/", "/transfers/t/else", "/transfers/plan/x"])
def test_other_paths_answer_json(ada: TestClient, path: str) -> None:
    answer = ada.get(path, follow_redirects=False)
    assert (answer.status_code, answer.json()["error"]) == (404, "not-found")
    answer = post(ada, "t", {"holder": "page"})
    assert (answer.status_code, answer.json()["error"]) == (404, "not-found")


# Who may


def test_a_forged_user_reaches_nothing(ada: TestClient, client: TestClient) -> None:
    forged = {"X-Tfw-User": "bob", "X-Tfw-Roles": "admin", "X-Tfw-Session": "s"}
    assert [row["id"] for row in ada.get("/transfers", headers=forged).json()["transfers"]] == ["t"]
    assert ada.get("/transfers/other", headers=forged).status_code == 404
    client.cookies.clear()
    assert client.get("/transfers", headers=forged).status_code == 401


@pytest.mark.parametrize("what", BODIES)
def test_nobody_who_is_signed_out_is_let_in(
    client: TestClient, registry: TransferRegistry, what: str
) -> None:
    answer = post(client, what, BODIES[what], **{"X-Tfw-User": "ada", "X-Tfw-Roles": "admin"})
    assert answer.status_code == 401
    assert registry.list("ada")[0].state == "planned"
    assert client.get("/transfers/openapi.json").status_code == 401


@pytest.mark.parametrize("what", BODIES)
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_what_another_site_sends_is_refused(
    ada: TestClient, registry: TransferRegistry, what: str, headers: dict[str, str]
) -> None:
    before = registry.get("ada", "t")
    answer = post(ada, what, BODIES[what], **headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "wrong-origin")
    assert registry.get("ada", "t") == before


@pytest.mark.parametrize("what", BODIES)
def test_a_viewer_may_look_and_do_nothing(
    client: TestClient, access: Access, registry: TransferRegistry, what: str
) -> None:
    access.users.save(PageUser("vi", "Vi", PASSWORD_HASH, ("viewer",)))
    registry.put(transfer(owner="vi"))
    before = registry.get("vi", "t")
    client.cookies.set(COOKIE, access.sessions.open("vi"))
    assert len(client.get("/transfers").json()["transfers"]) == 1
    answer = post(client, what, BODIES[what])
    assert (answer.status_code, answer.json()["error"]) == (403, "role-required")
    assert registry.get("vi", "t") == before


def test_nothing_of_another_owner_is_changed(ada: TestClient, registry: TransferRegistry) -> None:
    before = registry.get("bob", "other")
    told = {"holder": "page", "id": "other", "name": "film.mp4"}
    file = {"id": "other", "name": "film.mp4"}
    problem: dict[str, Any] = {"code": "part-failed", "details": {}}
    resumed = of_files(post(ada, "resume", {**told, "size": 2 * PART}))
    assert resumed["other"]["error"]["code"] == "transfer-forgotten"
    sent = {"holder": "page", "files": [{**file, "parts": [[1, 0, PART, '"x"']]}]}
    assert of_files(post(ada, "complete", sent))["other"]["error"]["code"] == "transfer-forgotten"
    post(ada, "fail", {**told, "error": problem, "tries": [TRY]})
    post(ada, "cancel", {"holder": "page", "ids": ["other"]})
    post(ada, "forget", {"holder": "page", "ids": ["other"]})
    told = {"id": "other", "parts": [[1, 0, PART, '"x"']], "tries": [TRY]}
    heard = {"holder": "page", "files": [told]}
    assert post(ada, "report", heard).json() == {"unknown": ["other"], "elsewhere": []}
    assert registry.get("bob", "other") == before
    assert registry.tries.of("bob", "other") == []


# Bodies


@pytest.mark.parametrize("what", BODIES)
def test_a_field_that_is_not_right_is_named_with_value_and_limit(
    ada: TestClient, registry: TransferRegistry, what: str
) -> None:
    before = registry.get("ada", "t")
    wrong: list[tuple[Any, str]] = [
        (b"{", "The body is not valid JSON."),
        ([], "the body is []; it must be an object."),
        ({**BODIES[what], "holder": "a b"}, 'holder is "a b"; it must be 1 to 64 letters'),
        ({**BODIES[what], "holder": "\ud800"}, 'holder is "\\ud800"'),
    ]
    for body, words in wrong:
        answer = post(ada, what, body)
        assert (answer.status_code, answer.json()["error"]) == (400, "bad-request")
        assert words in answer.json()["message"]
    assert registry.get("ada", "t") == before


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_too_large_is_refused(ada: TestClient, what: str) -> None:
    body = json.dumps({"holder": "page", "more": "x" * BODY_LIMIT}).encode()
    answer = post(ada, what, body)
    assert (answer.status_code, answer.json()["error"]) == (413, "body-too-large")
    assert post(ada, what, body[:BODY_LIMIT]).status_code == 400


@pytest.mark.parametrize("what", BODIES)
def test_records_that_cannot_be_read_are_no_crash(
    ada: TestClient, registry: TransferRegistry, tmp_path: Path, what: str
) -> None:
    registry.close()
    for path in (tmp_path / "records").glob("*.sqlite3*"):
        path.unlink()
        path.mkdir()
    for answer in (ada.get("/transfers"), ada.get("/transfers/t")):
        assert (answer.status_code, answer.json()["error"]) == (503, "records-unavailable")
    answer = post(ada, what, BODIES[what])
    if answer.status_code == 503:
        assert answer.json()["error"] == "records-unavailable"
    else:
        [told] = of_files(answer).values()
        assert told["error"]["code"] == "records-unavailable"


# Plans


def test_each_file_gets_its_plan_or_the_reason_in_words(ada: TestClient) -> None:
    empty = {**SMALL, "id": "e", "name": "e.txt", "size": 0}
    in_parts = {**SMALL, "id": "p", "size": 60, "part_size": 20}
    uncut = {**SMALL, "id": "u", "size": 60}
    files = of_files(post(ada, "plan", {**PLAN, "files": [SMALL, empty, in_parts, uncut]}))
    assert list(files) == ["s", "e", "p", "u"]
    plan = files["s"]["plan"]
    assert (plan["kind"], plan["contentType"]) == ("single", "text/plain")
    assert plan["parts"] == [[1, 0, 9, None]]
    [url] = plan["urls"]
    assert "X-Amz-Signature" in url
    assert plan["deadline"] > time.time()
    assert [part[:3] for part in files["p"]["plan"]["parts"]] == [
        [1, 0, 20], [2, 20, 40], [3, 40, 60],
    ]  # fmt: skip
    assert (files["p"]["plan"]["kind"], len(files["p"]["plan"]["urls"])) == ("multipart", 3)
    plan = files["u"]["plan"]
    assert (plan["kind"], plan["parts"], len(plan["urls"])) == ("multipart", [], 15)
    assert (plan["leastPart"], plan["mostPart"]) == (4, 2_147_483_648)
    assert set(files["e"]) == {"error"}
    assert files["e"]["error"]["code"] == "empty-file"
    assert "Code: empty-file" in files["e"]["error"]["text"]


def test_a_folder_s_files_cost_two_requests_of_the_endpoint(
    ada: TestClient, endpoint: ScriptedEndpoint
) -> None:
    many = [{**SMALL, "id": f"f{number}"} for number in range(MOST_FILES)]
    files = of_files(post(ada, "plan", {**PLAN, "files": many}))
    assert all("plan" in told for told in files.values())
    assert (len(files), endpoint.times("graphql")) == (25, 2)


def test_a_connection_that_is_gone_is_said(ada: TestClient) -> None:
    files = of_files(post(ada, "plan", {**PLAN, "connection": "removed"}))
    assert files["s"]["error"]["code"] == "connection-unknown"


def test_a_plan_that_takes_long_is_pending_and_asked_again_it_is_there(
    ada: TestClient, endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers_routes, "PATIENCE", 0.05)
    endpoint.on("graphql", slow(1))
    assert of_files(post(ada, "plan", PLAN)) == {"s": {"pending": True}}
    assert of_files(post(ada, "plan", PLAN)) == {"s": {"pending": True}}
    monkeypatch.setattr(transfers_routes, "PATIENCE", 10.0)
    first = of_files(post(ada, "plan", PLAN))
    assert "plan" in first["s"]
    assert of_files(post(ada, "plan", PLAN)) == first
    assert endpoint.times("graphql") == 1


def test_what_takes_long_holds_up_no_other_file(
    ada: TestClient, endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers_routes, "PATIENCE", 0.5)
    of_files(post(ada, "plan", {**PLAN, "files": [{**SMALL, "id": "first"}]}))
    endpoint.on("graphql", slow(2))
    assert of_files(post(ada, "plan", PLAN)) == {"s": {"pending": True}}
    both = {**PLAN, "files": [SMALL, {**SMALL, "id": "u"}]}
    files = of_files(post(ada, "plan", both))
    assert files["s"] == {"pending": True}
    assert "plan" in files["u"]


def test_a_refusal_that_came_while_nobody_waited_is_given_once_and_then_asked_anew(
    ada: TestClient, endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handler: Handler) -> None:
        time.sleep(0.5)
        graphql_error("no grant", "FORBIDDEN")(handler)

    monkeypatch.setattr(transfers_routes, "PATIENCE", 0.05)
    endpoint.on("graphql", refuse)
    assert of_files(post(ada, "plan", PLAN)) == {"s": {"pending": True}}
    time.sleep(1)
    assert of_files(post(ada, "plan", PLAN))["s"]["error"]["code"] == "permission-denied"
    assert endpoint.times("graphql") == 1
    monkeypatch.setattr(transfers_routes, "PATIENCE", 10.0)
    assert "plan" in of_files(post(ada, "plan", PLAN))["s"]


def test_many_who_ask_at_once_get_one_plan(ada: TestClient, endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", slow(0.3))
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(post, ada, "plan", PLAN) for _ in range(8)]
        told = [of_files(one.result()) for one in asked]
    assert all(one == told[0] for one in told)
    assert "plan" in told[0]["s"]
    assert endpoint.times("graphql") == 1


def test_what_nobody_foresaw_is_in_the_log_under_the_id_that_is_told(
    ada: TestClient,
    visitors: Visitors,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fall_over(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("client.transfers.browser.BrowserTransfers.plan", fall_over)
    with caplog.at_level(logging.ERROR):
        error = of_files(post(ada, "plan", PLAN))["s"]["error"]
    assert error["code"] == "unexpected"
    [record] = [one for one in caplog.records if one.name == "web.transfers.routes"]
    assert isinstance(record.args, tuple)
    assert str(record.args[0]) in error["text"]
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError
    assert not [one for one in caplog.records if one.name == "asyncio"]


# From the first part to the end


def send(ada: TestClient, endpoint: ScriptedEndpoint) -> dict[str, Any]:
    """Plan a small file, put it, and return the body that completes it."""
    [url] = of_files(post(ada, "plan", PLAN))["s"]["plan"]["urls"]
    api = endpoint.api()
    answer = api.wire.send(Call("PUT", url, "part 1", body=bytes(9)))
    api.close()
    parts = [[1, 0, 9, answer.headers["ETag"]]]
    file = {"id": "s", "name": "a.txt", "parts": parts, "sha256": "cd" * 32, "tries": [TRY]}
    return {"holder": "page", "files": [file]}


def test_a_file_is_completed_into_its_link(
    ada: TestClient, registry: TransferRegistry, endpoint: ScriptedEndpoint
) -> None:
    sent = send(ada, endpoint)
    link = of_files(post(ada, "complete", sent))["s"]["link"]
    [(done, brought)] = registry.finished("ada")
    assert (done.id, done.sha256, link["url"]) == ("s", "cd" * 32, brought.download_url)
    assert [row.status for _, row in registry.tries.of("ada", "s")] == [503]
    assert of_files(post(ada, "complete", sent))["s"] == {"link": link}
    assert of_files(post(ada, "plan", PLAN))["s"] == {"link": link}


def test_a_completion_goes_on_when_the_browser_is_gone(
    ada: TestClient, registry: TransferRegistry, endpoint: ScriptedEndpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    sent = send(ada, endpoint)
    monkeypatch.setattr(transfers_routes, "PATIENCE", 0.05)
    endpoint.on("object", slow(0.5))
    looked = endpoint.times("object")
    assert of_files(post(ada, "complete", sent)) == {"s": {"pending": True}}
    wait_until(lambda: len(registry.finished("ada")) == 1)
    wait_until(lambda: "link" in of_files(post(ada, "complete", sent))["s"])
    [record] = [row for row in ada.get("/transfers").json()["transfers"] if row["id"] == "s"]
    assert record["state"] == "done"
    assert endpoint.times("object") - looked <= 2


def test_a_file_that_is_chosen_again_goes_on(ada: TestClient, registry: TransferRegistry) -> None:
    registry.leases.report("ada", "t", lease_owner="page", gone=True)
    files = of_files(post(ada, "resume", BODIES["resume"]))
    assert files["t"]["plan"]["parts"] == [[1, 0, PART, '"a"'], [2, PART, 2 * PART, None]]
    assert registry.list("ada")[0].lease_owner == "page-2"
    wrong = of_files(post(ada, "resume", {**BODIES["resume"], "size": 7}))
    assert wrong["t"]["error"]["code"] == "file-differs"
    assert f"the size is 7 bytes and was {2 * PART:,} bytes" in wrong["t"]["error"]["text"]


def test_a_failure_is_kept_and_answered_in_words(
    ada: TestClient, registry: TransferRegistry
) -> None:
    error = of_files(post(ada, "fail", BODIES["fail"]))["t"]["error"]
    assert error["code"] == "part-failed"
    assert "film.mp4" in error["text"] or "Part 2" in error["text"]
    assert registry.list("ada")[0].state == "failed"
    assert len(registry.tries.of("ada", "t")) == 1


def test_transfers_are_cancelled_and_then_forgotten(
    ada: TestClient, registry: TransferRegistry
) -> None:
    both = {"holder": "page", "ids": ["t", "unknown"]}
    post(ada, "forget", both)
    assert len(registry.list("ada")) == 1
    for what, left in (("cancel", ["cancelled"]), ("cancel", ["cancelled"]), ("forget", [])):
        answer = post(ada, what, both)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["Cache-Control"] == "no-store"
        assert [record.state for record in registry.list("ada")] == left


# Reports


@pytest.mark.parametrize("media_type", ["application/json", "text/plain;charset=UTF-8", ""])
def test_a_report_is_taken_from_a_request_and_from_a_beacon(
    ada: TestClient, registry: TransferRegistry, media_type: str
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    answer = post(ada, "report", {**BODIES["report"], "gone": True}, **headers)
    assert (answer.status_code, answer.json()) == (200, {"unknown": [], "elsewhere": []})
    [record] = registry.list("ada")
    assert record.parts_done == 2
    assert record.heartbeat < 0


def test_a_page_load_that_lost_a_transfer_is_told_and_the_others_are_taken(
    ada: TestClient, registry: TransferRegistry
) -> None:
    registry.put(transfer("mine", owner="ada", lease_owner="another"))
    files = [{"id": name, "tries": [TRY]} for name in ("t", "mine", "other", "none")]
    answer = post(ada, "report", {"holder": "another", "files": files})
    assert answer.json() == {"unknown": ["other", "none"], "elsewhere": ["t"]}
    told = {name: len(registry.tries.of("ada", name)) for name in ("t", "mine")}
    assert told == {"t": 0, "mine": 1}


# The description


def test_the_description_is_openapi_of_every_route(ada: TestClient) -> None:
    answer = ada.get("/transfers/openapi.json")
    told = answer.json()
    assert told == json.loads(json.dumps(openapi()))
    assert told["openapi"].startswith("3.1.")
    assert set(told["paths"]) == {
        "/transfers", "/transfers/{id}", *(f"/transfers/{what}" for what in BODIES),
    }  # fmt: skip


def test_the_description_is_valid() -> None:
    validate(openapi())


@pytest.mark.parametrize("what", BODIES)
def test_what_the_page_sends_is_as_described_and_is_taken(ada: TestClient, what: str) -> None:
    described = openapi()
    content = described["paths"][f"/transfers/{what}"]["post"]["requestBody"]["content"]
    schema = content["application/json"]["schema"]
    whole = {**schema, "components": described["components"]}
    validator: Any = jsonschema.Draft202012Validator(whole)
    validator.check_schema(whole)
    validator.validate(BODIES[what])
    assert list(validator.iter_errors({**BODIES[what], "holder": "a b"}))
    assert post(ada, what, BODIES[what]).status_code in (200, 204)
