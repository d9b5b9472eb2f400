"""Each switch, as a client meets it."""

import base64
import hashlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from service.faults.switches import KINDS
from tests.app_server import free_port
from tests.service.api_client import BLOCKS, SINGLE, Api, error, part_list, uploaded, xml
from tests.service.live import SMALL, Live, running

ROOT = Path(__file__).parents[3]
REMOVE = """mutation ($organization: ID!, $image: String!) {
  removeBackgroundFromImage(input: { organizationId: $organization, imageUrl: $image }) { imageUrl }
}"""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SHORT = 0.3  # seconds a switch is asked to delay an answer


@pytest.fixture(scope="module")
def permitted(tmp_path_factory: pytest.TempPathFactory) -> Generator[Live, None, None]:
    """A service that was started with permission."""
    settings: dict[str, Any] = {**SMALL, "faults": "on"}
    with running(tmp_path_factory.mktemp("faults"), **settings) as live:
        yield live


@pytest.fixture
def faulty(permitted: Live) -> Generator[Api, None, None]:
    """Its client; every switch is off before and after a test."""
    permitted.api.forget_token()
    switch(permitted.api, {})
    yield permitted.api
    permitted.api.forget_token()
    switch(permitted.api, {})


def call(api: Api, method: str, body: Any = None, **headers: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {api.token()}", **headers}
    url = f"{api.base_url}/faults"
    return api.http.request(method, url, json=body, headers=headers, timeout=10)


def switch(api: Api, switches: Mapping[str, Any]) -> list[str]:
    """Set the switches; return the names of those that are on then."""
    answer = call(api, "PUT", switches)
    assert answer.status_code == 200, answer.text
    return answer.json()["on"]


def still_on(api: Api) -> list[str]:
    return call(api, "GET").json()["on"]


def put_all(api: Api, urls: Mapping[str, Any]) -> list[str]:
    return api.put_parts(urls["uploadPartUrls"], BLOCKS)


def md5(block: bytes) -> str:
    return f'"{hashlib.md5(block).hexdigest()}"'  # noqa: S324 - what an ETag is


def credits_of(api: Api) -> dict[str, Any]:
    query = "{ viewer { organizations { edges { node { id creditBalance { balance } } } } } }"
    return api.graphql(query).json()["data"]["viewer"]["organizations"]["edges"][0]["node"]


# --- permission ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_without_permission_nothing_can_be_switched_on(api: Api, method: str) -> None:
    answer = call(api, method, {"rate_limit": {}})
    assert (answer.status_code, answer.json()["error"]) == (403, "faults_not_permitted")
    assert "--faults" in answer.json()["message"]
    assert "X-Fault" not in api.graphql(SINGLE).headers
    assert api.graphql(SINGLE).status_code == 200


@pytest.mark.parametrize("authorization", ["", "Bearer x", "Basic eDp5"])
def test_without_a_token_nothing_can_be_read_or_set(faulty: Api, authorization: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = call(faulty, method, {"rate_limit": {}}, Authorization=authorization)
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthenticated")
    assert still_on(faulty) == []


def test_other_methods_are_refused(faulty: Api) -> None:
    answer = call(faulty, "POST", {})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, PUT, DELETE")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 10_000])
def test_a_body_that_is_no_json_is_refused(faulty: Api, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {faulty.token()}"}
    answer = faulty.http.put(f"{faulty.base_url}/faults", data=body, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_refused_set_changes_nothing_and_says_why(faulty: Api) -> None:
    switch(faulty, {"no_credits": {}})
    answer = call(faulty, "PUT", {"latency": {"ms": 0}, "cors_off": {}})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_switches")
    assert answer.json()["problems"][0]["field"] == "latency.ms"
    assert still_on(faulty) == ["no_credits"]


# --- visible --------------------------------------------------------------------------------------


def test_what_is_on_is_told_in_headers_readiness_and_state(faulty: Api) -> None:
    assert switch(faulty, {"no_credits": {}, "cors_off": {}}) == ["no_credits", "cors_off"]
    answer = faulty.graphql(SINGLE)
    assert answer.headers["X-Fault"] == "no_credits, cors_off"
    ready = faulty.get(f"{faulty.base_url}/service/ready").json()
    assert ready["faults"] == ["no_credits", "cors_off"]
    shown = call(faulty, "GET").json()
    assert shown["switches"] == {"no_credits": {}, "cors_off": {}}
    assert shown["available"].keys() == KINDS.keys()


def test_put_replaces_and_delete_clears(faulty: Api, permitted: Live) -> None:
    switch(faulty, {"no_credits": {}})
    assert permitted.service.faults.no_credits()
    assert switch(faulty, {"cors_off": {}}) == ["cors_off"]
    assert not permitted.service.faults.no_credits()
    assert permitted.service.faults.active() == ("cors_off",)
    assert call(faulty, "DELETE").json()["on"] == []
    assert permitted.service.faults.active() == ()
    assert "X-Fault" not in faulty.graphql(SINGLE).headers


# --- each switch ----------------------------------------------------------------------------------


def test_latency_makes_every_answer_late(faulty: Api) -> None:
    urls = faulty.single()
    switch(faulty, {"latency": {"ms": 300}})
    for ask in (lambda: faulty.graphql(SINGLE), lambda: faulty.get(urls["downloadUrl"])):
        started = time.perf_counter()
        ask()
        assert time.perf_counter() - started >= SHORT


def test_bandwidth_caps_what_is_received_and_what_is_sent(faulty: Api) -> None:
    block = bytes(range(250)) * 400  # 100,000 bytes
    urls = faulty.single()
    switch(faulty, {"bandwidth": {"bytes_per_second": 200_000}})
    started = time.perf_counter()
    assert faulty.put(urls["uploadUrl"], block).headers["ETag"] == md5(block)
    received = time.perf_counter()
    assert faulty.get(urls["downloadUrl"]).content == block
    sent = time.perf_counter()
    assert received - started >= 0.5
    assert sent - received >= 0.5


def test_a_slow_line_is_slower_than_the_idle_timeout_without_dropping_anybody(
    faulty: Api,
) -> None:
    switch(faulty, {"bandwidth": {"bytes_per_second": 40_000}})
    block = bytes(60_000)  # 1.5 s; the service drops senders that are silent for 1 s
    assert faulty.put(faulty.single()["uploadUrl"], block).status_code == 200


def test_a_part_fails_twice_and_then_succeeds(faulty: Api) -> None:
    urls = faulty.multipart(sum(map(len, BLOCKS)))
    switch(faulty, {"fail_part": {"part": 2, "times": 2, "status": 503}})
    parts = urls["uploadPartUrls"]
    assert faulty.put(parts[0], BLOCKS[0]).status_code == 200
    for left in ([{"times": 1}], []):
        status, elements = error(faulty.put(parts[1], BLOCKS[1]))
        assert (status, elements["Code"]) == (503, "SlowDown")
        shown = call(faulty, "GET").json()["switches"].values()
        assert [{"times": row["times"]} for row in shown] == left
    etags = put_all(faulty, urls)
    assert faulty.complete(urls["completeUrl"], part_list(etags)).status_code == 200
    assert faulty.get(urls["downloadUrl"]).content == b"".join(BLOCKS)


@pytest.mark.parametrize(
    ("status", "code", "sent"),
    [(500, None, "InternalError"), (429, None, "SlowDown"), (403, "AccessDenied", "AccessDenied")],
)
def test_a_part_fails_with_the_chosen_status_and_code(
    faulty: Api, status: int, code: str | None, sent: str
) -> None:
    urls = faulty.multipart(1000)
    switch(faulty, {"fail_part": {"part": 1, "status": status, "code": code}})
    answer = faulty.put(urls["uploadPartUrls"][0], bytes(1000))
    assert answer.headers["X-Fault"] == "fail_part"
    assert (error(answer)[0], error(answer)[1]["Code"]) == (status, sent)
    assert faulty.put(urls["uploadPartUrls"][0], bytes(1000)).status_code == 200


def test_a_file_in_one_put_is_part_1(faulty: Api) -> None:
    urls = faulty.single()
    switch(faulty, {"fail_part": {"part": 1}})
    assert faulty.put(urls["uploadUrl"], b"x").status_code == 503
    assert faulty.put(urls["uploadUrl"], b"x").status_code == 200


def test_some_parts_fail_by_chance(faulty: Api) -> None:
    url = faulty.multipart(1000)["uploadPartUrls"][0]
    switch(faulty, {"fail_some": {"percent": 50}})
    # All 60 alike: once in 2^59 runs.
    assert {faulty.put(url, bytes(1000)).status_code for _ in range(60)} == {200, 503}
    switch(faulty, {"fail_some": {"percent": 100, "status": 429}})
    assert error(faulty.put(url, bytes(1000)))[1]["Code"] == "SlowDown"


@pytest.mark.parametrize("after_bytes", [0, 1000, 60_000, 10_000_000])
def test_the_connection_drops_mid_part_and_the_next_try_gets_through(
    faulty: Api, permitted: Live, after_bytes: int
) -> None:
    urls = faulty.multipart(100_000)
    before = set(permitted.files)
    switch(faulty, {"drop_part": {"part": 1, "after_bytes": after_bytes, "times": 2}})
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            requests.put(urls["uploadPartUrls"][0], data=bytes(100_000), timeout=10)
    assert still_on(faulty) == []
    assert set(permitted.files) == before  # nothing of it was kept
    assert faulty.put(urls["uploadPartUrls"][0], bytes(100_000)).status_code == 200


def test_urls_handed_out_before_expire_early_and_live_again_when_it_is_off(faulty: Api) -> None:
    urls = faulty.single()
    assert faulty.put(urls["uploadUrl"], b"x").status_code == 200
    time.sleep(1.1)
    switch(faulty, {"expire_urls": {"seconds": 1}})
    status, elements = error(faulty.get(urls["downloadUrl"]))
    assert (status, elements["Code"]) == (403, "AccessDenied")
    assert elements["Message"] == "Request has expired"
    assert elements["X-Amz-Expires"] == "1"
    forged = urls["downloadUrl"].partition("?")[0]
    assert error(faulty.get(forged))[1]["Message"] != "Request has expired"
    switch(faulty, {})
    assert faulty.get(urls["downloadUrl"]).content == b"x"


def test_urls_younger_than_the_limit_still_work(faulty: Api) -> None:
    switch(faulty, {"expire_urls": {"seconds": 60}})
    urls = faulty.single()
    assert faulty.put(urls["uploadUrl"], b"x").status_code == 200
    assert faulty.get(urls["downloadUrl"]).content == b"x"


def test_a_wrong_etag_makes_complete_refuse_the_part(faulty: Api) -> None:
    switch(faulty, {"wrong_etag": {"part": 2}})
    urls, etags = uploaded(faulty)
    assert etags[0] == md5(BLOCKS[0])
    assert etags[1] != md5(BLOCKS[1])
    assert len(etags[1]) == len(md5(BLOCKS[1]))
    answer = faulty.complete(urls["completeUrl"], part_list(etags))
    assert error(answer)[1] | {"Code": "InvalidPart", "PartNumber": "2"} == error(answer)[1]
    etags[1] = md5(BLOCKS[1])
    assert faulty.complete(urls["completeUrl"], part_list(etags)).status_code == 200


def test_a_slow_complete_has_worked_before_it_answers(faulty: Api) -> None:
    urls, etags = uploaded(faulty)
    switch(faulty, {"slow_complete": {"seconds": 1}})
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            urls["completeUrl"],
            data=part_list(etags),
            headers={"Content-Type": "application/xml"},
            timeout=SHORT,
        )
    assert faulty.get(urls["downloadUrl"]).content == b"".join(BLOCKS)
    started = time.perf_counter()
    assert faulty.complete(urls["completeUrl"], part_list(etags)).status_code == 200
    assert time.perf_counter() - started >= 1


def test_complete_answers_200_with_an_error_inside_and_has_done_nothing(faulty: Api) -> None:
    urls, etags = uploaded(faulty)
    switch(faulty, {"complete_error": {"times": 1}})
    status, elements = error(faulty.complete(urls["completeUrl"], part_list(etags)))
    assert (status, elements["Code"]) == (200, "InternalError")
    assert faulty.get(urls["downloadUrl"]).status_code == 404
    answer = faulty.complete(urls["completeUrl"], part_list(etags))
    assert xml(answer).tag.endswith("CompleteMultipartUploadResult")


def test_the_rate_limit_answers_in_the_contracts_form_until_it_is_used_up(faulty: Api) -> None:
    switch(faulty, {"rate_limit": {"retry_after": 3, "times": 1}})
    answer = faulty.graphql(SINGLE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    (problem,) = answer.json()["errors"]
    assert problem["extensions"]["code"] == "RATE_LIMITED"
    assert "3 seconds" in problem["message"]
    assert faulty.graphql(SINGLE).status_code == 200


def test_the_rate_limit_stays_on_without_a_count(faulty: Api) -> None:
    switch(faulty, {"rate_limit": {}})
    assert {faulty.graphql(SINGLE).status_code for _ in range(3)} == {429}
    switch(faulty, {})
    assert faulty.graphql(SINGLE).status_code == 200


def test_a_token_expires_before_the_time_it_was_issued_with(faulty: Api) -> None:
    assert faulty.graphql(SINGLE).status_code == 200
    switch(faulty, {"token_expiry": {"seconds": 1}})
    time.sleep(1.1)
    answer = faulty.graphql(SINGLE)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    (problem,) = answer.json()["errors"]
    assert problem["extensions"]["code"] == "UNAUTHENTICATED"
    assert "expired" in problem["message"]


def test_cors_off_leaves_no_header_that_a_browser_of_another_origin_needs(faulty: Api) -> None:
    url = faulty.single()["uploadUrl"]
    ask = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "PUT"}

    def cors() -> list[str]:
        answers = (faulty.http.options(url, headers=ask), faulty.put(url, b"x"))
        assert [answer.status_code for answer in answers] == [200, 200]
        names = [name.lower() for answer in answers for name in answer.headers]
        return [name for name in names if name.startswith("access-control-")]

    assert "access-control-allow-origin" in cors()
    switch(faulty, {"cors_off": {}})
    assert cors() == []
    switch(faulty, {})
    assert "access-control-allow-origin" in cors()


def test_no_credits_leaves_a_balance_of_0_and_refuses_background_removal(faulty: Api) -> None:
    organization = credits_of(faulty)
    assert organization["creditBalance"]["balance"] > 0
    switch(faulty, {"no_credits": {}})
    assert credits_of(faulty)["creditBalance"]["balance"] == 0
    urls = faulty.single()
    faulty.put(urls["uploadUrl"], PIXEL, **{"Content-Type": "image/png"})
    variables = {"organization": organization["id"], "image": urls["downloadUrl"]}
    (problem,) = faulty.graphql(REMOVE, variables).json()["errors"]
    assert problem["extensions"]["code"] == "INSUFFICIENT_CREDITS"
    switch(faulty, {})
    assert credits_of(faulty) == organization


# --- beside the switches --------------------------------------------------------------------------


def test_a_content_md5_is_still_checked_under_faults(faulty: Api) -> None:
    switch(faulty, {"bandwidth": {"bytes_per_second": 1_000_000}})
    wrong = base64.b64encode(bytes(16)).decode()
    answer = faulty.put(faulty.single()["uploadUrl"], b"x" * 5000, **{"Content-MD5": wrong})
    assert error(answer)[1]["Code"] == "BadDigest"


def test_a_restart_switches_everything_off(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("restart")
    with running(folder, faults="on") as live:
        assert switch(live.api, {"cors_off": {}}) == ["cors_off"]
    with running(folder, faults="on") as live:
        assert still_on(live.api) == []


PLAIN_SERVER = """
import sys
from pathlib import Path
import uvicorn
from service.app import standalone
from tests.service.live import make_settings

settings = make_settings(Path(sys.argv[1]), port=int(sys.argv[2]), faults="on")
uvicorn.run(standalone(settings), port=settings.port, http="h11", log_level="critical")
"""


def test_a_drop_works_under_a_server_that_cannot_break_off(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("h11")
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-c", PLAIN_SERVER, str(folder), str(port)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    try:
        deadline = time.monotonic() + 60
        base_url = f"http://127.0.0.1:{port}"
        while not _listens(port):
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.1)
        client = json.loads((folder / "oauth-client.json").read_text())
        api = Api(base_url, **client)
        urls = api.single()
        switch(api, {"drop_part": {"part": 1, "after_bytes": 1000}})
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            requests.put(urls["uploadUrl"], data=bytes(200_000), timeout=10)
        assert api.put(urls["uploadUrl"], b"x").status_code == 200
        api.http.close()
    finally:
        child.kill()
        child.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
