"""What files are, their thumbnails, and disks that are full."""

import errno
import io
import os
import shutil
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFile, PngImagePlugin

from cutout.imaging.reading import read_picture
from service.content_hub.folders import FIRST_REPOSITORIES
from service.content_hub.images import examine
from service.graphql.resolvers.assets import date_time
from service.graphql.resolvers.global_ids import global_id
from tests.cutout.imaging.tiffs import CMYK, tiff
from tests.cutout.profiles import (
    ADOBE_RGB,
    DISPLAY_P3,
    PRO_PHOTO,
    Space,
    cmyk_profile,
    numbers_in,
    profile,
)
from tests.service.live import SMALL, Live, running
from tests.service.sample_images import png


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


def thumbnail_of(content: bytes, folder: Path) -> NDArray[np.uint8]:
    path = folder / "image"
    path.write_bytes(content)
    thumbnail = examine(path).thumbnail
    assert thumbnail
    with Image.open(io.BytesIO(thumbnail.content)) as image:
        return np.asarray(image.convert("RGB"))


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


RAMP = np.linspace(0, 65_535, 1000, dtype=np.uint16)[None].repeat(800, axis=0)


@pytest.mark.parametrize(
    ("levels", "kind"),
    [
        (RAMP, "PNG"),
        (RAMP, "TIFF"),
        (RAMP, "JPEG2000"),
        (RAMP.astype(">u2"), "TIFF"),
        (RAMP.astype(np.int32), "TIFF"),
        ((RAMP / 65_535).astype(np.float32), "TIFF"),
        ((RAMP / 257).astype(np.float32), "TIFF"),
    ],
    ids=lambda value: str(getattr(value, "dtype", value)),
)
def test_a_thumbnail_of_deep_grey_goes_evenly_from_black_to_white(
    tmp_path: Path, levels: NDArray[Any], kind: str
) -> None:
    small = thumbnail_of(saved(Image.fromarray(levels), kind), tmp_path)
    assert small.shape == (256, 320, 3)
    even = np.linspace(0, 255, 320)[None, :, None]
    assert np.abs(small.astype(int) - even).max() <= 4


@pytest.mark.parametrize(
    ("space", "name"), [(ADOBE_RGB, "Adobe RGB"), (DISPLAY_P3, "P3"), (PRO_PHOTO, "ProPhoto")]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_thumbnail_has_the_colours_that_the_profile_means(
    tmp_path: Path, space: Space, name: str, kind: str
) -> None:
    colour = (40, 170, 60)
    image = Image.new("RGB", (900, 700), numbers_in(space, colour))
    small = thumbnail_of(saved(image, kind, icc_profile=profile(space, name)), tmp_path)
    assert np.abs(small[100, 100].astype(int) - colour).max() <= 8


def cmyk_tiff(extra: tuple[int, ...] = (), icc: bytes = b"") -> bytes:
    levels = np.full((64, 80, 4 + len(extra)), 70, np.uint8)
    levels[..., 1], levels[..., 3] = 220, 10
    return tiff(levels, CMYK, extra, icc)


def transparent_png() -> bytes:
    image = Image.new("RGBA", (64, 64), (200, 30, 30, 255))
    image.paste((0, 0, 0, 0), (32, 0, 64, 64))
    return saved(image, "PNG", icc_profile=profile(DISPLAY_P3, "P3"))


@pytest.mark.parametrize(
    "content",
    [
        cmyk_tiff(),
        cmyk_tiff((0,)),
        cmyk_tiff((2,)),
        cmyk_tiff((1, 0)),
        cmyk_tiff(icc=cmyk_profile()),
        cmyk_tiff((0,), cmyk_profile()),
        cmyk_tiff(icc=profile(ADOBE_RGB, "of another colour model")),
        saved(Image.new("CMYK", (64, 64), (0, 200, 90, 9)), "JPEG", icc_profile=cmyk_profile()),
        saved(Image.new("RGB", (64, 64), (200, 60, 30)), "PNG", icc_profile=b"broken"),
        saved(Image.new("RGB", (64, 64), (200, 60, 30)).quantize(4), "PNG"),
        saved(Image.new("L", (64, 64), 90), "JPEG"),
        saved(Image.new("LAB", (64, 64), (112, 192, 175)), "TIFF"),
        transparent_png(),
    ],
)
def test_a_thumbnail_looks_as_the_picture_that_is_cut_out(tmp_path: Path, content: bytes) -> None:
    small, picture = thumbnail_of(content, tmp_path), read_picture(content)
    assert small.shape == picture.rgb.shape
    assert np.abs(small[9, 9].astype(int) - picture.rgb[9, 9]).max() <= 4


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_thumbnail_is_upright(tmp_path: Path, kind: str) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # left becomes top
    image = Image.new("RGB", (800, 400), (200, 30, 30))
    image.paste((30, 30, 200), (400, 0, 800, 400))
    small = thumbnail_of(saved(image, kind, exif=turned), tmp_path)
    assert small.shape == (320, 160, 3)
    assert np.abs(small[40, 80].astype(int) - (200, 30, 30)).max() <= 8
    assert np.abs(small[280, 80].astype(int) - (30, 30, 200)).max() <= 8


def test_a_thumbnail_is_transparent_only_where_that_shows(tmp_path: Path) -> None:
    path = tmp_path / "image"
    for content, kind in ((transparent_png(), "image/png"), (encoded("PNG", "RGBA"), "image/png")):
        path.write_bytes(content)
        thumbnail = examine(path).thumbnail
        assert thumbnail
        assert thumbnail.media_type == kind
    path.write_bytes(saved(Image.new("RGBA", (30, 20), (9, 9, 9, 255)), "PNG"))
    opaque = examine(path).thumbnail
    assert opaque
    assert opaque.media_type == "image/jpeg"


@pytest.mark.parametrize("exif", [b"garbage", b"II*\0\x08\0\0\0\xff\xff", b"MM\0*\0\0\0\x08\0\x01"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_broken_exif_does_not_cost_the_thumbnail(tmp_path: Path, kind: str, exif: bytes) -> None:
    content = saved(Image.new("RGB", (64, 64), (200, 60, 30)), kind, exif=b"Exif\0\0" + exif)
    assert np.abs(thumbnail_of(content, tmp_path)[9, 9].astype(int) - (200, 60, 30)).max() <= 8


def test_much_text_in_a_png_does_not_cost_its_thumbnail(tmp_path: Path) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>" + "a b " * 1_000_000, zip=True)
    content = saved(Image.new("RGB", (64, 64), (200, 60, 30)), "PNG", pnginfo=text)
    assert np.abs(thumbnail_of(content, tmp_path)[9, 9].astype(int) - (200, 60, 30)).max() <= 4


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
