"""The contract check in a browser: run, stop, read, take along; WCAG 2.2 A and AA."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.app_server import AppServer
from tests.browser.ceph_endpoint import running_ceph_api
from tests.browser.check_steps import A_CHECK, all_questions, choose_only, open_checks, run_check
from tests.browser.conftest import expect_no_sideways_scrolling, expect_signed_in, sign_in, watch
from tests.s3.engines import Engine

Check = Callable[[Page], list[str]]


def test_our_service_passes_with_everything_allowed_and_the_report_says_so(
    signed_in_page: Page, app_server: AppServer, tmp_path: Path
) -> None:
    page = signed_in_page
    open_checks(page, app_server.url)
    for label in ("spend up to 2 credits", "create an asset"):
        page.get_by_text(label).click()
        expect(page.get_by_role("checkbox", name=label)).to_be_checked()
    run_check(page)
    expect(page.get_by_text("Nothing differs from what is documented")).to_be_visible()
    expect(page.get_by_text("that the contract only infers")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Report: JSON").click()
    saved.value.save_as(tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["passed"], report["verdicts"]["differs"]) == (True, 0)
    not_run = {one["id"] for one in report["findings"] if one["verdict"] == "not-run"}
    assert not_run == {"rate-limit", "expired-url"}
    assert "X-Amz-Signature=" not in page.content().replace("X-Amz-Signature=***", "")


def test_a_check_goes_on_while_other_pages_are_visited(
    signed_in_page: Page, app_server: AppServer
) -> None:
    page = signed_in_page
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


@pytest.mark.parametrize(
    ("theme", "width"), [(theme, width) for theme in ("light", "dark") for width in (1280, 375)]
)
def test_every_state_is_accessible(
    browser: Browser,
    app_server: AppServer,
    signed_in_state: dict[str, Any],
    accessibility_problems: Check,
    theme: Any,
    width: int,
) -> None:
    context = browser.new_context(
        color_scheme=theme,
        viewport=ViewportSize(width=width, height=900),
        storage_state=signed_in_state,  # type: ignore[arg-type] # what `storage_state()` returned
    )
    breaches: list[str] = []
    watch(context, breaches)
    page = context.new_page()
    open_checks(page, app_server.url)
    expect(page.get_by_text("Nothing checked yet")).to_be_visible()
    assert accessibility_problems(page) == []
    expect_no_sideways_scrolling(page)

    choose_only(page, "Schema", "Limits")
    run_check(page)
    page.wait_for_timeout(1000)  # what was drawn anew fades in
    assert accessibility_problems(page) == []
    expect_no_sideways_scrolling(page)
    context.close()
    assert not breaches
