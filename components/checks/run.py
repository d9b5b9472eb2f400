"""A contract check that runs in a thread, so that the page stays free."""

import threading
from collections.abc import Set
from dataclasses import dataclass, replace

from client.api.api import Api
from client.contract_check.probe import Finding, Group, Probe
from client.contract_check.run import CheckReport, probes_of, run_check
from client.contract_check.trial import CheckOptions


@dataclass(frozen=True)
class CheckState:
    """How far a check is; `report` is there at the end."""

    findings: tuple[Finding, ...] = ()
    report: CheckReport | None = None


class CheckRun:
    """One contract check. Its methods may be called from any thread."""

    def __init__(self, api: Api, choice: CheckOptions, groups: Set[Group]) -> None:
        self.probes: tuple[Probe, ...] = tuple(probes_of(groups))
        self._state = CheckState()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._work, args=(api, choice, groups), name="contract-check", daemon=True
        )
        self._thread.start()

    @property
    def state(self) -> CheckState:
        """How far it is now."""
        with self._lock:
            return self._state

    @property
    def running(self) -> bool:
        """Whether it still runs probes, or cleans up after them."""
        return self.state.report is None and self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Run no further probe; what the probes made is cleaned up."""
        self._stop.set()

    def _work(self, api: Api, choice: CheckOptions, groups: Set[Group]) -> None:
        run = run_check(api, choice, groups, self._stop.is_set)
        while True:
            try:
                finding = next(run)
            except StopIteration as end:
                self._set(replace(self.state, report=end.value))
                return
            state = self.state
            self._set(replace(state, findings=(*state.findings, finding)))

    def _set(self, state: CheckState) -> None:
        with self._lock:
            self._state = state
