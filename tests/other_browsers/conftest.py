"""Debian's Firefox and WebKitGTK, each in a window of a screen of its own."""

import os
import shutil
import subprocess
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from tests.app_server import AppServer, free_port
from tests.browser.service_control import ServiceControl
from tests.other_browsers.marionette import Firefox, firefox
from tests.other_browsers.tab import LISTEN, Tab
from tests.other_browsers.webkit import webkit

MARKS = [
    pytest.mark.browsers,
    # What Selenium's own driver of WebKitGTK does.
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),
]
"""Of every module of tests here."""
INSTALL = "sh tests/other_browsers/install.sh"
SCREEN = "1400x1000x24"
MINI_BROWSERS = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of both browsers, which says where downloads go."""
    home = tmp_path_factory.mktemp("home")
    (home / ".config").mkdir()
    (home / ".config" / "user-dirs.dirs").write_text('XDG_DOWNLOAD_DIR="$HOME/Downloads"\n')
    return home


@pytest.fixture
def downloads(home: Path) -> Path:
    """The folder that downloads go to, empty."""
    folder = home / "Downloads"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def screen(home: Path) -> Iterator[dict[str, str]]:
    """An X screen that nobody sees; the environment of programs that draw on it."""
    program = shutil.which("Xvfb")
    assert program, f"Xvfb is missing: {INSTALL}"
    read, write = os.pipe()
    process = subprocess.Popen(
        [program, "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        display = told.readline().strip()
    yield {**os.environ, "DISPLAY": f":{display}", "HOME": str(home), "GTK_A11Y": "none"}
    process.terminate()
    process.wait(15)


@pytest.fixture(scope="session", params=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each browser in turn, for all tests."""
    return request.param


@pytest.fixture(scope="session")
def app(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app of this browser's own, whose service can be made slow."""
    environment = {"TFW_FAULTS": "on"}
    server = AppServer(
        tmp_path_factory.mktemp(engine) / "data", free_port(), environment=environment
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def service(app: AppServer) -> Iterator[ServiceControl]:
    control = ServiceControl(app.url, app.data_dir)
    yield control
    control.switch()


@contextmanager
def running(engine: str, folder: Path, screen: dict[str, str]) -> Generator[WebDriver]:
    if engine == "firefox":
        program = shutil.which("firefox-esr")
        assert program, f"Firefox is missing: {INSTALL}"
        with firefox(program, folder / "profile", screen) as driver:
            yield driver
    else:
        assert MINI_BROWSERS, f"WebKitGTK's MiniBrowser is missing: {INSTALL}"
        with webkit(str(MINI_BROWSERS[0]), screen) as driver:
            yield driver


@pytest.fixture(scope="session")
def driver(
    engine: str,
    tmp_path_factory: pytest.TempPathFactory,
    screen: dict[str, str],
    app: AppServer,
) -> Iterator[WebDriver]:
    """The browser, signed in."""
    with running(engine, tmp_path_factory.mktemp("browser"), screen) as driver:
        driver.set_window_rect(0, 0, 1280, 900)  # pyright: ignore[reportUnknownMemberType]
        tab = Tab(driver, app.url)
        tab.open()
        sign_in(tab, app.password)
        yield driver


def sign_in(tab: Tab, password: str) -> None:
    tab.write("User name", "demo")
    tab.write("Password", password)
    tab.press("Sign in")
    tab.see("Signed in as")


@pytest.fixture
def tab(driver: WebDriver, app: AppServer) -> Iterator[Tab]:
    """The upload page. Afterwards nothing was thrown, logged as an error or forbidden."""
    tab = Tab(driver, app.url)
    tab.open()
    tab.see("Drop files here")
    tab.run(LISTEN)
    yield tab
    assert not tab.run("return window.tfwErrors")
    if isinstance(driver, Firefox):
        assert driver.errors_of(app.url) == []
