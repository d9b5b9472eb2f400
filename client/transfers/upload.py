"""Sends a file: some parts at a time, each tried again where that can help.

Memory does not depend on the file or the part size: every worker holds one block of at most
1 MiB. A part is read twice, once for its MD5 and once to send it; the second read comes from the
page cache.
"""

import queue
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from client.api.api import Api
from client.errors import (
    ClientError,
    Detail,
    EtagMismatchError,
    FileChangedError,
    LinkExpiredError,
    PartFailedError,
    StorageRefusedError,
    TransferCancelledError,
)
from client.storage.complete import Receipt
from client.storage.plan import Kind, PlannedPart, UploadPlan
from client.storage.s3_error import failure_details, storage_failure
from client.transfers.events import (
    BytesSent,
    Completed,
    EtagDiffers,
    Event,
    PartDone,
    PartFailed,
    PartRetried,
    PartStarted,
    Planned,
)
from client.transfers.source import SourceFile
from client.wire.http import PUT_TIMEOUT, Answer, Call
from client.wire.retry import Retried, with_retries
from content_types import content_type_of, type_by_name

OnEvent = Callable[[Event], object]

_POLL = 0.2
_LAST_WORDS = 2.0
"""Seconds a stopped worker gets to notice; one that waits for an answer is left behind."""
_MD5_ETAG = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)


def upload_file(
    api: Api,
    path: Path,
    *,
    part_size: int | None = None,
    parallel: int | None = None,
    content_type: str | None = None,
    kind: Kind | None = None,
    on_event: OnEvent = lambda _event: None,
    cancel: threading.Event | None = None,
) -> Receipt:
    """Send a file and return what it brought, once the object is there with the right size.

    Args:
        api: the connection to use.
        path: a regular file.
        part_size: bytes; None lets the plan choose.
        parallel: parts sent at the same time; None takes the connection's number.
        content_type: None tells it from the first bytes, else from the name.
        kind: None takes a single PUT while the file is small enough for one.
        on_event: hears every event, one at a time, from several threads.
        cancel: once set, the transfer stops within about two seconds.

    Raises:
        InputError: one of its leaves, before anything is sent.
        FileChangedError: the file is not what it was; nothing was completed.
        PartFailedError: a part did not arrive after every try.
        LinkExpiredError: the URLs ran out; the message says what a fresh start costs.
        EtagMismatchError: the store received other bytes than were read.
        CompleteFailedError, SizeMismatchError: the store did not make the object.
        ApiError: one of its leaves.
        ServiceDownError: no answer arrived.
        TransferCancelledError: `cancel` was set.
    """
    source = SourceFile(path)
    if content_type is None:
        content_type = content_type_of(source.head, type_by_name(source.name))
    plan = api.plan_upload(source.name, source.size, content_type, part_size, kind)
    run = _UploadRun(api, source, plan, on_event, cancel or threading.Event())
    return run.upload(parallel or api.connection.parallel)


@dataclass
class _UploadRun:
    """One file on its way."""

    api: Api
    source: SourceFile
    plan: UploadPlan
    on_event: OnEvent
    cancel: threading.Event
    stop: threading.Event = field(default_factory=threading.Event)
    speaking: threading.Lock = field(default_factory=threading.Lock)
    waiting: queue.SimpleQueue[PlannedPart] = field(default_factory=queue.SimpleQueue[PlannedPart])
    outcomes: queue.SimpleQueue[PartDone | Exception] = field(
        default_factory=queue.SimpleQueue[PartDone | Exception]
    )
    etags: dict[int, str] = field(default_factory=dict[int, str])

    def upload(self, parallel: int) -> Receipt:
        """Send all parts, then complete."""
        started = time.monotonic()
        self.say(Planned(self.plan))
        self.send_all(parallel)
        self.source.check_unchanged()
        receipt = self.api.complete(self.plan, self.etags)
        receipt = replace(receipt, seconds=time.monotonic() - started)
        self.say(Completed(receipt))
        return receipt

    def send_all(self, parallel: int) -> None:
        """Return once every part has its ETag, or raise what went wrong first."""
        for part in self.plan.parts:
            self.waiting.put(part)
        # Daemons, since a process that was told to stop must not wait for a silent server.
        workers = [
            threading.Thread(target=self.work, name=f"part-sender-{index}", daemon=True)
            for index in range(min(parallel, len(self.plan.parts)))
        ]
        for worker in workers:
            worker.start()
        try:
            while len(self.etags) < len(self.plan.parts):
                self.take_outcome()
        finally:
            self.stop.set()
            until = time.monotonic() + _LAST_WORDS
            for worker in workers:
                worker.join(max(0.0, until - time.monotonic()))

    def take_outcome(self) -> None:
        """Wait a moment for a part that ended; raise its error, or that of a cancel.

        A cancel is raised when all that had arrived by then is counted.
        """
        is_cancelled = self.cancel.is_set()
        try:
            outcome = self.outcomes.get(timeout=0 if is_cancelled else _POLL)
        except queue.Empty:
            if is_cancelled:
                raise self.cancelled() from None
            return
        if isinstance(outcome, TransferCancelledError):
            return
        if isinstance(outcome, Exception):
            raise self.with_cost(outcome)
        self.etags[outcome.number] = outcome.etag

    def work(self) -> None:
        """Send parts until none waits or the run stops."""
        while not self.stop.is_set():
            try:
                part = self.waiting.get_nowait()
            except queue.Empty:
                return
            try:
                outcome: PartDone | Exception = self.send_part(part)
            except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
                outcome = error
            self.outcomes.put(outcome)

    def send_part(self, part: PlannedPart) -> PartDone:
        """Send one part, trying again where the table allows."""
        started, tries = time.monotonic(), 1

        def retried(failure: Retried) -> None:
            nonlocal tries
            tries = failure.failures + 1
            self.say(PartRetried(part.number, failure.failures, failure.delay, failure.error))

        try:
            digest = self.source.md5(part.start, part.end, self.go_on)
            answer = with_retries(
                lambda: self.put(part, digest, tries),
                self.api.policy,
                pause=self.stop.wait,
                on_retry=retried,
            )
        except ClientError as error:
            failure = self.part_failure(part, tries, error)
            if not isinstance(failure, TransferCancelledError):
                self.say(PartFailed(part.number, failure))
            raise failure from error
        etag = answer.headers["ETag"]
        done = PartDone(part.number, part.size, etag, time.monotonic() - started)
        if _MD5_ETAG.fullmatch(etag.strip('"')) and etag.strip('"').lower() != digest.hex():
            self.say(EtagDiffers(part.number, etag, digest.hex()))
        self.say(done)
        return done

    def put(self, part: PlannedPart, digest: bytes, tries: int) -> Answer:
        """Send one part once."""
        self.go_on(0)
        self.say(PartStarted(part.number, tries, part.size))
        return self.api.content_md5.put(lambda headers: self.put_with(part, headers), digest)

    def put_with(self, part: PlannedPart, headers: Mapping[str, str]) -> Answer:
        """Send one part once with these headers; a single upload adds its content type."""
        if self.plan.kind == "single":
            headers = {**headers, "Content-Type": self.plan.content_type}

        def sent(count: int) -> None:
            self.go_on(count)
            self.say(BytesSent(part.number, count, part.size))

        purpose = f"part {part.number}"
        with self.source.part(part.start, part.end, sent) as body:
            call = Call("PUT", part.url, purpose, headers, body, PUT_TIMEOUT)
            answer = self.api.wire.send(call)
        if answer.status != 200:
            raise storage_failure(answer, purpose)
        if not answer.headers.get("ETag"):
            raise StorageRefusedError(
                f"{answer.host} took {purpose} without an ETag.", **failure_details(answer, None)
            )
        return answer

    def go_on(self, _position: int) -> None:
        """Raise when the run was stopped; called before every block."""
        if self.stop.is_set() or self.cancel.is_set():
            raise self.cancelled()

    def say(self, event: Event) -> None:
        """Tell the caller, one event at a time."""
        with self.speaking:
            self.on_event(event)

    def cancelled(self) -> TransferCancelledError:
        """Return the error of a stopped run, with what the store has by now."""
        done, total = len(self.etags), len(self.plan.parts)
        return TransferCancelledError(
            f'Sending "{self.plan.name}" was cancelled after {done} of {total} parts; nothing was '
            "completed.",
            name=self.plan.name,
            part=done,
            total=total,
        )

    def part_failure(self, part: PlannedPart, tries: int, error: ClientError) -> ClientError:
        """Return the transfer's error for a part that is given up."""
        if error.details.get("storage_code") == "BadDigest":
            return self.bad_digest(part)
        if isinstance(error, FileChangedError | LinkExpiredError | TransferCancelledError):
            return error
        details: dict[str, Detail] = {"storage_code": "no answer", "status": "no status"}
        seconds = error.details.pop("tried_for", None)
        tried = "in one try" if seconds is None else f"in {tries} tries within {seconds} s"
        details |= error.details | {
            "name": self.plan.name,
            "part": part.number,
            "total": len(self.plan.parts),
            "tries": tries,
        }
        return PartFailedError(
            f'Part {part.number} of {len(self.plan.parts)} of "{self.plan.name}" did not arrive '
            f"{tried}: {error}",
            **details,
        )

    def bad_digest(self, part: PlannedPart) -> ClientError:
        """Return why the store received other bytes than were hashed."""
        try:
            self.source.check_unchanged()
        except FileChangedError as error:
            return error
        return EtagMismatchError(
            f'Part {part.number} of "{self.plan.name}" arrived with other bytes than were sent '
            "(BadDigest); nothing was completed.",
            name=self.plan.name,
            part=part.number,
            total=len(self.plan.parts),
            storage_code="BadDigest",
        )

    def with_cost(self, error: Exception) -> Exception:
        """Add to a LinkExpiredError how much a fresh start sends again."""
        if not isinstance(error, LinkExpiredError):
            return error
        sent = sum(part.size for part in self.plan.parts if part.number in self.etags)
        return LinkExpiredError(
            f"{error} {len(self.etags)} of {len(self.plan.parts)} parts ({sent:,} bytes) had "
            f"arrived; a fresh start asks for new URLs and sends all {self.plan.size:,} bytes.",
            **error.details | {"name": self.plan.name, "sent": sent, "size": self.plan.size},
        )
