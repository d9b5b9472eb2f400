"""Checksums that a complete request may carry, computed from the part's file when asked for.

Source: the S3 model's `CompletedPart` (contract 7.6). Values are base64 of the digest's bytes.
"""

import base64
import hashlib
import zlib
from pathlib import Path

BLOCK = 1024 * 1024
SUPPORTED = ("CRC32", "SHA1", "SHA256")


def checksum(path: Path, algorithm: str) -> str:
    """Return the base64 digest of a file, read in blocks.

    Args:
        path: the file.
        algorithm: one of `SUPPORTED`.
    """
    with path.open("rb") as file:
        if algorithm == "CRC32":
            value = 0
            while block := file.read(BLOCK):
                value = zlib.crc32(block, value)
            digest = value.to_bytes(4, "big")
        else:
            digest = hashlib.file_digest(file, algorithm.lower()).digest()
    return base64.b64encode(digest).decode()
