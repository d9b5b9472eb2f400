"""What the history says of a run that came to nothing."""

from pathlib import Path

import pytest

from client.connection.connection import Connection, NoToken
from client.playground.runs import Runs
from client.playground.saved_operations import OperationStore
from components.playground import state


class NoClient:
    """Stands for a client of ours that breaks."""

    connection = Connection("Mine", "https://mine.example/graphql", "", NoToken())

    @property
    def graphql(self) -> None:
        raise RuntimeError("a fault of ours")


def test_a_run_that_our_own_fault_ended_is_not_called_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, runs = OperationStore(tmp_path), Runs()
    visit = state.Playground("ann", store, runs)
    visit.load("{ first }")
    monkeypatch.setattr(state, "api", NoClient)
    visit.execute(visit.active)
    run = runs.of("ann", visit.active)
    assert run
    run.wait(10)
    assert run.fault
    [entry] = store.history("ann")
    assert (entry.text, entry.facts["outcome"]) == ("{ first }", state.FAULT)
    store.close()
