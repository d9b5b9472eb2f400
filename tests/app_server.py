"""A running app for the tests that need one."""

import os
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


@dataclass
class AppServer:
    """`python app.py` as a child process on a port and a data folder of its own."""

    data_dir: Path
    port: int
    password: str = "correct horse battery"
    environment: dict[str, str] = field(default_factory=dict[str, str])
    command: tuple[str, ...] = ("app.py",)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

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
                [sys.executable, *self.command],
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
            "TFW_PORT": str(self.port),
            "TFW_DATA_DIR": str(self.data_dir),
            "TFW_DEMO_PASSWORD": self.password,
            **self.environment,
        }

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as response:
                return response.read() == b"ok"
        except (urllib.error.URLError, OSError):
            return False


def _is_setting(variable: str) -> bool:
    return variable.startswith(("TFW_", "AMPLIENCE_", "STREAMLIT_"))


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
