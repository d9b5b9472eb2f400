import gzip
import hashlib
import os
import stat
import threading
from pathlib import Path

import pytest

from client.errors import (
    EtagMismatchError,
    LinkExpiredError,
    ServiceDownError,
    StorageRefusedError,
)
from client.transfers.download import download_file
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
    assert endpoint.last("object").headers["Range"] == "bytes=2500000-"
    assert seen == sorted(seen)


def test_a_packed_file_arrives_as_it_is_stored(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    packed = gzip.compress(DATA[:100_000])
    etag = f'"{hashlib.md5(packed, usedforsecurity=False).hexdigest()}"'
    endpoint.on("object", answer(200, packed, Content_Encoding="gzip", ETag=etag))
    found = download_file(endpoint.api(), url, tmp_path / "out.gz")
    assert found.path.read_bytes() == packed
    assert found.md5_matches is True


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
        ('attachment; filename=".bashrc"', "bashrc"),
        ('attachment; filename="-rf"', "_-rf"),
        ('attachment; filename="a\tb\x1b[2J.txt"', "ab[2J.txt"),
        ("attachment; filename=a.txt; filename*=UTF-8''%C3%A9.txt", "é.txt"),
        ("attachment; FileName*=iso-8859-1'en'%E9.txt; filename=a.txt", "é.txt"),
        ("attachment; filename*=UTF-8''gpj%E2%80%AE.exe", "gpj.exe"),
        ("attachment; filename*=UTF-8''a%2Fb%00%0A.txt", "b.txt"),
        ("attachment; filename*=UTF-8''%FF%FE.txt", "\ufffd\ufffd.txt"),
        ("attachment; filename*=nonsense''x.txt", "x.txt"),
        ("attachment; filename*=", "object"),
        ('attachment; filename="NUL.txt"', "_NUL.txt"),
        ("attachment; filename*=UTF-8''" + "%E5%95%86" * 90 + ".jpg", "商" * 83 + ".jpg"),
        ('attachment; filename="caf\u00c3\u00a9.png"', "café.png"),
        ('attachment; filename="caf\u00e9.png"', "café.png"),
    ],
)
def test_into_a_folder_the_store_or_the_url_names_the_file(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path, disposition: str, name: str
) -> None:
    endpoint.on("object", answer(200, b"abc", Content_Disposition=disposition))
    assert download_file(endpoint.api(), url, tmp_path).path == tmp_path / name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/.profile", "profile"),
        ("/..%2F.ssh%2Fconfig", "config"),
        ("/a/b%0D%0A.txt", "b.txt"),
        ("/" + "%E9%A3%9B" * 100 + ".mp4", "飛" * 83 + ".mp4"),
        ("/", "download"),
    ],
)
def test_the_name_in_a_url_is_made_safe_as_well(
    endpoint: ScriptedEndpoint, tmp_path: Path, path: str, name: str
) -> None:
    endpoint.on(path.strip("/"), answer(200, b"abc"))
    url = f"{endpoint.url}{path}?{SIGNED}"
    assert download_file(endpoint.api(), url, tmp_path).path == tmp_path / name


def test_a_file_in_the_folder_is_not_overwritten_but_the_new_one_numbered(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    (tmp_path / "object").write_text("mine")
    (tmp_path / "object (2)").symlink_to("nowhere")
    (tmp_path / "object (3)").mkdir()
    found = download_file(endpoint.api(), url, tmp_path)
    assert found.path == tmp_path / "object (4)"
    assert found.path.read_bytes() == DATA
    assert (tmp_path / "object").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 4


def test_a_folder_behind_a_link_takes_the_file(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert download_file(endpoint.api(), url, tmp_path / "link").path == tmp_path / "link/object"
    assert [path.name for path in (tmp_path / "real").iterdir()] == ["object"]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_the_file_it_leads_to_is_written(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path, there: bool
) -> None:
    (tmp_path / "real").mkdir()
    if there:
        (tmp_path / "real" / "film").write_text("before")
    link = tmp_path / "link"
    link.symlink_to("real/film")
    assert download_file(endpoint.api(), url, link).path == link
    assert link.is_symlink()
    assert (tmp_path / "real" / "film").read_bytes() == DATA
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["film", "link", "real"]


def read_in_background(path: Path) -> tuple[threading.Thread, list[bytes]]:
    arrived: list[bytes] = []
    reader = threading.Thread(target=lambda: arrived.append(path.read_bytes()))
    reader.start()
    return reader, arrived


def test_a_pipe_is_written_into_and_stays_a_pipe(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to("pipe")
    reader, arrived = read_in_background(pipe)
    found = download_file(endpoint.api(), url, tmp_path / "link")
    reader.join(20)
    assert (arrived, found.sha256) == ([DATA], hashlib.sha256(DATA).hexdigest())
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "pipe"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices")
def test_a_device_is_written_into_and_stays_a_device(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    device = tmp_path / "null"
    try:
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        device.write_bytes(b"")
    except PermissionError:
        pytest.skip("no devices on this file system")
    assert download_file(endpoint.api(), url, device).size == len(DATA)
    assert stat.S_ISCHR(device.lstat().st_mode)
    assert list(tmp_path.iterdir()) == [device]


def test_a_pipe_gets_the_rest_after_a_broken_connection(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    endpoint.on("object", break_off(2_500_000), drop)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader, arrived = read_in_background(pipe)
    assert download_file(endpoint.api(), url, pipe).md5_matches
    reader.join(20)
    assert arrived == [DATA]


def test_what_was_written_into_a_pipe_is_not_written_twice(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    endpoint.on(
        "object",
        break_off(2_500_000),
        lambda handler: handler.reply(200, DATA, {"ETag": handler.endpoint.etag}),
    )
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader, arrived = read_in_background(pipe)
    with pytest.raises(StorageRefusedError, match="cannot be taken back; fetch into a file"):
        download_file(endpoint.api(), url, pipe)
    reader.join(20)
    assert arrived == [DATA[:2_500_000]]


def test_an_open_file_is_appended_to_under_its_name_as_a_stream(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"before ")
    with log.open("ab") as file:
        download_file(endpoint.api(), url, Path(f"/dev/fd/{file.fileno()}"))
    assert log.read_bytes() == b"before " + DATA
    assert list(tmp_path.iterdir()) == [log]


def test_a_name_no_file_can_have_is_refused_before_anything_is_asked(
    endpoint: ScriptedEndpoint, url: str, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match="name too long"):
        download_file(endpoint.api(), url, tmp_path / ("商" * 90 + ".jpg"))
    assert endpoint.seen == []
