"""`python -m service` as a child process."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.service.api_client import Api, wait_until

ROOT = Path(__file__).parents[2]


@contextmanager
def process(
    data_dir: Path,
    port: int = 0,
    largest_file: int = resource.RLIM_INFINITY,
    log: Path = Path(os.devnull),
    **settings: str,
) -> Generator[tuple[Api, subprocess.Popen[str]], None, None]:
    """Run the service; killed at the end, if it still runs.

    Args:
        data_dir: its data folder.
        port: 0 for any.
        largest_file: bytes at which the system refuses to let a file grow, as a full disk does.
        log: where its standard error goes.
        settings: `TFW_...` variables.
    """
    command = [sys.executable, "-m", "service", "--port", str(port), "--data-dir", str(data_dir)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TFW_")}
    with log.open("ab") as errors:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, **settings},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (largest_file, largest_file))
    assert child.stdout
    with child.stdout:
        base_url = child.stdout.readline().split()[2].rstrip(";")
        client = json.loads((data_dir / "oauth-client.json").read_text())
        api = Api(base_url, **client)
        wait_until(lambda: _answers(base_url))
        try:
            yield api, child
        finally:
            api.http.close()
            child.kill()
            child.wait()


def _answers(base_url: str) -> bool:
    try:
        return requests.get(f"{base_url}/files", timeout=1).status_code == 404
    except (requests.ConnectionError, requests.Timeout):
        return False
