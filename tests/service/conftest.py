from collections.abc import Generator

import pytest

from tests.service.api_client import Api
from tests.service.live import SMALL, Live, running


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Generator[Live, None, None]:
    """A service with small limits, shared by all tests that need no other."""
    with running(tmp_path_factory.mktemp("live"), **SMALL) as live:
        yield live


@pytest.fixture(scope="session")
def full_size(tmp_path_factory: pytest.TempPathFactory) -> Generator[Live, None, None]:
    """A service with the documented limits."""
    with running(tmp_path_factory.mktemp("full")) as live:
        yield live


@pytest.fixture
def api(live: Live) -> Api:
    return live.api
