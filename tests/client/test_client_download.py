import hashlib
from pathlib import Path

import pytest

from client.download import download_file
from client.errors import EtagMismatchError, LinkExpiredError, ServiceDownError
from tests.client.scripted_endpoint import (
    SIGNED,
    Action,
    Handler,
    ScriptedEndpoint,
    answer,
    drop,
    s3_error,
)

DATA = bytes(range(256)) * 16384


@pytest.fixture
def url(endpoint: ScriptedEndpoint) -> str:
    endpoint.stored = DATA
    return f"{endpoint.url}/object?{SIGNED}"


def break_off(after: int, etag: str | None = None) -> Action:
    """Announce everything and close the connection after some bytes."""

    def act(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(DATA)))
        handler.send_header("ETag", etag or handler.endpoint.etag)
        handler.end_headers()
        handler.wfile.write(DATA[:after])
        handler.wfile.flush()
        handler.close_connection = True

    return act


def test_a_file_arrives_whole_with_its_digests(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    found = download_file(endpoint.api(), url, tmp_path / "out.bin")
    assert found.path.read_bytes() == DATA
    assert found.size == len(DATA)
    assert found.sha256 == hashlib.sha256(DATA).hexdigest()
    assert found.md5_matches is True
    assert list(tmp_path.iterdir()) == [found.path]


def test_a_broken_connection_is_taken_up_where_it_broke(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    endpoint.on("object", break_off(2_500_000), drop)
    seen: list[int] = []
    found = download_file(
        endpoint.api(), url, tmp_path / "out.bin", on_progress=lambda done, _size: seen.append(done)
    )
    assert found.path.read_bytes() == DATA
    assert endpoint.last("object").headers["Range"] == "bytes=2097152-"
    assert seen == sorted(seen)


def test_a_store_that_ignores_the_range_starts_over(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    endpoint.on(
        "object",
        break_off(2_500_000),
        lambda handler: handler.reply(200, DATA, {"ETag": handler.endpoint.etag}),
    )
    found = download_file(endpoint.api(), url, tmp_path / "out.bin")
    assert found.path.read_bytes() == DATA
    assert found.md5_matches


def test_an_object_that_changes_meanwhile_is_not_mixed(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    endpoint.on("object", break_off(2_500_000, etag='"other"'))
    with pytest.raises(EtagMismatchError, match="changed while it was fetched"):
        download_file(endpoint.api(), url, tmp_path / "out.bin")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_download_leaves_nothing_and_keeps_what_was_there(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    target = tmp_path / "out.bin"
    target.write_text("before")
    endpoint.on("object", *[break_off(10)] * 5)
    with pytest.raises(ServiceDownError):
        download_file(endpoint.api(), url, target)
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_an_expired_url_is_told(endpoint: ScriptedEndpoint, url: str, tmp_path: Path) -> None:
    endpoint.on("object", answer(403, s3_error("AccessDenied", "Request has expired")))
    with pytest.raises(LinkExpiredError, match="Request has expired"):
        download_file(endpoint.api(), url, tmp_path / "out.bin")


def test_a_multipart_etag_proves_nothing(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    endpoint.completed = True
    assert download_file(endpoint.api(), url, tmp_path / "o").md5_matches is None


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="holiday film.mp4"', "holiday film.mp4"),
        ("attachment; filename*=UTF-8''caf%C3%A9.png", "café.png"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="..\\\\..\\\\boot.ini"', "boot.ini"),
        ('attachment; filename=".."', "object"),
        ("inline", "object"),
    ],
)
def test_into_a_folder_the_store_or_the_url_names_the_file(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path, disposition: str, name: str
) -> None:
    endpoint.on("object", answer(200, b"abc", Content_Disposition=disposition))
    assert download_file(endpoint.api(), url, tmp_path).path == tmp_path / name
