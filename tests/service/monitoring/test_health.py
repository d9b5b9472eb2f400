"""Liveness, readiness, the access log, and what `--help` says."""

import io
import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Generator
from dataclasses import fields
from pathlib import Path

import pytest
import requests

from service.__main__ import main
from service.monitoring.access_log import JsonLines, configure_logging
from settings import Settings, settings_table
from tests.app_server import AppServer
from tests.service.api_client import BLOCKS, SIZE, Api, part_list, send_head, uploaded, wait_until
from tests.service.live import SMALL, Live, running

ROOT = Path(__file__).parents[3]
LINE_FIELDS = {
    "time",
    "level",
    "request_id",
    "method",
    "path",
    "status",
    "bytes_in",
    "bytes_out",
    "ms",
}


@pytest.fixture
def own(tmp_path: Path) -> Generator[Live, None, None]:
    with running(tmp_path / "data", **SMALL) as live:
        yield live


def test_a_service_that_works_is_live_and_ready(api: Api) -> None:
    assert api.get(f"{api.base_url}/service/live").json() == {"live": True}
    answer = api.get(f"{api.base_url}/service/ready")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    content = answer.json()
    assert content["ready"] is True
    assert content["faults"] == []
    assert content["checks"].keys() == {"storage", "database", "disk"}
    assert content["checks"]["disk"]["free_bytes"] > content["checks"]["disk"]["reserve_bytes"]


def test_a_check_leaves_no_file_behind(own: Live) -> None:
    for _ in range(3):
        assert own.api.get(f"{own.api.base_url}/service/ready").status_code == 200
    assert own.files == []


def test_a_folder_that_cannot_be_written_is_live_but_not_ready(own: Live) -> None:
    folder = own.service.store.folder.path
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.write_text("not a folder")  # what no right of any user can write into
    answer = own.api.get(f"{own.api.base_url}/service/ready")
    assert answer.status_code == 503
    content = answer.json()
    assert content["ready"] is False
    assert content["checks"]["storage"] == {"ok": False, "problem": "NotADirectoryError"}
    assert content["checks"]["database"]["ok"] is True
    assert str(folder.parent) not in answer.text
    assert own.api.get(f"{own.api.base_url}/service/live").status_code == 200
    folder.unlink()
    aside.rename(folder)
    assert own.api.get(f"{own.api.base_url}/service/ready").status_code == 200


def test_a_folder_that_is_gone_is_not_ready(own: Live) -> None:
    shutil.rmtree(own.service.store.folder.path)
    content = own.api.get(f"{own.api.base_url}/service/ready").json()
    assert {name for name, check in content["checks"].items() if not check["ok"]} == {
        "storage",
        "disk",
    }


def test_a_database_that_does_not_answer_is_not_ready(own: Live) -> None:
    database = own.settings.data_dir / "service.sqlite3"
    own.service.store.close()
    for file in own.settings.data_dir.glob("service.sqlite3*"):
        file.unlink()
    database.mkdir()
    answer = own.api.get(f"{own.api.base_url}/service/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {"ok": False, "problem": "OSError"}


def test_a_disk_below_the_reserve_is_not_ready(tmp_path: Path) -> None:
    with running(tmp_path, **SMALL, disk_reserve=2**60) as live:
        answer = live.api.get(f"{live.api.base_url}/service/ready")
        assert answer.status_code == 503
        assert answer.json()["checks"]["disk"]["ok"] is False


@pytest.mark.parametrize("path", ["/service", "/service/", "/service/other", "/faults/x"])
def test_other_paths_under_the_prefixes_have_their_own_404(api: Api, path: str) -> None:
    answer = api.get(f"{api.base_url}{path}")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_under_the_page_these_are_json_too_and_not_its_html(app_server: AppServer) -> None:
    answer = requests.get(f"{app_server.url}/service/ready", timeout=10)
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert requests.get(f"{app_server.url}/service/live", timeout=10).json() == {"live": True}
    metrics = requests.get(f"{app_server.url}/service/metrics", timeout=10)
    assert "tfw_requests_total" in metrics.text
    refused = requests.get(f"{app_server.url}/faults", timeout=10)
    assert (refused.status_code, refused.json()["error"]) == (401, "unauthenticated")
    lost = requests.get(f"{app_server.url}/service/other", timeout=10)
    assert (lost.status_code, lost.json()["error"]) == (404, "not_found")


# --- the log --------------------------------------------------------------------------------------


@pytest.fixture
def lines(own: Live) -> Generator[io.StringIO, None, None]:
    """What the service writes as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("service")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(before)


def test_each_request_is_one_json_line_without_secrets(own: Live, lines: io.StringIO) -> None:
    api = own.api
    urls, etags = uploaded(api)
    api.complete(urls["completeUrl"], part_list(etags))
    api.get(urls["downloadUrl"])
    api.get(urls["downloadUrl"][:-3] + "000")
    api.put(urls["uploadPartUrls"][0], b"x", Authorization="Bearer leaked-token")
    api.ask_token(grant_type="client_credentials", client_id="i", client_secret="leaked-secret")
    api.get(f"{api.base_url}/files/%0a%22%e2%80%a8?leaked-query")
    wait_until(lambda: lines.getvalue().count('"request_id"') >= 11)
    text = lines.getvalue()
    parsed = [json.loads(line) for line in text.splitlines()]
    lines_of_requests = [line for line in parsed if "request_id" in line]
    assert (
        len(lines_of_requests) == 11
    )  # token, mutation, 3 parts, complete, 2 downloads, 3 refusals
    assert all(line.keys() - {"error_code", "faults"} == LINE_FIELDS for line in lines_of_requests)
    sizes = [line["bytes_in"] for line in lines_of_requests if line["method"] == "PUT"][:3]
    assert sizes == [len(block) for block in BLOCKS]
    assert [
        line["bytes_out"]
        for line in lines_of_requests
        if line["status"] == 200 and line["method"] == "GET"
    ] == [SIZE]
    codes = [line["error_code"] for line in lines_of_requests if "error_code" in line]
    assert codes == ["SignatureDoesNotMatch", "InvalidArgument", "AccessDenied"]
    for secret in ("X-Amz", "?", "leaked", "Signature=", api.token(), api.client_secret):
        assert secret not in text


def test_the_text_form_says_the_same(own: Live, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "service.monitoring.access_log")
    own.api.get(f"{own.api.base_url}/service/live")
    wait_until(lambda: any("/service/live" in message for message in caplog.messages))
    (line,) = [message for message in caplog.messages if "/service/live" in message]
    assert " GET '/service/live' 200 in=0 out=13 " in line
    assert line.endswith(" ms")


def test_an_exception_stays_on_its_line() -> None:
    try:
        raise ValueError("two\nlines")  # noqa: TRY301
    except ValueError:
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, "f", 1, "it %s", ("failed",), sys.exc_info()
        )
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "it failed"
    assert "ValueError" in json.loads(line)["exception"]


@pytest.mark.parametrize(("form", "shown"), [("text", 1), ("json", 1), ("off", 0)])
def test_the_form_decides_what_is_written(
    form: str, shown: int, capsys: pytest.CaptureFixture[str]
) -> None:
    logger = logging.Logger(f"of {form}")
    configure_logging(form, logger)
    logger.info("a request")
    logger.warning("a warning")
    output = capsys.readouterr().err
    assert output.count("a request") == shown
    assert output.count("a warning") == 1
    assert (form == "json") == output.startswith("{")


def test_the_service_alone_writes_nothing_but_json_when_it_is_told_so(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "TFW_ACCESS_LOG": "json"}
    command = [sys.executable, "-m", "service", "--port", "0", "--data-dir", str(tmp_path / "d")]
    with (tmp_path / "log").open("w+") as log:
        child = subprocess.Popen(
            [*command, "--faults"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert child.stdout
        with child.stdout:
            api = Api(child.stdout.readline().split()[2].rstrip(";"), "", "")
        try:
            wait_until(lambda: _is_live(api.base_url))
            client = json.loads((tmp_path / "d/oauth-client.json").read_text())
            api.client_id, api.client_secret = client["client_id"], client["client_secret"]
            headers = {"Authorization": f"Bearer {api.token()}"}
            answer = api.http.put(
                f"{api.base_url}/faults", json={"cors_off": {}}, headers=headers, timeout=10
            )
            assert answer.json()["on"] == ["cors_off"]
            with send_head(f"{api.base_url}/x", "no header", method="NOT A METHOD") as connection:
                assert b"400" in connection.recv(1000)
            api.http.close()
        finally:
            child.terminate()
            child.wait(10)
        lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    messages = [line["message"] for line in lines if "message" in line]
    assert "Faults on: cors_off." in messages
    assert "Invalid HTTP request received." in messages
    assert {line["level"] for line in lines} == {"info", "warning"}
    assert [line["path"] for line in lines if "path" in line][-2:] == ["/oauth/token", "/faults"]


def _is_live(base_url: str) -> bool:
    try:
        return requests.get(f"{base_url}/service/live", timeout=1).status_code == 200
    except (requests.ConnectionError, requests.Timeout):
        return False


# --- the command line -----------------------------------------------------------------------------


def test_help_lists_every_setting_of_the_service(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    words = " ".join(capsys.readouterr().out.split())
    listed = [row for row in settings_table() if row[0].startswith("TFW_")]
    assert len(listed) < len(fields(Settings))
    for variable, default, meaning in listed:
        assert f"{variable}={default}" in words
        assert " ".join(meaning.split()) in words
