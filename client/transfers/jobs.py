"""Work on transfers that goes on whether or not a browser waits for its answer."""

import threading
import time
from collections.abc import Callable, Collection, Hashable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

AT_ONCE = 16
"""Pieces of work of all visitors at the same time; each waits for an endpoint or a store."""
KEPT = 60.0
"""Seconds that an answer nobody has asked for is kept."""

T = TypeVar("T")


@dataclass
class _Job(Generic[T]):
    future: "Future[T]" = field(default_factory=lambda: Future[T]())
    ended: float | None = None


class Jobs(Generic[T]):
    """Runs work under keys: what is asked for again while it runs is not begun again.

    Thread-safe. An answer is there for whoever asks next, and is forgotten once it was taken.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._jobs: dict[Hashable, _Job[T]] = {}
        self._threads = ThreadPoolExecutor(AT_ONCE, "transfers")

    def begin(
        self,
        keys: Collection[Hashable],
        work: Callable[[frozenset[Hashable]], Mapping[Hashable, T]],
    ) -> dict[Hashable, "Future[T]"]:
        """Have a thread do the work for those of the keys that nobody works on yet.

        Args:
            keys: name the work; an answer is had by its key.
            work: is called with these keys, and returns an answer for each. What it raises, all
                of them raise.

        Returns:
            The answer to come for each key.
        """
        with self._lock:
            self._forget_old()
            new = frozenset(key for key in keys if key not in self._jobs)
            for key in new:
                self._jobs[key] = _Job()
            found = {key: self._jobs[key].future for key in keys}
        if new:
            self._threads.submit(self._run, new, work)
        return found

    def take(self, key: Hashable, answer: "Future[T]") -> None:
        """Forget an answer: it has been given. What was begun since under its key goes on."""
        with self._lock:
            job = self._jobs.get(key)
            if job and job.future is answer:
                del self._jobs[key]

    def close(self) -> None:
        """Begin nothing more, and wait for nothing."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _run(
        self,
        keys: frozenset[Hashable],
        work: Callable[[frozenset[Hashable]], Mapping[Hashable, T]],
    ) -> None:
        try:
            answers, failure = work(keys), None
        except Exception as error:  # noqa: BLE001 - raised by the future, where it is asked for
            answers, failure = dict[Hashable, T](), error
        with self._lock:
            jobs = {key: self._jobs[key] for key in keys}
            for job in jobs.values():
                job.ended = self._now()
        for key, job in jobs.items():
            if key in answers:
                job.future.set_result(answers[key])
            else:
                job.future.set_exception(failure or KeyError(key))

    def _forget_old(self) -> None:
        before = self._now() - KEPT
        for key, job in list(self._jobs.items()):
            if job.ended is not None and job.ended < before:
                del self._jobs[key]
