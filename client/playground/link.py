"""A link to an operation: `?op=` holds the document and its variables, and nothing secret."""

import base64
import binascii
import json
import zlib

from client.json_object import as_object, parse_json
from client.playground.saved_operations import SavedOperation
from client.wire.exchange import mask_text

LONGEST_LINK = 6_000
"""Characters of `op`; browsers and proxies take addresses of about 8,000."""
LARGEST_CONTENT = 200_000
"""Bytes that a link may unpack to."""


def write_link(operation: SavedOperation) -> str | None:
    """Return the value of `op`, or None when it would be too long for an address.

    Tokens and signatures, also those of URLs in the variables, are masked.
    """
    content = {
        "name": mask_text(operation.name),
        "text": mask_text(operation.text),
        "variables": mask_text(operation.variables),
    }
    packed = zlib.compress(json.dumps(content, ensure_ascii=False).encode(), 9)
    value = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    return value if len(value) <= LONGEST_LINK else None


def read_link(value: str) -> SavedOperation | None:
    """Return the operation of a link; None when the value is not one of ours."""
    if len(value) > LONGEST_LINK:
        return None
    try:
        packed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        content = zlib.decompressobj().decompress(packed, LARGEST_CONTENT)
    except (binascii.Error, ValueError, zlib.error):
        return None
    fields = as_object(parse_json(content))
    texts = [fields.get(name) for name in ("text", "variables", "name")]
    if not all(isinstance(text, str) for text in texts):
        return None
    text, variables, name = map(str, texts)
    return SavedOperation(text, variables, name)
