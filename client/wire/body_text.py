"""The text in the bytes of an answer, and how they were encoded.

JSON goes over the wire as UTF-8 without a byte order mark (RFC 8259, section 8.1), and not every
server knows. What can be read all the same is read, and whoever shows it can say how it came.
"""

import codecs
import re
from dataclasses import dataclass

UTF_8 = "UTF-8"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CHARSET = re.compile(r"charset\s*=\s*\"?((?:iso-8859-|windows-125)\d+|us-ascii)\b", re.IGNORECASE)


@dataclass(frozen=True)
class BodyText:
    """A body as text.

    Attributes:
        encoding: how it came, as people call it; empty where it could not be told, and bytes that
            are no UTF-8 became replacement characters.
    """

    text: str
    encoding: str = UTF_8


def body_text(content: bytes, content_type: str = "", *, cut: bool = False) -> BodyText:
    """Return the text of a body.

    A byte order mark decides, and what the Content-Type says only where the bytes are no UTF-8.

    Args:
        content: the bytes.
        content_type: the header's value.
        cut: whether more would have followed, so that the last character may be half there.
    """
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return BodyText(_decoded(content, codec, "replace", cut=cut), name)
    if b"\0" in content[:2]:  # JSON begins with a character of ASCII, two bytes in UTF-16
        codec = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
        return BodyText(_decoded(content, codec, "replace", cut=cut), "UTF-16")
    try:
        return BodyText(_decoded(content, "utf-8", "strict", cut=cut))
    except UnicodeDecodeError:
        told = _CHARSET.search(content_type)
    if told:
        return BodyText(_decoded(content, told[1], "replace", cut=cut), told[1].upper())
    return BodyText(_decoded(content, "utf-8", "replace", cut=cut), "")


def _decoded(content: bytes, codec: str, errors: str, *, cut: bool) -> str:
    return codecs.getincrementaldecoder(codec)(errors).decode(content, final=not cut)
