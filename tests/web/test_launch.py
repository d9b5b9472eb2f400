"""Starting up: what is listened on, what is printed, and what goes wrong clearly."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from streamlit import config

from service.http.protocol import listen
from settings import Settings
from tests.app_server import ROOT, AppServer, free_port
from tests.service.api_client import wait_until
from web.launch import announce, bind, startup_settings, warn_of_readable
from web.sign_in.access import Access


def run_app(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_foreign_host_is_named_in_the_message(settings: Settings) -> None:
    with pytest.raises(SystemExit, match=r'TFW_HOST is "192\.0\.2\.1"'):
        bind(dataclasses.replace(settings, host="192.0.2.1"), listen)


def test_busy_port_gives_one_clear_line(app_server: AppServer) -> None:
    folder = str(app_server.data_dir.with_name("other"))
    ended = run_app(TFW_PORT=str(app_server.port), TFW_DATA_DIR=folder)
    assert ended.returncode != 0
    assert ended.stderr.splitlines() == [
        f"Port {app_server.port} is in use already. Stop what uses it, or set TFW_PORT to a "
        "free port."
    ]


def test_bad_setting_gives_one_clear_line() -> None:
    ended = run_app(TFW_PORT="eighty")
    assert ended.returncode != 0
    assert ended.stderr.splitlines() == [
        'TFW_PORT is "eighty"; it must be a whole number, 0 or more.'
    ]


def test_shared_data_folder_gives_one_clear_line(app_server: AppServer) -> None:
    ended = run_app(TFW_PORT=str(free_port()), TFW_DATA_DIR=str(app_server.data_dir))
    assert ended.returncode != 0
    [line] = ended.stderr.splitlines()
    assert "is in use by another service" in line


def test_the_second_of_two_workers_is_refused_in_words(tmp_path: Path) -> None:
    port, log = str(free_port()), tmp_path / "log"
    with log.open("wb") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "app:app", "--workers", "2", "--port", port],
            cwd=ROOT,
            env={"TFW_DATA_DIR": str(tmp_path / "data"), "TFW_PORT": port},
            stdout=output,
            stderr=output,
        )
    try:
        wait_until(lambda: "is in use by another service" in log.read_text())
    finally:
        supervisor.terminate()
        supervisor.wait(30)
    assert "Traceback" not in log.read_text()


def test_broken_users_file_gives_one_clear_line(own_app_server: AppServer) -> None:
    folder = own_app_server.data_dir
    folder.mkdir()
    folder.joinpath("users.yaml").write_text("credentials: {usernames: {ada: {password: pencil}}}")
    ended = run_app(TFW_PORT=str(own_app_server.port), TFW_DATA_DIR=str(folder))
    assert ended.returncode != 0
    [line] = ended.stderr.splitlines()
    assert "never plain text" in line


def test_random_password_is_printed_at_the_first_start_only(
    settings: Settings, access: Access, capsys: pytest.CaptureFixture[str]
) -> None:
    access.users.path.unlink()
    announce(settings, access)
    first = capsys.readouterr().out
    assert settings.public_url in first
    assert 'sign in as "demo" with the password ' in first
    announce(settings, access)
    assert "password" not in capsys.readouterr().out


def test_given_password_is_not_printed(
    settings: Settings, access: Access, capsys: pytest.CaptureFixture[str]
) -> None:
    access.users.path.unlink()
    announce(dataclasses.replace(settings, demo_password="pencil"), access)
    printed = capsys.readouterr().out
    assert "TFW_DEMO_PASSWORD" in printed
    assert "pencil" not in printed


@pytest.mark.parametrize(
    ("host", "public_url", "warned"),
    [
        ("0.0.0.0", "http://127.0.0.1:8501", True),  # noqa: S104
        ("::", "http://127.0.0.1:8501", True),
        ("0.0.0.0", "https://files.example.com", False),  # noqa: S104
        ("127.0.0.1", "http://127.0.0.1:8501", False),
    ],
)
def test_wildcard_host_without_public_url_is_warned_about(
    settings: Settings,
    access: Access,
    capsys: pytest.CaptureFixture[str],
    host: str,
    public_url: str,
    warned: bool,
) -> None:
    announce(dataclasses.replace(settings, host=host, public_url=public_url), access)
    assert ("Warning: TFW_HOST" in capsys.readouterr().out) == warned


@pytest.mark.parametrize(
    ("public_url", "proxies", "warned"),
    [
        ("https://files.example.com", "", True),
        ("https://files.example.com", "127.0.0.1", False),
        ("http://files.example.com", "", False),
    ],
)
def test_a_proxy_that_is_not_named_is_warned_about(
    settings: Settings,
    access: Access,
    capsys: pytest.CaptureFixture[str],
    public_url: str,
    proxies: str,
    warned: bool,
) -> None:
    given = dataclasses.replace(settings, public_url=public_url, proxy_addresses=proxies)
    announce(given, access)
    assert ("TFW_PROXY_ADDRESSES does not name it" in capsys.readouterr().out) == warned


def test_what_others_may_read_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    warn_of_readable([])
    assert not capsys.readouterr().out
    warn_of_readable([Path("data/a"), Path("data/b")])
    [line] = capsys.readouterr().out.splitlines()
    assert "data/a and 1 more" in line


def test_under_streamlit_run_its_address_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "_server_mode", "starlette-app")
    environment = {"TFW_PORT": "9000"}
    assert startup_settings(environment).port == config.get_option("server.port")


@pytest.mark.parametrize(
    "command",
    [
        ("app.py",),
        ("-m", "streamlit", "run", "app.py", "--server.port", "{port}"),
        ("-m", "uvicorn", "app:app", "--lifespan", "on", "--port", "{port}"),
    ],
    ids=["python", "streamlit", "uvicorn"],
)
def test_every_way_of_starting_serves_all_and_logs_no_query(
    own_app_server: AppServer, command: tuple[str, ...]
) -> None:
    own_app_server.command = tuple(word.format(port=own_app_server.port) for word in command)
    own_app_server.start()
    with urlopen(f"{own_app_server.url}/?signature=very-secret") as response:
        assert "'wasm-unsafe-eval' 'sha256-" in response.headers["Content-Security-Policy"]
    with pytest.raises(HTTPError, match="401") as refused:
        urlopen(f"{own_app_server.url}/relay?ticket=very-secret")
    with refused.value as answer:
        assert json.load(answer)["error"] == "sign-in-required"
    folder = own_app_server.data_dir
    readable = [path.name for path in folder.rglob("*") if path.stat().st_mode & 0o077]
    assert readable == [own_app_server.log_file.name]  # which is the test's own
    own_app_server.stop()
    log = own_app_server.log_file.read_text()
    assert own_app_server.url in log
    assert "very-secret" not in log
