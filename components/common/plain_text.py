"""User text (file names, error bodies, labels) shown as itself, never as Markdown."""

import re

from client.json_object import encodable

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_LINK_STARTS = re.compile(r"(?:https?(?=:)|www(?=\.)|(?=@))", re.IGNORECASE)
_CODE = re.compile(r"`([^`\n]+)`")
_WORD_JOINER = "\u2060"
_BIDI_CONTROLS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Return text that Streamlit's Markdown shows letter by letter, on one line.

    Every ASCII punctuation mark is escaped (CommonMark 2.4), line breaks and control characters
    become spaces, and right-to-left text cannot turn around what stands next to it (UAX 9, 6.3).
    Plain ASCII needs no such fence. Addresses are made into links even when escaped (GitHub's
    Markdown, 6.9), so an invisible word joiner keeps their first letters apart.
    """
    one_line = on_one_line(text)
    escaped = _MARKDOWN.sub(r"\\\1", _LINK_STARTS.sub(rf"\g<0>{_WORD_JOINER}", one_line))
    return escaped if one_line.isascii() else f"{_ISOLATE}{escaped}{_END_ISOLATE}"


def described(text: str) -> str:
    """Return a schema's words on one of its parts as Markdown: code stays code, the rest is plain.

    Descriptions are Markdown (GraphQL specification, "Descriptions"); names of fields and values
    stand in backticks there.
    """
    parts = _CODE.split(text)
    return "".join(
        f"`{on_one_line(part)}`" if at % 2 else _around(part) for at, part in enumerate(parts)
    )


def _around(text: str) -> str:
    """Escape what stands beside code, with the spaces at its ends."""
    inner = text.strip()
    before, after = " " * (text[:1].isspace()), " " * (text[-1:].isspace())
    return f"{before}{plain(inner)}{after}" if inner else before


def on_one_line(text: str) -> str:
    """Return text for places that show it letter by letter anyway, such as a select box's list."""
    return encodable(_CONTROL.sub(" ", _BIDI_CONTROLS.sub("", text)))
