from collections.abc import Iterator

import pytest
import streamlit as st

from process import Process


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
