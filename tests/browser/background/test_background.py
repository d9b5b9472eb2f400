"""The background page on the real service: give a picture, put it right, take it along."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.app_server import AppServer
from tests.browser.background.background_steps import (
    BLUE,
    CENTRE,
    CORNER,
    GREY,
    RED,
    cell,
    choose_option,
    disc,
    give,
    near,
    open_background,
    radio,
    saved,
    saved_bytes,
    wait_for_result,
    wait_for_run,
)
from tests.browser.conftest import expect_signed_in, sign_in
from tests.browser.endpoint import Endpoint
from tests.browser.settled import settled
from tests.browser.steps import choose, go_by_navigation, result_of, unfold, wait_until_done
from tests.content_types.files import base_media

Check = Callable[[Page], list[str]]


@pytest.fixture
def background(signed_in_tab: Page, app_server: AppServer) -> Page:
    open_background(signed_in_tab, app_server.url)
    return signed_in_tab


@pytest.fixture
def cut_out(background: Page, tmp_path: Path) -> Page:
    """The page with a disc that has been cut out."""
    give(background, disc(tmp_path / "disc.png"))
    wait_for_result(background)
    return background


def test_a_picture_becomes_a_cut_out_in_one_visible_chain(cut_out: Page) -> None:
    chain = cut_out.locator(".st-key-chain")
    for link in ("Upload", "Preview made here", "removeBackgroundFromImage", "Result fetched"):
        expect(chain.get_by_text(link)).to_be_visible()
    expect(chain.get_by_text("1 credit")).to_be_visible()
    expect(cut_out.get_by_text("The backdrop is plain and the subject stands out")).to_be_visible()
    image = saved(cut_out, "disc-cut-out.png")
    assert (image.mode, image.size) == ("RGBA", (900, 600))
    assert image.getpixel(CENTRE) == (*RED, 255)
    assert image.getpixel(CORNER) == (0, 0, 0, 0)
    assert "exif" not in image.info


def test_the_sample_is_two_clicks_from_its_link(background: Page) -> None:
    background.get_by_role("button", name="Sample: drawn").click()
    wait_for_result(background)
    expect(background.get_by_role("button", name="Copy link: sample-image.jpg")).to_be_visible()


def test_how_files_of_the_upload_page_are_sent_is_not_for_pictures(
    signed_in_page: Page, tmp_path: Path
) -> None:
    page = signed_in_page
    unfold(page, "Advanced: how files are sent")
    radio(page, "Send as", "Parts")  # after which the store would not know a picture's type
    go_by_navigation(page, "Background removal", link="Background")
    give(page, disc(tmp_path / "disc.png"))
    wait_for_result(page)
    expect(page.locator(".st-key-chain").get_by_text("1 credit")).to_be_visible()


def test_a_backdrop_is_put_into_the_file_and_stays_after_a_look_at_another_page(
    cut_out: Page,
) -> None:
    radio(cut_out, "Behind the subject", "The backdrop shown above")
    for backdrop, top, bottom in (
        ("White", (255, 255, 255), (255, 255, 255)),
        ("Blurred original", GREY, GREY),
        ("Gradient", (0xCF, 0xE0, 0xFA), (0x7F, 0xA5, 0xE0)),
        ("Black", (0, 0, 0), (0, 0, 0)),
    ):
        cut_out.get_by_role("radio", name=backdrop).check(force=True)
        expect_backdrop(cut_out, top, bottom)
    go_by_navigation(cut_out, "Assets")
    go_by_navigation(cut_out, "Background removal", link="Background")
    expect(cut_out.get_by_role("radio", name="Black")).to_be_checked()
    expect_backdrop(cut_out, (0, 0, 0), (0, 0, 0))


def expect_backdrop(page: Page, top: tuple[int, int, int], bottom: tuple[int, int, int]) -> None:
    image = saved(page, "disc-cut-out.png").convert("RGB")
    assert near(image.getpixel((20, 2)), top)
    assert near(image.getpixel((20, 597)), bottom)
    assert near(image.getpixel(CENTRE), RED)


def test_another_picture_can_be_put_behind(cut_out: Page, tmp_path: Path) -> None:
    behind = tmp_path / "behind.png"
    Image.new("RGB", (300, 200), BLUE).save(behind)
    cut_out.get_by_role("button", name="A picture to put behind").click()
    cut_out.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(behind)
    shown = cut_out.get_by_role("radio", name="Image", exact=True)
    expect(shown).to_be_attached()  # the file has arrived; the field goes when its popover closes
    cut_out.keyboard.press("Escape")
    shown.check(force=True)
    behind_it = cut_out.get_by_role("radiogroup", name="Behind the subject")
    expect(behind_it).to_contain_text("your picture")
    radio(cut_out, "Behind the subject", "The backdrop shown above")
    image = saved(cut_out, "disc-cut-out.png").convert("RGB")
    assert near(image.getpixel(CORNER), BLUE)
    assert near(image.getpixel(CENTRE), RED)


def test_every_format_can_be_downloaded(cut_out: Page) -> None:
    for option, name, mode in (
        ("WebP, lossless", "disc-cut-out.webp", "RGBA"),
        ("WebP", "disc-cut-out.webp", "RGBA"),
        ("JPEG (no transparency)", "disc-cut-out.jpg", "RGB"),
    ):
        choose_option(cut_out, "File format", option)
        image = saved(cut_out, name)
        assert (image.mode, image.size) == (mode, (900, 600))
        assert near(image.convert("RGB").getpixel(CENTRE), RED)
        corner = image.getpixel(CORNER)
        assert near(corner, (255, 255, 255) if mode == "RGB" else (0, 0, 0, 0))
    choose_option(cut_out, "File format", "Zip: colour and alpha apart")
    files = zipfile.ZipFile(io.BytesIO(saved_bytes(cut_out, "disc-cut-out.zip")))
    names = sorted(files.namelist())
    assert [name.rpartition("-")[2] for name in names] == ["alpha.png", "colour.jpg"]
    alpha, colour = (Image.open(io.BytesIO(files.read(name))) for name in names)
    assert (alpha.getpixel(CENTRE), alpha.getpixel(CORNER)) == (255, 0)
    assert near(colour.getpixel(CENTRE), RED)


def test_crop_margin_and_size_shape_the_file(cut_out: Page) -> None:
    cut_out.get_by_text("Crop to the subject").click()
    wait_for_run(cut_out)
    image = saved(cut_out, "disc-cut-out.png")
    assert image.size == pytest.approx((441, 441), abs=6)
    size = cut_out.get_by_label("Longest side in pixels")
    size.fill("100")
    size.press("Tab")
    assert max(saved(cut_out, "disc-cut-out.png").size) == 100


def test_a_shadow_falls_on_what_was_transparent(cut_out: Page) -> None:
    choose_option(cut_out, "Shadow", "Drop shadow")
    alpha = saved(cut_out, "disc-cut-out.png").getchannel("A")
    below = [alpha.getpixel((600, y)) for y in range(436, 480)]
    assert any(0 < int(str(value)) < 255 for value in below)
    assert alpha.getpixel(CORNER) == 0


def test_a_hole_is_filled_and_punched_again(background: Page, tmp_path: Path) -> None:
    give(background, disc(tmp_path / "ring.png", hole=True))
    wait_for_result(background)
    assert saved(background, "ring-cut-out.png").getchannel("A").getpixel(CENTRE) == 0
    unfold(background, "Put it right")
    radio(background, "Holes in the subject", "Fill them")
    assert saved(background, "ring-cut-out.png").getchannel("A").getpixel(CENTRE) == 255
    background.get_by_role("button", name="Undo all changes").click()
    assert saved(background, "ring-cut-out.png").getchannel("A").getpixel(CENTRE) == 0


def test_what_is_painted_is_removed_and_undo_brings_it_back(cut_out: Page) -> None:
    cut_out.get_by_role("radio", name="Remove").check(force=True)
    stage = cut_out.locator(".compare .stage").first
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    cut_out.mouse.move(x - 40, y)
    cut_out.mouse.down()
    cut_out.mouse.move(x + 40, y, steps=8)
    cut_out.mouse.up()
    wait_for_run(cut_out)
    assert saved(cut_out, "disc-cut-out.png").getchannel("A").getpixel(CENTRE) == 0
    cut_out.get_by_role("button", name="Undo", exact=True).click()
    wait_for_run(cut_out)
    assert saved(cut_out, "disc-cut-out.png").getchannel("A").getpixel(CENTRE) == 255


def test_another_cut_is_offered_and_taken(background: Page) -> None:
    background.get_by_role("button", name="Sample: cat (difficult)").click()
    wait_for_result(background)
    before = saved(background, "cat-cut-out.png").getchannel("A").tobytes()
    unfold(background, "Put it right")
    background.get_by_role("button", name="Try another cut").click()
    use = background.get_by_role("button", name="Use: Cut 2")
    expect(use).to_be_visible(timeout=60_000)
    use.click()
    expect(background.get_by_role("button", name="Cut 2: in use")).to_be_visible()
    after = saved(background, "cat-cut-out.png").getchannel("A").tobytes()
    assert after != before


def test_a_batch_names_what_is_wrong_with_each_bad_picture(
    background: Page, tmp_path: Path
) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    Image.new("RGB", (8, 8), RED).save(tmp_path / "tiny.png")
    good = [disc(tmp_path / f"good-{number}.png", RED) for number in (1, 2, 3)]
    give(background, *good, tmp_path / "broken.png", tmp_path / "tiny.png")
    expect(background.get_by_text("3 of 5 pictures done")).to_be_visible(timeout=90_000)
    for name, reason in (("broken.png", "picture-refused"), ("tiny.png", "picture-refused")):
        expect(cell(background, name).get_by_text(reason)).to_be_visible()
    settled(background)
    with background.expect_download() as download:
        background.get_by_role("button", name="Download all as zip").click()
    files = zipfile.ZipFile(download.value.path())
    assert sorted(files.namelist()) == [f"good-{number}-cut-out.png" for number in (1, 2, 3)]
    for name in files.namelist():
        assert Image.open(io.BytesIO(files.read(name))).getpixel(CORNER) == (0, 0, 0, 0)
    cell(background, "good-1.png").get_by_role("button", name="Open").click()
    expect(background.locator(".st-key-chain").get_by_text("good-1.png")).to_be_visible()


def test_names_longer_than_a_file_system_takes_are_shortened_on_the_way_out(
    background: Page, tmp_path: Path
) -> None:
    content = disc(tmp_path / "disc.jpg").read_bytes()
    names = ["商" * 90 + end for end in ("a.jpg", "b.jpg")]  # 274 bytes each
    background.locator(".picture-drop input[type=file]").set_input_files(
        [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name in names]
    )
    expect(background.get_by_text("2 of 2 pictures done")).to_be_visible(timeout=120_000)
    wait_for_run(background)
    with background.expect_download() as download:
        background.get_by_role("button", name="Download all as zip").click()
    stem = "商" * 73 + "-cut-out"
    with zipfile.ZipFile(download.value.path()) as files:
        assert sorted(files.namelist()) == [f"{stem}-2.png", f"{stem}.png"]
    first = background.locator("[class*='st-key-cell-']", has_text="a.jpg")
    first.get_by_role("button", name="Open").click()
    wait_for_result(background)
    with background.expect_download() as download:
        background.get_by_role("button", name=re.compile(r"^Download .*-cut-out\.png")).click()
    assert download.value.suggested_filename == f"{stem}.png"
    background.get_by_role("button", name="Create asset", exact=True).click()
    form = background.get_by_role("dialog")
    form.get_by_role("button", name="Create", exact=True).click(timeout=60_000)
    expect(form).to_contain_text("is in Content Hub", timeout=60_000)


def test_what_is_no_picture_is_refused_by_name(background: Page, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    give(background, tmp_path / "notes.txt")
    expect(background.get_by_text("“notes.txt” is no picture (text/plain).")).to_be_visible()
    (tmp_path / "photo\u202egpj.txt").write_text("hello")  # which would read "phototxt.jpg"
    give(background, tmp_path / "photo\u202egpj.txt")
    expect(background.get_by_text("“photogpj.txt” is no picture (text/plain).")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("one.heif", base_media("mif1", "mif1", "heic"), "is a HEIC picture, none of JPEG"),
        ("two.HEIC", base_media("hevx", "msf1"), "is a HEIC picture, none of JPEG"),
        ("three.avifs", base_media("avis", "msf1", "iso8"), "is an AVIF picture, none of JPEG"),
    ],
)
def test_a_telephones_picture_is_refused_as_what_it_is(
    background: Page, name: str, content: bytes, reason: str
) -> None:
    background.locator(".picture-drop input[type=file]").set_input_files(
        {"name": name, "mimeType": "", "buffer": content}  # as where no program opens it
    )
    expect(background.get_by_text(reason)).to_be_visible(timeout=30_000)
    expect(background.get_by_text("is no picture")).to_be_hidden()


def test_a_picture_is_pasted(background: Page, tmp_path: Path) -> None:
    content = list(disc(tmp_path / "pasted.png").read_bytes())
    background.evaluate(
        """bytes => {
          const data = new DataTransfer()
          data.items.add(new File([new Uint8Array(bytes)], "pasted.png", { type: "image/png" }))
          document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }))
        }""",
        content,
    )
    wait_for_result(background)
    assert saved(background, "pasted-cut-out.png").getpixel(CORNER) == (0, 0, 0, 0)


def test_a_picture_that_is_looked_at_late_is_shown_all_the_same(
    background: Page, tmp_path: Path
) -> None:
    """One PUT is done in the browser before Python has looked at what is stored."""
    late: list[Route] = []
    background.route("**/transfers/complete", lambda route: late.append(route))
    with background.expect_request("**/transfers/complete"):
        give(background, disc(tmp_path / "late.png"))
    background.wait_for_timeout(1_500)  # longer than it takes to tell of a picture
    late[0].continue_()
    wait_for_result(background)
    expect(background.locator(".st-key-chain").get_by_text("late.png")).to_be_visible()


def test_a_reload_shows_the_picture_again(cut_out: Page) -> None:
    assert "image=" in cut_out.url
    assert "Signature" not in cut_out.url
    cut_out.reload()
    wait_for_result(cut_out)
    expect(cut_out.locator(".st-key-chain").get_by_text("disc.png")).to_be_visible()


def test_an_upload_of_before_is_offered(
    signed_in_page: Page, app_server: AppServer, tmp_path: Path
) -> None:
    page = signed_in_page
    choose(page, disc(tmp_path / "from-before.png"))
    wait_until_done(page, "from-before.png")
    open_background(page, app_server.url)
    box = page.get_by_role("combobox", name="Or a picture you uploaded before")
    box.click()
    box.press_sequentially("from-before")
    page.get_by_role("option", name="from-before.png").first.click()
    wait_for_result(page)
    assert saved(page, "from-before-cut-out.png").getpixel(CENTRE) == (*RED, 255)


def test_an_upload_leads_here_with_one_click(signed_in_page: Page, tmp_path: Path) -> None:
    page = signed_in_page
    choose(page, disc(tmp_path / "shoe.png"))
    wait_until_done(page, "shoe.png")
    result_of(page, "shoe.png").get_by_role("button", name="Remove background").click()
    wait_for_result(page)
    assert saved(page, "shoe-cut-out.png").getpixel(CORNER) == (0, 0, 0, 0)


def test_a_finished_picture_becomes_an_asset(cut_out: Page) -> None:
    cut_out.get_by_role("button", name="Create asset", exact=True).click()
    dialog = cut_out.get_by_role("dialog")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("disc-cut-out")
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(dialog.get_by_text("is in Content Hub")).to_be_visible()


def test_without_credits_the_preview_stays_and_this_machine_can_do_it(
    page: Page, own_app_server: AppServer, tmp_path: Path
) -> None:
    own_app_server.environment["TFW_CREDITS"] = "0"
    own_app_server.start()
    page.goto(own_app_server.url)
    sign_in(page, own_app_server.password)
    expect_signed_in(page)
    open_background(page, own_app_server.url)
    give(page, disc(tmp_path / "disc.png"))
    expect(page.get_by_text("insufficient-credits")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Use this machine's engine instead").click()
    wait_for_result(page)
    expect(page.locator(".st-key-chain").get_by_text("no credit")).to_be_visible()
    assert saved(page, "disc-cut-out.png").getpixel(CORNER) == (0, 0, 0, 0)


def test_another_endpoint_is_asked_only_after_a_click(
    remote_home: Page, remote_app: AppServer, endpoint: Endpoint, tmp_path: Path
) -> None:
    page = remote_home
    open_background(page, remote_app.url)
    give(page, disc(tmp_path / "disc.png"))
    expect(page.get_by_text("This is a quick preview")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Remove background · 1 credit").click()
    wait_for_result(page)
    expect(page.locator(".st-key-chain").get_by_text("1 credit, 99 left")).to_be_visible()
    assert link_in_panel(page).startswith(f"{endpoint.url}/files/")
    assert saved(page, "disc-cut-out.png").getpixel(CENTRE) == (*RED, 255)


def link_in_panel(page: Page) -> str:
    """Return the address behind the result's link."""
    return page.get_by_role("link", name="Open").last.get_attribute("href") or ""
