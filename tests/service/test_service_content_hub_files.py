"""What files are, their thumbnails, and disks that are full."""

import errno
import io
import os
import shutil
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFile
from service_images import png
from service_live import SMALL, Live, running

from service.content_hub.folders import FIRST_REPOSITORIES
from service.content_hub.images import examine
from service.resolvers.assets import date_time
from service.resolvers.global_ids import global_id


def encoded(name: str, mode: str = "RGB") -> bytes:
    target = io.BytesIO()
    Image.new(mode, (30, 20)).save(target, name)
    return target.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def test_an_image_with_too_many_pixels_is_described_but_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[ImageFile.ImageFile] = []
    decode = ImageFile.ImageFile.load

    def load(image: ImageFile.ImageFile) -> Any:
        decoded.append(image)
        return decode(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    header = struct.pack(">IIBBBBB", 9_000, 9_000, 8, 6, 0, 0, 0)
    bomb = tmp_path / "bomb.png"
    rows = zlib.compress(bytes(9_000 * 36_001), 9)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    bomb.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    facts = examine(bomb)
    assert not decoded
    assert facts.thumbnail is None
    assert facts.details["image"] == {"width": 9_000, "height": 9_000, "format": "PNG"}


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_images_of_every_mode_have_a_thumbnail(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "image"
    path.write_bytes(encoded("TIFF", mode))
    thumbnail = examine(path).thumbnail
    assert thumbnail
    with Image.open(io.BytesIO(thumbnail.content)) as image:
        assert image.size == (30, 20)


def test_dates_have_milliseconds_and_a_z() -> None:
    assert date_time(1657788768.143) == "2022-07-14T08:52:48.143Z"
    assert date_time(1657788768) == "2022-07-14T08:52:48.000Z"
    assert date_time(None) is None


CREATE = "mutation ($in: CreateAssetInput!) { createAsset(input: $in) { id file } }"


def given(live: Live) -> dict[str, Any]:
    urls = live.api.single()
    live.api.put(urls["uploadUrl"], png())
    return {
        "src": urls["downloadUrl"],
        "type": "IMAGE",
        "name": "a",
        "filename": "a.png",
        "assetRepositoryId": global_id("AssetRepository", next(iter(FIRST_REPOSITORIES))),
    }


def test_a_full_disk_is_said_clearly_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with running(tmp_path, **SMALL) as live:
        variables = {"in": given(live)}
        monkeypatch.setattr(os, "link", full)
        monkeypatch.setattr(shutil, "copyfileobj", full)
        answer = live.api.graphql(CREATE, variables)
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (507, "INSUFFICIENT_STORAGE")
        assert list((tmp_path / "assets").iterdir()) == []


def test_without_hard_links_the_bytes_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    with running(tmp_path, **SMALL) as live:
        variables = {"in": given(live)}
        monkeypatch.setattr(os, "link", unsupported)
        asset = live.api.graphql(CREATE, variables).json()["data"]["createAsset"]
        assert live.api.get(asset["file"]).content == png()


def test_a_failing_transaction_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a private detail")

    with running(tmp_path, **SMALL) as live:
        variables = {"in": given(live)}
        monkeypatch.setattr("service.content_hub.files.PermanentFiles.add", broken)
        answer = live.api.graphql(CREATE, variables)
        assert answer.status_code == 500
        assert "private" not in answer.text
        assert "a private detail" in caplog.text
        assert list((tmp_path / "assets").iterdir()) == []
