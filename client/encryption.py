"""Encrypts what must not lie on a disk in the clear: signed URLs are as good as passwords."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken


class EncryptionKey:
    """The key in one file, which encrypts and authenticates (Fernet: AES-128-CBC, HMAC-SHA-256).

    Attributes:
        id: tells whether something was encrypted with this key; says nothing about the key.
    """

    def __init__(self, path: Path) -> None:
        """Read the key, or make one where there is none or none that can be used.

        Raises:
            OSError: the file cannot be read or written.
        """
        key = _key_of(path)
        self.id = hashlib.sha256(key).hexdigest()[:16]
        self._fernet = Fernet(key)

    def encrypt(self, content: bytes) -> bytes:
        """Return the content encrypted."""
        return self._fernet.encrypt(content)

    def decrypt(self, encrypted: bytes) -> bytes | None:
        """Return the content, or None when it was encrypted with another key or changed since."""
        try:
            return self._fernet.decrypt(encrypted)
        except InvalidToken:
            return None


def _key_of(path: Path) -> bytes:
    try:
        key = path.read_bytes().strip()
    except FileNotFoundError:
        return _place_new_key(path, os.link)
    try:
        Fernet(key)
    except ValueError:
        return _place_new_key(path, os.replace)
    return key


def _place_new_key(path: Path, place: Callable[[Path, Path], None]) -> bytes:
    """Put a key in place whole, so that no process ever reads half of one."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
        with suppress(FileExistsError):  # another process was first
            place(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path.read_bytes()
