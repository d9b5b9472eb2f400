from collections.abc import Iterator
from pathlib import Path

import bcrypt
import pytest

from settings import Settings, read_settings
from tests.app_server import AppServer
from tests.visit import Visit, visit
from web.sign_in.access import Access, open_access
from web.sign_in.users import PageUser


def cheap_hash(password: str) -> str:
    """A hash as good as any to sign in with, at the least cost that bcrypt allows."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


PASSWORD_HASH = cheap_hash("pencil")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environment = {"TFW_DATA_DIR": str(tmp_path / "data"), "TFW_PORT": "8599"}
    return read_settings(environment, tmp_path / "no-secrets.toml")


@pytest.fixture
def access(settings: Settings) -> Iterator[Access]:
    opened = open_access(settings)
    opened.users.save(PageUser("ada", "Ada Lovelace", PASSWORD_HASH, ("viewer", "uploader")))
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


@pytest.fixture
def visitor(server: AppServer) -> Iterator[Visit]:
    """A tab of the app that the module's own `server` runs."""
    with visit(server.url) as opened:
        yield opened
