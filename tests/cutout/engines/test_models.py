"""Fetching models: from a server that breaks off, lies, refuses or is not there."""

import hashlib
import http.server
import re
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cutout.command_line import main
from cutout.engines.models import MODELS, ModelFetchError, NamedModel, fetch_model
from cutout.engines.onnx import KINDS
from tests.serving import serving

CONTENT = bytes(range(256)) * 12_000
PIECE = 1_000_000


@dataclass
class Host:
    """A server of one file, and what it does wrong."""

    url: str = ""
    content: bytes = CONTENT
    breaks_off_after: int = len(CONTENT)
    status: int = 200
    ranges: bool = True
    asked: list[str] = field(default_factory=list[str])

    @property
    def model(self) -> NamedModel:
        digest = hashlib.sha256(CONTENT).hexdigest()
        return NamedModel("u2net", f"{self.url}/u2net.onnx", len(CONTENT), digest, "MIT", "here")


def _answer(host: Host, request: http.server.BaseHTTPRequestHandler) -> None:
    wanted = request.headers.get("Range", "")
    host.asked.append(wanted)
    if host.status != 200:
        request.send_error(host.status)
        return
    start = int(wanted[len("bytes=") : -1]) if wanted and host.ranges else 0
    request.send_response(206 if start else 200)
    if start:
        end = len(host.content)
        request.send_header("Content-Range", f"bytes {start}-{end - 1}/{end}")
    request.send_header("Content-Length", str(len(host.content) - start))
    request.end_headers()
    request.wfile.write(host.content[start : start + host.breaks_off_after])


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Generator[Host, None, None]:
    monkeypatch.setenv("no_proxy", "*")
    served = Host()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(served, self)

        def log_message(self, *_arguments: object, **_named: object) -> None: ...

    with serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        served.url = f"http://127.0.0.1:{port}"
        yield served


def test_the_named_models_are_of_known_kinds_and_checked_by_sha256() -> None:
    assert set(MODELS) == {"isnet-general-use", "birefnet-general-lite"}
    assert MODELS.keys() <= KINDS.keys()
    for model in MODELS.values():
        assert re.fullmatch("[0-9a-f]{64}", model.sha256)
        assert model.url.startswith("https://")


def test_a_model_arrives_whole(host: Host, tmp_path: Path) -> None:
    seen: list[int] = []
    path = fetch_model(
        host.model, tmp_path / "models", on_progress=lambda here, _: seen.append(here)
    )
    assert path == tmp_path / "models" / "u2net.onnx"
    assert path.read_bytes() == CONTENT
    assert seen == sorted(seen)
    assert seen[-1] == len(CONTENT)
    assert [entry.name for entry in path.parent.iterdir()] == ["u2net.onnx"]
    fetch_model(host.model, tmp_path / "models")
    assert host.asked == [""]  # what is there already is not fetched again


def test_a_broken_download_goes_on_where_it_broke_off(host: Host, tmp_path: Path) -> None:
    host.breaks_off_after = PIECE
    assert fetch_model(host.model, tmp_path).read_bytes() == CONTENT
    assert host.asked == ["", "bytes=1000000-", "bytes=2000000-", "bytes=3000000-"]


def test_what_arrived_is_kept_for_the_next_call(host: Host, tmp_path: Path) -> None:
    partial = tmp_path / "u2net.onnx.partial"
    partial.write_bytes(CONTENT[:PIECE])
    host.breaks_off_after = 0
    with pytest.raises(ModelFetchError, match="1,000,000 of 3,072,000 bytes are here and kept"):
        fetch_model(host.model, tmp_path)
    assert partial.read_bytes() == CONTENT[:PIECE]
    host.breaks_off_after = len(CONTENT)
    assert fetch_model(host.model, tmp_path).read_bytes() == CONTENT
    assert not partial.exists()


def test_a_host_without_ranges_sends_it_all_again(host: Host, tmp_path: Path) -> None:
    (tmp_path / "u2net.onnx.partial").write_bytes(b"x" * PIECE)
    host.ranges = False
    assert fetch_model(host.model, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("content", [CONTENT[:-1] + b"!", CONTENT + b"!", CONTENT * 2])
def test_other_bytes_never_become_the_model(host: Host, tmp_path: Path, content: bytes) -> None:
    host.content = content
    host.breaks_off_after = len(content)
    (tmp_path / "u2net.onnx").write_bytes(b"an older one")
    with pytest.raises(ModelFetchError, match="is not u2net: its SHA-256 is another"):
        fetch_model(host.model, tmp_path)
    assert (tmp_path / "u2net.onnx").read_bytes() == b"an older one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["u2net.onnx"]


def test_a_partial_file_that_is_too_long_is_begun_anew(host: Host, tmp_path: Path) -> None:
    (tmp_path / "u2net.onnx.partial").write_bytes(bytes(len(CONTENT) + 1))
    assert fetch_model(host.model, tmp_path).read_bytes() == CONTENT


def test_a_host_that_refuses_is_named(host: Host, tmp_path: Path) -> None:
    host.status = 403
    with pytest.raises(ModelFetchError, match="answered with HTTP status 403") as caught:
        fetch_model(host.model, tmp_path)
    assert host.model.sha256 in str(caught.value)  # how to do without the network
    assert list(tmp_path.iterdir()) == []


def test_a_host_that_is_not_there_is_named(tmp_path: Path, host: Host) -> None:
    model = replace(host.model, url="https://models.invalid/u2net.onnx")
    with pytest.raises(ModelFetchError, match=r"models\.invalid cannot be reached: "):
        fetch_model(model, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_command_shows_what_it_fetches_first(
    host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = {"u2net": host.model}
    assert main(["fetch", "u2net", "--to", str(tmp_path)], models) == 0
    shown = capsys.readouterr()
    assert shown.out == f"{tmp_path / 'u2net.onnx'}\n"
    assert all(fact in shown.err for fact in ("3,072,000 bytes", "MIT", host.model.sha256))
    host.status = 404
    assert main(["fetch", "u2net", "--to", str(tmp_path / "other")], models) == 1
    assert "MODEL_NOT_FETCHED: 127.0.0.1 answered with HTTP status 404." in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert main(["fetch", "u2net", "--to", str(tmp_path / "file")], models) == 1
    assert "file-error: " in capsys.readouterr().err


def test_the_command_lists_the_models(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    for model in MODELS.values():
        assert all(fact in listed for fact in (model.name, model.licence, model.sha256, model.url))
    with pytest.raises(SystemExit):
        main(["fetch", "another"])
