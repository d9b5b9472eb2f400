"""Clicks while files are sent: none costs the page, and none costs a file.

`CLICKS` (30) is the number of page clicks of a run, `SEEDS` (1) the number of runs, each with other
clicks and pauses; `make soak` takes 200 and five. The more clicks, the more files are sent.
"""

import itertools
import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from client.transfers.registry import TransferRegistry
from components.common.error_words import UNEXPECTED_TITLE
from components.upload import words
from tests.app_server import AppServer, free_port
from tests.browser.conftest import expect_signed_in, expect_signed_out, sign_in
from tests.browser.service_control import ServiceControl
from tests.browser.settled import settled
from tests.browser.steps import (
    UPLOAD_TIMEOUT,
    card_of,
    choose,
    choose_part_size,
    download,
    expect_same_file,
    go_by_navigation,
    random_file,
    sha256,
    slow_down,
    wait_for_parts,
    wait_until_done,
)
from web.sign_in.users import PageUser, Users, hash_password

CLICKS = int(os.environ.get("CLICKS", "30"))
SEEDS = int(os.environ.get("SEEDS", "1"))
SMALL, LARGE = max(1, CLICKS * 3 // 10), max(1, CLICKS * 3 // 200)
"""Files of a run: 60 and 3 with 200 clicks."""
PAUSES = (0.1, 1.5)
"""Seconds between two clicks."""
PAGES = ("Upload", "Playground", "Background", "Assets", "Requests", "Checks", "Connections")
LARGE_SIZE = 106_000_000
"""Bytes; more than a single PUT may have, so that it goes in parts."""
LINE = 8_000_000
"""Bytes per second: a large file takes about as long as 16 clicks."""
FILM_SIZE, FILM_PARTS = 125_000_000, 8  # of 16 MiB
CHOOSE_AND_LEAVE = """(input, [name, delay]) => {
  const data = new DataTransfer()
  data.items.add(new File(["some text"], name))
  input.files = data.files
  input.dispatchEvent(new Event("change", { bubbles: true }))
  const link = document.querySelector("a[href$='/requests']")
  setTimeout(() => link.click(), delay)
}"""
ALL_ENDED = "() => window.tfwUploads.unfinished === 0"
FAILED = "Shown to the visitor as"
"""What the log says of an error that nobody foresaw."""
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    server = AppServer(tmp_path_factory.mktemp("app") / "data", free_port())
    server.start()
    Users(server.data_dir / "users.yaml").save(
        PageUser("eve", "Eve", hash_password(server.password), ("uploader",))
    )
    yield server
    server.stop()


@pytest.fixture
def service(server: AppServer) -> ServiceControl:
    return ServiceControl(server.url, server.data_dir)


@pytest.fixture
def home(page: Page, server: AppServer) -> Page:
    """The upload page, signed in with a session of its own, over a slow line."""
    page.goto(server.url)
    sign_in(page, server.password)
    expect_signed_in(page)
    slow_down(page, LINE)
    return page


@pytest.fixture
def film(tmp_path: Path) -> Iterator[Path]:
    """A file of a name that no other test uses, so that none finds what another left unfinished."""
    file = random_file(tmp_path / f"film {next(NUMBERS)}.mp4", FILM_SIZE)
    yield file
    file.unlink()


def failures(server: AppServer) -> list[str]:
    lines = server.log_file.read_text().splitlines()
    return [line for line in lines if FAILED in line or "Uncaught" in line]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_pages_are_clicked_through_while_files_are_sent(
    home: Page, server: AppServer, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    small = [
        random_file(tmp_path / "files" / f"{seed}-small-{number}.bin", chance.randint(1, 30_000))
        for number in range(SMALL)
    ]
    large = [
        random_file(tmp_path / "files" / f"{seed}-large-{number}.bin", LARGE_SIZE)
        for number in range(LARGE)
    ]
    files = [*small, *large]
    chance.shuffle(files)
    choose(home, *files)
    page = "Upload"
    for _ in range(CLICKS):
        home.wait_for_timeout(chance.uniform(*PAUSES) * 1000)
        page = chance.choice([other for other in PAGES if other != page])
        home.get_by_role("link", name=page, exact=True).click()
        assert not home.get_by_text(UNEXPECTED_TITLE).count(), failures(server)
    expect(home.get_by_role("heading", name=page, level=1)).to_be_visible()
    if page != "Upload":
        go_by_navigation(home, "Upload")
    done = words.UPLOADER["files_done"]
    assert isinstance(done, dict)
    total = done["other"].format(done=len(files), count=len(files))
    expect(home.get_by_text(total)).to_be_visible(timeout=10 * UPLOAD_TIMEOUT)
    assert not failures(server), server.log_file.read_text()
    assert links(server) >= {file.name: sha256(file) for file in files}.items()
    for file in files:
        file.unlink()


def test_a_click_right_after_files_are_chosen_lands_and_the_upload_begins(home: Page) -> None:
    for delay in range(0, 200, 20):  # the browser asks for links somewhere in this time
        name = f"left after {delay} ms.bin"
        home.locator("input[type=file]").evaluate(CHOOSE_AND_LEAVE, [name, delay])
        expect(home.get_by_role("heading", name="Requests", level=1)).to_be_visible()
        settled(home)
        home.wait_for_function(ALL_ENDED)
        settled(home)
        expect(home.get_by_role("heading", name="Requests", level=1)).to_be_visible()
        go_by_navigation(home, "Upload")
        wait_until_done(home, name)


def links(server: AppServer) -> set[tuple[str, str]]:
    """Return the name and the SHA-256 of every file that there is a link to."""
    registry = TransferRegistry(server.data_dir)
    copy = server.data_dir / "copy"
    found = {
        (transfer.name, sha256(download(receipt.download_url, copy)))
        for transfer, receipt in registry.finished("demo")
    }
    registry.close()
    return found


def start(page: Page, film: Path, parts: int = 2) -> Locator:
    """Begin to send and wait for some parts."""
    choose_part_size(page)
    choose(page, film)
    card = card_of(page, film.name)
    wait_for_parts(card, parts)
    return card


def expect_each_part_sent_once(
    page: Page, film: Path, folder: Path, service: ServiceControl, before: int
) -> None:
    """Wait for the end of an upload that nothing interrupted, and compare what there is."""
    slow_down(page, -1)
    wait_until_done(page, film.name)
    assert service.stored_parts() - before == FILM_PARTS
    expect_same_file(page, film, folder)


def sign_out(page: Page) -> None:
    """Sign out although a file is on its way, which the page asks about first."""
    page.get_by_role("button", name="Sign out", exact=True).click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("1 file is on its way. What has arrived is kept")
    question.get_by_role("button", name="Sign out all the same").click()
    expect_signed_out(page)


def test_who_is_asked_and_stays_signed_in_has_lost_nothing(
    home: Page, service: ServiceControl, film: Path, tmp_path: Path
) -> None:
    before = service.stored_parts()
    start(home, film)
    home.get_by_role("button", name="Sign out", exact=True).click()
    home.get_by_role("button", name="Stay signed in").click()
    expect(home.get_by_role("alertdialog")).to_have_count(0)
    expect_signed_in(home)
    expect_each_part_sent_once(home, film, tmp_path, service, before)
    home.get_by_role("button", name="Sign out", exact=True).click()
    expect_signed_out(home)


def test_who_signs_out_and_in_again_finds_the_upload_going_on(
    home: Page, server: AppServer, service: ServiceControl, film: Path, tmp_path: Path
) -> None:
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.dismiss()

    home.on("dialog", note)
    before = service.stored_parts()
    start(home, film)
    sign_out(home)
    expect_still_signed_out(home)
    sign_in(home, server.password)
    expect_signed_in(home)
    expect_each_part_sent_once(home, film, tmp_path, service, before)
    assert dialogs == []
    assert not failures(server)


def expect_still_signed_out(page: Page) -> None:
    """Look for longer than a question that nobody answers takes to be asked again."""
    page.wait_for_timeout(6_000)
    expect_signed_out(page)
    expect(page.get_by_text(UNEXPECTED_TITLE)).to_have_count(0)


def test_who_signs_out_and_leaves_sends_only_what_is_missing(
    home: Page, server: AppServer, service: ServiceControl, film: Path, tmp_path: Path
) -> None:
    before = service.stored_parts()
    home.on("dialog", lambda dialog: dialog.accept())
    start(home, film, parts=3)
    sign_out(home)
    home.reload()
    expect_signed_out(home)
    arrived = service.stored_parts() - before
    sign_in(home, server.password)
    expect_signed_in(home)
    record = home.locator(".record", has=home.get_by_text(film.name, exact=True)).first
    expect(record).to_contain_text(f"of {FILM_PARTS} parts")
    choose(home, film)  # recognised at once, and not "being sent in another window"
    wait_until_done(home, film.name)
    again = service.stored_parts() - before - arrived
    assert again <= FILM_PARTS - 3
    expect_same_file(home, film, tmp_path)
    assert not failures(server)


@pytest.mark.parametrize("by_click", [True, False], ids=["a click", "the upload's end"])
def test_the_session_ends_while_a_file_is_sent(
    home: Page,
    server: AppServer,
    service: ServiceControl,
    film: Path,
    tmp_path: Path,
    by_click: bool,
) -> None:
    before = service.stored_parts()
    start(home, film)
    held: list[Route] = []
    if by_click:  # else the upload's own reports may find it out just before, and the click misses
        home.route("**/transfers/report", lambda route: held.append(route))
    with closing(sqlite3.connect(server.data_dir / "web.sqlite3")) as database:
        database.execute("update sessions set expires = 1")
        database.commit()
    if by_click:
        home.get_by_role("link", name="Checks", exact=True).click()
    expect_signed_out(home)
    for report in held:
        report.continue_()
    home.unroute("**/transfers/report")
    expect_still_signed_out(home)
    sign_in(home, server.password)
    expect_signed_in(home)
    if by_click:
        go_by_navigation(home, "Upload")
    expect_each_part_sent_once(home, film, tmp_path, service, before)
    assert not failures(server)


def test_somebody_else_s_files_are_not_gone_on_with(
    home: Page, server: AppServer, film: Path
) -> None:
    start(home, film)
    sign_out(home)
    home.evaluate("window.isOldPage = true")
    sign_in(home, server.password, "eve")
    expect(home.get_by_text("Signed in as Eve")).to_be_visible()
    expect(home.get_by_text("Drop files here")).to_be_visible()
    expect(home.get_by_text(film.name)).to_have_count(0)
    assert not home.evaluate("window.isOldPage"), "what the page held would be held still"
    assert not failures(server)
