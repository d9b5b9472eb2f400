"""Files to send."""

import os
from pathlib import Path

BLOCK = 1 << 20


def random_file(path: Path, size: int) -> Path:
    """Write a file of random bytes, of that many bytes."""
    with path.open("wb") as file:
        for at in range(0, size, BLOCK):
            file.write(os.urandom(min(BLOCK, size - at)))
    return path


def make_new(file: Path) -> None:
    """Change the first bytes, so that no page takes the file for one it has seen before."""
    with file.open("r+b") as opened:
        opened.write(os.urandom(16))
