"""The contract check in a browser: run, stop, read, take along; WCAG 2.2 A and AA."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from client.contract_check.run import probes_of
from tests.app_server import AppServer
from tests.browser.checks.check_steps import (
    A_CHECK,
    all_questions,
    choose_only,
    open_checks,
    run_check,
)
from tests.browser.conftest import expect_signed_in, sign_in
from tests.browser.connections.ceph_endpoint import running_ceph_api
from tests.browser.settled import settled
from tests.s3.engines import Engine

Check = Callable[[Page], None]


def test_our_service_passes_with_everything_allowed_and_the_report_says_so(
    signed_in_tab: Page, app_server: AppServer, tmp_path: Path
) -> None:
    page = signed_in_tab
    open_checks(page, app_server.url)
    for label in ("spend up to 2 credits", "create an asset"):
        page.get_by_text(label).click()
        expect(page.get_by_role("checkbox", name=label)).to_be_checked()
    run_check(page)
    expect(page.get_by_text("Nothing differs from what is documented")).to_be_visible()
    expect(page.get_by_text("that the contract only infers")).to_be_visible()
    settled(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Report: JSON").click()
    saved.value.save_as(tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["passed"], report["verdicts"]["differs"]) == (True, 0)
    not_run = {one["id"] for one in report["findings"] if one["verdict"] == "not-run"}
    needs_assets = {one.id for one in probes_of({"assets"}) if one.section.startswith("19.")}
    assert not_run - needs_assets == {"rate-limit", "expired-url"}
    assert "X-Amz-Signature=" not in page.content().replace("X-Amz-Signature=***", "")


def test_a_check_goes_on_while_other_pages_are_visited(
    signed_in_tab: Page, app_server: AppServer
) -> None:
    page = signed_in_tab
    open_checks(page, app_server.url)
    choose_only(page, "Storage")
    page.get_by_role("button", name="Run the check").click()
    expect(page.get_by_text("questions asked").or_(all_questions(page)).first).to_be_visible()
    page.get_by_role("link", name="Connections").click()
    expect(page.get_by_role("heading", name="Connections", level=1)).to_be_visible()
    page.get_by_role("link", name="Checks").click()
    expect(all_questions(page)).to_be_visible(timeout=A_CHECK)
    page.get_by_role("link", name="Requests").click()
    expect(page.get_by_role("heading", name="Requests", level=1)).to_be_visible()


def test_ceph_s_differences_are_on_the_page(
    page: Page, ceph: Engine, own_app_server: AppServer
) -> None:
    with running_ceph_api(ceph) as settings:
        own_app_server.environment.update(settings)
        own_app_server.start()
        page.goto(own_app_server.url)
        sign_in(page, own_app_server.password)
        expect_signed_in(page)
        open_checks(page, own_app_server.url)
        choose_only(page, "Storage")
        run_check(page)
    expect(page.get_by_role("alert")).to_contain_text("answers differ from the contract")
    card = page.locator(".st-key-check-differs-complete-reversed")
    expect(card).to_contain_text("Expected: 400 InvalidPartOrder")
    expect(card).to_contain_text("Seen: 200")
    own_app_server.stop()


def test_every_state_is_accessible(
    signed_in_tab: Page, app_server: AppServer, expect_accessible: Check
) -> None:
    page = signed_in_tab
    open_checks(page, app_server.url)
    expect(page.get_by_text("Nothing checked yet")).to_be_visible()
    expect_accessible(page)

    choose_only(page, "Schema", "Limits")
    run_check(page)
    expect_accessible(page)
