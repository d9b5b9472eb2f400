"""A page in one of the browsers, seen as a person does: by visible words, roles and names.

Much of the pages is in shadow roots, where WebDriver's own searches do not look.
"""

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

PATIENCE = 90  # seconds, on a busy machine
FIND = """
function* all(root) {
  for (const one of root.querySelectorAll("*")) {
    yield one
    if (one.shadowRoot) yield* all(one.shadowRoot)
  }
}
const isStale = one => one.closest("[data-stale=true]") || isStaleHost(one.getRootNode().host)
const isStaleHost = host => host && isStale(host)
const isShown = one => one.getClientRects().length && getComputedStyle(one).visibility === "visible"
  && !isStale(one)
const textOf = one => [...one.childNodes].map(node => node.nodeType === Node.TEXT_NODE ? node.data
  : node.nodeType === Node.ELEMENT_NODE && node.ariaHidden !== "true" ? textOf(node) : "").join("")
const nameOf = one => (one.ariaLabel || [...one.labels ?? []].map(label => label.textContent).join()
  || textOf(one)).trim()
const found = (selector, name, shown) => [...all(document)].filter(one => one.matches(selector)
  && [nameOf(one), textOf(one).trim()].some(text => text.startsWith(name))
  && (!shown || isShown(one)))
"""
SEEN = """
const texts = [...all(document)].filter(isShown).flatMap(one => [...one.childNodes])
  .filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data)
return texts.join(" ").replace(/\\s+/g, " ")
"""
AT_REST = """
return document.querySelector("[data-test-script-state=notRunning]")
  && !document.querySelector("[data-stale=true]")
"""
DROP = """
const [place, kind, name, text, type] = arguments
const dataTransfer = new DataTransfer()
dataTransfer.items.add(new File([text], name, { type }))
const options = { dataTransfer, bubbles: true, cancelable: true, composed: true }
return !place.dispatchEvent(new DragEvent(kind, options))
"""
# What drivers do not tell; what happens before the first look at a page is not heard.
LISTEN = """
if (window.tfwErrors) return
window.tfwErrors = []
const note = text => window.tfwErrors.push(String(text))
addEventListener("error", ({ message }) => note(message))
addEventListener("unhandledrejection", ({ reason }) => note(reason))
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  note(`${violatedDirective}: ${blockedURI}`))
const { error } = console
console.error = (...told) => { note(told.join(" ")); error.apply(console, told) }
"""
BUTTONS = "button, [role=button], summary"


class Tab:
    """The browser's window on the app."""

    def __init__(self, driver: WebDriver, url: str) -> None:
        self.driver, self.url = driver, url

    def open(self, path: str = "") -> None:
        self.driver.get(f"{self.url}/{path}")

    def run(self, script: str, *given: Any) -> Any:
        return self.driver.execute_script(FIND + script, *given)  # pyright: ignore[reportUnknownMemberType]

    def wait(self, what: Callable[[], Any], whatfor: object) -> Any:
        """Wait until that is something; what is redrawn meanwhile is looked at again."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if found := what():
                    return found
            except WebDriverException:
                if time.monotonic() > deadline:
                    raise
            if time.monotonic() > deadline:
                raise AssertionError(f"not there: {whatfor}; but: {self.seen()[:2000]}")
            time.sleep(0.2)

    def find(self, selector: str, name: str, shown: bool = True) -> WebElement:
        """Wait for the first element of that kind whose name or text begins so."""
        script = "return found(...arguments)[0]"
        return self.wait(lambda: self.run(script, selector, name, shown), (selector, name))

    def press(self, name: str, kind: str = BUTTONS) -> None:
        """Press what has that name, as soon as it is there to be pressed."""

        def pressed() -> bool:
            self.find(kind, name).click()
            return True

        self.wait(pressed, name)

    def write(self, label: str, text: str) -> None:
        self.find("input, textarea", label).send_keys(text)

    def seen(self) -> str:
        """All text on show; none while the page is being left."""
        return self.run(SEEN) or ""

    def see(self, text: str) -> None:
        self.wait(lambda: text in self.seen(), text)

    def see_no(self, text: str) -> None:
        self.wait(lambda: text not in self.seen(), f"no {text}")

    def rest(self) -> None:
        """Wait until Python draws nothing and nothing on show is of an earlier run."""
        self.wait(lambda: self.run(AT_REST), "rest")

    def go(self, title: str) -> None:
        """Follow a link of the navigation."""
        self.press(title, "nav a, [data-testid=stSidebarNavLink]")
        self.wait(lambda: self.run("return document.title").startswith(title), title)

    def choose_files(self, *files: Path, place: str = "Add files") -> None:
        """Give files to the place of that name, the way the file dialog does."""
        field = self.find(f"[aria-label='{place}'] > input[type=file]", "", shown=False)
        field.send_keys("\n".join(str(file) for file in files))

    def pull(self, *points: tuple[float, float]) -> None:
        """Press the mouse at the first of these points of the window and let go at the last."""
        first, *others = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 50} for x, y in points
        ]
        press, release = ({"type": f"pointer{way}", "button": 0} for way in ("Down", "Up"))
        steps = [first, press, *others, release]
        mouse = {"id": "mouse", "type": "pointer", "actions": steps}
        self.driver.execute(Command.W3C_ACTIONS, {"actions": [mouse]})

    def colour_at(self, point: tuple[float, float]) -> tuple[int, ...]:
        """The colour that a point of the window has on the screen: red, green, blue."""
        shot = Image.open(io.BytesIO(self.driver.get_screenshot_as_png())).convert("RGB")
        scale = shot.width / self.run("return innerWidth")
        colour = shot.getpixel((round(point[0] * scale), round(point[1] * scale)))
        assert isinstance(colour, tuple)
        return colour

    def drag(self, kind: str, place: str, name: str = "", text: str = "", mime: str = "") -> bool:
        """Tell the page of a step of a drag of a file; whether the page took it."""
        return self.run(DROP, self.find(place, ""), kind, name, text, mime)
