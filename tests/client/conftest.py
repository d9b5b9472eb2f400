from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.scripted_endpoint import ScriptedEndpoint, running_endpoint


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with running_endpoint() as endpoint:
        yield endpoint


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """100 bytes that show a misplaced part; above the scripted single limit of 50."""
    path = tmp_path / "clip of mine.bin"
    path.write_bytes(bytes(range(100)))
    return path


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """40 bytes with the first bytes of a PNG, below the scripted single limit of 50."""
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(32))
    return path
