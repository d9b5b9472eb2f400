from collections.abc import Iterator

import pytest
import streamlit as st

from process import Process
from tests.app_server import ServiceAlone
from tests.client.scripted_endpoint import ScriptedEndpoint, running_endpoint


@pytest.fixture(autouse=True, scope="session")
def once(installed_components: None) -> None:
    """What every test of a page is quicker with."""


@pytest.fixture(autouse=True)
def nothing_shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test's pages open what a process has once with the settings of the test."""
    opened: list[Process] = []
    monkeypatch.setattr("process._opened", opened)
    yield
    for process in opened:
        process.close()
    st.cache_resource.clear()


@pytest.fixture
def environment(service_alone: ServiceAlone, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection of the running service."""
    for variable, value in service_alone.environment_of_child().items():
        monkeypatch.setenv(variable, value)


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedEndpoint]:
    """An endpoint that fails as told, which the pages are connected to."""
    with running_endpoint() as endpoint:
        monkeypatch.setenv("AMPLIENCE_GRAPHQL_URL", f"{endpoint.url}/graphql")
        monkeypatch.setenv("AMPLIENCE_PAT", "amp_pat_canary")
        yield endpoint
