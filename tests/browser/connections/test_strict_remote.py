"""Every page's main flow on an endpoint as strict as a real one may be: tests/app/strict_remote.py.

Nothing here knows that the endpoint is ours: the pages are told by `AMPLIENCE_*` settings and
`REQUESTS_CA_BUNDLE` only. Each flow begins with two refusals for too many requests.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from client.playground.link import write_link
from client.playground.saved_operations import SavedOperation
from tests.app.strict_remote import CLIENT, PAT, StrictRemote
from tests.app.strict_service import NO_FOLDER_LABEL
from tests.app_server import AppServer
from tests.browser.assets.asset_steps import choose_folder, search_for
from tests.browser.background.background_steps import (
    CENTRE,
    CORNER,
    RED,
    disc,
    give,
    open_background,
    saved,
    wait_for_result,
)
from tests.browser.checks.check_steps import choose_only, run_check
from tests.browser.conftest import home_of, running_app, signed_in
from tests.browser.playground.playground_steps import answer_text, operations, switch
from tests.browser.settled import settled
from tests.browser.steps import (
    card_of,
    choose,
    choose_part_size,
    download,
    expect_same_file,
    link_of,
    parts_of,
    random_file,
    result_of,
    sha256,
    unfold,
    wait_until_done,
)

Check = Callable[[Page], list[str]]
CREDITS = """{ viewer { organizations { edges { node {
  ... on Organization { creditBalance { balance } } } } } } }"""
IN_FOLDER = 'query Red { assetSearch(keyword: "bottle", filters: { assetFolderId: [] }) { total } }'
SINGLE = "mutation Single {\n  createTempFileUploadUrl {\n    uploadUrl\n    downloadUrl\n  }\n}\n"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium trusts a list of its own that tests cannot add to; Python must trust the CA."""
    return {**browser_context_args, "ignore_https_errors": True}


@pytest.fixture(scope="module", params=["client"])
def app(
    strict_endpoint: StrictRemote,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[AppServer]:
    """An app that uses the endpoint with the credentials of a `client` or of a `person`."""
    settings = strict_endpoint.settings(with_pat=request.param == "person")
    with running_app(tmp_path_factory.mktemp("app"), settings) as server:
        yield server


@pytest.fixture(scope="module")
def state(browser: Browser, app: AppServer) -> dict[str, Any]:
    return dict(signed_in(browser, app))


@pytest.fixture
def credit_balance(strict_remote: StrictRemote) -> int:
    """What a test finds; asked for before `home`, after which two requests are refused."""
    with strict_remote.session() as http:
        answer = http.post(
            f"{strict_remote.url}/graphql",
            json={"query": CREDITS},
            headers={"Authorization": f"Bearer {PAT}"},
            timeout=30,
        )
    [organization] = answer.json()["data"]["viewer"]["organizations"]["edges"]
    return int(organization["node"]["creditBalance"]["balance"])


@pytest.fixture
def home(
    context: BrowserContext,
    strict_remote: StrictRemote,
    app: AppServer,
    state: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Page]:
    """The upload page of that app; afterwards no secret is anywhere."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(strict_remote.certificates.authority))
    page = home_of(context, app, state)
    host = urlsplit(strict_remote.url).netloc
    expect(page.get_by_text(f"Connected to {host}")).to_be_visible()
    strict_remote.begin_badly()
    yield page
    for secret in (CLIENT[1], PAT):
        assert secret not in page.content()
        assert secret not in app.log_file.read_text()


def storage_puts(page: Page) -> list[str]:
    """Collect where the page sends parts."""
    hosts: list[str] = []

    def note(request: Request) -> None:
        if request.method == "PUT":
            hosts.append(urlsplit(request.url).netloc)

    page.on("request", note)
    return hosts


def test_a_file_in_one_put(home: Page, strict_remote: StrictRemote, tmp_path: Path) -> None:
    hosts = storage_puts(home)
    file = random_file(tmp_path / "one.bin", 3_000_000)
    choose(home, file)
    wait_until_done(home, file.name)
    assert link_of(home, file.name).startswith(f"{strict_remote.storage_url}/strict/temp-files/")
    expect_same_file(home, file, tmp_path)
    assert hosts == [urlsplit(strict_remote.storage_url).netloc]


def test_a_file_in_parts(home: Page, strict_remote: StrictRemote, tmp_path: Path) -> None:
    hosts = storage_puts(home)
    file = random_file(tmp_path / "film.mp4", 101_000_000)
    choose_part_size(home)
    choose(home, file)
    wait_until_done(home, file.name)
    assert len(parts_of(card_of(home, file.name))) == 7
    expect_same_file(home, file, tmp_path)
    assert set(hosts) == {urlsplit(strict_remote.storage_url).netloc}
    result = result_of(home, file.name)
    result.get_by_role("button", name="Check the download").click()
    expect(result).to_contain_text("The download is what was uploaded", timeout=60_000)


@pytest.mark.parametrize("app", ["client", "person"], indirect=True)
def test_an_asset_of_what_was_uploaded(home: Page, app: AppServer, tmp_path: Path) -> None:
    picture = disc(tmp_path / f"disc-{app.port}.png")  # a name is taken only once
    choose(home, picture)
    wait_until_done(home, picture.name)
    result_of(home, picture.name).get_by_role("button", name="Create asset").click()
    dialog = home.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Create", exact=True)).to_be_enabled()
    dialog.get_by_text("Publish it at once").click()
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(dialog).to_contain_text("is in Content Hub")
    expect(dialog).to_contain_text("Publishing was asked for")
    thumbnail = dialog.get_by_role("img", name=f"Thumbnail of {picture.stem}")
    expect(thumbnail).to_be_visible()
    assert thumbnail.evaluate("async image => { await image.decode(); return image.naturalWidth }")


def test_a_background_is_removed(
    credit_balance: int, home: Page, strict_remote: StrictRemote, app: AppServer, tmp_path: Path
) -> None:
    open_background(home, app.url)
    give(home, disc(tmp_path / "disc.png"))
    expect(home.get_by_text("This is a quick preview")).to_be_visible(timeout=60_000)
    home.get_by_role("button", name="Remove background · 1 credit").click()
    wait_for_result(home)
    left = f"1 credit, {credit_balance - 1} left"
    expect(home.locator(".st-key-chain").get_by_text(left)).to_be_visible()
    link = home.get_by_role("link", name="Open").last.get_attribute("href") or ""
    assert link.startswith(f"{strict_remote.storage_url}/strict/temp-files/")
    image = saved(home, "disc-cut-out.png")
    assert (image.getpixel(CENTRE), image.getpixel(CORNER)) == ((*RED, 255), (0, 0, 0, 0))


def test_the_playground_works_with_the_schema_that_ships(
    home: Page, app: AppServer, tmp_path: Path
) -> None:
    home.goto(f"{app.url}/playground?op={write_link(SavedOperation(SINGLE, ''))}")
    expect(operations(home)).to_contain_text("mutation Single")
    # In a pane that opens on demand; it is there once the endpoint has refused its schema.
    expect(home.get_by_text("the copy that ships with this app")).to_be_attached()
    home.get_by_role("button", name=re.compile("^Run ")).click()
    outcome = home.locator(".st-key-playground-answer-head p").first
    expect(outcome).to_contain_text("Single · HTTP 200")
    url = home.locator(".st-key-playground-next").get_by_role("link", name="Open Download link")
    link = url.get_attribute("href") or ""
    home.get_by_role("button", name="Upload a file to this link").click()
    file = random_file(tmp_path / "mine.bin", 100_000)
    choose(home, file)
    wait_until_done(home, file.name)
    assert sha256(download(link, tmp_path / "copy")) == sha256(file)


def test_the_connection_is_tested_and_its_requests_are_listed(
    credit_balance: int, home: Page, strict_remote: StrictRemote
) -> None:
    home.get_by_role("link", name="Connections").click()
    unfold(home, "Technical details")
    expect(home.get_by_text(f"{strict_remote.url}/graphql")).to_be_visible()
    test = home.get_by_role("button", name="Test the connection")
    test.click()
    findings = home.locator(".st-key-connection-findings")
    expect(findings).to_contain_text("Wait a minute, then test again.")  # it shows, tries no more
    strict_remote.forget_faults()
    test.click()
    expect(findings).not_to_contain_text("It does not work yet.")
    for found in (
        "The credentials are accepted",
        "The service keeps its schema to itself.",
        "This machine and the service agree.",
        f"{credit_balance} left; a background removal costs one.",
    ):
        expect(findings).to_contain_text(found)
    home.get_by_role("link", name="Requests").click()
    expect(home.get_by_role("heading", name="Requests", level=1)).to_be_visible()
    expect(home.get_by_role("gridcell", name="viewer", include_hidden=True)).not_to_have_count(0)


def test_the_contract_check_names_how_it_differs(home: Page) -> None:
    home.get_by_role("link", name="Checks").click()
    expect(home.get_by_role("heading", name="Checks", exact=True)).to_be_visible()
    choose_only(home, "Transport")
    run_check(home)
    settled(home)
    with home.expect_download() as saved_report:
        home.get_by_role("button", name="Report: JSON").click()
    report = json.loads(Path(saved_report.value.path()).read_text(encoding="utf-8"))
    differing = {one["id"] for one in report["findings"] if one["verdict"] == "differs"}
    assert differing == {"no-token", "bad-token"}  # refused with HTML in the place of JSON


def test_what_is_in_a_folder_is_found(home: Page) -> None:
    home.get_by_role("link", name="Assets").click()
    choose_folder(home, "Products / Bottles")
    expect(home.get_by_role("img", name="Thumbnail of Bottle, green")).to_be_visible()
    expect(home.get_by_role("img", name="Thumbnail of Mug")).to_have_count(0)
    search_for(home, "blue")
    expect(home.get_by_role("img", name="Thumbnail of Bottle, green")).to_have_count(0)
    expect(home.get_by_role("img", name="Thumbnail of Bottle, blue")).to_be_visible()
    choose_folder(home, NO_FOLDER_LABEL)
    expect(home.get_by_role("heading", name="No asset found")).to_be_visible()


def test_a_folder_picked_in_the_playground_finds_what_is_in_it(home: Page, app: AppServer) -> None:
    home.goto(f"{app.url}/playground?op={write_link(SavedOperation(IN_FOLDER, ''))}")
    expect(operations(home)).to_contain_text("query Red")
    if not home.locator(".st-key-playground-form").is_visible():
        switch(home, "Form")
    field = home.get_by_role("combobox", name="assetFolderId")
    field.click()
    field.fill("Bottles")
    home.get_by_role("option", name="Demo repository / Products / Bottles").click()
    home.keyboard.press("Escape")  # the list stays open for more, and hides what is around it
    expect(operations(home)).to_contain_text(re.compile(r'assetFolderId: \["[0-9a-f-]{36}"\]'))
    settled(home)
    home.get_by_role("button", name=re.compile("^Run ")).first.click()
    expect(home.locator(".st-key-playground-answer-head p").first).to_contain_text("Red · HTTP 200")
    expect(answer_text(home)).to_contain_text(re.compile(r'"total": [1-9]'))


def test_assets_are_looked_through_published_and_deleted(home: Page) -> None:
    home.get_by_role("link", name="Assets").click()
    picture = home.get_by_role("img", name="Thumbnail of Banner, hills")
    expect(picture).to_be_visible()
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth }")
    search_for(home, "demo-banner")
    home.get_by_role("button", name="Open Banner, hills").click()
    home.get_by_role("button", name="Publish", exact=True).click()
    expect(home.get_by_text("Publishing was asked for")).to_be_visible()
    home.get_by_role("button", name="Delete", exact=True).click()
    home.get_by_role("button", name="Delete for good").click()
    expect(home.get_by_text("is deleted.")).to_be_visible()
    home.get_by_role("button", name="New folder").click()
    home.get_by_label("Name of the new folder").fill("strict")
    home.get_by_role("button", name="Create folder").click()
    expect(home.get_by_text("The folder strict is made")).to_be_visible()
