"""What the operations of everybody's tabs came to: each runs whether or not a page waits for it.

A run belongs to a person and a tab, not to a visit: the person's other windows see it too, and so
does a browser that was closed and opened again.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from client.connection.connection import Endpoint
from client.json_object import JsonObject
from client.playground.run import Run

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 8
"""Operations of one person that wait for an answer at the same time."""
MOST_KEPT = 256 * 1024 * 1024
"""Bytes of all answers that are kept; a tab that was run longest ago loses its answer first."""


@dataclass(eq=False)
class TabRun:
    """The latest run of a tab.

    Attributes:
        operation: its name, or that of its first field.
        asked: what it was sent to; None for what was not sent.
        press: the number of the press of Run that it came from; 0 for none.
        begun: seconds since the epoch.
        outcome: None as long as it is awaited, and when nobody waits for it any more.
        cancelled: when the person gave up waiting, in seconds since the epoch.
        fault: the id of the log's entry on a fault of this app that nothing came of; else empty.
    """

    operation: str
    asked: Endpoint | None = None
    press: int = 0
    begun: float = field(default_factory=time.time)
    outcome: Run | None = None
    cancelled: float | None = None
    fault: str = ""
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def awaited(self) -> bool:
        """Whether its answer is still waited for."""
        return self.outcome is None and self.cancelled is None and not self.fault

    def wait(self, seconds: float) -> None:
        """Let so much time pass, or as much of it as the answer takes."""
        self._ended.wait(seconds)

    def end(self, outcome: Run) -> None:
        """Take what came of it; nobody sees it who has given up waiting."""
        if self.cancelled is None:
            self.outcome = outcome
        self._ended.set()

    def fail(self, fault: str) -> None:
        """Come to nothing, by a fault of this app that the log has an entry on."""
        if self.awaited:
            self.fault = fault
        self._ended.set()

    def cancel(self) -> None:
        """Wait no longer. What is sent is sent: the endpoint may carry it out all the same."""
        if self.awaited:
            self.cancelled = time.time()
        self._ended.set()


class Runs:
    """The latest run of each tab, in the memory of this process. Thread-safe.

    Attributes:
        since: when it began, in seconds since the epoch: nothing is known of runs before.
    """

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        """Keep no more than so many bytes of answers."""
        self.since = time.time()
        self._most_kept = most_kept
        self._lock = threading.Lock()
        self._runs: dict[tuple[str, str], TabRun] = {}
        self._before: dict[tuple[str, str], TabRun] = {}
        self._working: dict[str, int] = {}

    def of(self, owner: str, tab_id: str) -> TabRun | None:
        """Return the latest run of a tab of the owner's."""
        with self._lock:
            return self._runs.get((owner, tab_id))

    def before(self, owner: str, tab_id: str) -> TabRun | None:
        """Return the run before a tab's latest one that an answer came to, to compare with."""
        with self._lock:
            return self._before.get((owner, tab_id))

    def answers(self, owner: str, asked: Endpoint) -> Sequence[JsonObject]:
        """Return the `data` of what an endpoint answered the owner's tabs, the newest first."""
        return [data for of, data in self._answers(owner) if of == asked]

    def answers_elsewhere(self, owner: str, asked: Endpoint) -> Sequence[JsonObject]:
        """Return the `data` of what others answered: no value of it is for this endpoint."""
        return [data for of, data in self._answers(owner) if of != asked]

    def _answers(self, owner: str) -> Sequence[tuple[Endpoint | None, JsonObject]]:
        with self._lock:
            kept = [
                run
                for runs in (self._runs, self._before)
                for (of, _tab_id), run in runs.items()
                if of == owner
            ]
        kept.sort(key=lambda run: run.begun, reverse=True)
        return [(run.asked, run.outcome.data) for run in kept if run.outcome and run.outcome.data]

    def begin(self, owner: str, tab_id: str, run: TabRun, work: Callable[[], Run]) -> bool:
        """Have a thread do the work of a tab's run.

        Returns False, and nothing is done, while the tab's last one is awaited, or `MOST_AT_ONCE`
        of the owner's are under way.
        """
        key = (owner, tab_id)
        with self._lock:
            last, working = self._runs.get(key), self._working.get(owner, 0)
            if (last and last.awaited) or working >= MOST_AT_ONCE:
                return False
            self._keep_answer(key)
            self._runs.pop(key, None)  # so that it is the newest
            self._runs[key] = run
            self._working[owner] = working + 1
        # A daemon: the app may end while an endpoint keeps an answer waiting.
        threading.Thread(target=self._work, args=(owner, run, work), daemon=True).start()
        return True

    def put(self, owner: str, tab_id: str, outcome: Run) -> None:
        """Take an outcome for which nothing was to be sent, unless the last one is awaited."""
        with self._lock:
            last = self._runs.get((owner, tab_id))
            if last is None or not last.awaited:
                self._keep_answer((owner, tab_id))
                self._runs[owner, tab_id] = TabRun(
                    outcome.operation, begun=outcome.started, outcome=outcome
                )

    def _keep_answer(self, key: tuple[str, str]) -> None:
        """Keep the answer of a tab's run that another one takes the place of."""
        last = self._runs.get(key)
        if last and last.outcome and last.outcome.status is not None:
            self._before.pop(key, None)
            self._before[key] = last

    def go_on_as(self, owner: str, tab_id: str, other_id: str) -> None:
        """Let another tab show the run of this one too."""
        with self._lock:
            for runs in (self._runs, self._before):
                if run := runs.get((owner, tab_id)):
                    runs[owner, other_id] = run

    def forget(self, owner: str, tab_id: str) -> None:
        """Keep nothing of a tab that is closed; what was sent for it runs to its end."""
        with self._lock:
            self._runs.pop((owner, tab_id), None)
            self._before.pop((owner, tab_id), None)

    def _work(self, owner: str, run: TabRun, work: Callable[[], Run]) -> None:
        try:
            run.end(work())
        except Exception as error:  # noqa: BLE001 - logged, and told to whoever waits
            fault = secrets.token_hex(4)
            _log.error("Told to the playground as %s", fault, exc_info=error)
            run.fail(fault)
        finally:
            with self._lock:
                self._working[owner] -= 1
                if not self._working[owner]:
                    del self._working[owner]
                self._forget_old()

    def _forget_old(self) -> None:
        """Forget what takes too much room: answers to compare with first, the latest never."""
        too_much = -self._most_kept
        kept: list[tuple[dict[tuple[str, str], TabRun], tuple[str, str], int]] = []
        for runs in (self._before, self._runs):
            for key, run in runs.items():
                if run.outcome:
                    kept.append((runs, key, run.outcome.size or 0))
        too_much += sum(size for _, _, size in kept)
        for runs, key, size in kept[:-1]:
            if too_much <= 0:
                return
            del runs[key]
            too_much -= size
