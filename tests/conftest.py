"""What several kinds of tests need running: the app, a real Ceph store, a strict endpoint."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck
from xdist.remote import Producer  # pyright: ignore[reportMissingTypeStubs]
from xdist.scheduler import LoadScopeScheduling  # pyright: ignore[reportMissingTypeStubs]

from client.api.api import Api
from client.connection.connection import connection_from_settings
from settings import read_settings
from tests.app.strict_remote import StrictRemote, nginx_program, running_strict_remote
from tests.app_server import AppServer, ServiceAlone, free_port
from tests.s3.engines import Ceph, Engine, ceph_engine, ceph_is_installed, is_root

# How long an example takes says something about the machine, nothing about what is tested.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")

# A module stays on one worker, for its servers are shared. Those that need Ceph count as one
# module: it is dear to start. These come first, then the browser's and those that are not fast,
# being the longest: the many short ones that follow let the workers end together.
TESTS = Path(__file__).parent
NEED_CEPH = (
    "browser/connections/test_strict_remote.py",
    "browser/upload/test_relay.py",
    "browser/checks/test_checks.py",
    "browser/upload/test_bucket.py",
    "web/transfers/test_relay_live.py",
    "app/test_strict_remote.py",
    "pages/test_strict_pages.py",
    "s3/test_s3_protocol.py",
    "service/store/test_s3_store.py",
    "client/contract_check/test_ceph.py",
)
# What `make fast` leaves out beside the tests of the browser: what needs the app or Ceph, and what
# computes long or tries many times.
NOT_FAST_FIXTURES = {"app_server", "own_app_server", "ceph"}
NOT_FAST_MODULES = (
    "client/contract_check/test_run.py",
    "client/contract_check/test_reports.py",
    "client/export/test_scripts.py",
    "cutout/test_edits.py",
    "cutout/engines/test_engine.py",
    "cutout/engines/test_engines.py",
    "cutout/test_jobs.py",
    "cutout/test_quality.py",
    "cutout/test_render.py",
    "cutout/test_steering.py",
    "pages/test_fault_panel.py",
    "real_clients/test_upgrade.py",
    "service/images/test_engines.py",
    "service/images/test_hostile.py",
    "service/images/test_removal.py",
    "service/store/test_full_disk.py",
    "service/s3_api/test_fuzz.py",
    "service/graphql/test_fuzz.py",
    "service/images/test_analysis.py",
    "service/store/test_kill.py",
    "service/s3_api/test_machine.py",
    "service/test_process.py",
    "service/store/test_races.py",
    "service/store/test_space.py",
    "app/test_damaged_files.py",
    "app/test_nginx.py",
    "app/test_stop.py",
    "web/test_launch.py",
    "web/transfers/test_relay_live.py",
)
# What they drive is installed by `make test-clients` and `make test-browsers` only, which ask for
# their mark.
ONLY_WHEN_ASKED_FOR = {
    "real_clients/test_clients.py": "clients",
    "other_browsers": "browsers",
}

INSTALL = "sh tests/install_system_packages.sh .venv/bin/python"


class ByModule(LoadScopeScheduling):
    """Hands whole modules to the workers (`pytest -n 3`), in the order of collection.

    In the place of the marks that `--dist loadgroup` reads: it does not see them under pytest 9.2.
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0].removeprefix(f"{TESTS.name}/")
        return "ceph" if module in NEED_CEPH else module


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByModule:
    """Return how tests are shared out among workers."""
    return ByModule(config, log)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even load what would be left out: under `-m fast`, or as a rule."""
    if not collection_path.is_relative_to(TESTS):
        return None
    module = collection_path.relative_to(TESTS).as_posix()
    if mark := ONLY_WHEN_ASKED_FOR.get(module):
        return config.option.markexpr != mark or None
    left_out = module == "browser" or module in NOT_FAST_MODULES
    return (config.option.markexpr == "fast" and left_out) or None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is fast, and put what takes longest first."""

    def place(item: pytest.Item) -> int:
        module = _module_of(item)
        if module in NEED_CEPH:
            return 0
        return 1 if module.startswith("browser/") else 2 if module in NOT_FAST_MODULES else 3

    for module in (*NEED_CEPH, *NOT_FAST_MODULES):
        if not (TESTS / module).is_file():
            raise pytest.UsageError(f"{module} is named in {__file__} and does not exist")
    for item in items:
        module, fixtures = _module_of(item), _fixtures_of(item)
        if "ceph" in fixtures and module not in NEED_CEPH:
            raise pytest.UsageError(f"{module} needs Ceph: name it in NEED_CEPH of {__file__}")
        starts_the_app = hasattr(getattr(item, "module", None), AppServer.__name__)
        slow = starts_the_app or fixtures & NOT_FAST_FIXTURES or module in NOT_FAST_MODULES
        if not slow and not module.startswith("browser/"):
            item.add_marker(pytest.mark.fast)
    items.sort(key=place)


def _fixtures_of(item: pytest.Item) -> set[str]:
    names: list[str] = getattr(item, "fixturenames", [])
    return set(names)


def _module_of(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).as_posix()


@pytest.fixture(scope="session")
def installed_components() -> Iterator[None]:
    """For tests by `AppTest`, each of which reads about every installed package: once is enough."""
    from streamlit.components.v2 import manifest_scanner  # other tests start without Streamlit

    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


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
def api(service_alone: ServiceAlone, tmp_path: Path) -> Iterator[Api]:
    """A client of the service without the pages."""
    settings = read_settings(service_alone.environment_of_child(), tmp_path / "none.toml")
    api = Api(connection_from_settings(settings))
    yield api
    api.close()


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


@pytest.fixture(scope="session")
def strict_endpoint(ceph: Ceph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StrictRemote]:
    """An endpoint as strict as a real one may be, for all tests of a run: `strict_remote`."""
    if nginx_program() is None:
        missing = f"There is no nginx here to put in front of it. As root: {INSTALL}"
        if is_root():
            pytest.fail(missing)
        pytest.skip(missing)
    with running_strict_remote(tmp_path_factory.mktemp("strict") / "remote", ceph) as remote:
        yield remote


@pytest.fixture
def strict_remote(strict_endpoint: StrictRemote) -> StrictRemote:
    """The strict endpoint at the start of a minute, no fault but that tokens die early."""
    strict_endpoint.forget_faults()
    strict_endpoint.new_minute()
    return strict_endpoint
