import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from client.__main__ import main
from tests.client.scripted_endpoint import SIGNED, ScriptedEndpoint, answer, s3_error, slow

ROOT = Path(__file__).parents[2]


def environment(endpoint: ScriptedEndpoint) -> dict[str, str]:
    return os.environ | {
        "AMPLIENCE_GRAPHQL_URL": f"{endpoint.url}/graphql",
        "AMPLIENCE_TOKEN_URL": f"{endpoint.url}/token",
        "AMPLIENCE_CLIENT_ID": "demo",
        "AMPLIENCE_CLIENT_SECRET": "s+cret/value",
    }


def client(endpoint: ScriptedEndpoint, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "client", *arguments],
        cwd=ROOT,
        env=environment(endpoint),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_upload_prints_only_the_download_url(endpoint: ScriptedEndpoint, clip: Path) -> None:
    done = client(endpoint, "upload", str(clip), "--as", "multipart", "--part-size", "30")
    assert (done.returncode, done.stdout) == (0, f"{endpoint.url}/object?{SIGNED}\n")
    assert endpoint.stored == clip.read_bytes()


def test_download_brings_the_bytes_back(endpoint: ScriptedEndpoint, tmp_path: Path) -> None:
    endpoint.stored = bytes(range(100))
    target = tmp_path / "back.bin"
    done = client(endpoint, "download", f"{endpoint.url}/object?{SIGNED}", "-o", str(target))
    assert (done.returncode, done.stdout) == (0, f"{target}\n")
    assert target.read_bytes() == endpoint.stored
    assert "its ETag is the MD5" in done.stderr


def test_token_prints_the_token(endpoint: ScriptedEndpoint) -> None:
    assert client(endpoint, "token").stdout == "eyJraWQi.token.1\n"


def test_a_failure_is_one_line_with_its_code(endpoint: ScriptedEndpoint, clip: Path) -> None:
    endpoint.on("single", answer(403, s3_error("AccessDenied", "Request has expired")))
    clip.write_bytes(b"short")
    done = client(endpoint, "upload", str(clip))
    assert done.returncode == 1
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("link-expired: ")
    assert "Traceback" not in done.stderr


def test_an_unreachable_target_is_one_line(endpoint: ScriptedEndpoint, tmp_path: Path) -> None:
    endpoint.stored = b"x"
    target = tmp_path / "nowhere" / "out"
    done = client(endpoint, "download", f"{endpoint.url}/object?{SIGNED}", "-o", str(target))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("file-error: ")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("upload", "f", "--part-size", "many"),
        ("upload", "f", "--parallel", "0"),
        ("upload", "f", "--parallel", "x"),
    ],
)
def test_wrong_usage_exits_with_2(
    endpoint: ScriptedEndpoint,
    arguments: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment(endpoint).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err
    assert endpoint.seen == []


def test_wrong_usage_of_the_command_exits_with_2(endpoint: ScriptedEndpoint) -> None:
    done = client(endpoint, "upload")
    assert done.returncode == 2
    assert "usage:" in done.stderr
    assert endpoint.seen == []


def test_help_names_the_commands_and_the_variables(endpoint: ScriptedEndpoint) -> None:
    shown = client(endpoint, "--help").stdout
    for word in ("upload", "download", "token", "AMPLIENCE_GRAPHQL_URL", "130"):
        assert word in shown


def test_ctrl_c_says_what_was_kept_and_exits_with_130(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    endpoint.on("part 3", slow(60))
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "client",
            "upload",
            str(clip),
            "--as",
            "multipart",
            "--part-size",
            "30",
        ],
        cwd=ROOT,
        env=environment(endpoint),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 20
    while not endpoint.times("part 3") and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (130, "")
    assert "2 of 4 parts had arrived; nothing was completed" in errors
    assert "Traceback" not in errors
