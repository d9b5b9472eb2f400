"""The before/after viewer in a real browser, by mouse, touch and keyboard."""

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, cast

import pytest
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Locator, Page, Route, ViewportSize, expect

from tests.app_server import AppServer, free_port
from tests.browser.conftest import new_context, watched
from tests.browser.settled import settled

Check = Callable[[Page], None]
Colour = tuple[int, int, int]
Point = tuple[float, float]

BACKGROUND, SUBJECT, BACKDROP_IMAGE = (200, 120, 40), (30, 90, 200), (10, 160, 90)
TINTED = (238, 36, 89)  # the background under 70 % of #ff006e
REMOVED, KEPT = (0.1, 0.1), (0.5, 0.25)  # places of the picture
MODES = ["Slider", "Side by side", "Result", "Original", "Alpha matte", "Difference"]

LOAD = "src => new Promise(end => Object.assign(new Image(), { onload: end, src }))"
HAS_HEARD = """([what, value]) => {
  const heard = JSON.parse(document.querySelector("[data-testid=stText]").textContent)
  return JSON.stringify({ ...heard, ...heard.backdrop }[what]) === JSON.stringify(value)
}"""


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float


@pytest.fixture(scope="module")
def compare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The viewer in an app of its own."""
    command = ("-m", "tests.browser.background.compare_app")
    server = AppServer(tmp_path_factory.mktemp("compare"), free_port(), command=command)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def viewer(page: Page, compare_server: AppServer) -> Page:
    """The viewer, mounted by a script in Streamlit's place, where it fits without scrolling."""
    page.set_viewport_size(ViewportSize(width=1280, height=1200))
    return opened(page, f"{compare_server.url}/alone/")


@pytest.fixture
def viewer_in_streamlit(page: Page, compare_server: AppServer) -> Page:
    page.set_viewport_size(ViewportSize(width=1280, height=1200))
    return opened(page, compare_server.url)


def opened(page: Page, url: str) -> Page:
    """Open a page with the viewer and wait until both pictures are on show."""
    page.goto(url)
    for alt in ("Original of <b>wide</b>.jpg", "Cut-out of <b>wide</b>.jpg"):
        expect(page.get_by_alt_text(alt)).to_be_visible()
    return page


def heard(page: Page) -> dict[str, Any]:
    """Return what Python, or what stands for it, heard so far."""
    return json.loads(page.get_by_test_id("stText").inner_text())


def wait_to_hear(page: Page, what: str, value: object) -> None:
    page.wait_for_function(HAS_HEARD, arg=[what, value])


def choose(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).check()


def divider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Divider between original and cut-out")


def surface(page: Page) -> Locator:
    return page.get_by_role("application", name="Picture of <b>wide</b>.jpg")


def box_of(locator: Locator) -> Box:
    box = locator.bounding_box()
    assert box
    return Box(box["x"], box["y"], box["width"], box["height"])


def wait_until_drawn(page: Page) -> None:
    """Wait for the end of Python's run, which fades what it has not redrawn, and for two frames."""
    settled(page)
    page.evaluate("new Promise(end => requestAnimationFrame(() => requestAnimationFrame(end)))")


def image(page: Page, kind: str) -> Locator:
    return page.get_by_alt_text(f"{kind} of <b>wide</b>.jpg")


def expect_full_size(page: Page) -> None:
    """Wait until both pictures are shown at their full size."""
    for kind in ("Original", "Cut-out"):
        expect(image(page, kind)).to_have_js_property("naturalWidth", 3200)


def at(page: Page, place: Point) -> Point:
    """Return where a place of the picture (0 to 1) is in the window."""
    box = box_of(page.locator(".layer:visible").first)
    return box.x + place[0] * box.width, box.y + place[1] * box.height


def colour_at(page: Page, point: Point) -> Colour:
    """Return the colour that a point of the window has on the screen."""
    wait_until_drawn(page)
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    red, green, blue = cast(Colour, shot.getpixel((round(point[0]), round(point[1]))))
    return red, green, blue


def is_near(one: Colour, other: Colour, tolerance: int = 6) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def drag(page: Page, *points: Point) -> None:
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def touch(session: CDPSession, kind: str, *points: Point) -> None:
    fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    parameters = {"type": kind, "touchPoints": fingers}
    session.send("Input.dispatchTouchEvent", parameters)  # pyright: ignore[reportUnknownMemberType] # a bare Dict


@pytest.fixture
def touch_page(browser: Browser, compare_server: AppServer) -> Iterator[Page]:
    """The app on a phone: touch, 375 pixels wide."""
    phone = ViewportSize(width=375, height=900)
    with (
        new_context(browser, has_touch=True, is_mobile=True, viewport=phone) as context,
        watched(context) as breaches,
    ):
        yield opened(context.new_page(), f"{compare_server.url}/alone/")
    assert not breaches


# The slider ----------------------------------------------------------------------------------


def test_the_divider_follows_the_mouse(viewer: Page) -> None:
    assert divider(viewer).get_attribute("aria-valuetext") == "50 % original shown"
    drag(viewer, at(viewer, (0.5, 0.5)), at(viewer, (0.7, 0.6)))
    expect(divider(viewer)).to_have_attribute("aria-valuetext", "70 % original shown")
    assert divider(viewer).input_value() == "70"
    assert is_near(colour_at(viewer, at(viewer, (0.65, 0.1))), BACKGROUND)
    assert not is_near(colour_at(viewer, at(viewer, (0.75, 0.1))), BACKGROUND)


def test_a_click_brings_the_divider_there(viewer: Page) -> None:
    viewer.mouse.click(*at(viewer, (0.25, 0.3)))
    expect(divider(viewer)).to_have_value("25")


def test_the_divider_follows_a_finger(touch_page: Page) -> None:
    session = touch_page.context.new_cdp_session(touch_page)
    touch(session, "touchStart", at(touch_page, (0.5, 0.5)))
    for x in (0.45, 0.4, 0.35, 0.3):
        touch(session, "touchMove", at(touch_page, (x, 0.5)))
    touch(session, "touchEnd")
    expect(divider(touch_page)).to_have_attribute("aria-valuetext", "30 % original shown")
    touch_page.touchscreen.tap(*at(touch_page, (0.8, 0.3)))
    expect(divider(touch_page)).to_have_value("80")


def test_the_divider_has_keys(viewer: Page) -> None:
    slider = divider(viewer)
    slider.focus()
    presses = {
        "ArrowRight": "51",
        "ArrowUp": "52",
        "ArrowLeft": "51",
        "Shift+ArrowRight": "61",
        "Shift+ArrowLeft": "51",
        "PageUp": "61",
        "PageDown": "51",
        "End": "100",
        "Home": "0",
    }
    for key, value in presses.items():
        slider.press(key)
        assert slider.input_value() == value, key
    expect(slider).to_have_attribute("aria-valuetext", "0 % original shown")


def test_both_sides_are_clipped_so_that_see_through_pictures_do_not_overlap(viewer: Page) -> None:
    choose(viewer, "White")
    drag(viewer, at(viewer, (0.5, 0.5)), at(viewer, (0.3, 0.5)))
    assert is_near(colour_at(viewer, at(viewer, (0.2, 0.2))), BACKGROUND)
    assert is_near(colour_at(viewer, at(viewer, (0.4, 0.1))), (255, 255, 255))
    clips = viewer.locator(".side").evaluate_all("all => all.map(one => one.style.clipPath)")
    pane = box_of(viewer.locator(".pane.first"))
    x = at(viewer, (0.3, 0))[0] - pane.x
    edges = [float(pixels) for clip in clips for pixels in re.findall(r"([\d.]+)px", clip)]
    assert [edge for edge in edges if edge] == pytest.approx([x, x], abs=1)


# Modes ---------------------------------------------------------------------------------------


def test_number_keys_change_the_mode_while_the_viewer_has_the_focus(viewer: Page) -> None:
    viewer.keyboard.press("2")
    expect(viewer.get_by_label("Slider", exact=True)).to_be_checked()
    surface(viewer).focus()
    for number, mode in enumerate(MODES, 1):
        viewer.keyboard.press(str(number))
        expect(viewer.get_by_label(mode, exact=True)).to_be_checked()
        expect(viewer.get_by_role("status").get_by_text(f"{mode} shown")).to_be_attached()


def test_the_matte_is_the_alpha(viewer: Page) -> None:
    choose(viewer, "Alpha matte")
    expect(viewer.get_by_role("img", name="Alpha matte of <b>wide</b>.jpg")).to_be_visible()
    assert is_near(colour_at(viewer, at(viewer, KEPT)), (255, 255, 255))
    assert is_near(colour_at(viewer, at(viewer, REMOVED)), (0, 0, 0))


def test_the_difference_tints_what_was_removed(viewer: Page) -> None:
    choose(viewer, "Difference")
    assert is_near(colour_at(viewer, at(viewer, KEPT)), SUBJECT)
    assert is_near(colour_at(viewer, at(viewer, REMOVED)), TINTED)


def test_result_and_original_show_one_picture(viewer: Page) -> None:
    choose(viewer, "Black")
    choose(viewer, "Result")
    assert is_near(colour_at(viewer, at(viewer, REMOVED)), (0, 0, 0))
    expect(image(viewer, "Original")).to_be_hidden()
    choose(viewer, "Original")
    assert is_near(colour_at(viewer, at(viewer, REMOVED)), BACKGROUND)
    expect(image(viewer, "Cut-out")).to_be_hidden()


# Zoom ----------------------------------------------------------------------------------------


def transforms(page: Page) -> list[str]:
    wait_until_drawn(page)
    return [
        image(page, kind).evaluate("img => img.style.transform") for kind in ("Original", "Cut-out")
    ]


def test_both_pictures_zoom_and_move_together(viewer: Page) -> None:
    choose(viewer, "Side by side")
    fitted = transforms(viewer)
    assert fitted[0] == fitted[1]
    panes = [box_of(viewer.locator(f".pane.{pane}")) for pane in ("first", "second")]
    assert panes[0].width == panes[1].width
    viewer.mouse.move(panes[1].x + 100, panes[1].y + 200)
    viewer.keyboard.down("Control")
    viewer.mouse.wheel(0, -400)
    viewer.keyboard.up("Control")
    zoomed = transforms(viewer)
    assert zoomed[0] == zoomed[1] != fitted[0]
    drag(viewer, (panes[0].x + 200, panes[0].y + 200), (panes[0].x + 260, panes[0].y + 230))
    moved = transforms(viewer)
    assert moved[0] == moved[1] != zoomed[0]
    surface(viewer).focus()
    viewer.keyboard.press("ArrowRight")
    assert transforms(viewer)[0] != moved[0]


def test_the_wheel_alone_scrolls_the_page(viewer: Page) -> None:
    viewer.set_viewport_size(ViewportSize(width=1280, height=500))
    viewer.mouse.move(*at(viewer, (0.5, 0.2)))
    before = transforms(viewer)
    viewer.mouse.wheel(0, 200)
    assert transforms(viewer) == before


def test_zoom_has_buttons_and_keys(viewer: Page) -> None:
    zoom = viewer.get_by_role("group", name="Zoom").locator(".value")
    fitted = zoom.inner_text()
    viewer.get_by_role("button", name="1:1, actual size").click()
    expect(zoom).to_have_text("100 %")
    expect_full_size(viewer)  # comes in the preview's place
    assert box_of(image(viewer, "Original")).width == pytest.approx(3200)
    viewer.get_by_role("button", name="Zoom in").click()
    expect(zoom).to_have_text("150 %")
    surface(viewer).focus()
    for key, text in {"0": fitted, "a": "100 %", "+": "150 %", "-": "100 %"}.items():
        viewer.keyboard.press(key)
        expect(zoom).to_have_text(text)
    expect(viewer.get_by_role("status").get_by_text("Zoom 100 %")).to_be_attached()
    viewer.get_by_role("button", name="Fit the whole picture").click()
    expect(zoom).to_have_text(fitted)


def test_two_fingers_zoom(touch_page: Page) -> None:
    width = box_of(image(touch_page, "Original")).width
    session = touch_page.context.new_cdp_session(touch_page)
    middle, reach = at(touch_page, (0.5, 0.5)), 30
    touch(session, "touchStart", (middle[0] - reach, middle[1]), (middle[0] + reach, middle[1]))
    for wider in (40, 60, 80, 90):
        fingers = [(middle[0] - wider, middle[1]), (middle[0] + wider, middle[1])]
        touch(session, "touchMove", *fingers)
    touch(session, "touchEnd")
    wait_until_drawn(touch_page)
    assert box_of(image(touch_page, "Original")).width == pytest.approx(width * 3, rel=0.02)
    assert divider(touch_page).input_value() == "50"


def test_full_size_is_asked_for_once_and_shown_where_it_was(viewer: Page) -> None:
    assert heard(viewer)["asked"] == 0
    viewer.get_by_role("button", name="1:1, actual size").click()
    wait_to_hear(viewer, "asked", 1)
    expect_full_size(viewer)
    assert box_of(image(viewer, "Original")).width == pytest.approx(3200)
    viewer.get_by_role("button", name="Zoom in").click()
    expect(viewer.get_by_role("group", name="Zoom")).to_contain_text("150 %")
    wait_until_drawn(viewer)
    assert heard(viewer)["asked"] == 1


def test_full_size_is_asked_for_anew_for_another_cut_only(viewer: Page) -> None:
    viewer.get_by_text("Previews only", exact=True).click()
    viewer.get_by_role("button", name="1:1, actual size").click()
    wait_to_hear(viewer, "asked", 1)
    viewer.get_by_role("button", name="Zoom in").click()
    viewer.get_by_text("Busy", exact=True).click()
    expect(viewer.get_by_text("Working…").first).to_be_visible()
    assert heard(viewer)["asked"] == 1
    viewer.get_by_role("button", name="Other cut").click()
    wait_to_hear(viewer, "asked", 2)


def test_a_preview_that_comes_late_does_not_replace_full_size(viewer: Page) -> None:
    late: list[Route] = []
    viewer.route("**/pictures/wide-after-2", lambda route: late.append(route))
    viewer.get_by_role("button", name="1:1, actual size").click()
    expect(image(viewer, "Cut-out")).to_have_js_property("naturalWidth", 3200)
    viewer.get_by_role("button", name="Other cut").click()
    expect(image(viewer, "Cut-out")).to_have_attribute("src", "/pictures/wide-after-2?full")
    with viewer.expect_response("**/pictures/wide-after-2"):
        late[0].continue_()
    viewer.evaluate(LOAD, "/pictures/wide-after-2")
    wait_until_drawn(viewer)
    expect(image(viewer, "Cut-out")).to_have_js_property("naturalWidth", 3200)


# Backdrops -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "kind", "top", "bottom"),
    [
        ("White", "white", (255, 255, 255), (255, 255, 255)),
        ("Black", "black", (0, 0, 0), (0, 0, 0)),
        ("Colour", "colour", (0xCF, 0xE0, 0xFA), (0xCF, 0xE0, 0xFA)),
        ("Gradient", "gradient", (0xCB, 0xDD, 0xF9), (0x83, 0xA8, 0xE1)),
        ("Blurred original", "blur", BACKGROUND, BACKGROUND),
    ],
)
def test_a_backdrop_is_behind_what_is_see_through(
    viewer: Page, label: str, kind: str, top: Colour, bottom: Colour
) -> None:
    choose(viewer, "Result")
    choose(viewer, label)
    wait_to_hear(viewer, "kind", kind)
    assert is_near(colour_at(viewer, at(viewer, (0.05, 0.05))), top)
    assert is_near(colour_at(viewer, at(viewer, (0.95, 0.95))), bottom)
    assert is_near(colour_at(viewer, at(viewer, KEPT)), SUBJECT)


def test_the_checkerboard_has_two_greys(viewer: Page) -> None:
    choose(viewer, "Result")
    x, y = at(viewer, (0, 0))
    squares = {colour_at(viewer, (x + 5, y + 5)), colour_at(viewer, (x + 15, y + 5))}
    assert squares == {(255, 255, 255), (0xD4, 0xD7, 0xDE)}


def test_colours_are_painted_and_reported_when_chosen(viewer: Page) -> None:
    choose(viewer, "Result")
    choose(viewer, "Gradient")
    for label, colour in (("Colour at the top", "#ff0000"), ("Colour at the bottom", "#00ff00")):
        viewer.get_by_label(label).fill(colour)
    wait_to_hear(viewer, "second_colour", "#00ff00")
    assert is_near(colour_at(viewer, at(viewer, (0.05, 0.01))), (252, 3, 0))
    assert is_near(colour_at(viewer, at(viewer, (0.05, 0.99))), (3, 252, 0))
    backdrop = {"kind": "gradient", "colour": "#ff0000", "second_colour": "#00ff00"}
    assert heard(viewer)["backdrop"] == backdrop


def test_a_backdrop_image_is_a_choice_while_there_is_one(viewer: Page) -> None:
    expect(viewer.get_by_label("Image", exact=True)).to_be_hidden()
    choose(viewer, "Result")
    viewer.get_by_text("Backdrop image", exact=True).click()
    expect(viewer.get_by_label("Image", exact=True)).to_be_checked()
    wait_to_hear(viewer, "kind", "image")
    expect(viewer.locator(".ground img:visible")).to_have_js_property("complete", True)
    assert is_near(colour_at(viewer, at(viewer, REMOVED)), BACKDROP_IMAGE)
    viewer.get_by_text("Backdrop image", exact=True).click()
    wait_to_hear(viewer, "kind", "checkerboard")


# The brush -----------------------------------------------------------------------------------


def test_a_stroke_arrives_in_python_in_parts_of_the_picture(viewer_in_streamlit: Page) -> None:
    viewer = viewer_in_streamlit
    choose(viewer, "Keep")
    drag(viewer, at(viewer, (0.2, 0.2)), at(viewer, (0.4, 0.2)), at(viewer, (0.4, 0.6)))
    wait_to_hear(viewer, "heard", 1)
    (stroke,) = heard(viewer)["strokes"]
    assert stroke["mode"] == "keep"
    assert stroke["radius"] == 0.02
    expected = [(0.2, 0.2), (0.4, 0.2), (0.4, 0.6)]
    assert len(stroke["points"]) == len(expected)
    for point, place in zip(stroke["points"], expected, strict=True):
        assert point == pytest.approx(place, abs=0.003)


def longest_white_line_down(page: Page, place: Point) -> int:
    """Return the pixels of the longest line down that is white, close to a place of the picture."""
    x, y = at(page, place)
    clip = {"x": x, "y": y - 12, "width": 40, "height": 24}
    shot = page.screenshot(clip=clip)  # type: ignore[arg-type]
    grey = Image.open(io.BytesIO(shot)).convert("L").point([0] * 215 + [255] * 41)
    columns = [grey.crop((x, 0, x + 1, grey.height)).tobytes() for x in range(grey.width)]
    return max(len(run) for column in columns for run in column.split(b"\0"))


def test_strokes_are_told_apart_with_and_without_colour_and_put_away(viewer: Page) -> None:
    choose(viewer, "Black")
    choose(viewer, "Result")
    for tool, y in (("Keep", 0.1), ("Remove", 0.9)):
        choose(viewer, tool)
        drag(viewer, at(viewer, (0.1, y)), at(viewer, (0.9, y)))
    wait_to_hear(viewer, "heard", 2)
    viewer.mouse.move(5, 5)
    for y, strong in ((0.1, 1), (0.9, 0)):
        x, line = at(viewer, (0.3, y))
        seen = [colour_at(viewer, (x + step, line + step / 3)) for step in range(0, 40, 4)]
        assert any(colour[strong] == max(colour) != min(colour) for colour in seen)
    assert longest_white_line_down(viewer, (0.3, 0.1)) >= 8
    assert longest_white_line_down(viewer, (0.3, 0.9)) <= 5
    choose(viewer, "Look")
    assert colour_at(viewer, at(viewer, (0.3, 0.1))) == (0, 0, 0)


def test_undo_redo_and_clear(viewer: Page) -> None:
    choose(viewer, "Remove")
    for number, y in enumerate((0.1, 0.2), 1):
        drag(viewer, at(viewer, (0.1, y)), at(viewer, (0.3, y)))
        wait_to_hear(viewer, "heard", number)
    strokes = heard(viewer)["strokes"]
    viewer.get_by_role("button", name="Undo").click()
    wait_to_hear(viewer, "strokes", strokes[:1])
    viewer.get_by_role("button", name="Redo").click()
    wait_to_hear(viewer, "strokes", strokes)
    viewer.get_by_role("button", name="Clear all strokes").click()
    wait_to_hear(viewer, "strokes", [])
    surface(viewer).focus()
    viewer.keyboard.press("Control+z")
    wait_to_hear(viewer, "strokes", strokes)
    expect(viewer.get_by_text("2 strokes").first).to_be_visible()


def test_the_brush_works_by_keyboard(viewer: Page) -> None:
    viewer.get_by_label("Look", exact=True).focus()
    viewer.keyboard.press("ArrowRight")
    expect(viewer.get_by_label("Keep", exact=True)).to_be_checked()
    surface(viewer).focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowUp", "ArrowUp"):
        viewer.keyboard.press(key)
    status = viewer.get_by_role("status").get_by_text("Crosshair 56 % across, 44 % down, kept")
    expect(status).to_be_attached()
    viewer.keyboard.press("Enter")
    wait_to_hear(viewer, "heard", 1)
    viewer.keyboard.press("ArrowLeft")
    viewer.keyboard.press("Space")
    wait_to_hear(viewer, "heard", 2)
    places = [stroke["points"] for stroke in heard(viewer)["strokes"]]
    assert places == [[pytest.approx([0.56, 0.44])], [pytest.approx([0.55, 0.44])]]


def test_space_moves_the_picture_while_a_brush_is_in_hand(viewer: Page) -> None:
    viewer.get_by_role("button", name="1:1, actual size").click()
    choose(viewer, "Keep")
    middle = box_of(surface(viewer))
    start = (middle.x + 300, middle.y + 200)
    viewer.mouse.click(*start)
    wait_to_hear(viewer, "heard", 1)
    before = transforms(viewer)
    viewer.keyboard.press("ArrowRight")
    viewer.keyboard.down("Space")
    viewer.mouse.down()
    viewer.mouse.move(start[0] + 50, start[1] + 20)
    viewer.mouse.up()
    viewer.keyboard.up("Space")
    assert transforms(viewer) != before
    assert viewer.locator(".count").inner_text() == "1 stroke"


def test_the_brush_works_by_touch(touch_page: Page) -> None:
    choose(touch_page, "Remove")
    session = touch_page.context.new_cdp_session(touch_page)
    touch(session, "touchStart", at(touch_page, (0.2, 0.2)))
    for y in (0.3, 0.5, 0.8):
        touch(session, "touchMove", at(touch_page, (0.2, y)))
    touch(session, "touchEnd")
    wait_to_hear(touch_page, "heard", 1)
    (stroke,) = heard(touch_page)["strokes"]
    assert stroke["mode"] == "remove"
    assert stroke["points"][-1] == pytest.approx([0.2, 0.8], abs=0.01)


def test_the_size_of_the_brush_is_part_of_the_stroke(viewer: Page) -> None:
    choose(viewer, "Keep")
    size = viewer.get_by_role("slider", name="Brush size")
    size.fill("10")
    expect(size).to_have_attribute("aria-valuetext", "10 % of the long side")
    viewer.mouse.move(*at(viewer, (0.3, 0.3)))
    ring = viewer.locator(".cursor:visible")
    expect(ring).to_have_count(1)
    assert box_of(ring).width == pytest.approx(box_of(image(viewer, "Original")).width / 10, abs=1)
    viewer.mouse.click(*at(viewer, (0.3, 0.3)))
    wait_to_hear(viewer, "heard", 1)
    assert heard(viewer)["strokes"][0]["radius"] == 0.05


# Reruns --------------------------------------------------------------------------------------


def test_a_new_cut_changes_nothing_but_the_cut(viewer_in_streamlit: Page) -> None:
    viewer = viewer_in_streamlit
    choose(viewer, "Result")
    choose(viewer, "Black")
    choose(viewer, "Keep")
    viewer.get_by_role("button", name="Zoom in").click()
    before, grown = transforms(viewer), at(viewer, (0.5, 0.17))
    assert is_near(colour_at(viewer, grown), (0, 0, 0))
    viewer.get_by_text("Busy", exact=True).click()
    expect(viewer.get_by_text("Working…").first).to_be_visible()
    viewer.get_by_role("button", name="Other cut").click()
    expect(image(viewer, "Cut-out")).to_have_attribute("src", "/pictures/wide-after-2")
    assert is_near(colour_at(viewer, grown), BACKGROUND)
    assert transforms(viewer) == before
    for label in ("Result", "Black", "Keep"):
        expect(viewer.get_by_label(label, exact=True)).to_be_checked()


def test_another_picture_is_fitted(viewer: Page) -> None:
    viewer.get_by_role("button", name="1:1, actual size").click()
    viewer.get_by_role("button", name="Other picture").click()
    tall = viewer.get_by_alt_text("Original of <b>tall</b>.jpg")
    expect(tall).to_have_js_property("naturalHeight", 1600)
    stage = box_of(viewer.locator(".stage"))
    expect(viewer.get_by_role("group", name="Zoom")).not_to_contain_text("100 %")
    assert box_of(tall).height <= stage.height


def test_python_can_take_all_strokes_back(viewer_in_streamlit: Page) -> None:
    viewer = viewer_in_streamlit
    choose(viewer, "Keep")
    viewer.mouse.click(*at(viewer, (0.3, 0.3)))
    wait_to_hear(viewer, "heard", 1)
    stroke = heard(viewer)["strokes"]
    viewer.get_by_role("button", name="Start over").click()
    wait_to_hear(viewer, "strokes", [])
    expect(viewer.locator(".count")).to_have_text("")
    wait_to_hear(viewer, "heard", 2)
    viewer.mouse.click(*at(viewer, (0.3, 0.3)))
    wait_to_hear(viewer, "strokes", stroke)


def test_without_a_brush_there_is_none(viewer: Page) -> None:
    choose(viewer, "Keep")
    viewer.get_by_text("No brush", exact=True).click()
    expect(viewer.get_by_label("Keep", exact=True)).to_be_hidden()
    viewer.mouse.click(*at(viewer, (0.2, 0.3)))
    expect(divider(viewer)).to_have_value("20")
    assert heard(viewer)["strokes"] == []


def test_a_picture_that_cannot_be_had_is_said_to_be(page: Page, compare_server: AppServer) -> None:
    page.route("**/pictures/wide-after-1", lambda route: route.fulfill(status=404))
    page.goto(f"{compare_server.url}/alone/")
    expect(page.get_by_role("alert")).to_contain_text("could not be shown")
    expect(image(page, "Original")).to_be_visible()


def test_the_preview_stays_where_full_size_cannot_be_had(viewer: Page) -> None:
    viewer.route("**/pictures/*?full", lambda route: route.fulfill(status=404))
    viewer.get_by_role("button", name="1:1, actual size").click()
    expect(viewer.get_by_role("alert")).to_contain_text("this is the preview")
    expect(image(viewer, "Original")).to_have_js_property("naturalWidth", 1600)


# Accessibility -------------------------------------------------------------------------------


def test_every_mode_is_accessible(viewer_in_streamlit: Page, expect_accessible: Check) -> None:
    page = viewer_in_streamlit
    page.get_by_text("Backdrop image", exact=True).click()
    wait_to_hear(page, "kind", "image")
    for mode in MODES:
        choose(page, mode)
        expect_accessible(page)
    choose(page, "Gradient")
    choose(page, "Keep")
    page.mouse.click(*at(page, (0.4, 0.5)))
    expect(page.locator(".count")).to_have_text("1 stroke")
    page.get_by_text("Busy", exact=True).click()
    expect(page.locator(".working")).to_be_visible()
    expect_accessible(page)
