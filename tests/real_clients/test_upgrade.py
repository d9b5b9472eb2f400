"""Clients that offer another protocol with each request: Java's own by default, and curl --http2.

`in_pieces` has their heads come in many segments, since what reads a head may see a part of it.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.app.documented_nginx import documented_nginx
from tests.app_server import AppServer, free_port
from tests.conftest import INSTALL
from tests.own_ca import Certificates, make_certificates
from tests.real_clients.front import SINGLE, Front, front_of, new_file, sha256
from tests.real_clients.in_pieces import in_pieces

HERE = Path(__file__).parent
PROGRAMS = {
    "curl --http2": ("sh", str(HERE / "curl.sh")),
    "java.net.http": ("java", str(HERE / "java" / "Client.java")),
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module", params=["direct", "in pieces", "nginx", "nginx with TLS"])
def front(
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    certificates: Certificates,
) -> Iterator[Front]:
    """An app that goes by the address at which the clients find it."""
    way, folder = request.param, tmp_path_factory.mktemp("front")
    app, port = AppServer(folder / "data", free_port()), free_port()
    with ExitStack() as stack:
        stack.callback(app.stop)
        tls = certificates if way == "nginx with TLS" else None
        if way == "in pieces":
            port = stack.enter_context(in_pieces(app.port))
        if way != "direct":
            scheme = "https" if tls else "http"
            app.environment["TFW_PUBLIC_URL"] = f"{scheme}://127.0.0.1:{port}"
        app.start()
        if way.startswith("nginx"):
            stack.enter_context(documented_nginx(folder, app, port, tls))
        yield front_of(app, app.environment.get("TFW_PUBLIC_URL"))


@pytest.fixture(scope="module")
def trusted(certificates: Certificates) -> dict[str, str]:
    """What tells curl and Java whom to trust."""
    store = certificates.authority.with_name("trusted.p12")
    options = ("-storetype", "PKCS12", "-storepass", "changeit")
    files = ("-file", str(certificates.authority), "-keystore", str(store))
    done = run(("keytool", "-importcert", "-noprompt", *options, *files), {})
    assert done.returncode == 0, done.stdout + done.stderr
    java = {"trustStore": str(store), "trustStorePassword": "changeit"}
    return {
        "CURL_CA_BUNDLE": str(certificates.authority),
        "JAVA_TOOL_OPTIONS": " ".join(f"-Djavax.net.ssl.{key}={java[key]}" for key in java),
    }


def run(command: Sequence[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_file_goes_up_and_comes_back(
    front: Front, trusted: dict[str, str], program: str, tmp_path: Path
) -> None:
    command = PROGRAMS[program]
    assert shutil.which(command[0]), f"{command[0]} is missing. As root: {INSTALL}"
    sent, back = new_file(tmp_path), tmp_path / "back"
    variables = {"BODY": json.dumps({"query": SINGLE}), "FILE": str(sent), "BACK": str(back)}
    done = run(command, {**front.variables(), **trusted, **variables})
    assert done.returncode == 0, done.stdout + done.stderr
    assert sha256(back) == sha256(sent)
