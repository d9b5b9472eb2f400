"""EXIF of images, under Amplience's names (contract 19.6), and what strangers write into it."""

import io
import random
import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import IFDRational

from service.content_hub.exif import LONGEST_TEXT
from service.content_hub.images import examine

# Types of EXIF values (TIFF 6.0, section 2).
ASCII, SHORT, LONG, RATIONAL, UNDEFINED, SRATIONAL, DOUBLE = 2, 3, 4, 5, 7, 10, 12
SIZES = {ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, UNDEFINED: 1, SRATIONAL: 8, DOUBLE: 8}
Entry = tuple[int, int, bytes]
# What the sample says, in the camera's terms.
SAMPLE_IFD0: dict[int, Any] = {
    Base.Orientation: 1,
    Base.Software: "Adobe Photoshop 24.1 (Macintosh)",
    Base.ImageDescription: "Breakfast",
    Base.Model: "Canon EOS REBEL T3i",
    Base.Make: "Canon",
    Base.Artist: "A. Nobody",
    Base.Copyright: "of nobody",
    Base.XResolution: 72.0,
}
SAMPLE_EXIF: dict[int, Any] = {
    Base.ExposureTime: IFDRational(1, 400),
    Base.FocalLength: IFDRational(50, 1),
    Base.ISOSpeedRatings: 100,
    Base.DateTimeOriginal: "2017:02:02 04:47:41",
}
SAMPLE: dict[str, Any] = {
    "orientation": 1.0,
    "exposureTime": "1/400",
    "software": "Adobe Photoshop 24.1 (Macintosh)",
    "taken": 1.486010861e9,
    "description": "Breakfast",
    "isoSpeed": 100.0,
    "model": "Canon EOS REBEL T3i",
    "make": "Canon",
    "focalLength": "50/1",
    "artist": "A. Nobody",
}


def properties(tmp_path: Path, exif: bytes | Image.Exif, kind: str = "JPEG") -> Any:
    """What is told of an image with this EXIF; its thumbnail must never suffer."""
    path = tmp_path / "image"
    Image.new("RGB", (8, 6)).save(path, kind, exif=exif)
    facts = examine(path)
    assert facts.details["image"] == {"width": 8, "height": 6, "format": kind}
    return facts.details.get("exif", {})


def as_exif(main: dict[int, Any], inner: dict[int, Any]) -> Image.Exif:
    exif = Image.Exif()
    for tag, value in main.items():
        exif[tag] = value
    exif.get_ifd(IFD.Exif).update(inner)
    return exif


def raw_exif(main: list[Entry], inner: list[Entry] | None = None, order: str = "<") -> bytes:
    """EXIF byte by byte: whatever a program could have written."""
    entries = list(main)
    at = 8
    if inner is not None:
        after = at + _length([*main, (IFD.Exif, LONG, b"\0\0\0\0")])
        entries.append((IFD.Exif, LONG, struct.pack(f"{order}L", after)))
    head = b"Exif\0\0" + (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}L", 8)
    whole = head + _directory(entries, at, order)
    return whole + (_directory(inner, len(whole) - 6, order) if inner is not None else b"")


def _length(entries: list[Entry]) -> int:
    return 6 + 12 * len(entries) + sum(len(data) for _, _, data in entries if len(data) > 4)


def _directory(entries: list[Entry], at: int, order: str) -> bytes:
    listed, outside = struct.pack(f"{order}H", len(entries)), b""
    free = at + 6 + 12 * len(entries)
    for tag, kind, data in entries:
        listed += struct.pack(f"{order}HHL", tag, kind, len(data) // SIZES[kind])
        if len(data) <= 4:
            listed += data.ljust(4, b"\0")
        else:
            listed += struct.pack(f"{order}L", free + len(outside))
            outside += data
    return listed + b"\0\0\0\0" + outside


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_names_and_values_are_those_of_the_published_sample(tmp_path: Path, kind: str) -> None:
    found = properties(tmp_path, as_exif(SAMPLE_IFD0, SAMPLE_EXIF).tobytes(), kind)
    assert found == SAMPLE
    assert {name: type(value) for name, value in found.items()} == {
        name: type(value) for name, value in SAMPLE.items()
    }


def test_where_a_picture_was_taken_is_not_told(tmp_path: Path) -> None:
    exif = as_exif({Base.Make: "M"}, {})
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    assert properties(tmp_path, exif) == {"make": "M"}


def test_a_value_in_the_other_directory_is_found_too(tmp_path: Path) -> None:
    exif = as_exif({Base.DateTimeOriginal: "1970:01:01 00:00:09"}, {Base.Artist: "inside"})
    assert properties(tmp_path, exif) == {"taken": 9.0, "artist": "inside"}


@pytest.mark.parametrize("order", ["<", ">"])
def test_fractions_are_told_as_they_are_written(tmp_path: Path, order: str) -> None:
    def ratio(over: int, under: int) -> bytes:
        return struct.pack(f"{order}LL", over, under)

    inner = [
        (int(Base.ExposureTime), RATIONAL, ratio(10, 4000)),
        (int(Base.FocalLength), RATIONAL, ratio(2**32 - 1, 10)),
    ]
    found = properties(tmp_path, raw_exif([], inner, order))
    assert found == {"exposureTime": "10/4000", "focalLength": "4294967295/10"}


@pytest.mark.parametrize(
    ("tag", "kind", "data"),
    [
        (Base.ExposureTime, RATIONAL, struct.pack("<LL", 1, 0)),
        (Base.ExposureTime, RATIONAL, struct.pack("<LL", 0, 0)),
        (Base.ExposureTime, RATIONAL, struct.pack("<LL", 0, 1)),
        (Base.ExposureTime, SRATIONAL, struct.pack("<ll", -1, 400)),
        (Base.ExposureTime, SRATIONAL, struct.pack("<ll", -1, -400)),
        (Base.ExposureTime, DOUBLE, struct.pack("<d", float("nan"))),
        (Base.ExposureTime, DOUBLE, struct.pack("<d", float("inf"))),
        (Base.ExposureTime, ASCII, b"1/400\0"),
        (Base.FocalLength, UNDEFINED, bytes(range(200, 232))),
        (Base.ISOSpeedRatings, ASCII, b"100\0"),
        (Base.ISOSpeedRatings, SHORT, b"\0\0"),
        (Base.ISOSpeedRatings, DOUBLE, struct.pack("<d", float("nan"))),
        (Base.ISOSpeedRatings, UNDEFINED, b"\x64\0\0\0\0\0"),
        (Base.Orientation, SHORT, b"\x09\0"),
        (Base.Orientation, LONG, b"\xff\xff\xff\xff"),
        (Base.Orientation, ASCII, b"top left\0"),
        (Base.DateTimeOriginal, ASCII, b"0000:00:00 00:00:00\0"),
        (Base.DateTimeOriginal, ASCII, b"    :  :     :  :  \0"),
        (Base.DateTimeOriginal, ASCII, b"2017:02:30 01:02:03\0"),
        (Base.DateTimeOriginal, ASCII, b"yesterday\0"),
        (Base.DateTimeOriginal, LONG, b"\x01\0\0\0"),
        (Base.Artist, ASCII, bytes(12)),
        (Base.Artist, ASCII, b"   \0"),
        (Base.Artist, SHORT, b"\x41\x42\x43\x44\x45\x46"),
        (Base.Artist, RATIONAL, struct.pack("<LL", 1, 0)),
    ],
)
def test_a_value_that_cannot_be_one_is_left_out_and_the_others_are_told(
    tmp_path: Path, tag: Base, kind: int, data: bytes
) -> None:
    good = (int(Base.Model), ASCII, b"a camera\0")
    bad = (int(tag), kind, data)
    assert properties(tmp_path, raw_exif([good], [bad])) == {"model": "a camera"}
    assert properties(tmp_path, raw_exif([good, bad])) == {"model": "a camera"}


def test_of_several_values_the_first_counts(tmp_path: Path) -> None:
    several = (int(Base.ISOSpeedRatings), SHORT, struct.pack("<HHH", 200, 0, 0))
    assert properties(tmp_path, raw_exif([], [several])) == {"isoSpeed": 200.0}


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        (ASCII, "Frühstück für 2 €".encode() + b"\0", "Frühstück für 2 €"),
        (ASCII, "Frühstück für 2 €".encode("cp1252") + b"\0", "Frühstück für 2 €"),
        (ASCII, b"a\x81b\xff\0", "a\N{REPLACEMENT CHARACTER}bÿ"),
        (UNDEFINED, "朝食 and more".encode(), "朝食 and more"),
        (ASCII, b"  padded \0\0\0\0rest of the field", "padded"),
        (ASCII, b"two\nlines\x07 and a bell\0", "two\nlines and a bell"),
        (ASCII, b"\x1b[31mred\0", "[31mred"),
        (ASCII, b"<b>**bold**</b>\0", "<b>**bold**</b>"),
        (ASCII, "é".encode() * 40_000 + b"\0", "é" * LONGEST_TEXT),
    ],
)
def test_texts_of_every_encoding_can_be_shown(
    tmp_path: Path, kind: int, data: bytes, text: str
) -> None:
    # In a PNG there is room for long ones.
    entry = (int(Base.ImageDescription), kind, data)
    assert properties(tmp_path, raw_exif([entry]), "PNG") == {"description": text}


@pytest.mark.parametrize(
    ("offset", "seconds"),
    [
        (b"+02:00", -7200),
        (b"-05:30", 19_800),
        (b"Z", 0),
        (b"   :  ", 0),
        (b"+99:99", 0),
        (b"here", 0),
    ],
)
def test_the_time_zone_counts_where_the_camera_wrote_one(
    tmp_path: Path, offset: bytes, seconds: int
) -> None:
    taken = as_exif({}, {Base.DateTimeOriginal: "2017:02:02 04:47:41"})
    taken.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = offset.decode()
    assert properties(tmp_path, taken)["taken"] == SAMPLE["taken"] + seconds


def test_a_directory_that_leads_nowhere_loses_only_itself(tmp_path: Path) -> None:
    good = (int(Base.Make), ASCII, b"kept\0")
    for kind, pointer in (
        (LONG, b"\xff\xff\xff\x7f"),
        (LONG, b"\xff\xff\xff\xff"),
        (LONG, b"\x08\0\0\0"),
        (ASCII, b"abc\0"),
        (SRATIONAL, struct.pack("<ll", -5, 1)),
    ):
        found = properties(tmp_path, raw_exif([good, (int(IFD.Exif), kind, pointer)]))
        assert found == {"make": "kept"}, pointer


@pytest.mark.filterwarnings(
    "ignore::UserWarning"
)  # Pillow's, of what it skips; the service runs on
def test_whatever_the_bytes_are_they_are_read_or_left_out(tmp_path: Path) -> None:
    whole = as_exif(SAMPLE_IFD0, SAMPLE_EXIF).tobytes()
    chance = random.Random(8)  # noqa: S311
    told = 0
    for _ in range(1000):
        bent = bytearray(whole)
        for _ in range(chance.choice([1, 2, 8, 60])):
            bent[chance.randrange(6, len(bent))] = chance.choice([0, 1, 4, 8, 127, 128, 255])
        if chance.random() < 0.2:
            del bent[chance.randrange(6, len(bent)) :]
        found = properties(tmp_path, bytes(bent))
        assert found.keys() <= SAMPLE.keys()
        told += len(found)
    assert told > 2000


def test_no_exif_is_no_properties(tmp_path: Path) -> None:
    plain = io.BytesIO()
    Image.new("RGB", (8, 6)).save(plain, "JPEG")
    path = tmp_path / "plain"
    path.write_bytes(plain.getvalue())
    assert "exif" not in examine(path).details
    assert properties(tmp_path, b"Exif\0\0") == {}
    assert properties(tmp_path, b"Exif\0\0no TIFF at all") == {}
