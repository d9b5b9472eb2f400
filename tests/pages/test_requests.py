"""The requests page as Streamlit runs it: filters, tries, details, files to take along."""

import json
import secrets
import time
from typing import Any

import pytest
import requests
from streamlit.testing.v1 import AppTest

from client.api.api import Api
from client.connection.connection import connection_from_settings
from client.transfers.record import Transfer
from client.transfers.registry import TransferRegistry
from client.wire.exchange import Exchange, ExchangeLog
from client.wire.timings import Timings
from components.requests.waterfall import MOST_BARS
from process import this_process
from settings import read_settings
from tests.app_server import ROOT, ServiceAlone
from tests.client.export.har_schema import check_har

SIGNED = "http://127.0.0.1/files/a?partNumber=2&X-Amz-Signature=c0ffee"
HOSTILE = '**film** <b> "$(x)" | `a`.mp4'
QUERY = json.dumps({"query": "{ viewer { organizations { edges { node { id } } } } }"})


pytestmark = pytest.mark.usefixtures("environment")


def page(log: ExchangeLog, owner: str = "ann") -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / "request_log.py"), default_timeout=30)
    test.user["username"], test.user["roles"], test.user["session"] = owner, "uploader", "s"
    this_process().visitors.of(owner, "s").log = log
    return run(test)


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def table(test: AppTest, index: int = 0) -> Any:
    """Return the data frame of a table, whose library has no types."""
    return test.dataframe[index].value


def texts(test: AppTest) -> str:
    shown = [*test.caption, *test.code, *test.info, *test.markdown]
    return "\n".join(str(element.value) for element in shown)


def opened(test: AppTest, key: str) -> AppTest:
    """Open an expander: AppTest has no way of its own to do so."""
    test.session_state[key] = True
    return run(test)


@pytest.fixture
def log() -> ExchangeLog:
    """A token, an operation that is refused in a 200, and a transfer whose part 2 failed once."""
    log = ExchangeLog()
    now = time.time() - 60
    log.record(Exchange("POST", "http://h/oauth/token", "token", started=now, status=200))
    log.record(
        Exchange(
            "POST",
            "http://h/graphql",
            "viewer",
            started=now + 1,
            status=200,
            request_headers={"Content-Type": "application/json", "Authorization": "Bearer c0ffee"},
            request_body=QUERY,
            response_body='{"errors": [{"message": "no grant"}], "data": null}',
            timings=Timings(send=0.001, wait=0.5, receive=0.001),
        )
    )
    with log.about("t1"):
        for number, (part, status) in enumerate([(1, 200), (2, 0), (2, 503), (2, 200)]):
            log.record_browser_put(
                url=SIGNED,
                part=part,
                size=1200,
                started=now + 2 + number,
                seconds=0.5,
                status=status,
                code=None if status == 200 else "network",
                request_id=f"REQ{number}",
            )
    return log


def test_without_requests_the_page_says_how_to_get_some() -> None:
    assert "every request it takes is listed here" in texts(page(ExchangeLog()))


def test_the_newest_stands_first_and_nothing_secret_anywhere(log: ExchangeLog) -> None:
    test = page(log)
    found = table(test)
    assert list(found["Purpose"]) == [
        "part 2 · try 3",
        "part 2 · try 2",
        "part 2",
        "part 1",
        "viewer",
        "token",
    ]
    assert list(found["Status"])[:5] == [
        "✓ 200",
        "✕ 503 network",
        "✕ no answer: network",
        "✓ 200",
        "✕ 200, body says no",
    ]
    assert list(found["Made by"])[-1] == "this app"
    assert next(iter(found["Sent"])) == "1.2 kB"
    assert "c0ffee" not in found.to_string()
    assert "6 of 6 requests, 3 failed. Sent 4.8 kB" in texts(test)


def test_filters_by_sort_status_file_and_text_work_together(log: ExchangeLog) -> None:
    test = page(log)
    test.multiselect(key="request_kinds").set_value(["part"])
    assert len(table(run(test))) == 4
    test.multiselect(key="request_outcomes").set_value(["none", "5xx"])
    assert len(table(run(test))) == 2
    test.text_input(key="request_text").set_value("req2")
    assert list(table(run(test))["Request id"]) == ["REQ2"]
    test.text_input(key="request_text").set_value("no such words")
    assert "None of the 6 requests match" in texts(run(test))
    test.text_input(key="request_text").set_value("")
    test.multiselect(key="request_kinds").set_value([])
    test.multiselect(key="request_outcomes").set_value([])
    test.selectbox(key="request_transfer").set_value("t1")
    assert len(table(run(test))) == 4


def test_clearing_forgets_everything(log: ExchangeLog) -> None:
    test = page(log)
    test.button(key="requests_clear").click()
    assert "listed here" in texts(run(test))
    assert log.entries() == ()


def test_what_had_to_make_room_is_counted() -> None:
    log = ExchangeLog(capacity=1)
    for _ in range(3):
        log.record(Exchange("GET", "http://h/", "verify", status=200))
    assert "2 older requests had to make room" in texts(page(log))


def test_one_request_in_full_has_its_phases_headers_and_pretty_bodies(log: ExchangeLog) -> None:
    test = opened(page(log), "request-details")
    [viewer] = [one.id for one in log.entries() if one.purpose == "viewer"]
    test.selectbox(key="request_chosen").set_value(viewer)
    shown = texts(run(test))
    assert "Send 1 ms, Wait 500 ms, Receive 1 ms" in shown
    assert "nothing was looked up" in shown
    assert "{\n  viewer {\n    organizations {" in shown
    assert '"message": "no grant"' in shown
    assert "Authorization: ***" in shown
    assert "c0ffee" not in shown


def test_a_part_of_the_browser_says_that_its_body_is_not_kept(log: ExchangeLog) -> None:
    shown = texts(opened(page(log), "request-details"))
    assert "file contents never are" in shown
    assert "A browser tells only how long it took" in shown


def test_the_waterfall_puts_tries_side_by_side_and_has_a_table(log: ExchangeLog) -> None:
    test = opened(page(log), "waterfall-t1")
    assert "4 requests, 2 failed, 3.50 s" in test.expander[-1].label
    bars = table(test, 1)
    assert list(bars["Purpose"]) == ["part 1", "part 2", "part 2 · try 2", "part 2 · try 3"]
    assert list(bars["Begins after"]) == ["0 ms", "1.00 s", "2.00 s", "3.00 s"]
    [chart] = test.get("html")
    body = str(chart.proto.body)  # pyright: ignore[reportAttributeAccessIssue]
    assert "left:85.714%" in body
    assert 'aria-label="4 requests over 3.50 s.' in body


def test_a_long_waterfall_is_cut_and_says_so() -> None:
    log = ExchangeLog()
    with log.about("t1"):
        for part in range(1, 411):
            log.record_browser_put(
                url=SIGNED, part=part, size=9, started=part, seconds=1, status=200
            )
    test = opened(page(log), "waterfall-t1")
    assert f"The first {MOST_BARS} requests are drawn" in texts(test)
    assert len(table(test, 1)) == 410


def test_a_name_of_a_file_is_text_wherever_it_stands(
    service_alone: ServiceAlone, log: ExchangeLog
) -> None:
    owner = sent(service_alone, log)
    test = opened(page(log, owner), "request-export")
    assert HOSTILE in table(test)["File"].to_list()
    assert any("\\*\\*film\\*\\*" in expander.label for expander in test.expander)
    test.radio(key="request_export_form").set_value("markdown")
    assert "\\*\\*film\\*\\* \\<b\\>" in texts(run(test))


@pytest.mark.parametrize("form", ["har", "curl", "python", "markdown"])
def test_every_form_holds_what_is_shown_and_nothing_secret(
    service_alone: ServiceAlone, log: ExchangeLog, form: str
) -> None:
    owner = sent(service_alone, log)
    test = opened(page(log, owner), "request-export")
    test.radio(key="request_export_form").set_value(form)
    run(test)
    [text] = [code.value for code in test.code]
    assert "X-Amz-Signature=***" in text or "X-Amz" not in text
    assert "c0ffee" not in text
    if form == "har":
        document = json.loads(text)
        check_har(document)
        assert len(document["log"]["entries"]) == len(log.entries())
    if form in ("curl", "python"):
        assert "createTempFileUploadUrl" in text
        assert "organizations" in text


def sent(service_alone: ServiceAlone, log: ExchangeLog) -> str:
    """Upload a small file under a name full of markup, in the log, and return its owner."""
    owner = f"ann-{secrets.token_hex(4)}"
    settings = read_settings(service_alone.environment_of_child(), ROOT / "none.toml")
    api = Api(connection_from_settings(settings), log)
    registry = TransferRegistry(service_alone.data_dir)
    with log.about("t9"):
        plan = api.plan_upload(HOSTILE, 9, "video/mp4")
        headers = {"Content-Type": "video/mp4"}
        requests.put(plan.parts[0].url, bytes(9), headers=headers, timeout=10)
        log.record_browser_put(
            url=plan.parts[0].url, part=1, size=9, started=time.time(), seconds=0.1, status=200
        )
    registry.put(Transfer("t9", owner, HOSTILE, 9, "planned", started=time.time(), plan=plan))
    registry.close()
    api.close()
    return owner


AS_SENT = '{"price":1.10,"big":1E400,"a":1,"a":2}'


def test_a_body_is_shown_as_it_was_on_the_wire() -> None:
    log = ExchangeLog()
    log.record(Exchange("POST", "http://h/graphql", "viewer", status=200, response_body=AS_SENT))
    test = opened(page(log), "request-details")
    assert '{\n  "price": 1.10,\n  "big": 1E400,\n  "a": 1,\n  "a": 2\n}' in texts(test)
    assert AS_SENT not in texts(test)
    test.toggle(key="request-as-sent-got").set_value(True)
    assert AS_SENT in texts(run(test))


@pytest.mark.parametrize("levels", [900, 20_000])
def test_a_body_nested_too_deeply_can_be_looked_at(levels: int) -> None:
    body = f'{{"errors":{"[" * levels}{"]" * levels}}}'
    log = ExchangeLog()
    log.record(Exchange("POST", "http://h/graphql", "viewer", status=200, response_body=body))
    assert body in texts(opened(page(log), "request-details"))
