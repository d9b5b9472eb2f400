"""A second service, in a process, on a port and with credentials of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.app_server import ROOT, free_port
from tests.browser.service_control import ServiceControl


@dataclass(frozen=True)
class Endpoint:
    """Where a service is, and whom it lets in."""

    control: ServiceControl
    client_id: str
    client_secret: str

    @property
    def url(self) -> str:
        return self.control.url

    def settings(self) -> dict[str, str]:
        """Return the settings of an app that uses this endpoint."""
        return {
            "AMPLIENCE_GRAPHQL_URL": f"{self.url}/graphql",
            "AMPLIENCE_TOKEN_URL": f"{self.url}/oauth/token",
            "AMPLIENCE_CLIENT_ID": self.client_id,
            "AMPLIENCE_CLIENT_SECRET": self.client_secret,
        }


@contextmanager
def running_endpoint(folder: Path, more: Mapping[str, str] | None = None) -> Generator[Endpoint]:
    """Run the service until the block ends; faults may be switched on."""
    port = free_port()
    control = ServiceControl(f"http://127.0.0.1:{port}", folder, ("other", "canary secret"))
    environment = {
        **os.environ,
        "TFW_PORT": str(port),
        "TFW_DATA_DIR": str(folder),
        "TFW_CLIENT_ID": "other",
        "TFW_CLIENT_SECRET": "canary secret",
        "TFW_FAULTS": "on",
        **(more or {}),
    }
    process = subprocess.Popen([sys.executable, "-m", "service"], cwd=ROOT, env=environment)
    try:
        _wait_until_it_answers(f"{control.url}/oauth/token", process)
        yield Endpoint(control, "other", "canary secret")
    finally:
        process.terminate()
        process.wait(15)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None
        try:
            requests.post(url, timeout=1)
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)
