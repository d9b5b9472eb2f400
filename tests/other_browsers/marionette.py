"""Firefox driven by Selenium without geckodriver.

Debian has no geckodriver, and its packages for Python and node fetch a program from elsewhere when
they are installed. All it does is translate WebDriver into Marionette, the protocol that every
Firefox speaks itself: JSON with its length before it, on a TCP connection. So Selenium's commands
are handed to Firefox here.
https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

import json
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import FirefoxOptions, Remote
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.file_detector import UselessFileDetector
from selenium.webdriver.remote.remote_connection import RemoteConnection

from tests.app_server import free_port

START_SECONDS = 60
COMMANDS = {
    Command.NEW_SESSION: "WebDriver:NewSession",
    Command.QUIT: "Marionette:Quit",
    Command.GET: "WebDriver:Navigate",
    Command.REFRESH: "WebDriver:Refresh",
    Command.W3C_EXECUTE_SCRIPT: "WebDriver:ExecuteScript",
    Command.CLICK_ELEMENT: "WebDriver:ElementClick",
    Command.SEND_KEYS_TO_ELEMENT: "WebDriver:ElementSendKeys",
    Command.W3C_ACTIONS: "WebDriver:PerformActions",
    Command.SET_WINDOW_RECT: "WebDriver:SetWindowRect",
    Command.SCREENSHOT: "WebDriver:TakeScreenshot",
    Command.SET_TIMEOUTS: "WebDriver:SetTimeouts",
}
# Firefox's own errors stand beside those of pages, and calls of ours may have led to them. What was
# told is forgotten, so that the next test is not blamed for it.
ERRORS_OF_PAGES = """
const [address] = arguments
const isFirefoxs = message =>
  message instanceof Ci.nsIScriptError && /^(resource|chrome):/.test(message.sourceName)
const errors = Services.console.getMessageArray()
  .filter(message => !isFirefoxs(message))
  .map(message => message.toString())
  .filter(text => text.includes(address))
  .filter(text => /^\\[JavaScript Error|Content-Security-Policy/.test(text))
Services.console.reset()
return errors
"""


class Marionette(RemoteConnection):
    """A connection to a running Firefox."""

    def __init__(self, port: int) -> None:
        super().__init__(client_config=ClientConfig(f"http://127.0.0.1:{port}"))  # pyright: ignore[reportUnknownMemberType]
        self._socket = _connected(port)
        self._stream = self._socket.makefile("rwb")
        self._count = 0
        self._read()  # its greeting

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        """Carry out a command of Selenium's."""
        given = {key: value for key, value in params.items() if key != "sessionId"}
        if command == Command.NEW_SESSION:
            given = {}
        elif command == Command.QUIT:
            given = {"flags": ["eForceQuit"]}
        answer = self.ask(COMMANDS[command], given)
        return {"value": answer.get("value", answer)}

    def close(self) -> None:
        """Hang up."""
        super().close()
        self._stream.close()
        self._socket.close()

    def ask(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """Send a command of Marionette's and return the answer."""
        self._count += 1
        message = json.dumps([0, self._count, name, given])
        self._stream.write(f"{len(message)}:{message}".encode())
        self._stream.flush()
        _, _, error, answer = self._read()
        if error:
            raise WebDriverException(f"{error['error']}: {error['message']}")
        return answer

    def _read(self) -> Any:
        length = b""
        while (byte := self._stream.read(1)) != b":":
            assert byte, "Firefox has hung up"
            length += byte
        return json.loads(self._stream.read(int(length)))


class Firefox(Remote):
    """Selenium's driver, for a Firefox that listens on that port."""

    def __init__(self, port: int) -> None:
        self._marionette = Marionette(port)
        super().__init__(
            command_executor=self._marionette,
            options=FirefoxOptions(),
            file_detector=UselessFileDetector(),
        )

    def errors_of(self, address: str) -> list[str]:
        """Return what pages of that address have thrown or been forbidden since the last call."""
        self._marionette.ask("Marionette:SetContext", {"value": "chrome"})
        try:
            return self.execute_script(ERRORS_OF_PAGES, address)  # pyright: ignore[reportUnknownMemberType]
        finally:
            self._marionette.ask("Marionette:SetContext", {"value": "content"})


@contextmanager
def firefox(program: str, profile: Path, environment: dict[str, str]) -> Generator[Firefox]:
    """Run a Firefox with a new profile until the block ends."""
    port = free_port()
    profile.mkdir()
    (profile / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
    arguments = ["--marionette", "-remote-allow-system-access", "--no-remote", "--profile"]
    process = subprocess.Popen([program, *arguments, str(profile)], env=environment)
    try:
        driver = Firefox(port)
        try:
            yield driver
        finally:
            driver.quit()
        process.wait(START_SECONDS)
    finally:
        process.kill()
        process.wait()


def _connected(port: int) -> socket.socket:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "Firefox does not listen"
            time.sleep(0.1)
