"""The command line goes on with what it was doing while the service is started again."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from client.api.api import Api
from client.api.faults import FaultSwitches
from client.connection.connection import connection_from_settings
from client.transfers.download import download_file
from client.transfers.upload import upload_file
from settings import read_settings
from tests.app_server import ROOT, ServiceAlone, free_port

PART = 5_242_880
SIZE = 7 * PART + 11


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceAlone]:
    server = ServiceAlone(tmp_path / "data", free_port(), environment={"TFW_FAULTS": "on"})
    server.start()
    yield server
    server.stop()


@pytest.fixture
def api(service: ServiceAlone, tmp_path: Path) -> Iterator[Api]:
    settings = read_settings(service.environment_of_child(), tmp_path / "none.toml")
    api = Api(connection_from_settings(settings))
    yield api
    api.close()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.bin"
    path.write_bytes(os.urandom(SIZE))
    return path


def begun(service: ServiceAlone, told: Path, *arguments: str) -> subprocess.Popen[str]:
    with told.open("w") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "client", *arguments],
            cwd=ROOT,
            env=service.environment_of_child(),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )


def wait_until(true: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 50
    while not true():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


def bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # a finished file is renamed
            total += path.stat().st_size
    return total


def slowly(api: Api) -> None:
    """Let bytes pass slowly until the service is started again, which forgets it."""
    FaultSwitches(api).switch_on({"bandwidth": {"bytes_per_second": 6_000_000}})


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_upload_in_parts_goes_on(
    service: ServiceAlone, api: Api, film: Path, tmp_path: Path
) -> None:
    slowly(api)
    told = tmp_path / "told"
    in_parts = ("--as", "multipart", "--part-size", "5MiB")
    process = begun(service, told, "upload", str(film), *in_parts)
    wait_until(lambda: bytes_in(service.data_dir) > PART, process)
    service.stop()
    wait_until(lambda: "try 6: service-down" in told.read_text(), process)
    service.start()
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 0, told.read_text()
    found = download_file(api, printed.strip(), tmp_path / "back.bin")
    assert found.sha256 == sha256(film)


def test_a_download_goes_on(service: ServiceAlone, api: Api, film: Path, tmp_path: Path) -> None:
    receipt = upload_file(api, film, kind="multipart", part_size=PART)
    slowly(api)
    told, back = tmp_path / "told", tmp_path / "back"
    back.mkdir()
    process = begun(service, told, "download", receipt.download_url, "-o", str(back / "film.bin"))
    wait_until(lambda: bytes_in(back) > PART, process)
    service.stop()
    wait_until(lambda: told.read_text().count("service-down, again in") > 2, process)
    service.start()
    printed, _ = process.communicate(timeout=60)
    assert (process.returncode, printed) == (0, f"{back / 'film.bin'}\n"), told.read_text()
    assert sha256(back / "film.bin") == sha256(film)


def test_it_begins_while_the_service_is_away(
    service: ServiceAlone, film: Path, tmp_path: Path
) -> None:
    service.stop()
    told = tmp_path / "told"
    process = begun(service, told, "upload", str(film))
    wait_until(lambda: told.read_text().count("service-down, again in") > 2, process)
    service.start()
    process.communicate(timeout=60)
    assert process.returncode == 0, told.read_text()


def test_it_gives_up_when_its_patience_ends_and_says_how_long_that_was(
    service: ServiceAlone, film: Path, tmp_path: Path
) -> None:
    service.stop()
    told = tmp_path / "told"
    process = begun(service, told, "upload", str(film), "--patience", "0")
    process.communicate(timeout=60)
    assert process.returncode == 1
    *before, last = told.read_text().splitlines()
    assert len(before) == 4
    assert last.startswith(f"service-down: 127.0.0.1:{service.port} did not answer token: no ")
    assert "Tried 5 times within " in last


def test_ctrl_c_ends_the_waiting(service: ServiceAlone, film: Path, tmp_path: Path) -> None:
    service.stop()
    told = tmp_path / "told"
    process = begun(service, told, "upload", str(film), "--patience", "3600")
    wait_until(lambda: "again in" in told.read_text(), process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert told.read_text().endswith("interrupted: Nothing was sent.\n")
