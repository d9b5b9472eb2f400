"""A running app, or the service alone, for the tests that need one."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
START_SECONDS = 60
STOP_SECONDS = 15
# Below what systems give to clients and to listeners on port 0 (Linux from 32768, others from
# 49152), so that nobody is given one of these between `free_port` and the start of its server.
PORTS = range(20_000, 32_000)
_reserved: list[socket.socket] = []


@dataclass
class AppServer:
    """`python app.py` as a child process on a port and a data folder of its own.

    Attributes:
        host: the address it listens on and is reached at.
        inside: a command to start it with, such as `nsenter` with its arguments.
    """

    data_dir: Path
    port: int
    password: str = "correct horse battery"
    environment: dict[str, str] = field(default_factory=dict[str, str])
    command: tuple[str, ...] = ("app.py",)
    health: str = "/_stcore/health"
    host: str = "127.0.0.1"
    inside: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of the running app."""
        assert self._process
        return self._process.pid

    @property
    def log_file(self) -> Path:
        return self.data_dir / "app.log"

    def start(self) -> None:
        """Start the app and wait until it answers; its output goes into `log_file`."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [*self.inside, sys.executable, *self.command],
                cwd=ROOT,
                env=self.environment_of_child(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, f"The app ended:\n{self.log_file.read_text()}"
            assert time.monotonic() < deadline, f"No answer:\n{self.log_file.read_text()}"
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the app the way an init system does."""
        if self._process:
            self._process.terminate()
            self._process.wait(STOP_SECONDS)
            self._process = None

    def signal(self, number: int) -> None:
        """Send a signal."""
        assert self._process
        self._process.send_signal(number)

    def wait(self) -> int:
        """Wait until the app has ended; return its exit status."""
        assert self._process
        status = self._process.wait(STOP_SECONDS)
        self._process = None
        return status

    def kill(self) -> None:
        """End the app as a crash would: at once, nothing tidied up."""
        assert self._process
        self._process.kill()
        self._process.wait(STOP_SECONDS)
        self._process = None

    def environment_of_child(self) -> dict[str, str]:
        """Return our environment with the settings of this app and no others."""
        return {
            **{key: value for key, value in os.environ.items() if not _is_setting(key)},
            "TFW_HOST": self.host,
            "TFW_PORT": str(self.port),
            "TFW_DATA_DIR": str(self.data_dir),
            "TFW_DEMO_PASSWORD": self.password,
            "TFW_NOTICE_SECONDS": "0",
            "TFW_STOP_SECONDS": "5",
            **self.environment,
        }

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}{self.health}", timeout=5) as response:
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False


@dataclass
class ServiceAlone(AppServer):
    """`python -m service` in the app's place: no page, no Streamlit, up in a second."""

    command: tuple[str, ...] = ("-m", "service")
    health: str = "/service/live"


def _is_setting(variable: str) -> bool:
    return variable.startswith(("TFW_", "AMPLIENCE_", "STREAMLIT_"))


def free_port() -> int:
    """Return a port that nobody listens on and that no other test run is given.

    It is reserved until this process ends by the UDP port of the same number, which no server of
    ours uses: other workers and other runs on this machine find it taken.
    """
    start = secrets.randbelow(len(PORTS))
    for port in (*PORTS[start:], *PORTS[:start]):
        reservation = socket.socket(type=socket.SOCK_DGRAM)
        with socket.socket() as probe:
            try:
                reservation.bind(("127.0.0.1", port))
                probe.bind(("127.0.0.1", port))
            except OSError:
                reservation.close()
                continue
        _reserved.append(reservation)
        return port
    raise OSError("all ports for tests are taken")
