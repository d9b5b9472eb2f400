import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from client.__main__ import main
from tests.client.scripted_endpoint import (
    SIGNED,
    Handler,
    ScriptedEndpoint,
    answer,
    s3_error,
    slow,
)

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


def test_a_url_is_taken_without_what_was_copied_around_it(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    endpoint.stored = b"bytes"
    target = tmp_path / "back.bin"
    url = f"\u201c{endpoint.url}/object?{SIGNED}\u200b\u201d"
    assert client(endpoint, "download", url, "-o", str(target)).returncode == 0
    assert target.read_bytes() == b"bytes"


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


def raw_client(
    endpoint: ScriptedEndpoint, *arguments: bytes | str, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose arguments and output are bytes."""
    return subprocess.run(
        [sys.executable, "-m", "client", *arguments],
        cwd=ROOT,
        env=environment(endpoint) | variables,
        capture_output=True,
        timeout=60,
        check=False,
    )


ENCODINGS = {
    "utf-8": {"PYTHONIOENCODING": "utf-8:strict"},
    "ascii output": {"PYTHONIOENCODING": "ascii"},
    "latin-1 output": {"PYTHONIOENCODING": "latin-1"},
    "plain C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
POOR = {name: ENCODINGS[name] for name in ("ascii output", "plain C")}
NAMES = [b"caf\xe9.jpg", "商品 🎬 é.bin".encode()]


@pytest.mark.parametrize("variables", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("name", NAMES)
def test_a_download_prints_the_bytes_of_its_path(
    endpoint: ScriptedEndpoint, tmp_path: Path, name: bytes, variables: dict[str, str]
) -> None:
    endpoint.stored = b"abc"
    target = os.fsencode(tmp_path) + b"/" + name
    url = f"{endpoint.url}/object?{SIGNED}"
    done = raw_client(endpoint, "download", url, "-o", target, **variables)
    assert (done.returncode, done.stdout) == (0, target + b"\n"), done.stderr
    assert os.listdir(os.fsencode(tmp_path)) == [name]  # noqa: PTH208 - names as bytes


@pytest.mark.parametrize("variables", ENCODINGS.values(), ids=ENCODINGS)
def test_a_name_that_the_locale_does_not_know_is_written_in_utf_8(
    endpoint: ScriptedEndpoint, tmp_path: Path, variables: dict[str, str]
) -> None:
    disposition = "attachment; filename*=UTF-8''caf%C3%A9.jpg"
    endpoint.on("object", answer(200, b"abc", Content_Disposition=disposition))
    url = f"{endpoint.url}/object?{SIGNED}"
    done = raw_client(endpoint, "download", url, "-o", str(tmp_path), **variables)
    assert (done.returncode, done.stdout) == (0, f"{tmp_path}/café.jpg\n".encode()), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["café.jpg"]


@pytest.mark.parametrize("variables", POOR.values(), ids=POOR)
@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_is_uploaded(
    endpoint: ScriptedEndpoint, tmp_path: Path, name: bytes, variables: dict[str, str]
) -> None:
    path = os.fsencode(tmp_path) + b"/" + name
    Path(os.fsdecode(path)).write_bytes(b"x" * 40)
    done = raw_client(endpoint, "upload", path, **variables)
    assert done.returncode == 0, done.stderr
    assert endpoint.stored == b"x" * 40


@pytest.mark.parametrize("variables", POOR.values(), ids=POOR)
@pytest.mark.parametrize("name", NAMES)
def test_a_failure_with_any_name_is_one_line(
    endpoint: ScriptedEndpoint, name: bytes, variables: dict[str, str]
) -> None:
    done = raw_client(endpoint, "upload", b"/nowhere/" + name, **variables)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"file-missing: ")
    assert done.stderr.count(b"\n") == 1


def test_letters_of_others_that_the_output_cannot_show_are_named(
    endpoint: ScriptedEndpoint,
) -> None:
    endpoint.on("token", answer(200, '{"access_token": "t\u00f6ken"}'.encode()))
    done = raw_client(endpoint, "token", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"U+00F6" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_a_dash_is_standard_output_and_nothing_else_is_printed_there(
    endpoint: ScriptedEndpoint,
) -> None:
    endpoint.stored = bytes(range(256)) * 9000
    for name in ("-", "/dev/stdout", "/dev/fd/1"):
        done = raw_client(endpoint, "download", f"{endpoint.url}/object?{SIGNED}", "-o", name)
        assert (done.returncode, done.stdout) == (0, endpoint.stored)
        assert b"its ETag is the MD5" in done.stderr


def test_a_pipe_is_written_into_from_the_command_line(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    endpoint.stored = bytes(range(256)) * 9000
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    copy = tmp_path / "copy"
    with copy.open("wb") as file, subprocess.Popen(["cat", pipe], stdout=file):
        url = f"{endpoint.url}/object?{SIGNED}"
        done = client(endpoint, "download", url, "-o", str(pipe))
        assert (done.returncode, done.stdout) == (0, f"{pipe}\n")
    assert copy.read_bytes() == endpoint.stored
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


def test_a_cut_out_goes_into_a_file_and_no_credit_is_spent_on_another_target(
    endpoint: ScriptedEndpoint, picture: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for target in (str(pipe), "-", "/dev/stdout", str(tmp_path / ("x" * 256))):
        done = client(endpoint, "remove-background", str(picture), "-o", target)
        assert done.returncode == 2
        assert "--output" in done.stderr
    assert endpoint.seen == []
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


def begin_and_wait(handler: Handler) -> None:
    """Send the first bytes of a large object and no more."""
    handler.send_response(200)
    handler.send_header("Content-Length", "9000000")
    handler.end_headers()
    handler.wfile.write(bytes(3_000_000))
    handler.wfile.flush()
    time.sleep(60)


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_removes_what_was_fetched(
    endpoint: ScriptedEndpoint, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    endpoint.on("object", begin_and_wait)
    process = begun(endpoint, "download", f"{endpoint.url}/object?{SIGNED}", "-o", str(tmp_path))
    wait_until(lambda: any(path.stat().st_size for path in tmp_path.glob(".*.download")))
    process.send_signal(number)
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (status, "")
    assert errors == "interrupted: nothing was kept.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_signal_that_is_ignored_from_the_start_stays_ignored(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    endpoint.on("object", begin_and_wait)
    url = f"{endpoint.url}/object?{SIGNED}"
    process = begun(endpoint, "download", url, "-o", str(tmp_path), before=("nohup",))
    wait_until(lambda: any(tmp_path.glob(".*.download")))
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 143
    assert list(tmp_path.iterdir()) == []


def test_sigterm_during_an_upload_says_what_was_kept(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    endpoint.on("part 3", slow(60))
    process = begun(
        endpoint, "upload", str(clip), "--as", "multipart", "--part-size", "30", "--parallel", "1"
    )
    wait_until(lambda: endpoint.times("part 3") > 0)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 143
    assert "2 of 4 parts had arrived; nothing was completed" in errors
    assert "Traceback" not in errors


def begun(
    endpoint: ScriptedEndpoint, *arguments: str, before: tuple[str, ...] = ()
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*before, sys.executable, "-m", "client", *arguments],
        cwd=ROOT,
        env=environment(endpoint),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_cost_no_download(
    endpoint: ScriptedEndpoint, tmp_path: Path, closed: str
) -> None:
    endpoint.stored = b"abc"
    url = f"{endpoint.url}/object?{SIGNED}"
    command = (sys.executable, "-m", "client", "download", url, "-o", str(tmp_path / "out"))
    shell = ("sh", "-c", f'"$@" {closed}', "sh", *command)
    done = subprocess.run(shell, cwd=ROOT, env=environment(endpoint), timeout=60)
    assert done.returncode == 0
    assert (tmp_path / "out").read_bytes() == b"abc"
