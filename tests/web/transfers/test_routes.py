"""`/transfers` behind the gate, over what is really remembered."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from client.transfers.report import MOST_ROWS
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from client.transfers.registry import TransferRegistry
from settings import Settings
from tests.client.remembered import PART, SECRET, transfer
from tests.web.conftest import PASSWORD_HASH
from web.sign_in.access import Access
from web.sign_in.gate import Gate
from web.sign_in.users import PageUser
from web.transfers.routes import BODY_LIMIT, transfer_routes

COOKIE = "tfw_session_8599"
ORIGIN = "http://127.0.0.1:8599"
NOW = 1_800_000_000.5
TRY: dict[str, Any] = {
    "part": 1, "size": 5, "started": 1.5, "seconds": 0.5, "status": 503, "code": "SlowDown",
    "etag": None, "request_id": "R", "route": "relay",
}  # fmt: skip


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[TransferRegistry]:
    registry = TransferRegistry(tmp_path / "records")
    registry.put(transfer(owner="ada", etags={1: '"a"'}))
    registry.put(transfer("other", owner="bob"))
    yield registry
    registry.close()


@pytest.fixture
def client(access: Access, settings: Settings, registry: TransferRegistry) -> TestClient:
    app = Starlette(
        routes=transfer_routes(registry, lambda: NOW),
        middleware=[Middleware(Gate, access=access, settings=settings)],
    )
    return TestClient(app, base_url=ORIGIN)


@pytest.fixture
def ada(client: TestClient, access: Access) -> TestClient:
    client.cookies.set(COOKIE, access.sessions.open("ada"))
    return client


def report(client: TestClient, body: Any, name: str = "t", **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(f"/transfers/{name}/report", content=content, headers=headers)


def test_a_list_has_the_visitor_s_own_transfers_and_no_secret(ada: TestClient) -> None:
    answer = ada.get("/transfers")
    assert answer.headers["Cache-Control"] == "no-store"
    content = answer.json()
    assert content["now"] == NOW
    [only] = content["transfers"]
    assert set(only) == {
        "id", "name", "size", "modified", "kind", "state", "started", "deadline", "part_size",
        "parts_total", "parts_done", "bytes_done", "holder", "heard",
    }  # fmt: skip
    assert (only["id"], only["parts_done"], only["bytes_done"]) == ("t", 1, PART)
    assert SECRET not in answer.text
    assert '\\"a\\"' not in answer.text


def test_the_details_have_parts_and_tries(ada: TestClient) -> None:
    assert report(ada, {"holder": "page", "tries": [TRY]}).status_code == 204
    answer = ada.get("/transfers/t")
    content = answer.json()
    assert content["parts"] == [[1, 0, PART, '"a"'], [2, PART, 2 * PART, None]]
    assert content["tries"] == [TRY]
    assert content["state"] == "planned"
    assert SECRET not in answer.text


@pytest.mark.parametrize("name", ["other", "unknown", "%2e%2e", "' OR 1=1 --"])
def test_another_s_transfer_is_as_unknown_as_none(ada: TestClient, name: str) -> None:
    for answer in (ada.get(f"/transfers/{name}"), report(ada, {"holder": "page"}, name)):
        assert (answer.status_code, answer.json()["error"]) == (404, "transfer-forgotten")
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_forged_user_reaches_nothing(ada: TestClient, client: TestClient) -> None:
    forged = {"X-Tfw-User": "bob", "X-Tfw-Roles": "admin"}
    assert [row["id"] for row in ada.get("/transfers", headers=forged).json()["transfers"]] == ["t"]
    assert ada.get("/transfers/other", headers=forged).status_code == 404
    client.cookies.clear()
    assert client.get("/transfers", headers=forged).status_code == 401
    assert report(client, {"holder": "page"}, "other", **forged).status_code == 401


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_report_from_another_site_is_refused(
    ada: TestClient, registry: TransferRegistry, headers: dict[str, str]
) -> None:
    answer = report(ada, {"holder": "page", "gone": True}, **headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "wrong-origin")
    assert registry.list("ada")[0].heartbeat > 0


def test_a_viewer_may_look_and_not_report(
    client: TestClient, access: Access, registry: TransferRegistry
) -> None:
    access.users.save(PageUser("vi", "Vi", PASSWORD_HASH, ("viewer",)))
    registry.put(transfer(owner="vi"))
    client.cookies.set(COOKIE, access.sessions.open("vi"))
    assert len(client.get("/transfers").json()["transfers"]) == 1
    answer = report(client, {"holder": "page"})
    assert (answer.status_code, answer.json()["error"]) == (403, "role-required")


@pytest.mark.parametrize("media_type", ["application/json", "text/plain;charset=UTF-8", ""])
def test_a_report_is_taken_from_a_request_and_from_a_beacon(
    ada: TestClient, registry: TransferRegistry, media_type: str
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    answer = report(
        ada, {"holder": "page", "parts": [[2, '"b"']], "tries": [], "gone": True}, **headers
    )
    assert (answer.status_code, answer.content) == (204, b"")
    [record] = registry.list("ada")
    assert record.parts_done == 2
    assert record.heartbeat < 0


def test_a_page_load_that_lost_its_transfer_is_told(ada: TestClient) -> None:
    answer = report(ada, {"holder": "another page"[:7]})
    assert (answer.status_code, answer.json()["error"]) == (409, "transfer-elsewhere")


WRONG: list[tuple[Any, str]] = [
    (b"{", "The report is not valid JSON."),
    (b"\xff", "The report is not valid JSON."),
    (b"[" * 60_000, "The report is not valid JSON."),
    ([], "the report is []; it must be an object."),
    ({}, "holder is null; it must be 1 to 64 letters"),
    ({"holder": "a b"}, 'holder is "a b"'),
    ({"holder": "a" * 65}, "1 to 64"),
    ({"holder": "p", "gone": 1}, "gone is 1; it must be true or false."),
    ({"holder": "p", "parts": {}}, "parts is {}; it must be a list."),
    ({"holder": "p", "parts": [[1]]}, "parts[0] is [1]"),
    ({"holder": "p", "parts": [[0, '"a"']]}, "parts[0][0] is 0; it must be a whole number"),
    ({"holder": "p", "parts": [[True, '"a"']]}, "parts[0][0] is true"),
    ({"holder": "p", "parts": [[10_001, '"a"']]}, "from 1 to 10,000"),
    ({"holder": "p", "parts": [[1, "a\nb"]]}, "parts[0][1] is"),
    ({"holder": "p", "parts": [[1, "a" * 257]]}, "1 to 256 printable ASCII characters"),
    ({"holder": "p", "parts": [[1, "a"]] * (MOST_ROWS + 1)}, "parts has 1,001 rows"),
    ({"holder": "p", "tries": [3]}, "tries[0] is 3; it must be an object."),
    ({"holder": "p", "tries": [{**TRY, "status": 600}]}, "tries[0].status is 600"),
    ({"holder": "p", "tries": [{**TRY, "seconds": -1}]}, "tries[0].seconds is -1"),
    ({"holder": "p", "tries": [{**TRY, "started": "1"}]}, 'tries[0].started is "1"'),
    (b'{"holder": "p", "tries": [{"part": 1, "started": NaN}]}', "tries[0].started is NaN"),
    (b'{"holder": "p", "tries": [{"part": 1, "started": 1e400}]}', "tries[0].started is Inf"),
    ({"holder": "p", "tries": [{**TRY, "started": 10**400}]}, "tries[0].started is 1000"),
    ({"holder": "p", "tries": [{**TRY, "size": 2**53}]}, "tries[0].size is 9007199254740992"),
    ({"holder": "p", "tries": [{**TRY, "route": "air"}]}, "one of direct, relay"),
    ({"holder": "p", "tries": [{**TRY, "route": []}]}, "tries[0].route is []"),
    ({"holder": "p", "tries": [{**TRY, "code": "é"}]}, "tries[0].code is"),
    ({"holder": "p", "tries": [{**TRY, "request_id": 7}]}, "tries[0].request_id is 7"),
]


@pytest.mark.parametrize(("body", "words"), WRONG)
def test_a_field_that_is_not_right_is_named_with_value_and_limit(
    ada: TestClient, registry: TransferRegistry, body: Any, words: str
) -> None:
    answer = report(ada, body)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad-report")
    assert words in answer.json()["message"]
    assert registry.tries.of("ada", "t") == []


def test_a_report_that_is_too_large_is_refused(ada: TestClient) -> None:
    body = json.dumps({"holder": "page", "more": "x" * BODY_LIMIT}).encode()
    answer = report(ada, body)
    assert (answer.status_code, answer.json()["error"]) == (413, "report-too-large")
    assert report(ada, body[:BODY_LIMIT]).status_code == 400


@pytest.mark.parametrize("path", ["/transfers/", "/transfers/t/else", "/transfers/t/report/x"])
def test_other_paths_answer_json(ada: TestClient, path: str) -> None:
    answer = ada.get(path, follow_redirects=False)
    assert (answer.status_code, answer.json()["error"]) == (404, "not-found")


def test_records_that_cannot_be_read_are_no_crash(
    ada: TestClient, registry: TransferRegistry, tmp_path: Path
) -> None:
    registry.close()
    for path in (tmp_path / "records").glob("*.sqlite3*"):
        path.unlink()
        path.mkdir()
    for answer in (ada.get("/transfers"), report(ada, {"holder": "page"})):
        assert (answer.status_code, answer.json()["error"]) == (503, "records-unavailable")
