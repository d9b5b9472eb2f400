"""The ways of a file to its link."""

import hashlib
import subprocess
from pathlib import Path

from tests.app_server import AppServer
from tests.browser.background.background_steps import disc
from tests.browser.service_control import ServiceControl
from tests.browser.steps import download, random_file, sha256
from tests.other_browsers.conftest import MARKS, sign_in
from tests.other_browsers.tab import Tab
from tests.other_browsers.upload_page import (
    choose_again,
    copy_link,
    link_of,
    opened_part_table,
    part_table,
    pause_and_resume,
    wait_for_links,
)

pytestmark = MARKS

SLOW = 8_000_000  # bytes per second


def expect_same(tab: Tab, file: Path, folder: Path) -> None:
    copy = download(link_of(tab, file.name), folder / "copy")
    assert sha256(copy) == sha256(file)


def clipboard(screen: dict[str, str]) -> str:
    command = ["xclip", "-o", "-selection", "clipboard"]
    return subprocess.run(
        command, env=screen, capture_output=True, text=True, timeout=30, check=True
    ).stdout


def test_a_picture_is_uploaded_and_its_link_copied(
    tab: Tab, screen: dict[str, str], tmp_path: Path
) -> None:
    picture = disc(tmp_path / "disc.png")
    tab.choose_files(picture)
    expect_same(tab, picture, tmp_path)
    copy_link(tab, picture.name)
    assert clipboard(screen) == link_of(tab, picture.name)


def test_thirty_files_are_uploaded_and_all_their_links_copied(
    tab: Tab, screen: dict[str, str], tmp_path: Path
) -> None:
    files = [random_file(tmp_path / f"small-{number}.bin", 20_000) for number in range(30)]
    tab.choose_files(*files)
    count = wait_for_links(tab, 30)
    tab.press("Copy all links")
    tab.see(f"{count} links copied")
    links = clipboard(screen).split("\n")[:30]  # the newest first
    copies = [download(link, tmp_path / "copy").read_bytes() for link in links]
    assert sorted(copies) == sorted(file.read_bytes() for file in files)


def test_a_film_goes_in_parts_that_a_table_tells_of(
    tab: Tab, service: ServiceControl, tmp_path: Path
) -> None:
    film = random_file(tmp_path / "film.mp4", 120_000_000)
    service.switch(bandwidth={"bytes_per_second": SLOW})
    tab.choose_files(film)
    tab.wait(
        lambda: {"done", "sending"} <= {row["status"] for row in part_table(tab, film.name)},
        "a part that is done beside one that is on its way",
    )
    service.switch()
    expect_same(tab, film, tmp_path)
    rows = opened_part_table(tab, film.name)
    content = film.read_bytes()
    end = 0
    for row in rows:
        start, last = (int(text.replace(",", "")) for text in row["bytes"].split("–"))
        assert (start, row["status"]) == (end, "done")
        end = last + 1
        digest = hashlib.md5(content[start:end])  # noqa: S324 - an ETag
        assert row["etag"].strip('"') == digest.hexdigest()
    assert end == len(content)
    assert len(rows) > 1


def test_an_upload_goes_on_after_a_pause_and_a_reload(
    tab: Tab, service: ServiceControl, tmp_path: Path
) -> None:
    file = random_file(tmp_path / "interrupted.bin", 120_000_000)
    before = service.stored_parts()
    service.switch(bandwidth={"bytes_per_second": SLOW})
    tab.choose_files(file)
    tab.wait(lambda: service.stored_parts() - before >= 2, "two parts")
    pause_and_resume(tab)
    tab.driver.refresh()
    choose_again(tab)
    arrived = service.stored_parts()
    service.switch()
    tab.choose_files(file)  # the same bytes: the upload is recognised
    expect_same(tab, file, tmp_path)
    rows = opened_part_table(tab, file.name)
    assert service.stored_parts() - arrived <= len(rows) - 2


def test_who_signs_out_is_asked_first_and_the_upload_goes_on_after_signing_in(
    tab: Tab, app: AppServer, service: ServiceControl, tmp_path: Path
) -> None:
    file = random_file(tmp_path / "signed-out.bin", 120_000_000)
    before = service.stored_parts()
    service.switch(bandwidth={"bytes_per_second": SLOW})
    tab.choose_files(file)
    tab.wait(lambda: service.stored_parts() - before >= 1, "a part")
    tab.press("Sign out")
    tab.see("1 file is on its way. What has arrived is kept")
    tab.press("Sign out all the same")
    tab.find("button", "Sign in")
    service.switch()
    sign_in(tab, app.password)
    expect_same(tab, file, tmp_path)
    assert service.stored_parts() - before == len(opened_part_table(tab, file.name))


def test_a_file_dropped_anywhere_is_taken(tab: Tab, tmp_path: Path) -> None:
    for place in ("h1", "[data-testid=stSidebar]"):
        assert tab.drag("dragenter", place, "anywhere.txt", "anywhere", "text/plain")
        tab.see("Drop to upload")
        assert tab.drag("dragover", place, "anywhere.txt", "anywhere", "text/plain")
        tab.drag("dragleave", place)
        tab.see_no("Drop to upload")
    assert tab.drag("drop", "h1", "anywhere.txt", "anywhere", "text/plain")
    copy = download(link_of(tab, "anywhere.txt"), tmp_path / "copy")
    assert copy.read_text() == "anywhere"


def test_the_tray_tells_of_an_upload_while_another_page_is_open(
    tab: Tab, service: ServiceControl, tmp_path: Path
) -> None:
    file = random_file(tmp_path / "elsewhere.bin", 40_000_000)
    service.switch(bandwidth={"bytes_per_second": SLOW // 2})
    tab.choose_files(file)
    tab.find("button", "Pause")
    tab.go("Requests")
    tab.see("elsewhere.bin")
    tab.find(".tray, [role=region]", "Upload on its way")
    # No place for files here, and still a file that is dropped does not replace the page.
    assert tab.drag("dragover", "h1", "other.txt", "other", "text/plain")
    assert tab.drag("drop", "h1", "other.txt", "other", "text/plain")
    service.switch()
    tab.go("Upload")
    expect_same(tab, file, tmp_path)
