"""The client against the project's own service, each in a process of its own."""

import hashlib
import json
import os
import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.api.api import Api
from client.connection.connection import ClientCredentials, Connection, connection_from_settings
from client.content_hub.assets import ContentHubClient, NewAsset
from client.errors import CredentialsRefusedError, EtagMismatchError, PartFailedError, PartSizeError
from client.export.scripts.curl import upload_as_curl
from client.storage.plan import Kind, UploadPlan, UploadSlot
from client.transfers.download import download_file
from client.transfers.events import Event, PartStarted
from client.transfers.upload import upload_file
from settings import read_settings
from tests.app_server import ServiceAlone, free_port
from tests.client.scripted_endpoint import QUICK
from tests.content_types.files import WORD, base_media, matroska, office, picture

ROOT = Path(__file__).parents[2]
SIZE = 11_723_249
MEBIBYTE = 1024 * 1024


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("service")
    limit = {"TFW_SINGLE_LIMIT": str(8 * MEBIBYTE)}
    server = ServiceAlone(folder, free_port(), environment=limit)
    server.start()
    yield connection_from_settings(
        read_settings(server.environment_of_child(), folder / "none.toml")
    )
    server.stop()


@pytest.fixture(scope="module")
def random_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "clip.bin"
    path.write_bytes(random.Random(7).randbytes(SIZE))  # noqa: S311
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("parallel", [1, 3])
def test_the_documented_file_comes_back_byte_for_byte(
    connection: Connection, random_file: Path, tmp_path: Path, parallel: int
) -> None:
    api = Api(connection)
    receipt = upload_file(api, random_file, part_size=5 * MEBIBYTE, parallel=parallel)
    assert [size for _, size, _ in receipt.parts] == [5_242_880, 5_242_880, 1_237_489]
    found = download_file(api, receipt.download_url, tmp_path / "back.bin")
    assert found.sha256 == digest(random_file)
    assert found.etag == receipt.etag
    assert receipt.etag.endswith('-3"')
    assert receipt.deadline == pytest.approx(time.time() + 3600, abs=60)


def test_a_single_upload_keeps_its_type(connection: Connection, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5000))
    api = Api(connection)
    receipt = upload_file(api, path)
    assert (receipt.content_type, receipt.size) == ("image/png", 5008)
    found = download_file(api, receipt.download_url, tmp_path / "back.png")
    assert found.md5_matches
    assert found.sha256 == digest(path)


KINDS = {
    "report.docx": (office("word/document.xml"), WORD, WORD),
    "photo.heic": (base_media("mif1", "mif1", "heic"), "image/heic", "image/heic"),
    "burst.heics": (base_media("msf1", "msf1", "hevc"), *("image/heic-sequence",) * 2),
    "song.m4a": (base_media("mp42", "isom", "mp42"), "audio/mp4", "video/mp4"),
    "film.mkv": (matroska(b"matroska"), "video/x-matroska", "video/x-matroska"),
    "BMI.csv": (b"BMI,height\n22,180\n", "text/csv", "text/plain"),
    "drawing.svg": (b'<?xml version="1.0"?><!-- a --><svg/>', "image/svg+xml", "image/svg+xml"),
    "photo.jpg": (picture("PNG"), "image/png", "image/png"),
}
"""By name: content, the type it is stored under, and the one that its bytes alone tell."""


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_stored_under_its_type_and_its_asset_has_it(
    connection: Connection, tmp_path: Path, name: str
) -> None:
    content, stored, told = KINDS[name]
    path = tmp_path / name
    path.write_bytes(content)
    api = Api(connection)
    receipt = upload_file(api, path)
    assert receipt.content_type == stored
    assert download_file(api, receipt.download_url, tmp_path / "back").content_type == stored
    hub = ContentHubClient(api)
    repository = hub.repositories()[0]
    made = hub.create(NewAsset(receipt.download_url, "IMAGE", name, name, repository.id))
    assert made.mime_type == told


def test_wrong_credentials_are_refused(connection: Connection) -> None:
    wrong = replace(connection, credentials=ClientCredentials("nobody", "nothing"))
    with pytest.raises(CredentialsRefusedError):
        Api(wrong).tokens.token()


def test_the_viewer_has_an_organization(connection: Connection) -> None:
    viewer = Api(connection).operations.viewer()
    assert viewer["organizations"]
    assert viewer["name"]


def test_the_size_field_is_told_by_introspection(connection: Connection) -> None:
    assert Api(connection).operations.size_field() == "filesize"


def test_a_part_size_below_the_service_s_is_refused(
    connection: Connection, random_file: Path
) -> None:
    with pytest.raises(PartSizeError, match="5,242,880"):
        upload_file(Api(connection), random_file, part_size=MEBIBYTE)


def test_one_wrong_byte_on_the_way_never_becomes_an_object(
    connection: Connection, random_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "clip.bin"
    path.write_bytes(random_file.read_bytes())
    status = path.stat()

    def damage(event: Event) -> None:
        if isinstance(event, PartStarted) and event.number == 2:
            with path.open("r+b") as file:
                file.seek(6 * MEBIBYTE)
                file.write(b"damaged")
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    api = Api(connection, policy=QUICK)
    with pytest.raises(EtagMismatchError, match="BadDigest"):
        upload_file(api, path, part_size=5 * MEBIBYTE, parallel=1, on_event=damage)
    assert "complete" not in {entry.purpose for entry in api.log.entries()}


class DamagingApi(Api):
    """Hands out plans whose first URL has another signature."""

    def plan_upload(
        self,
        name: str,
        size: int,
        content_type: str,
        part_size: int | None = None,
        kind: Kind | None = None,
        slot: UploadSlot | None = None,
        *,
        cut: bool = True,
    ) -> UploadPlan:
        plan = super().plan_upload(name, size, content_type, part_size, kind, slot, cut=cut)
        first = plan.parts[0]
        damaged = first.url.replace("X-Amz-Signature=", "X-Amz-Signature=0")
        return replace(plan, parts=(replace(first, url=damaged), *plan.parts[1:]))


def test_a_changed_signature_is_refused_and_not_tried_again(
    connection: Connection, random_file: Path
) -> None:
    api = DamagingApi(connection)
    with pytest.raises(PartFailedError) as info:
        upload_file(api, random_file, parallel=1)
    assert info.value.details["status"] in {400, 403}
    assert sum(entry.purpose == "part 1" for entry in api.log.entries()) == 1


@pytest.mark.parametrize("kind", ["single", "multipart"])
def test_the_script_for_curl_does_the_same_upload(
    connection: Connection, tmp_path: Path, kind: Kind
) -> None:
    path = tmp_path / "clip of mine.bin"
    path.write_bytes(random.Random(8).randbytes(6 * MEBIBYTE))  # noqa: S311
    api = Api(connection)
    plan = api.plan_upload(path.name, 6 * MEBIBYTE, "video/mp4", 5 * MEBIBYTE, kind)
    credentials = connection.credentials
    assert isinstance(credentials, ClientCredentials)
    done = subprocess.run(
        ["bash", "-c", upload_as_curl(plan, connection)],
        cwd=tmp_path,
        env=os.environ
        | {"CLIENT_ID": credentials.client_id, "CLIENT_SECRET": credentials.client_secret},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = download_file(api, done.stdout.strip(), tmp_path / "back.bin")
    assert found.sha256 == digest(path)


def test_the_log_of_an_upload_reads_as_json_and_holds_no_signature(
    connection: Connection, random_file: Path
) -> None:
    api = Api(connection)
    upload_file(api, random_file)
    answer = next(
        entry.response_body
        for entry in api.log.entries()
        if entry.purpose == "createTempFileMultipartUploadUrl"
    )
    payload = json.loads(answer or "")["data"]["createTempFileMultipartUploadUrl"]
    assert all("X-Amz-Signature=***" in url for url in payload["uploadPartUrls"])
    assert all(entry.request_id for entry in api.log.entries() if entry.purpose == "part 1")
