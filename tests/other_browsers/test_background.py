"""A picture to its cut-out: compared, put right by brush, and taken along."""

from pathlib import Path

from PIL import Image

from tests.browser.background.background_steps import CENTRE, CORNER, GREY, RED, disc, near
from tests.other_browsers.conftest import MARKS
from tests.other_browsers.tab import Tab

pytestmark = MARKS

BOTH_SHOWN = """
const [stage] = found(".stage", "", true)
return stage && [...stage.querySelectorAll("img")].filter(one => one.naturalWidth).length > 1
"""
PICTURE = """
const [stage] = found(".stage", "", true)
if (!stage) return false // it is being drawn anew
stage.scrollIntoView({ block: "center" })
const { x, y, width, height } = stage.querySelector("img.layer").getBoundingClientRect()
return [x, y, width, height]
"""
DIVIDER = """return found("input[type=range]", "Divider between", true)[0].value"""
WHITE = (255, 255, 255)


def at(tab: Tab, across: float, down: float) -> tuple[float, float]:
    """Where a place of the picture, from 0 to 1, is in the window."""
    x, y, width, height = tab.wait(lambda: tab.run(PICTURE), "the picture")
    return x + across * width, y + down * height


def saved(tab: Tab, downloads: Path, name: str) -> Image.Image:
    """Press the button that saves the picture and return what has come."""
    file = downloads / name
    file.unlink(missing_ok=True)
    tab.press(f"Download {name}")
    tab.wait(
        lambda: [one.name for one in downloads.iterdir()] == [name] and file.stat().st_size, name
    )
    return Image.open(file)


def test_a_background_is_removed_compared_put_right_and_saved(
    tab: Tab, downloads: Path, tmp_path: Path
) -> None:
    tab.go("Background")
    tab.see("Drop pictures here")
    tab.choose_files(disc(tmp_path / "painted.png"), place="Add pictures")
    tab.see("Take it along")
    tab.wait(lambda: tab.run(BOTH_SHOWN), "both pictures")
    tab.rest()
    # The divider, by mouse and by keys: left of it the original, right of it the cut-out.
    tab.press("White", ".chip")
    tab.pull(at(tab, 0.5, 0.5), at(tab, 0.4, 0.5), at(tab, 0.3, 0.5))
    tab.wait(lambda: tab.run(DIVIDER) == "30", "30 % of the original")
    tab.find("input[type=range]", "Divider between").send_keys("\ue012")  # arrow left
    tab.wait(lambda: tab.run(DIVIDER) == "29", "29 % of the original")
    tab.wait(lambda: near(tab.colour_at(at(tab, 0.2, 0.1)), GREY), "the original's backdrop")
    tab.wait(lambda: near(tab.colour_at(at(tab, 0.4, 0.1)), WHITE), "the backdrop chosen")
    picture = saved(tab, downloads, "painted-cut-out.png")
    assert near(picture.getpixel(CENTRE), (*RED, 255))
    assert picture.getchannel("A").getpixel(CORNER) == 0
    # The brush's chips stand beside its name, and the divider's handle is not in its way.
    tab.press("Remove", ".chip")
    tab.wait(
        lambda: tab.run(
            "return found('.handle', '', false)"
            ".every(one => getComputedStyle(one).display === 'none')"
        ),
        "no handle",
    )
    tops = tab.run("return found('.tool > *', '', true).map(one => one.offsetTop)")
    assert max(tops) - min(tops) < 20, tops
    before = as_it_will_be_saved(tab)
    tab.pull(*(at(tab, across / 100, 0.5) for across in range(45, 56, 2)))
    tab.see("1 stroke")
    painted = wait_for_change(tab, before)
    picture = saved(tab, downloads, "painted-cut-out.png")
    assert picture.getchannel("A").getpixel(CENTRE) == 0
    tab.press("Undo")
    wait_for_change(tab, painted)
    picture = saved(tab, downloads, "painted-cut-out.png")
    assert picture.getchannel("A").getpixel(CENTRE) == 255


def as_it_will_be_saved(tab: Tab) -> str:
    """Return the address of the preview of the finished picture, another one for every change."""
    tab.rest()
    preview = tab.find("img[alt$='as it will be saved']", "")
    return str(preview.get_attribute("src"))


def wait_for_change(tab: Tab, before: str) -> str:
    """Wait until what was painted is in the finished picture; return its preview's address."""
    tab.wait(lambda: as_it_will_be_saved(tab) != before, "a new cut")
    return as_it_will_be_saved(tab)
