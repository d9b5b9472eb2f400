from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import Settings, read_settings
from web.access import Access, open_access
from web.users import User, hash_password

PASSWORD_HASH = hash_password("pencil")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environment = {"TFW_DATA_DIR": str(tmp_path / "data"), "TFW_PORT": "8599"}
    return read_settings(environment, tmp_path / "no-secrets.toml")


@pytest.fixture
def access(settings: Settings) -> Iterator[Access]:
    opened = open_access(settings)
    opened.users.save(User("ada", "Ada Lovelace", PASSWORD_HASH, ("viewer", "uploader")))
    yield opened
    opened.sessions.close()


class Clock:
    """A clock that stands still until it is told to move on."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()
