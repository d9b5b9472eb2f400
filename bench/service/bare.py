"""The service alone, as `python -m service` starts it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.app_server import ROOT

STOP_SECONDS = 15


@dataclass(frozen=True)
class BareService:
    """A running service: its address, its data folder, its process."""

    url: str
    data_dir: Path
    pid: int

    def token(self) -> str:
        """Ask for an access token."""
        client = json.loads((self.data_dir / "oauth-client.json").read_text())
        form = {"grant_type": "client_credentials", **client}
        answer = requests.post(f"{self.url}/oauth/token", data=form, timeout=10)
        answer.raise_for_status()
        return str(answer.json()["access_token"])


@contextmanager
def running(data_dir: Path) -> Generator[BareService]:
    """Start the service on a free port and stop it at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TFW_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "--port", "0", "--data-dir", str(data_dir)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        with process.stdout as output:
            url = output.readline().split()[2].rstrip(";")
        service = BareService(url, data_dir, process.pid)
        _wait_until_it_answers(service)
        yield service
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _wait_until_it_answers(service: BareService) -> None:
    for _ in range(200):
        try:
            requests.get(f"{service.url}/files", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(service.url)
