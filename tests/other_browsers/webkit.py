"""WebKitGTK's MiniBrowser, driven by Selenium through Debian's WebKitWebDriver: near to Safari."""

from collections.abc import Generator
from contextlib import contextmanager

from selenium.webdriver import WebKitGTK, WebKitGTKOptions
from selenium.webdriver.webkitgtk.service import Service


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
