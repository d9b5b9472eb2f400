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
    digest = _crc32(path) if algorithm == "CRC32" else _hash(path, algorithm.lower())
    return base64.b64encode(digest).decode()


def _crc32(path: Path) -> bytes:
    value = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            value = zlib.crc32(block, value)
    return value.to_bytes(4, "big")


def _hash(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, name).digest()
