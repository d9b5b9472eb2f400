"""The beginnings of real files of each kind, and small whole ones."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
EPUB = "application/epub+zip"
JAR = "application/java-archive"
APK = "application/vnd.android.package-archive"

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns='
    '"http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/></Types>'
)


def picture(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    content = io.BytesIO()
    Image.new(mode, (30, 20)).save(content, kind, **options)
    return content.getvalue()


def archive(files: Mapping[str, str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP; its entry `mimetype` is stored, as EPUB and OpenDocument want it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as target:
        for name, text in files.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else compression
            target.writestr(zipfile.ZipInfo(name), text, kind)
    return content.getvalue()


def office(main_part: str) -> bytes:
    """An Office document with the parts that Word, Excel and PowerPoint write first."""
    parts = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": "<Relationships/>"}
    return archive({**parts, main_part: "<document/>"})


def base_media(*brands: str) -> bytes:
    """The beginning of a file of ISO's base media format: the first brand is the major one."""
    major, *compatible = (brand.ljust(4).encode() for brand in brands)
    content = b"ftyp" + major + b"\0\0\2\0" + b"".join(compatible)
    return (4 + len(content)).to_bytes(4) + content + b"\0\0\0\x08free\0\0\0\x10mdat" + bytes(200)


def matroska(doc_type: bytes, length: bytes = b"") -> bytes:
    """An EBML header as FFmpeg's: versions, largest lengths, document type and its versions."""
    stated = b"\x42\x82" + (length or bytes([0x80 | len(doc_type)])) + doc_type
    fields = b"\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08" + stated
    fields += b"\x42\x87\x81\x04\x42\x85\x81\x02"
    head = b"\x1aE\xdf\xa3\x01" + len(fields).to_bytes(7) + fields
    return head + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + bytes(300)


def ogg(packet: bytes) -> bytes:
    """The first page of an Ogg file, with one packet."""
    head = b"OggS\0\x02" + bytes(8) + b"serial01"[:4] + bytes(4) + b"crc!" + b"\x01"
    return head + bytes([len(packet)]) + packet + bytes(100)


def riff(form: bytes) -> bytes:
    return b"RIFF" + (500).to_bytes(4, "little") + form + b"fmt \x10\0\0\0" + bytes(480)
