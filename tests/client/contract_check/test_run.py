"""The contract check on the embedded service, on a broken endpoint and on an unreachable one."""

import json
import re
import threading
from collections.abc import Generator, Iterator, Set
from dataclasses import replace
from pathlib import Path

import pytest
from requests.structures import CaseInsensitiveDict

from client.api.api import Api
from client.connection.connection import Connection, connection_from_settings
from client.contract_check.outcome import COSTS
from client.contract_check.probe import PROBES, Finding, Group
from client.contract_check.run import CheckReport, probes_of, run_check
from client.contract_check.trial import CheckOptions
from client.wire.exchange import MASK, ExchangeLog
from client.wire.retry import RetryPolicy
from tests.client import broken_endpoint as broken
from tests.client.broken_endpoint import Fault, running_broken
from tests.service.live import Live, running

EVERYTHING = CheckOptions(allowed=frozenset(COSTS))
QUICK = RetryPolicy(tries=2, base=0.01, cap=0.1)
REFUSED = b'{"errors": [{"message": "The gate is closed."}]}'
STORAGE: Set[Group] = {"storage"}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with running(tmp_path_factory.mktemp("service")) as live:
        yield live


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A service that has assets to find."""
    with running(tmp_path_factory.mktemp("full"), demo_data=True) as live:
        yield live


def report_of(
    connection: Connection,
    choice: CheckOptions | None = None,
    groups: Set[Group] | None = None,
    log: ExchangeLog | None = None,
) -> CheckReport:
    return report_of_run(run_check(Api(connection, log, policy=QUICK), choice, groups), [])


def report_of_run(run: Generator[Finding, None, CheckReport], found: list[Finding]) -> CheckReport:
    """Collect the findings as they are made, and return the report at the end."""
    while True:
        try:
            found.append(next(run))
        except StopIteration as end:
            return end.value


def differing(report: CheckReport) -> set[str]:
    return {one.probe.id for one in report.with_verdict("differs")}


def told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{one.probe.id}: {one.seen}" for one in findings]


def test_the_embedded_service_passes_every_probe(tmp_path: Path) -> None:
    with running(tmp_path, rate_limit=60, url_lifetime=3600) as live:
        # The last probe of `transport` uses up the minute's requests, so it has a run of its own.
        connection = connection_from_settings(live.settings)
        rate = report_of(connection, EVERYTHING, {"transport"})
    assert told(rate.with_verdict("differs")) == []
    # What searches are asked about is what is there already.
    with running(tmp_path / "other", demo_data=True) as live:
        choice = CheckOptions(allowed=frozenset({"credit", "asset"}))
        report = report_of(connection_from_settings(live.settings), choice)
    assert told(report.with_verdict("differs")) == []
    assert told(report.with_verdict("unclear")) == []
    assert {one.probe.id for one in report.with_verdict("not-run")} == {"rate-limit", "expired-url"}
    assert len(report.findings) == len(PROBES)
    assert report.left_behind == ()


def test_a_link_s_end_is_waited_for_when_that_is_allowed(tmp_path: Path) -> None:
    with running(tmp_path, url_lifetime=3) as live:
        report = report_of(connection_from_settings(live.settings), CheckOptions(wait=10), STORAGE)
    by_id = {one.probe.id: one for one in report.findings}
    assert (by_id["expired-url"].verdict, by_id["expired-url"].seen) == ("met", "403 AccessDenied")
    assert by_id["multipart-lifetime"].seen == "3 seconds"
    assert by_id["multipart-lifetime"].verdict == "differs"


def test_nothing_is_spent_or_made_unless_it_is_allowed(full: Live) -> None:
    credits_before = full.api.graphql(CREDITS).json()
    assets_before = full.api.graphql(ASSETS).json()
    report = report_of(connection_from_settings(full.settings))
    not_run = {one.probe.id for one in report.with_verdict("not-run")}
    assert not_run == {one.id for one in probes_of() if one.cost} | {"expired-url"}
    assert full.api.graphql(CREDITS).json() == credits_before
    assert full.api.graphql(ASSETS).json() == assets_before


CREDITS = "{ viewer { organizations { edges { node { creditBalance { balance } } } } } }"
ASSETS = '{ assetSearch(keyword: "") { total edges { node { id } } } }'


def test_what_was_made_is_put_away_also_when_the_run_is_stopped(live: Live) -> None:
    before = live.api.graphql(ASSETS).json()
    choice = CheckOptions(allowed=frozenset({"asset"}))
    run = run_check(Api(connection_from_settings(live.settings)), choice, {"assets"})
    for finding in run:
        if finding.probe.id == "create-asset":
            assert finding.verdict == "met"
            break
    assert live.api.graphql(ASSETS).json() != before
    run.close()
    assert live.api.graphql(ASSETS).json() == before


def test_a_run_that_is_stopped_reports_what_it_found(live: Live) -> None:
    found: list[Finding] = []
    api = Api(connection_from_settings(live.settings))
    run = run_check(api, groups=STORAGE, stopped=lambda: len(found) == 3)
    report = report_of_run(run, found)
    assert list(report.findings) == found
    assert len(found) == 3


def test_unfinished_uploads_are_aborted(tmp_path: Path) -> None:
    with running(tmp_path) as live:
        report_of(connection_from_settings(live.settings), groups={"limits", "storage"})
        assert live.service.store.uploads.count_open() == 0


PLANTED: dict[Fault, tuple[Set[Group], set[str]]] = {
    broken.etags_without_quotes: (STORAGE, {"single-etag", "part-etag-quotes"}),
    broken.parts_in_any_order: (STORAGE, {"complete-reversed"}),
    broken.etags_not_compared: (
        STORAGE,
        {"complete-wrong-etag", "complete-missing-part", "complete-stale-etag"},
    ),
    broken.ranges_ignored: (STORAGE, {"single-range", "completed-range"}),
    broken.content_type_lost: (STORAGE, {"single-content-type"}),
    broken.bearer_let_pass: (STORAGE, {"put-with-bearer", "complete-with-bearer"}),
    broken.a_field_of_another_type: ({"schema"}, {"asset-fields"}),
    broken.errors_as_html: (
        {"transport"},
        {
            "no-token",
            "bad-token",
            "syntax-error",
            "unknown-field",
            "error-form",
            "complexity",
            "persisted-query",
            "resolver-failure",
        },
    ),
}


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_named_and_nothing_else(live: Live, fault: Fault) -> None:
    groups, expected = PLANTED[fault]
    with running_broken(live.settings.public_url, [fault]) as url:
        assert differing(report_of(connection_to(live, url), groups=groups)) == expected


ASSET_PROBES: Set[Group] = {"assets"}
TRANSPORT: Set[Group] = {"transport"}
UNLIKE_PUBLIC_CLIENTS: dict[Fault, tuple[Set[Group], set[str]]] = {
    broken.empty_header_refused: (STORAGE, {"put-with-empty-authorization"}),
    broken.new_files_only_not_known: (STORAGE, {"put-if-none-match"}),
    broken.tokens_as_documented: (TRANSPORT, {"token-type", "token-basic", "token-query"}),
    broken.no_page_let_in: (TRANSPORT, {"token-cors", "graphql-cors"}),
    broken.body_lost_at_an_upgrade: (TRANSPORT, {"upgrade-offered"}),
    broken.refusals_with_400: (TRANSPORT, {"resolver-failure"}),
    broken.a_star_is_a_word: (ASSET_PROBES, {"search-everything", "search-bare-id"}),
    broken.phrases_are_words: (ASSET_PROBES, {"search-phrase"}),
    broken.all_words_are_needed: (ASSET_PROBES, {"search-any-word"}),
    broken.filters_want_global_ids: (ASSET_PROBES, {"search-bare-id"}),
    broken.every_page_is_the_first: (ASSET_PROBES, {"search-next-page"}),
}


@pytest.mark.parametrize("fault", UNLIKE_PUBLIC_CLIENTS, ids=lambda fault: fault.__name__)
def test_what_public_clients_rely_on_is_missed_by_name(full: Live, fault: Fault) -> None:
    groups, expected = UNLIKE_PUBLIC_CLIENTS[fault]
    with running_broken(full.settings.public_url, [fault]) as url:
        assert differing(report_of(connection_to(full, url), groups=groups)) == expected


@pytest.mark.parametrize(
    ("fault", "probe", "seen", "otherwise"),
    [
        (broken.schema_told_to_everybody, "introspection-without-token", "answered", "refused"),
        (
            broken.filters_want_bare_ids,
            "search-global-id",
            "it finds nothing",
            "it finds the assets",
        ),
    ],
)
def test_what_nobody_knows_is_settled_either_way(
    full: Live, fault: Fault, probe: str, seen: str, otherwise: str
) -> None:
    for faults, expected in (([fault], seen), ([], otherwise)):
        with running_broken(full.settings.public_url, faults) as url:
            groups: Set[Group] = {PROBES[probe].group}
            findings = report_of(connection_to(full, url), groups=groups).findings
        [found] = [one for one in findings if one.probe.id == probe]
        assert (found.seen, found.verdict, found.settles) == (expected, "met", True)


def test_no_secret_is_in_an_address(live: Live) -> None:
    log = ExchangeLog()
    with running_broken(live.settings.public_url, [watched := Watch()]) as url:
        report_of(connection_to(live, url), groups=TRANSPORT, log=log)
    client = json.loads((live.settings.data_dir / "oauth-client.json").read_text())
    assert any("client_secret=" in path for path in watched.paths)
    for secret in client.values():
        assert secret not in " ".join(watched.paths)


class Watch:
    """Lets everything pass, and remembers where it went."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(self, request: broken.Request, forward: broken.Forward) -> broken.Reply:
        self.paths.append(request.path)
        return forward(request)


def test_an_endpoint_that_wants_a_header_gets_it_and_no_report_shows_it(full: Live) -> None:
    value, log = "open-sesame-42", ExchangeLog()

    def gate(request: broken.Request, forward: broken.Forward) -> broken.Reply:
        if not request.path.startswith("/graphql") or request.method != "POST":
            return forward(request)
        given = CaseInsensitiveDict(request.headers).get("X-Gate")
        if given != value:
            return broken.Reply(403, {"Content-Type": "application/json"}, REFUSED)
        reply = forward(request)
        quoting = re.sub(rb'"message": ?"', rb"\g<0>%s. " % given.encode(), reply.body)
        return replace(reply, body=quoting, headers={**reply.headers, "X-Gate": given})

    with running_broken(full.settings.public_url, [gate]) as url:
        connection = replace(connection_to(full, url), headers=(("X-Gate", value),))
        report = report_of(connection, groups=TRANSPORT, log=log)
    assert differing(report) == {"no-token", "bad-token"}  # the gate's own answer: 403
    assert value not in f"{report}{log.entries()}"
    assert f"X-Gate: {MASK}" in str(report)
    assert any(f'"{MASK}. ' in (entry.response_body or "") for entry in log.entries())


def test_all_planted_faults_at_once_are_named(live: Live) -> None:
    with running_broken(live.settings.public_url, list(PLANTED)) as url:
        found = differing(report_of(connection_to(live, url)))
    for fault, (_, expected) in PLANTED.items():
        assert found & expected, fault.__name__


def connection_to(live: Live, url: str) -> Connection:
    return replace(
        connection_from_settings(live.settings),
        graphql_url=f"{url}/graphql",
        token_url=f"{url}/oauth/token",
        reach={},
    )


def test_an_inferred_item_that_is_settled_is_no_failure(live: Live) -> None:
    with running_broken(live.settings.public_url, [broken.no_introspection]) as url:
        report = report_of(connection_to(live, url), groups={"schema"})
    [introspection, *others] = report.findings
    assert (introspection.verdict, introspection.settles) == ("differs", True)
    assert {one.verdict for one in others} == {"unclear"}
    assert report.failures == ()


def test_an_endpoint_that_does_not_answer_leaves_everything_unclear(live: Live) -> None:
    report = report_of(connection_to(live, "http://127.0.0.1:9"))
    assert not report.with_verdict("met")
    assert not report.with_verdict("differs")
    assert "service-down" in report.findings[0].seen


def test_no_secret_is_in_findings_or_log(live: Live) -> None:
    connection, log = connection_from_settings(live.settings), ExchangeLog()
    report = report_of(connection, CheckOptions(allowed=frozenset({"asset"})), log=log)
    text = f"{report}{log.entries()}"
    secret = json.loads((live.settings.data_dir / "oauth-client.json").read_text())["client_secret"]
    assert secret not in text
    assert live.api.token() not in text
    assert "X-Amz-Signature=***" in text
    assert "X-Amz-Signature=" not in text.replace("X-Amz-Signature=***", "")


def test_the_exchanges_of_a_check_are_in_the_wire_log(live: Live) -> None:
    log = ExchangeLog()
    report_of(connection_from_settings(live.settings), groups=STORAGE, log=log)
    assert any(entry.purpose == "check: complete" for entry in log.entries())


def test_two_checks_at_the_same_time_do_not_disturb_each_other(live: Live) -> None:
    reports: list[CheckReport] = []

    def check() -> None:
        reports.append(report_of(connection_from_settings(live.settings), groups=STORAGE))

    threads = [threading.Thread(target=check) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [told(report.with_verdict("differs")) for report in reports] == [[], []]
