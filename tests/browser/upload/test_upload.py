"""The main job, in a real browser against the real app: files in, working links out."""

import hashlib
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from PIL import Image
from playwright.sync_api import Page, Route, expect

from client.storage.plan import DEFAULT_PART_SIZE
from components.upload.uploader.choices import MOST_PARALLEL
from tests.browser.conftest import expect_no_sideways_scrolling
from tests.browser.settled import settled
from tests.browser.steps import (
    OWN_CARD,
    UPLOAD_TIMEOUT,
    card_of,
    choose,
    choose_part_size,
    download,
    link_of,
    parts_of,
    random_file,
    result_of,
    send_sample_video,
    sha256,
    slow_down,
    unfold,
    wait_for_parts,
    wait_until_done,
)

LARGE = 250_000_000
SAMPLE = "sample-video-12-MB.mp4"  # the size that the page proposes
PARTS_OF_SAMPLE = 3  # of 5 MiB


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("files") / "product film.mp4"
    with path.open("wb") as file:
        for _ in range(LARGE // 1_000_000):
            file.write(os.urandom(1_000_000))
    yield path
    path.unlink()


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "shoe.jpg"
    noise = Image.frombytes("RGB", (1100, 900), os.urandom(1100 * 900 * 3))
    noise.save(path, "JPEG", quality=98)
    assert 1_500_000 < path.stat().st_size < 5_000_000
    return path


def part_md5s(path: Path, part_size: int) -> list[str]:
    with path.open("rb") as file:
        return [hashlib.md5(block).hexdigest() for block in iter(lambda: file.read(part_size), b"")]  # noqa: S324 - an ETag


def test_a_250_mb_video_and_a_jpeg_arrive_whole_with_true_etags(
    signed_in_page: Page, video: Path, photo: Path, tmp_path: Path
) -> None:
    choose_part_size(signed_in_page)
    choose(signed_in_page, video, photo)
    card = wait_until_done(signed_in_page, video.name)
    wait_until_done(signed_in_page, photo.name)

    rows = parts_of(card)
    expected = part_md5s(video, DEFAULT_PART_SIZE)
    assert [row["etag"].strip('"') for row in rows] == expected
    assert [row["status"] for row in rows] == ["Done"] * len(expected)
    ends = [min(start + DEFAULT_PART_SIZE, LARGE) for start in range(0, LARGE, DEFAULT_PART_SIZE)]
    assert [row["bytes"] for row in rows] == [
        f"{start:,}–{end - 1:,}" for start, end in zip([0, *ends[:-1]], ends, strict=True)
    ]
    assert "15 parts of 16 MiB" in card.inner_text()

    for file in (video, photo):
        copy = download(link_of(signed_in_page, file.name), tmp_path / "copy")
        assert sha256(copy) == sha256(file)
    answer = requests.get(link_of(signed_in_page, photo.name), timeout=10)
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_24_page_clicks_land_while_an_upload_goes_on(signed_in_page: Page) -> None:
    page = signed_in_page
    slow_down(page, 5_000_000)
    name = send_sample_video(page, "250 MB")
    expect(card_of(page, name).locator(".state")).to_contain_text("Sending", timeout=15_000)
    titles = ["Requests", "Connections", "Upload"]
    for click in range(24):
        title = titles[click % 3]
        page.get_by_role("link", name=title, exact=True).click()
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=15_000)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(card_of(page, name).locator(".state")).to_contain_text("Sending")
    slow_down(page, -1)
    wait_until_done(page, name)


def test_the_tray_shows_the_upload_on_other_pages(signed_in_page: Page) -> None:
    page = signed_in_page
    slow_down(page, 5_000_000)
    name = send_sample_video(page, "250 MB")
    expect(card_of(page, name)).to_be_visible()
    page.get_by_role("link", name="Requests", exact=True).click()
    tray = page.locator(".tray")
    expect(tray).to_contain_text(name)
    expect(tray).to_contain_text("Sending")
    slow_down(page, -1)
    expect(tray).to_contain_text("Done", timeout=120_000)
    tray.get_by_role("button", name="Close").click()
    expect(tray).to_be_hidden()
    page.get_by_role("link", name="Upload", exact=True).click()
    wait_until_done(page, name)


def test_the_sample_image_arrives_as_a_jpeg_and_is_previewed(signed_in_page: Page) -> None:
    page = signed_in_page
    page.get_by_role("button", name="Sample image").click()
    wait_until_done(page, "sample-image.jpg")
    answer = requests.get(link_of(page, "sample-image.jpg"), timeout=10)
    assert Image.open(io.BytesIO(answer.content)).size == (2400, 1600)
    preview = result_of(page, "sample-image.jpg").get_by_role("img")
    expect(preview).to_be_visible()
    assert preview.evaluate("image => image.decode().then(() => image.naturalWidth)") == 2400


def test_the_sample_video_plays_from_its_link(signed_in_page: Page) -> None:
    page = signed_in_page
    page.get_by_role("button", name="Sample video").click()
    wait_until_done(page, SAMPLE)
    preview = result_of(page, SAMPLE).locator("video")
    expect(preview).to_be_visible()
    seconds = preview.evaluate(
        """video => new Promise((resolve, reject) => {
            if (video.readyState >= 1) return resolve(video.duration)
            video.onloadedmetadata = () => resolve(video.duration)
            video.onerror = () => reject(video.error.message)
        })"""
    )
    assert 3.5 < seconds < 4.5


def test_the_link_is_copied_whole_and_says_when_it_ends(signed_in_page: Page) -> None:
    page = signed_in_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Sample image").click()
    card = wait_until_done(page, "sample-image.jpg")
    card.get_by_role("button", name="Copy link: sample-image.jpg").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == link_of(page, "sample-image.jpg")
    assert "X-Amz-Signature" in copied
    expect(card.get_by_text(re.compile(r"Link ends in (1 h|59 min), at \d"))).to_be_visible()


def test_the_links_are_still_there_after_a_reload(signed_in_page: Page) -> None:
    page = signed_in_page
    page.get_by_role("button", name="Sample image").click()
    wait_until_done(page, "sample-image.jpg")
    link = link_of(page, "sample-image.jpg")
    page.reload()
    expect(page.locator(f'a[href="{link}"]')).to_be_visible(timeout=20_000)


def send_in_parts(page: Page) -> None:
    unfold(page, "Advanced: how files are sent")
    page.get_by_role("radiogroup").get_by_text("Parts", exact=True).click()


def send_in_small_parts(page: Page) -> None:
    send_in_parts(page)
    choose_part_size(page, 5)


def test_details_hold_the_xml_that_was_sent(signed_in_page: Page) -> None:
    page = signed_in_page
    send_in_parts(page)
    page.get_by_role("button", name="Sample video").click()
    wait_until_done(page, SAMPLE)
    result = result_of(page, SAMPLE)
    unfold(result, "Details: size, ETag")
    expect(result.get_by_text("CompleteMultipartUpload sent")).to_be_visible()
    for row in parts_of(card_of(page, SAMPLE)):
        expect(result).to_contain_text(row["etag"])


def test_cancel_stops_the_upload_and_says_so(signed_in_page: Page) -> None:
    page = signed_in_page
    page.get_by_label("Size of the sample video").select_option(label="2 GB")
    page.get_by_role("button", name="Sample video").click()
    card = card_of(page, "sample-video-2000-MB.mp4")
    expect(card.locator("tr[data-status=done]").first).to_be_visible(timeout=30_000)
    card.get_by_role("button", name="Cancel").click()
    expect(card.locator(".state")).to_contain_text("Cancelled")
    expect(card.locator("tr[data-status=cancelled]").first).to_be_attached()
    assert card.locator("tr[data-status=sending]").count() == 0


def test_part_size_and_number_at_once_can_be_chosen(signed_in_page: Page) -> None:
    page = signed_in_page
    send_in_small_parts(page)
    page.get_by_role("button", name="Sample video").click()
    card = wait_until_done(page, SAMPLE)
    assert len(parts_of(card)) == PARTS_OF_SAMPLE
    assert "3 parts of 5 MiB" in card.inner_text()


HOSTILE_NAMES = [
    '**bold** <img src=x onerror="document.title=1">.png',
    "photo‮gpj.png",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_shown_as_letters_and_uploaded(signed_in_page: Page, name: str) -> None:
    page = signed_in_page
    image = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(image, "PNG")
    title = page.title()
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": image.getvalue()}
    )
    card = page.locator(OWN_CARD).first
    expect(card.locator(".state")).to_contain_text("Done", timeout=20_000)
    assert card.locator("bdi").inner_text() == re.sub(r"[‪-‮]", "", name)
    card.get_by_role("button", name="Details").click()
    result = page.locator(f".st-key-result-{card.get_attribute('data-transfer')}")
    heading = result.get_by_role("heading", level=3)
    expect(heading).to_be_visible()
    shown = re.sub(r"[⁦-⁩‎‏‪-‮\u2060]", "", heading.inner_text())
    assert shown == re.sub(r"[‪-‮]", "", name).replace("\n", " ")
    assert heading.locator("a, img, code, strong").count() == 0
    assert page.title() == title
    expect_no_sideways_scrolling(page)


def test_a_name_that_claims_an_image_is_stored_as_what_it_is(
    signed_in_page: Page, tmp_path: Path
) -> None:
    page = signed_in_page
    false_image = tmp_path / "report.jpg"
    false_image.write_bytes(b"%PDF-1.7 not a picture")
    choose(page, false_image)
    wait_until_done(page, "report.jpg")
    warning = result_of(page, "report.jpg").get_by_role("alert")
    expect(warning).to_contain_text("application/pdf")
    answer = requests.get(link_of(page, "report.jpg"), timeout=10)
    assert answer.headers["Content-Type"] == "application/pdf"


def test_a_file_that_vanishes_before_its_turn_is_named_and_nothing_else_is_lost(
    signed_in_page: Page, tmp_path: Path
) -> None:
    page = signed_in_page
    names = [f"first {number}.bin" for number in range(MOST_PARALLEL)]
    # None is small: a small one would not wait its turn.
    *first, last = [random_file(tmp_path / name, 20_000_000) for name in (*names, "last.bin")]
    slow_down(page, 5_000_000)
    choose(page, *first, last)
    for file in first:
        expect(card_of(page, file.name).locator(".state")).to_contain_text("Sending")
    last.unlink()
    slow_down(page, -1)
    for file in first:
        wait_until_done(page, file.name)
    card = card_of(page, last.name)
    expect(card.locator(".state")).to_contain_text("Failed", timeout=20_000)
    expect(card.get_by_role("alert")).to_contain_text("Code: file-changed")


def test_a_file_that_changes_while_it_is_read_is_not_completed(
    signed_in_page: Page, tmp_path: Path
) -> None:
    page = signed_in_page
    file = tmp_path / "changing.bin"
    file.write_bytes(os.urandom(120_000_000))
    slow_down(page, 20_000_000)
    choose(page, file)
    card = card_of(page, "changing.bin")
    wait_for_parts(card, 1)
    with file.open("r+b") as writer:
        writer.truncate(1000)
    slow_down(page, -1)
    expect(card.locator(".state")).to_contain_text("Failed", timeout=60_000)
    expect(card.get_by_role("alert")).to_contain_text("Code: file-changed")


def test_a_part_whose_connection_breaks_is_sent_again(signed_in_page: Page) -> None:
    page = signed_in_page
    broken: list[str] = []

    def break_twice(route: Route) -> None:
        if len(broken) < 2:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile(r"/files/.*partNumber=2&"), break_twice)
    send_in_small_parts(page)
    page.get_by_role("button", name="Sample video").click()
    card = wait_until_done(page, SAMPLE)
    assert len(broken) == 2
    assert [row["tries"] for row in parts_of(card)] == ["1", "3", "1"]
    page.get_by_role("link", name="Requests", exact=True).click()
    expect(page.get_by_role("heading", name="Requests", level=1)).to_be_visible()


def test_a_part_that_never_arrives_is_named_and_retry_sends_only_what_is_missing(
    signed_in_page: Page,
) -> None:
    page = signed_in_page
    choose_part_size(page)
    part_2 = re.compile(r"/files/.*partNumber=2&")
    page.route(part_2, lambda route: route.abort("connectionreset"))
    # So that others arrive between its six tries, which shows that the store is there: it waits
    # for 4.6 s between them, and the file takes 5.
    page.evaluate("Math.random = () => 0.3")
    slow_down(page, 50_000_000)
    card = card_of(page, send_sample_video(page, "250 MB"))
    expect(card.locator(".state")).to_contain_text("Failed", timeout=90_000)
    alert = card.get_by_role("alert")
    expect(alert).to_contain_text(
        "Part 2 of 15 did not arrive. Tries made: 6. Last answer: none (network)"
    )
    expect(alert).to_contain_text("Code: part-failed")
    expect(card.locator("tr[data-status=sending]")).to_have_count(0)  # what is on the wire arrives
    before = {row["part"]: row["etag"] for row in parts_of(card) if row["status"] == "Done"}

    slow_down(page, -1)
    page.unroute(part_2)
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.method == "PUT" else None
    )
    card.get_by_role("button", name="Retry what failed").click()
    wait_until_done(page, "sample-video-250-MB.mp4")
    assert len(sent) == 15 - len(before)
    after = {row["part"]: row["etag"] for row in parts_of(card)}
    assert after.items() >= before.items()


def test_pause_stops_every_byte_and_resume_sends_only_what_is_missing(
    signed_in_page: Page,
) -> None:
    page = signed_in_page
    choose_part_size(page)
    slow_down(page, 30_000_000)
    card = card_of(page, send_sample_video(page, "250 MB"))
    wait_for_parts(card, 3)
    card.get_by_role("button", name="Pause").click()
    expect(card.locator(".state")).to_contain_text("Paused")
    assert card.locator("tr[data-status=sending]").count() == 0
    done = card.locator("tr[data-status=done]").count()
    slow_down(page, -1)
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.method == "PUT" else None
    )
    page.get_by_role("link", name="Requests", exact=True).click()
    expect(page.locator(".tray")).to_contain_text("Paused")
    page.get_by_role("link", name="Upload", exact=True).click()
    assert sent == []
    card.get_by_role("button", name="Resume").click()
    wait_until_done(page, "sample-video-250-MB.mp4")
    assert len(sent) == 15 - done


def test_the_script_never_runs_because_a_part_or_a_file_went(
    signed_in_page: Page, tmp_path: Path
) -> None:
    page = signed_in_page
    files = [random_file(tmp_path / f"{number}.bin", 10_000) for number in range(30)]
    files.append(random_file(tmp_path / "in parts.bin", 110_000_000))
    settled(page)
    before = runs(page)
    choose(page, *files)
    expect(page.get_by_text("31 of 31 files done")).to_be_visible(timeout=UPLOAD_TIMEOUT)
    wait_until_done(page, "in parts.bin")
    assert runs(page) == before
    page.get_by_role("button", name="Details").first.click()
    settled(page)
    assert runs(page) > before, "runs are counted at all"


def runs(page: Page) -> int:
    """Return how often Streamlit's script has begun for this page."""
    events: list[str] = page.evaluate("window.tfwEvents")
    return sum("run begun" in event for event in events)
