"""Takes the rights on files of the data folder away from other accounts of the machine."""

import os
from collections.abc import Iterator
from pathlib import Path

NOBODY_ELSE = 0o077
NAMES = (
    "files",
    "assets",
    "service*",
    "content-hub*",
    "oauth-client.json",
    "transfers.*",
    "operations.*",
    "connections.*",
    "web.sqlite3*",
    "users.yaml",
)
"""What a data folder may hold of ours; anything else in it is left alone."""


def keep_private(data_dir: Path) -> list[Path]:
    """Make files 0600 and folders 0700: those that come from now on, and those of the data folder.

    The data folder itself stays as whoever made it wants it. It need not exist.

    Returns:
        What stays readable for others, because it belongs to somebody else.
    """
    os.umask(NOBODY_ELSE)
    readable: list[Path] = []
    for path in _ours(data_dir):
        try:
            mode = path.stat().st_mode
            if mode & NOBODY_ELSE:
                path.chmod(mode & ~NOBODY_ELSE)
        except FileNotFoundError:
            pass  # swept, or moved to its own name, by a process that is about to end
        except PermissionError:
            readable.append(path)
    return readable


def _ours(data_dir: Path) -> Iterator[Path]:
    for path in (path for name in NAMES for path in data_dir.glob(name)):
        yield path
        if path.is_dir():
            yield from path.rglob("*")
