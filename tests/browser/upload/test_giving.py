"""What is dropped and pasted on a page: taken where it is meant, and else harmless."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.app_server import AppServer
from tests.browser.background.background_steps import disc, give, open_background, wait_for_result
from tests.browser.conftest import new_context
from tests.browser.playground.playground_steps import operations, playground
from tests.browser.settled import settled
from tests.browser.steps import card_of, choose, slow_down, unfold, wait_until_done
from tests.browser.upload.drags import Drag, drop

PHONE: ViewportSize = {"width": 390, "height": 664}

# Files that nobody may read, root neither: Linux lets one only write to them.
WRITE_ONLY = ("/sys/kernel/mm/hugepages/*/demote", "/sys/devices/pci*/*/rescan")

# A paste of some texts and pictures into what has the keyboard, be it in a shadow root; tells
# whether somebody has taken it. A script's paste puts no text anywhere by itself.
PASTE = """([texts, pictures]) => {
  const data = new DataTransfer()
  for (const [type, text] of Object.entries(texts)) data.setData(type, text)
  for (const name of pictures) data.items.add(new File(["\\x89PNG"], name, { type: "image/png" }))
  let target = document.activeElement ?? document.body
  while (target.shadowRoot?.activeElement) target = target.shadowRoot.activeElement
  const options = { clipboardData: data, bubbles: true, cancelable: true, composed: true }
  return !target.dispatchEvent(new ClipboardEvent("paste", options))
}"""

# Put a field of that kind on the page, in a shadow root, and give it the keyboard.
FOCUS_IN_SHADOW = """html => {
  const host = document.body.appendChild(document.createElement("div"))
  host.attachShadow({ mode: "open" }).innerHTML = html
  host.shadowRoot.firstElementChild.focus()
}"""

# What a drag of a file over an element, and its end there, come to.
DRAG_OVER_AND_DROP = """(element, types) => ["dragover", "drop"].map(kind => {
  const data = new DataTransfer()
  if (types.includes("Files")) data.items.add(new File(["x"], "a.png", { type: "image/png" }))
  for (const type of types) if (type !== "Files") data.setData(type, "https://example.com/a.png")
  const options = { dataTransfer: data, bubbles: true, cancelable: true, composed: true }
  const event = new DragEvent(kind, options)
  element.dispatchEvent(event)
  return [event.defaultPrevented, event.dataTransfer.dropEffect]
})"""
REFUSED = [[True, "none"], [True, "none"]]
LEFT_ALONE = [[False, "none"], [False, "none"]]


@pytest.fixture
def home(signed_in_page: Page) -> Page:
    """The upload page, with all its scripts at work."""
    expect(signed_in_page.get_by_text("Drop files here")).to_be_visible()
    expect(signed_in_page.locator(".tray")).to_be_attached()
    return signed_in_page


def forbidden() -> Path:
    """Return a file that may not be read, whoever runs the tests."""
    found = next((path for one in WRITE_ONLY for path in sorted(Path("/").glob(one[1:]))), None)
    if found is None:
        pytest.skip("needs a file of Linux that nobody may read")
    return found


def uploads(page: Page) -> list[str]:
    """The names of all files that this page load has taken."""
    settled(page)
    return page.evaluate("window.tfwUploads.transfers.map(({ name }) => name)")


def zone(page: Page) -> Locator:
    return page.get_by_role("region", name="Add files")


# What cannot be read --------------------------------------------------------------------------


def test_what_cannot_be_read_is_named_with_the_reason_and_the_rest_is_taken(
    home: Page, tmp_path: Path
) -> None:
    folder, dangling = tmp_path / "shoot", tmp_path / "dangling.txt"
    (folder / "raw").mkdir(parents=True)
    for name in ("1.txt", "2.txt", "raw/3.txt"):
        (folder / name).write_text(name)
    dangling.symlink_to(tmp_path / "nowhere")
    drop(home, zone(home), folder, dangling, forbidden())
    for name in ("1.txt", "2.txt", "3.txt"):
        wait_until_done(home, name)
    refusal = home.locator(".uploader").get_by_role("alert").first
    expect(refusal).to_contain_text("2 files or folders cannot be read and were left out")
    lines = refusal.get_by_role("listitem")
    expect(lines).to_contain_text(
        ["dangling.txt: it is not there.", f"{forbidden().name}: this computer does not let"]
    )
    assert sorted(uploads(home)) == ["1.txt", "2.txt", "3.txt"]


def test_a_chosen_file_that_cannot_be_read_is_named(home: Page, tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("good")
    home.locator("input[type=file]").set_input_files([good, forbidden()])
    wait_until_done(home, "good.txt")
    refusal = home.locator(".uploader").get_by_role("alert").first
    expect(refusal).to_contain_text("1 file or folder cannot be read and was left out")
    home.locator("input[type=file]").set_input_files([good])
    expect(home.locator(".uploader .refusal")).to_be_empty()


def test_a_picture_that_cannot_be_read_is_named(
    home: Page, app_server: AppServer, tmp_path: Path
) -> None:
    open_background(home, app_server.url)
    (tmp_path / "dangling.png").symlink_to(tmp_path / "nowhere")
    place = home.get_by_role("region", name="Add pictures")
    drop(home, place, tmp_path / "dangling.png", disc(tmp_path / "disc.png"))
    expect(home.locator(".picture-drop").get_by_role("alert")).to_contain_text(
        "dangling.png: it is"
    )
    wait_for_result(home)
    assert uploads(home) == ["disc.png"]


# Anywhere on the window -----------------------------------------------------------------------


def sign(page: Page) -> Locator:
    """What is shown while files are over the window."""
    return page.get_by_text("Drop to upload")


def places(page: Page) -> list[Locator]:
    """Places of the window that are not for files."""
    return [
        page.get_by_role("heading", level=1),
        page.get_by_test_id("stSidebar").get_by_text("Signed in as"),
        page.get_by_test_id("stMain"),
    ]


def test_a_file_dropped_anywhere_is_taken_once(home: Page, tmp_path: Path) -> None:
    for number, place in enumerate([*places(home), zone(home)]):
        file = tmp_path / f"{number}.txt"
        file.write_text(file.name)
        drag = Drag(home, file)
        drag.over(place)
        expect(sign(home)).to_be_visible()
        drag.let_go()
        expect(sign(home)).to_be_hidden()
        wait_until_done(home, file.name)
    assert sorted(uploads(home)) == ["0.txt", "1.txt", "2.txt", "3.txt"]


def test_a_picture_dropped_anywhere_on_the_background_page_is_taken_once(
    home: Page, app_server: AppServer, tmp_path: Path
) -> None:
    open_background(home, app_server.url)
    settled(home)
    for number, place in enumerate(places(home)[:2]):
        picture = disc(tmp_path / f"disc-{number}.png")
        drag = Drag(home, picture)
        drag.over(place)
        expect(sign(home)).to_be_visible()
        drag.let_go()
        expect(sign(home)).to_be_hidden()
    expect(home.locator(".picture-drop .refusal")).to_be_empty()
    wait_for_result(home)
    assert sorted(uploads(home)) == ["disc-0.png", "disc-1.png"]


def test_the_sign_of_a_drop_goes_when_the_drag_leaves_the_window(
    home: Page, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("a")
    drag = Drag(home, tmp_path / "a.txt")
    for place in [*places(home), zone(home), places(home)[0]]:
        drag.over(place)
        expect(sign(home)).to_be_visible()
    places(home)[0].dispatch_event("dragleave")  # which Chromium's own drags have none of
    expect(sign(home)).to_be_hidden()
    drag.over(zone(home))
    expect(sign(home)).to_be_visible()
    home.keyboard.press("Escape")
    expect(sign(home)).to_be_hidden()
    assert not uploads(home)


def test_the_sign_goes_with_what_the_drag_was_over(home: Page) -> None:
    """An element that leaves the page while a drag is over it is left without a word."""
    home.evaluate(
        """() => {
          const gone = document.body.appendChild(document.createElement("div"))
          const dataTransfer = new DataTransfer()
          dataTransfer.items.add(new File(["a"], "a.txt"))
          gone.dispatchEvent(new DragEvent("dragenter", { dataTransfer, bubbles: true }))
          gone.remove()
        }"""
    )
    expect(sign(home)).to_be_visible()
    zone(home).hover(position={"x": 5, "y": 5})
    expect(sign(home)).to_be_hidden()


def test_a_drag_without_files_takes_nothing_and_blames_no_folder(home: Page) -> None:
    for place in [*places(home), zone(home)]:
        types = ["text/uri-list", "text/plain"]
        drag = Drag(home, text="https://example.com/", texts=types)
        drag.over(place)
        expect(sign(home)).to_be_hidden()
        drag.let_go()
    expect(home.locator(".uploader .refusal")).to_be_empty()
    assert not uploads(home)


def test_a_drop_that_promised_files_and_holds_none_blames_no_folder(home: Page) -> None:
    zone(home).evaluate(
        """zone => {
          const drop = new Event("drop", { bubbles: true, cancelable: true, composed: true })
          drop.dataTransfer = { types: ["Files", "text/html"], items: [], files: [] }
          zone.dispatchEvent(drop)
        }"""
    )
    expect(home.locator(".uploader .refusal")).to_be_empty()
    assert not uploads(home)


def test_a_picture_of_the_page_itself_is_no_new_file(home: Page) -> None:
    """Browsers offer a dragged picture as a file too."""
    place = places(home)[0]
    place.dispatch_event("dragstart")
    assert place.evaluate(DRAG_OVER_AND_DROP, ["Files"]) == REFUSED
    place.dispatch_event("dragend")
    place.evaluate(DRAG_OVER_AND_DROP, ["Files"])
    wait_until_done(home, "a.png")
    assert uploads(home) == ["a.png"]


def test_nothing_behind_an_open_dialog_takes_a_drop(home: Page, tmp_path: Path) -> None:
    picture = disc(tmp_path / "disc.png")
    choose(home, picture)
    wait_until_done(home, picture.name)
    settled(home)
    home.get_by_role("button", name="Create asset").first.click()
    dialog = home.get_by_role("dialog")
    expect(dialog).to_be_visible()
    settled(home)
    other = disc(tmp_path / "other.png")
    for place in (dialog.get_by_role("heading").first, home.get_by_test_id("stMain")):
        drag = Drag(home, other)
        drag.over(place)
        expect(sign(home)).to_be_hidden()
        drag.let_go()
    assert uploads(home) == [picture.name]
    home.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    drop(home, places(home)[0], other)
    wait_until_done(home, other.name)


@pytest.mark.parametrize("path", ["", "background"])
def test_fingers_are_not_told_to_drop_or_paste(
    browser: Browser, app_server: AppServer, signed_in_state: dict[str, Any], path: str
) -> None:
    with new_context(browser, has_touch=True, is_mobile=True, viewport=PHONE) as phone:
        phone.add_cookies(signed_in_state["cookies"])
        page = phone.new_page()
        page.goto(f"{app_server.url}/{path}")
        add = page.get_by_role("region", name=re.compile("Add (files|pictures)"))
        expect(add.get_by_text(re.compile("Add (files|pictures)"))).to_be_visible()
        settled(page)
        assert not re.search(r"(?i)\b(drop|paste)\b", page.get_by_test_id("stMain").inner_text())


@pytest.mark.parametrize(
    ("platform", "keys"), [("MacIntel", "paste with ⌘V"), ("Linux x86_64", "paste with Ctrl+V")]
)
def test_the_keys_that_paste_are_those_of_the_system(
    signed_in_tab: Page, app_server: AppServer, platform: str, keys: str
) -> None:
    system = f"Object.defineProperty(navigator, 'platform', {{ get: () => '{platform}' }})"
    signed_in_tab.add_init_script(system)
    for path in ("", "background"):
        signed_in_tab.goto(f"{app_server.url}/{path}")
        expect(signed_in_tab.get_by_text(keys)).to_be_visible()


# What is not taken ----------------------------------------------------------------------------


def test_what_is_dropped_while_files_are_sent_does_not_replace_the_page(
    home: Page, tmp_path: Path
) -> None:
    page = home
    (tmp_path / "next.txt").write_text("next")
    slow_down(page, 1_000_000)
    page.get_by_role("button", name="Sample video").click()
    name = "sample-video-12-MB.mp4"
    expect(card_of(page, name).locator(".state")).to_contain_text("Sending")
    address = page.url
    for place in [*places(page), card_of(page, name).locator(".name")]:
        drop(page, place, text="https://example.com/", texts=["text/uri-list", "text/plain"])
    drop(page, places(page)[0], tmp_path / "next.txt")
    slow_down(page, -1)
    wait_until_done(page, name)
    wait_until_done(page, "next.txt")
    assert page.url == address
    assert sorted(uploads(page)) == ["next.txt", name]


@pytest.mark.parametrize("types", [["Files"], ["text/uri-list", "text/plain"]])
def test_stray_drops_are_refused_on_every_page(
    home: Page, app_server: AppServer, types: list[str]
) -> None:
    page = home
    pages = ["Assets", "Requests", "Connections"]
    if types != ["Files"]:
        pages += ["Upload", "Background"]  # which take files
    for title in pages:
        page.get_by_role("link", name=title, exact=True).click()
        expect(page).to_have_title(f"{title} · Temp files")
        settled(page)
        for place in ("body", "[data-testid=stSidebar]", "h1", "[data-testid=stMain]"):
            found = page.locator(place).first.evaluate(DRAG_OVER_AND_DROP, types)
            assert found == REFUSED, (title, place)


def test_text_can_be_dragged_into_fields(home: Page, app_server: AppServer) -> None:
    page = home
    page.get_by_role("link", name="Requests", exact=True).click()
    search = page.get_by_test_id("stTextInput").locator("input").first
    expect(search).to_be_visible()
    settled(page)
    drop(page, search, text="shoe", texts=["text/plain"])
    expect(search).to_have_value("shoe")
    types = ["text/plain", "text/uri-list"]
    assert search.evaluate(DRAG_OVER_AND_DROP, types) == LEFT_ALONE
    assert search.evaluate(DRAG_OVER_AND_DROP, ["Files"])[1][0]  # a file opens nothing there either


def test_a_file_can_be_dragged_into_the_editor(
    home: Page, app_server: AppServer, tmp_path: Path
) -> None:
    (tmp_path / "who.graphql").write_text("query Dropped { viewer { name } }")
    page = playground(home.context, app_server)
    drop(page, operations(page), tmp_path / "who.graphql")
    expect(operations(page)).to_contain_text("query Dropped")


def test_streamlit_s_own_place_for_files_takes_a_dropped_one(
    home: Page, app_server: AppServer, tmp_path: Path
) -> None:
    page = home
    open_background(page, app_server.url)
    give(page, disc(tmp_path / "disc.png"))
    wait_for_result(page)
    page.get_by_role("button", name="A picture to put behind").click()
    behind = page.get_by_test_id("stFileUploaderDropzone")
    expect(behind).to_be_visible()
    settled(page)
    backdrop = disc(tmp_path / "behind.png", (0, 0, 255))
    drag = Drag(page, backdrop)
    drag.over(page.get_by_test_id("stSidebar").get_by_text("Signed in as"))
    expect(sign(page)).to_be_visible()
    drag.over(behind)
    expect(sign(page)).to_be_hidden()
    drag.let_go()
    expect(page.get_by_role("radio", name="Image", exact=True)).to_be_attached()
    assert uploads(page) == ["disc.png"]


# Pasting --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field",
    [
        "<input type='text'>",
        "<input type='search'>",
        "<input type='number'>",
        "<textarea></textarea>",
        "<div contenteditable tabindex='0'></div>",
    ],
)
def test_text_with_a_picture_belongs_to_the_field_it_is_pasted_into(
    home: Page, app_server: AppServer, field: str
) -> None:
    page = home
    texts = {"text/plain": "120", "text/html": "<td>120</td>"}
    for path in ("", "background"):
        page.goto(f"{app_server.url}/{path}")
        expect(page.get_by_text(re.compile("Drop (files|pictures) here"))).to_be_visible()
        settled(page)
        page.evaluate(FOCUS_IN_SHADOW, field)
        assert not page.evaluate(PASTE, [texts, ["image.png"]])  # left to the browser
        assert not uploads(page)


def test_a_cell_of_a_spreadsheet_is_pasted_as_text(home: Page, app_server: AppServer) -> None:
    page = home
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    unfold(page, "Advanced: how files are sent")
    size = page.get_by_role("spinbutton", name="Part size in MiB")
    size.fill("")
    page.evaluate(
        """async () => {
          const canvas = new OffscreenCanvas(4, 4)
          canvas.getContext("2d")
          const picture = await canvas.convertToBlob({ type: "image/png" })
          const text = (type, value) => new Blob([value], { type })
          await navigator.clipboard.write([new ClipboardItem({
            "text/plain": text("text/plain", "32"),
            "text/html": text("text/html", "<table><td>32</td></table>"),
            "image/png": picture,
          })])
        }"""
    )
    size.focus()
    page.keyboard.press("Control+v")
    expect(size).to_have_value("32")
    assert not uploads(page)
    page.get_by_role("button", name="Choose files").focus()
    page.keyboard.press("Control+v")
    assert not uploads(page)


@pytest.mark.parametrize(
    ("texts", "taken"),
    [
        ({}, True),
        ({"text/html": "<img src=a.png>"}, True),  # a picture copied from a page
        ({"text/plain": "image.png"}, True),  # a file copied in Finder
        ({"text/plain": "/home/ann/image.png"}, True),  # and in Nautilus
        ({"text/plain": "120\\t130", "text/html": "<td>120"}, False),
    ],
)
def test_a_picture_pasted_with_the_keyboard_elsewhere(
    home: Page, texts: dict[str, str], taken: bool
) -> None:
    page = home
    page.get_by_role("button", name="Choose files").focus()
    page.evaluate(PASTE, [texts, ["image.png"]])
    if taken:
        wait_until_done(page, "image.png")
    assert uploads(page) == ["image.png"] * taken
