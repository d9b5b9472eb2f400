from collections.abc import Generator

import pytest

from tests.s3.engines import Engine, ceph_engine, ceph_is_installed, embedded_engine, is_root

INSTALL = "sh tests/install_system_packages.sh .venv/bin/python"


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Generator[Engine, None, None]:
    with embedded_engine(tmp_path_factory.mktemp("embedded")) as engine:
        yield engine


@pytest.fixture(scope="session")
def ceph(tmp_path_factory: pytest.TempPathFactory) -> Generator[Engine, None, None]:
    """A new Ceph store; root can install it, so only others may go without."""
    if not ceph_is_installed():
        missing = f"There is no Ceph here to compare with. As root: {INSTALL}"
        if is_root():
            pytest.fail(missing)
        pytest.skip(missing)
    with ceph_engine(tmp_path_factory.mktemp("ceph")) as engine:
        yield engine
