"""What a file is: bytes where they decide, the claim where they leave it open."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_types import (
    HEAD_SIZE,
    IMAGE_ENDINGS,
    UNKNOWN,
    content_type_of,
    is_false_image,
    type_by_name,
)
from tests.content_types.files import (
    APK,
    CONTENT_TYPES,
    EPUB,
    EXCEL,
    JAR,
    OPEN_TEXT,
    POWERPOINT,
    WORD,
    archive,
    base_media,
    matroska,
    office,
    ogg,
    picture,
    riff,
)

ZIP = archive({"a.txt": "a", "b/c.txt": "c"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(24) + b"\x3e\0\3\0\xfe\xff\x09\0" + bytes(400)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
XML = b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
DOCTYPE = (
    b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/'
    b'svg11.dtd" [\n\t<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n]>\n'
)
HEIF_BRANDS = ("mif1", "msf1", "heic", "heix", "heim", "heis", "hevc", "hevx", "avif", "avis")

DECIDED = {
    "JPEG": (picture("JPEG"), "image/jpeg"),
    "PNG": (picture("PNG"), "image/png"),
    "GIF": (picture("GIF"), "image/gif"),
    "BMP": (picture("BMP"), "image/bmp"),
    "BMP with alpha": (picture("BMP", "RGBA"), "image/bmp"),
    "TIFF": (picture("TIFF"), "image/tiff"),
    "big TIFF": (picture("TIFF", big_tiff=True), "image/tiff"),
    "WebP": (picture("WEBP"), "image/webp"),
    "JPEG 2000": (picture("JPEG2000"), "image/jp2"),
    "JPEG 2000 codestream": (picture("JPEG2000", no_jp2=True), "image/jp2"),
    "AVIF": (picture("AVIF"), "image/avif"),
    "HEIC": (base_media("heic", "mif1", "heic"), "image/heic"),
    "HEIC as mif1": (base_media("mif1", "mif1", "heic"), "image/heic"),
    "AVIF as mif1": (base_media("mif1", "miaf", "avif", "MA1B"), "image/avif"),
    "sequence as msf1": (base_media("msf1", "mif1", "heic", "hevc", "iso8"), "image/heic-sequence"),
    "HEIF of another coding": (base_media("mif1", "mif1", "miaf"), "image/heif"),
    "HEIF of an unknown brand": (base_media("MiPr", "mif1", "heic"), "image/heic"),
    "AVIF sequence that films know": (base_media("avis", "msf1", "iso8", "mif1"), "image/avif"),
    "QuickTime": (base_media("qt", "qt"), "video/quicktime"),
    "iTunes": (base_media("M4A", "M4A", "mp42", "isom"), "audio/mp4"),
    "iTunes film": (base_media("M4V", "mp42", "isom"), "video/mp4"),
    "telephone": (base_media("3gp5", "3gp5", "isom"), "video/3gpp"),
    "film": (base_media("isom", "isom", "iso2", "avc1", "mp41"), "video/mp4"),
    "film of an unknown brand": (base_media("XAVC", "XAVC", "mp42"), "video/mp4"),
    "QuickTime without brands": (b"\0\0\0\x08wide\0\1\2\3mdat" + bytes(99), "video/quicktime"),
    "Matroska": (matroska(b"matroska"), "video/x-matroska"),
    "WebM": (matroska(b"webm"), "video/webm"),
    "WebM, long length": (matroska(b"webm", b"\x01" + bytes(6) + b"\x04"), "video/webm"),
    "AVI": (riff(b"AVI "), "video/x-msvideo"),
    "WAVE": (riff(b"WAVE"), "audio/wav"),
    "Vorbis": (ogg(b"\x01vorbis" + bytes(23)), "audio/ogg"),
    "Opus": (ogg(b"OpusHead\x01\x02" + bytes(9)), "audio/ogg"),
    "Theora": (ogg(b"\x80theora" + bytes(35)), "video/ogg"),
    "Ogg with a skeleton": (ogg(b"fishead\0" + bytes(56)), "application/ogg"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\n", "application/pdf"),
    "PDF in ASCII": (b"%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\n", "application/pdf"),
    "Word": (office("word/document.xml"), WORD),
    "Excel": (office("xl/workbook.xml"), EXCEL),
    "PowerPoint": (office("ppt/presentation.xml"), POWERPOINT),
    "Word, relations first": (
        archive({"_rels/.rels": "", "docProps/app.xml": "", "word/styles.xml": ""}),
        WORD,
    ),
    "EPUB": (archive({"mimetype": EPUB, "META-INF/container.xml": ""}), EPUB),
    "OpenDocument": (archive({"mimetype": OPEN_TEXT, "content.xml": ""}), OPEN_TEXT),
    "Java": (archive({"META-INF/MANIFEST.MF": "Manifest-Version: 1.0", "A.class": ""}), JAR),
    "ZIP": (ZIP, "application/zip"),
    "ZIP with a word": (archive({"word/list.txt": "apple"}), "application/zip"),
    "ZIP that lies": (archive({"mimetype": "text/html", "a": ""}), "application/zip"),
    "ZIP that injects": (archive({"mimetype": "a/b\r\nX: y+zip"}), "application/zip"),
    "old Office": (OLE, "application/x-ole-storage"),
    "gzip": (gzip.compress(b"a,b", mtime=0), "application/gzip"),
    "SVG": (SVG, "image/svg+xml"),
    "SVG, declared": (XML + SVG, "image/svg+xml"),
    "SVG, marked": (b"\xef\xbb\xbf" + XML + SVG, "image/svg+xml"),
    "SVG, Illustrator's": (XML + b"<!-- Generator: a > b -->\n" + DOCTYPE + SVG, "image/svg+xml"),
    "SVG, styled": (XML + b'<?xml-stylesheet href="a.css"?>' + SVG, "image/svg+xml"),
    "SVG, prefixed": (b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
    "SVG, wide": ((XML + SVG).decode().encode("utf-16"), "image/svg+xml"),
    "SVG, long comment": (b"<!--" + b"a" * 3000 + b"-->" + SVG, "image/svg+xml"),
    "HTML": (b"<!doctype html><svg></svg>", "text/plain"),
    "text": ("größer".encode(), "text/plain"),
    "text, cut": ("é".encode() * 2047 + b"\xc3", "text/plain"),
    "text, wide": ("a\tb\r\n".encode("utf-16"), "text/plain"),
    "nothing": (b"", UNKNOWN),
    "unknown": (zlib.compress(b"a"), UNKNOWN),
}


@pytest.mark.parametrize("name", DECIDED)
def test_bytes_decide_where_nothing_is_claimed(name: str) -> None:
    content, expected = DECIDED[name]
    for claim in ("", UNKNOWN, "binary/octet-stream"):
        assert content_type_of(content[:HEAD_SIZE], claim) == expected


@pytest.mark.parametrize(
    ("content", "claimed"),
    [
        *((ZIP, claimed) for claimed in (WORD, EXCEL, POWERPOINT, OPEN_TEXT, EPUB, JAR, APK)),
        *((ZIP, f"application/vnd.ms-{kind}.macroEnabled.12") for kind in ("excel.sheet",)),
        (ZIP, "application/vnd.google-earth.kmz"),
        (ZIP, "model/vnd.usdz+zip"),
        (ZIP, "application/vnd.comicbook+zip"),
        (office("word/document.xml"), "application/vnd.ms-word.document.macroEnabled.12"),
        (office("xl/workbook.xml"), EXCEL.replace(".sheet", ".template")),
        (archive({"META-INF/MANIFEST.MF": "", "classes.dex": ""}), APK),
        (OLE, "application/msword"),
        (OLE, "application/vnd.ms-excel"),
        (OLE, WORD),  # under a password
        (gzip.compress(b"a", mtime=0), "application/x-gzip"),
        (matroska(b"matroska"), "audio/x-matroska"),
        (matroska(b"matroska"), "video/matroska"),
        (matroska(b"webm"), "audio/webm"),
        (matroska(b""), "video/webm"),
        (base_media("mp42", "mp42", "isom"), "audio/mp4"),
        (base_media("mp42", "mp42", "isom"), "audio/x-m4a"),
        (base_media("isom", "isom"), "video/quicktime"),
        (base_media("isom", "3gp5"), "audio/3gpp"),
        (base_media("M4V", "mp42"), "video/x-m4v"),
        (base_media("M4A", "isom"), "audio/x-m4a"),
        (base_media("isom", "mif1", "heic"), "image/heic"),
        (base_media("mif1"), "image/heic"),
        (base_media("mif1", "heic"), "image/heif"),
        (base_media("avis", "avif"), "image/avif-sequence"),
        (picture("TIFF"), "image/x-adobe-dng"),
        (riff(b"WAVE"), "audio/x-wav"),
        (ogg(b"\x01vorbis" + bytes(23)), "video/ogg"),
        (b"ID3\3\0\0\0\0\0\0" + bytes(50), "audio/aac"),
        (b"\xff\xfb\x90\x00" + bytes(50), "application/x-of-my-own"),
        (b"\0\1\2", "application/x-of-my-own"),
        (b"a,b\n1,2\n", "text/csv"),
        (b"a,b\n1,2\n", "text/csv; charset=utf-8"),
        (b'{"a": 1}', "application/json"),
        (b"P1\n1 1\n1\n", "image/x-portable-bitmap"),
        (b"\0\0\1\0\1\0\x10\x10", "image/x-icon"),
        (b"<!--" + b"a" * HEAD_SIZE, "image/svg+xml"),
        (SVG, "text/html"),
        (b"", "text/csv"),
    ],
)
def test_a_claim_that_the_bytes_leave_open_stays(content: bytes, claimed: str) -> None:
    assert content_type_of(content[:HEAD_SIZE], claimed) == claimed
    assert not is_false_image(content[:HEAD_SIZE], claimed)


@pytest.mark.parametrize(
    ("content", "claimed", "expected"),
    [
        (picture("PNG"), "image/jpeg", "image/png"),
        (picture("JPEG"), "image/heic", "image/jpeg"),
        (base_media("heic", "mif1"), "image/jpeg", "image/heic"),
        (base_media("heic", "mif1"), "video/mp4", "image/heic"),
        (base_media("avis", "iso8"), "video/mp4", "image/avif"),
        (base_media("M4A", "isom"), "video/mp4", "audio/mp4"),
        (matroska(b"matroska"), "video/webm", "video/x-matroska"),
        (office("word/document.xml"), EXCEL, WORD),
        (office("word/document.xml"), "application/msword", WORD),
        (archive({"mimetype": EPUB}), "application/zip", EPUB),
        (ZIP, "application/x-zip-compressed", "application/zip"),
        (ZIP, "application/msword", "application/zip"),
        (ZIP, "video/mp4", "application/zip"),
        (gzip.compress(b"a", mtime=0), "text/csv", "application/gzip"),
        (b"%PDF-1.7\n\0", "text/plain", "application/pdf"),
        (b"const a = 1", "video/mp2t", "text/plain"),
        (SVG, "text/xml", "image/svg+xml"),
        (SVG, "image/png", "image/svg+xml"),
    ],
)
def test_bytes_that_decide_win_over_the_claim(content: bytes, claimed: str, expected: str) -> None:
    assert content_type_of(content[:HEAD_SIZE], claimed) == expected


@pytest.mark.parametrize(
    ("content", "claimed", "stored"),
    [
        (b"hello", "image/jpeg", "text/plain"),
        (b"\0\1\2\3", "image/jpeg", UNKNOWN),
        (b"", "image/png", UNKNOWN),
        (b"%PDF-1.7", "image/jpeg", "application/pdf"),
        (b"BM is a unit of mass", "image/bmp", "text/plain"),
        (b"BM" + bytes(range(40)), "image/bmp", UNKNOWN),
        (base_media("isom", "mp41"), "image/heic", "video/mp4"),
        (b"<html><svg></svg></html>", "image/svg+xml", "text/plain"),
        (gzip.compress(SVG, mtime=0), "image/svg+xml", "application/gzip"),
        (ZIP, "image/heic", "application/zip"),
    ],
)
def test_a_picture_that_is_none_is_not_believed(content: bytes, claimed: str, stored: str) -> None:
    assert content_type_of(content, claimed) == stored
    assert is_false_image(content, claimed)
    assert not is_false_image(content, "application/x-of-my-own")


@pytest.mark.parametrize("brand", HEIF_BRANDS)
@pytest.mark.parametrize("claimed", ["image/heic", "image/heif", "image/avif", "image/jpeg", ""])
def test_no_picture_of_a_telephone_is_a_film(brand: str, claimed: str) -> None:
    for content in (base_media(brand), base_media(brand, "mif1", "iso8", brand)):
        told = content_type_of(content, claimed)
        assert told.startswith(("image/hei", "image/avif"))
        assert not is_false_image(content, claimed)


# Magic numbers that a text may begin with, and texts that may follow them.
LETTERS = (
    *(b"BM", b"GIF8", b"GIF89a", b"%!PS", b"%PDF-", b"II*", b"MM", b"RIFF", b"OggS", b"fLaC"),
    *(b"ID3", b"glTF", b"8BPS", b"PK", b"ABCDftypisom", b"ABCDmoov", b"<svg", b"RIFFABCDWEBP"),
)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=300)


@given(st.sampled_from(LETTERS), TEXTS, st.sampled_from(["text/csv", "text/markdown"]))
def test_a_text_stays_one_whatever_it_begins_with(magic: bytes, text: str, claimed: str) -> None:
    assert content_type_of(magic + text.encode(), claimed) == claimed


@given(st.sampled_from(LETTERS), TEXTS)
def test_letters_alone_prove_no_picture_and_no_film(magic: bytes, text: str) -> None:
    told = content_type_of(magic + text.encode())
    assert told in {"text/plain", "application/pdf", "image/svg+xml"}


@given(TEXTS)
def test_a_text_in_latin_1_keeps_what_it_claims(text: str) -> None:
    content = b"BM" + text.encode("latin-1", "replace") + b"\xe9,GIF89a\n"
    assert content_type_of(content, "text/csv") == "text/csv"


def longer(start: tuple[bytes, str], rest: bytes) -> bytes:
    return start[0] + rest


def cut(start: tuple[bytes, str], end: int) -> bytes:
    return start[0][:end]


KNOWN = st.sampled_from(list(DECIDED.values()))
HEADS = st.one_of(
    st.binary(max_size=200),
    st.builds(longer, KNOWN, st.binary(max_size=40)),
    st.builds(cut, KNOWN, st.integers(0, 80)),
)
CLAIMS = st.sampled_from(sorted({"", UNKNOWN, "text/csv", *(told for _, told in DECIDED.values())}))


@given(HEADS, CLAIMS)
def test_a_type_that_was_told_is_told_again(head: bytes, claimed: str) -> None:
    told = content_type_of(head, claimed)
    assert told.isprintable()
    assert content_type_of(head, told) == told
    assert is_false_image(head, claimed) == (
        claimed.startswith("image/") and not told.startswith("image/")
    )


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("a.docx", WORD),
        ("A.XLSX", EXCEL),
        ("a.b.m4a", "audio/mp4"),
        ("a.mkv", "video/x-matroska"),
        ("a.HEIC", "image/heic"),
        ("a.csv", "text/csv"),
        ("a.csv.gz", "application/gzip"),
        ("a.json", "application/json"),
        ("docx", ""),
        ("a.of-my-own", ""),
        ("", ""),
    ],
)
def test_a_name_claims_a_type_on_every_machine_alike(name: str, claimed: str) -> None:
    assert type_by_name(name) == claimed


def test_the_endings_of_pictures_are_those_of_the_table() -> None:
    assert {"jpg", "png", "heic", "heif", "avif", "svg"} < set(IMAGE_ENDINGS)
    assert all(type_by_name(f"a.{ending}").startswith("image/") for ending in IMAGE_ENDINGS)


def test_a_large_list_of_parts_does_not_hide_what_an_office_document_is() -> None:
    many = "".join(f'<Override PartName="/ppt/slides/slide{n}.xml"/>' for n in range(400))
    parts = {"[Content_Types].xml": CONTENT_TYPES + many, "_rels/.rels": "", "ppt/a.xml": ""}
    assert content_type_of(archive(parts)[:HEAD_SIZE]) == POWERPOINT
