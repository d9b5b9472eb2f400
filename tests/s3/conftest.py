from collections.abc import Generator

import pytest

from tests.s3.engines import Engine, embedded_engine


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Generator[Engine, None, None]:
    with embedded_engine(tmp_path_factory.mktemp("embedded")) as engine:
        yield engine
