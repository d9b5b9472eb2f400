"""What several kinds of tests need running: the app, a real Ceph store, a strict endpoint."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.app_server import AppServer, ServiceAlone, free_port
from tests.s3.engines import Ceph, Engine, ceph_engine, ceph_is_installed, is_root
from tests.strict_remote import StrictRemote, nginx_program, running_strict_remote

# How long an example takes says something about the machine, nothing about what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

TESTS = Path(__file__).parent
# What `make fast` leaves out beside tests of a browser: whatever needs the app or Ceph, and these.
NOT_FAST_FIXTURES = {"app_server", "own_app_server", "ceph"}
NOT_FAST_MODULES: set[str] = set()
LONGEST_FIRST: tuple[str, ...] = ()
INSTALL = "sh tests/install_system_packages.sh .venv/bin/python"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell the workers what stays together, what comes first, and what is fast.

    A module stays on one worker, for its servers are shared; so do all modules that need Ceph,
    which is dear to start.
    """
    with_ceph = {item.path for item in items if "ceph" in _fixtures_of(item)}
    for item in items:
        module = item.path.relative_to(TESTS).with_suffix("").as_posix()
        item.add_marker(pytest.mark.xdist_group("ceph" if item.path in with_ceph else module))
        needs_nothing = not NOT_FAST_FIXTURES & _fixtures_of(item)
        if needs_nothing and module not in NOT_FAST_MODULES and not module.startswith("browser/"):
            item.add_marker(pytest.mark.fast)


def _fixtures_of(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The app, shared by all tests of a run; the `demo` admin has `app_server.password`."""
    server = AppServer(tmp_path_factory.mktemp("app") / "data", free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def service_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceAlone]:
    """The service without the pages, for tests that would not notice the pages."""
    server = ServiceAlone(tmp_path_factory.mktemp("service") / "data", free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_app_server(tmp_path: Path) -> Iterator[AppServer]:
    """An app that the test may stop, start and fill with what it likes. Not started yet."""
    server = AppServer(tmp_path / "data", free_port())
    yield server
    server.stop()


@pytest.fixture(scope="session")
def ceph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A new Ceph store; root can install it, so only others may go without."""
    if not ceph_is_installed():
        missing = f"There is no Ceph here to compare with. As root: {INSTALL}"
        if is_root():
            pytest.fail(missing)
        pytest.skip(missing)
    with ceph_engine(tmp_path_factory.mktemp("ceph")) as engine:
        yield engine


@pytest.fixture
def strict_remote(ceph: Ceph, tmp_path: Path) -> Iterator[StrictRemote]:
    """An endpoint as strict as a real one may be; new for each test, as its rate limit counts."""
    if nginx_program() is None:
        missing = f"There is no nginx here to put in front of it. As root: {INSTALL}"
        if is_root():
            pytest.fail(missing)
        pytest.skip(missing)
    with running_strict_remote(tmp_path / "strict", ceph) as remote:
        yield remote
