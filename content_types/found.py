"""What the first bytes of a file say."""

import codecs
import re

from content_types.table import (
    BRANDS,
    BY_ENDING,
    GENERAL_HEIF,
    ILLUSTRATOR,
    LETTERED_SIGNATURES,
    MATROSKA,
    MP4,
    SIGNATURES,
    WEBM,
    ZIP,
    ZIPPED,
    Found,
)

_BINARY, _LETTERED = (
    tuple((re.compile(pattern, re.DOTALL), found) for pattern, found in signatures)
    for signatures in (SIGNATURES, LETTERED_SIGNATURES)
)
_TYPE = re.compile(r"[a-z]+/[a-zA-Z0-9.+-]{1,100}")
_ZIP_ENTRY = re.compile(rb"PK\x03\x04.{4}(..).{16}(..)(..)", re.DOTALL)  # APPNOTE 4.3.7
_OFFICE = (
    ("word/", Found(BY_ENDING["docx"], r".*(?:wordprocessingml|ms-word)\..+")),
    ("xl/", Found(BY_ENDING["xlsx"], r".*(?:spreadsheetml|ms-excel)\..+")),
    ("ppt/", Found(BY_ENDING["pptx"], r".*(?:presentationml|ms-powerpoint)\..+")),
)
# The element DocType with its length in one to eight bytes (RFC 8794, section 4).
_DOC_TYPE = re.compile(
    rb"\x42\x82(?:[\x80-\xff]|[\x40-\x7f].|[\x20-\x3f].{2}|[\x10-\x1f].{3}|\x01.{7})(webm|matroska)",
    re.DOTALL,
)
_CONTROL = r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]"
_CONTROL_CHARACTER, _CONTROL_BYTE = re.compile(_CONTROL), re.compile(_CONTROL.encode())
_PROLOG = re.compile(  # declarations, comments and a document type with what is declared in it
    r"\s*(?:(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)\s*)*", re.DOTALL
)
_SVG_ROOT = re.compile(r"<(?:[\w.-]+:)?svg[\s/>]")
_TEXT_PICTURES = (
    r"image/(?:x-portable-.+|x-xbitmap|x-xbm|x-xpixmap|x-xpm|(?:x-)?eps|vnd\.dxf|x-dxf)"
)


def found_in(head: bytes) -> Found | None:
    """Return what the first bytes of a file say; None when they say nothing."""
    if head.startswith(b"PK\x03\x04"):
        return _zip(head)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return _matroska(head)
    if head.startswith(b"%PDF-"):
        return Found("application/pdf", f"{ILLUSTRATOR}|text/.+" if _read(head) else ILLUSTRATOR)
    signed = _signed(head, _BINARY)
    if signed is None and _CONTROL_BYTE.search(head):
        signed = _base_media(head) or _signed(head, _LETTERED)
    return signed or _text(head)


def _signed(head: bytes, signatures: tuple[tuple[re.Pattern[bytes], Found], ...]) -> Found | None:
    return next((found for pattern, found in signatures if pattern.match(head)), None)


def _zip(head: bytes) -> Found:
    """Tell by the first entries: a `mimetype` of a type of our list, or an Office document's."""
    names: list[str] = []
    for entry in _ZIP_ENTRY.finditer(head):
        method, *sizes = (int.from_bytes(field, "little") for field in entry.groups())
        name, content = entry.end() + sizes[0], entry.end() + sum(sizes)
        names.append(head[entry.end() : name].decode("latin-1"))
        if names == ["mimetype"] and method == 0:
            stated = head[content:].partition(b"PK")[0].decode("latin-1").strip()
            known = _TYPE.fullmatch(stated) and re.fullmatch(ZIPPED, stated)
            return Found(stated) if known else Found(ZIP, ZIPPED)
    if {"[Content_Types].xml", "_rels/.rels"}.intersection(names):  # the order is free
        for folder, found in _OFFICE:
            if any(name.startswith(folder) for name in names):
                return found
    is_archive = names and names[0].startswith("META-INF/")
    return Found(BY_ENDING["jar"] if is_archive else ZIP, ZIPPED)


def _matroska(head: bytes) -> Found:
    stated = _DOC_TYPE.search(head)
    if stated is None:
        return Found("video/x-matroska", f"{MATROSKA}|{WEBM}")
    if stated[1] == b"webm":
        return Found("video/webm", WEBM)
    return Found("video/x-matroska", MATROSKA)


def _base_media(head: bytes) -> Found | None:
    """Tell by the brands of a file of ISO's base media format, the first of which counts most."""
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4]) or len(head), len(head))
    brands = [head[8:12], *(head[place : place + 4] for place in range(16, end - 3, 4))]
    known = [BRANDS[brand] for brand in brands if brand in BRANDS]
    if not known:
        return Found("video/mp4", MP4)
    if known[0].content_type in GENERAL_HEIF:
        return _picture_of(known)
    return Found(known[0].content_type, _all_of(known if known[0].also == MP4 else known[:1]))


def _picture_of(known: list[Found]) -> Found:
    """Return what a picture of HEIF is coded in, where a brand says it."""
    pictures = [found for found in known if found.content_type.startswith("image/")]
    coded = [found for found in pictures if found.content_type not in GENERAL_HEIF]
    if not coded:
        return Found(pictures[0].content_type, _all_of(pictures))
    moves = pictures[0].content_type.endswith("-sequence")
    alike = (found for found in coded if found.content_type.endswith("-sequence") == moves)
    best = next(alike, coded[0])
    return Found(best.content_type, f"{_all_of(coded)}|image/heif(?:-sequence)?")


def _all_of(found: list[Found]) -> str:
    return "|".join(f"{re.escape(one.content_type)}|{one.also}" for one in found)


def _text(head: bytes) -> Found | None:
    text = _read(head)
    if not text:
        return None
    prolog = _PROLOG.match(text)
    content = text[prolog.end() :] if prolog else text
    if _SVG_ROOT.match(content):
        return Found("image/svg+xml", r"text/(?!xml$).+|application/xhtml\+xml")
    # Of a prolog that is longer than the head nobody knows what comes after it.
    drawing = r"|image/svg\+xml" if not content or content.startswith(("<!", "<?")) else ""
    # Type Script and MPEG's transport streams have the same ending, so browsers take one for both.
    return Found("text/plain", rf"(?!image/|video/mp2t).+|{_TEXT_PICTURES}{drawing}")


def _read(head: bytes) -> str:
    """Return the head as text, a character that is cut in two left out; empty when it is none."""
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")()
    try:
        text = decoder.decode(head)
    except UnicodeDecodeError:
        return ""
    return "" if _CONTROL_CHARACTER.search(text) else text
