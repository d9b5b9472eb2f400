"""WebKitGTK's MiniBrowser, driven by Selenium through Debian's WebKitWebDriver: near to Safari."""

from collections.abc import Generator
from contextlib import contextmanager

from selenium.webdriver import WebKitGTK, WebKitGTKOptions
from selenium.webdriver.webkitgtk.service import Service

# Nothing of it is told by the driver; what happens before the first look at a page is not heard.
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


@contextmanager
def webkit(program: str, environment: dict[str, str]) -> Generator[WebKitGTK]:
    """Run a MiniBrowser until the block ends."""
    options = WebKitGTKOptions()
    options.binary_location = program
    options.add_argument("--automation")
    driver = WebKitGTK(options, Service("/usr/bin/WebKitWebDriver", env=environment))
    try:
        yield driver
    finally:
        driver.quit()
