"""Clients that offer another protocol with each request: Java's own by default, and curl --http2.

`in_pieces` has their heads come in many segments, since what reads a head may see a part of it.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.app_server import AppServer, free_port
from tests.conftest import INSTALL
from tests.real_clients.front import SINGLE, Front, front_of, new_file, sha256
from tests.real_clients.in_pieces import in_pieces

HERE = Path(__file__).parent
PROGRAMS = {
    "curl --http2": ("sh", str(HERE / "curl.sh")),
    "java.net.http": ("java", str(HERE / "java" / "Client.java")),
}


@pytest.fixture(scope="module", params=["direct", "in pieces"])
def front(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Front]:
    """An app that goes by the address at which the clients find it."""
    with ExitStack() as stack:
        app = AppServer(tmp_path_factory.mktemp("app") / "data", free_port())
        if request.param == "in pieces":
            port = stack.enter_context(in_pieces(app.port))
            app.environment["TFW_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
        stack.callback(app.stop)
        app.start()
        yield front_of(app, app.environment.get("TFW_PUBLIC_URL"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_file_goes_up_and_comes_back(front: Front, program: str, tmp_path: Path) -> None:
    command = PROGRAMS[program]
    assert shutil.which(command[0]), f"{command[0]} is missing. As root: {INSTALL}"
    sent, back = new_file(tmp_path), tmp_path / "back"
    variables = {"BODY": json.dumps({"query": SINGLE}), "FILE": str(sent), "BACK": str(back)}
    done = subprocess.run(
        command,
        env={**os.environ, **front.variables(), **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert sha256(back) == sha256(sent)
