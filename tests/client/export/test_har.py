import json
from pathlib import Path
from typing import Any

import pytest

from client.export.har import har
from client.transfers.upload import upload_file
from client.wire.exchange import Exchange, ExchangeLog
from client.wire.timings import Timings
from tests.client.export.har_schema import check_har
from tests.client.scripted_endpoint import ScriptedEndpoint, drop

CANARIES = ("c0ffee", "amp_pat_canary.x", "eyJcanaryToken", "s3cret-canary")


def entries(exchanges: list[Exchange]) -> list[dict[str, Any]]:
    document = json.loads(har(exchanges))
    check_har(document)
    return document["log"]["entries"]


def test_a_whole_upload_with_a_broken_connection_is_a_valid_archive(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    endpoint.on("part 2", drop)
    api = endpoint.api()
    upload_file(api, clip, part_size=60)
    found = entries(list(api.log.entries()))
    comments = [entry["comment"] for entry in found]
    assert comments[-1] == "verify, made by python"
    [broken] = [entry for entry in found if entry.get("_error")]
    assert (broken["response"]["status"], broken["response"]["bodySize"]) == (0, -1)
    complete = next(entry for entry in found if entry["comment"].startswith("complete"))
    assert complete["request"]["postData"]["mimeType"] == "application/xml"
    assert "PartNumber" in complete["request"]["postData"]["text"]
    part = next(entry for entry in found if entry["comment"].startswith("part 1"))
    assert part["request"]["bodySize"] == 60
    assert "postData" not in part["request"]
    assert {"name": "partNumber", "value": "1"} in part["request"]["queryString"]


def test_a_put_of_the_browser_has_its_etag_and_status() -> None:
    log = ExchangeLog()
    log.record_browser_put(
        url="http://s/a?partNumber=1",
        part=1,
        size=9,
        started=1.5,
        seconds=0.25,
        status=200,
        etag="e",
    )
    [entry] = entries(list(log.entries()))
    assert entry["startedDateTime"] == "1970-01-01T00:00:01.500+00:00"
    assert entry["time"] == 250
    assert entry["response"]["headers"] == [{"name": "ETag", "value": "e"}]
    assert entry["response"]["statusText"] == "OK"


def test_phases_are_milliseconds_and_connect_includes_the_handshake() -> None:
    timings = Timings(dns=0.001, connect=0.002, tls=0.003, send=0.004, wait=0.005, receive=0.006)
    [entry] = entries([Exchange("GET", "https://s/", "verify", seconds=0.025, timings=timings)])
    assert entry["timings"] == {
        "blocked": 4,
        "dns": 1,
        "connect": 5,
        "ssl": 3,
        "send": 4,
        "wait": 5,
        "receive": 6,
    }
    assert entry["time"] == 25


def test_phases_that_did_not_happen_are_minus_one() -> None:
    timings = Timings(send=0.001, wait=0.002, receive=0.003)
    [entry] = entries([Exchange("GET", "https://s/", "verify", seconds=0.006, timings=timings)])
    assert [entry["timings"][name] for name in ("dns", "connect", "ssl")] == [-1, -1, -1]


def test_an_unusual_status_needs_no_phrase() -> None:
    [entry] = entries([Exchange("GET", "http://s/", "verify", status=599)])
    assert entry["response"]["statusText"] == ""


@pytest.mark.parametrize("canary", CANARIES)
def test_nothing_secret_gets_in_even_unmasked(canary: str) -> None:
    exchange = Exchange(
        "POST",
        f"http://s/a?X-Amz-Signature={canary}&access_token={canary}",
        "complete",
        error=f"token={canary}",
        request_headers={"Authorization": f"Bearer {canary}", "Cookie": canary},
        response_headers={"Location": f"http://s/b?X-Amz-Signature={canary}", "Set-Cookie": canary},
        request_body=json.dumps({"src": f"http://s/a?X-Amz-Signature={canary}"}),
        response_body=json.dumps({"access_token": canary}),
    )
    text = har([exchange])
    check_har(json.loads(text))
    assert canary not in text


def test_exchanges_know_their_transfer_also_in_a_nested_call() -> None:
    log = ExchangeLog()
    log.record(Exchange("GET", "http://s/", "other"))
    with log.about("t1"):
        log.record(Exchange("GET", "http://s/", "late", started=5))
        with log.about("t2"):
            log.record(Exchange("GET", "http://s/", "second"))
        log.record(Exchange("GET", "http://s/", "early", started=1))
    log.record(Exchange("GET", "http://s/", "after"))
    assert [entry.purpose for entry in log.of_transfer("t1")] == ["early", "late"]
    assert [entry.purpose for entry in log.of_transfer("t2")] == ["second"]
    assert log.of_transfer("unknown") == ()


def test_an_empty_archive_is_valid_and_has_its_page() -> None:
    assert entries([]) == []
    [page] = json.loads(har([]))["log"]["pages"]
    assert (page["id"], page["pageTimings"]) == ("page_1", {})


def test_the_page_begins_with_its_first_entry_whatever_the_order_they_came_in() -> None:
    log = [
        Exchange("GET", f"http://s/{second}", "x", started=second) for second in (30.5, 10.25, 20)
    ]
    document = json.loads(har(log))
    check_har(document)
    [page] = document["log"]["pages"]
    assert page["startedDateTime"] == "1970-01-01T00:00:10.250+00:00"
    found = [(entry["request"]["url"], entry["pageref"]) for entry in document["log"]["entries"]]
    assert found == [(f"http://s/{second}", page["id"]) for second in (10.25, 20, 30.5)]


@pytest.mark.parametrize("missing", ["pages", "pageref", "id", "title", "pageTimings"])
def test_the_rules_notice_what_readers_need(missing: str) -> None:
    document = json.loads(har([Exchange("GET", "http://s/", "x")]))
    log = document["log"]
    for place in (log, log["pages"][0], log["entries"][0]):
        place.pop(missing, None)
    with pytest.raises(AssertionError):
        check_har(document)
