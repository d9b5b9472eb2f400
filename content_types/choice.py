"""The type of a file: by its bytes, else by what it claims."""

import mimetypes
import re

from content_types.found import found_in
from content_types.table import BY_ENDING, SHOWN_BY_BYTES

HEAD_SIZE = 4096
"""Bytes from the start of a file that decide; `uploader/engine/head.js` sends as many."""

UNKNOWN = "application/octet-stream"

_COMPRESSED = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}
_NO_CLAIM = frozenset({"", UNKNOWN, "binary/octet-stream"})


def content_type_of(head: bytes, claimed: str = "") -> str:
    """Return the type of a file.

    Args:
        head: its first `HEAD_SIZE` bytes; all of a smaller file.
        claimed: the type that a browser, a name or a person gives it, parameters included; empty
            for none.
    """
    name = claimed.partition(";")[0].strip().lower()
    found = found_in(head)
    if found is None:
        return UNKNOWN if name in _NO_CLAIM | SHOWN_BY_BYTES else claimed
    if name == found.content_type:
        return claimed
    open_to = name not in _NO_CLAIM and re.fullmatch(found.also, name)
    return claimed if open_to else found.content_type


def is_false_image(head: bytes, claimed: str) -> bool:
    """Return whether a file passes for an image by its name and is none by its bytes."""
    called = claimed.lower().startswith("image/")
    return called and not content_type_of(head, claimed).lower().startswith("image/")


def type_by_name(name: str) -> str:
    """Return the type that a file's name claims; empty when it claims none."""
    _, dot, ending = name.lower().rpartition(".")
    if dot and ending in BY_ENDING:
        return BY_ENDING[ending]
    content_type, encoding = mimetypes.guess_type(name)
    return (_COMPRESSED.get(encoding, "") if encoding else content_type) or ""
