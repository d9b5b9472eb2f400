"""Answers the events of uploads whose bytes a browser sends: plans, completes, remembers them.

The browser tells of five things, each as an event: `picked`, `resumed`, `sent`, `failed` and
`cancelled`. Every event has a name of its own, and a visit remembers the last one it answered, so
an event that arrives twice changes nothing. After a restart the browser may tell the last one again
to a new visit: a transfer that is planned keeps its plan, and one that is done stays done.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from client.api.api import Api
from client.errors import (
    BadEventError,
    ClientError,
    FileDiffersError,
    LinkExpiredError,
    TransferElsewhereError,
    TransferForgottenError,
)
from client.storage.plan import UploadPlan, UploadSlot, plan_in_slot
from client.transfers.browser_event import (
    BrowserEvent,
    Cancelled,
    Failed,
    Picked,
    Resumed,
    Sent,
    read_event,
)
from client.transfers.field_types import LARGEST_NUMBER
from client.transfers.record import Problem, Transfer, Try
from client.transfers.registry import TransferRegistry
from client.wire.exchange import ExchangeLog
from content_types import HEAD_SIZE, content_type_of, is_false_image, type_by_name

ANSWERS_KEPT = 20
"""Answers of a visit that are told to the browser; it asks one thing at a time."""
_LONGEST_NAME = 1_000
_SHOWN_DIGITS = 12


@dataclass(frozen=True)
class UploadOptions:
    """How the person wants a file sent; None leaves the choice to us.

    Attributes:
        slot: URLs the person asked for already; without it new ones are asked for.
    """

    part_size: int | None = None
    kind: Literal["single", "multipart"] | None = None
    slot: UploadSlot | None = None


@dataclass(frozen=True)
class _LastAnswer:
    """The last answer about a transfer during this visit: the event's name, and any problem.

    Attributes:
        parts_then: how many parts had arrived when a plan was given; None where none was.
    """

    event: str
    problem: Problem | None = None
    parts_then: int | None = None


ApiOf = Callable[[str], Api]
"""Returns the client of a connection by its name."""


class BrowserTransfers:
    """Answers the events of one visitor's browser and keeps the registry up to date.

    Safe to share between threads: a page's run that a click interrupts goes on beside the next one
    until it draws something.

    Attributes:
        api: the client that new transfers are planned with; may be set to another one at any time.
    """

    def __init__(
        self,
        api: Api,
        registry: TransferRegistry,
        owner: str,
        log: ExchangeLog,
        api_of: ApiOf | None = None,
    ) -> None:
        """Answer for one visitor.

        Args:
            api: the client that new transfers are planned with.
            registry: where transfers are remembered.
            owner: whose they are.
            log: where the browser's PUTs are recorded.
            api_of: finds the client of the connection that a transfer began on, by which it also
                ends; raises ConnectionUnknownError. Without it there is one connection only.
        """
        self.api = api
        self._api_of = api_of
        self._registry = registry
        self._owner = owner
        self._log = log
        self._answers: dict[str, _LastAnswer] = {}
        self._logged: dict[str, int] = {}
        self._answering = threading.Lock()
        self.seen = ""

    def handle(self, event: Mapping[str, Any], options: UploadOptions) -> None:
        """Answer one event, once: the outcome, good or bad, is kept with the transfer.

        An event comes from a browser, so every field is looked at first. One that is malformed is
        refused and changes nothing.
        """
        with self._answering:
            if event.get("event") != self.seen:
                self._handle(event, options)

    def refuse(self, event: Mapping[str, Any], problem: Problem) -> None:
        """Answer an event, whatever it holds, with what was wrong; the registry is left alone."""
        with self._answering:
            self._refuse(event, problem)

    def _handle(self, event: Mapping[str, Any], options: UploadOptions) -> None:
        try:
            told = read_event(event)
        except BadEventError as error:
            self._refuse(event, Problem(error.code, error.details, str(error)))
            return
        with self._log.about(told.id):
            self._record_tries(told)
            try:
                self._remember(told.id, self._answer(told, options))
            except ClientError as error:
                problem = Problem(error.code, error.details, str(error))
                self._remember(told.id, _LastAnswer(told.event, problem))
                if told.kind != "resumed":  # a wrong file must not end what can still go on
                    self._registry.leases.fail(self._owner, told.id, told.holder, problem)
        self.seen = told.event

    def _answer(self, event: BrowserEvent, options: UploadOptions) -> _LastAnswer:
        match event:
            case Picked():
                return self._picked(event, options)
            case Resumed():
                return self._resumed(event)
            case Sent():
                return self._sent(event)
            case Failed():
                return self._failed(event)
            case Cancelled():
                return self._cancelled(event)

    def _refuse(self, event: Mapping[str, Any], problem: Problem) -> None:
        name, transfer_id = event.get("event"), event.get("id")
        if not isinstance(name, str):
            return  # no browser waits for an answer that has no name
        if isinstance(transfer_id, str):
            self._remember(transfer_id, _LastAnswer(name, problem))
        self.seen = name

    def log_tries(self) -> None:
        """Log what the browser reported of this visit's uploads that are on their way.

        Raises:
            RecordsUnavailableError: the registry cannot be read.
        """
        for transfer_id, answer in tuple(self._answers.items()):
            if answer.parts_then is None:
                continue
            transfer = self._registry.get(self._owner, transfer_id)
            if transfer and transfer.plan and not transfer.ended:
                with self._log.about(transfer_id):
                    self._log_new_tries(transfer_id, transfer.plan, silently=False)

    def begun(self) -> list[Transfer]:
        """Return the transfers that this visit's browser named, the last one at the end.

        `answers` and `problem` are what was said to this browser last.
        """
        answers = tuple(self._answers.items())  # another thread may add to them meanwhile
        found = [self._as_answered(transfer_id, answer) for transfer_id, answer in answers]
        return [transfer for transfer in found if transfer]

    def awaits_plan(self, transfer: Transfer) -> bool:
        """Return whether this browser may not have the plan yet.

        It has it once it told anything of the transfer after the plan was given: an event, or a
        part that arrived.
        """
        answer = self._answers.get(transfer.id)
        if transfer.state != "planned" or answer is None or answer.parts_then is None:
            return False
        return len(transfer.etags) <= answer.parts_then

    def api_of(self, plan: UploadPlan) -> Api:
        """Return the client of the connection that a plan's URLs come from.

        Raises:
            ConnectionUnknownError: the connection was removed meanwhile.
        """
        same = plan.connection in ("", self.api.connection.name)
        return self.api if same or self._api_of is None else self._api_of(plan.connection)

    def _remember(self, transfer_id: str, answer: _LastAnswer) -> None:
        self._answers.pop(transfer_id, None)
        self._answers[transfer_id] = answer
        while len(self._answers) > ANSWERS_KEPT:
            del self._answers[next(iter(self._answers))]

    def _as_answered(self, transfer_id: str, answer: _LastAnswer) -> Transfer | None:
        known = self._registry.get(self._owner, transfer_id)
        if known is None and answer.problem is None:
            return None
        if known is None:
            known = Transfer(transfer_id, self._owner, name="", size=0, state="failed")
        problem = None if known.state == "done" else answer.problem
        return replace(known, answers=answer.event, problem=problem)

    def _picked(self, event: Picked, options: UploadOptions) -> _LastAnswer:
        transfer = self._new_transfer(event)
        known = self._registry.get(self._owner, transfer.id)
        if known and known.plan:  # the answer was lost
            return _LastAnswer(event.event, parts_then=len(known.etags))
        claimed = event.type or type_by_name(event.name)
        head = event.head[:HEAD_SIZE]
        self._registry.put(transfer)
        plan = self._plan(event.name, event.size, content_type_of(head, claimed), options)
        false_image = is_false_image(head, claimed)
        self._registry.put(replace(transfer, plan=plan, false_image=false_image))
        return _LastAnswer(event.event, parts_then=0)

    def _plan(self, name: str, size: int, content_type: str, options: UploadOptions) -> UploadPlan:
        if options.slot:
            connection = self.api.connection
            return plan_in_slot(
                options.slot, name, size, content_type, connection, options.part_size
            )
        return self.api.plan_upload(
            name, size, content_type, part_size=options.part_size, kind=options.kind
        )

    def _resumed(self, event: Resumed) -> _LastAnswer:
        """Go on with a transfer whose file was chosen again.

        Raises:
            TransferForgottenError: nothing is known of it, or it has ended.
            FileDiffersError: the file is another one.
            LinkExpiredError: the URLs are too old.
            TransferElsewhereError: another page load is sending it.
        """
        transfer, plan = self._going_on(event)
        _compare(transfer, event)
        if plan.deadline <= time.time():
            raise LinkExpiredError(
                f'The URLs for "{transfer.name}" have expired; a fresh start sends all '
                f"{len(plan.parts)} parts again.",
                name=transfer.name,
                total=len(plan.parts),
            )
        if not self._registry.leases.resume(self._owner, transfer.id, event.holder, event.modified):
            raise TransferElsewhereError(
                f'Another window is sending "{transfer.name}".', name=transfer.name
            )
        return _LastAnswer(event.event, parts_then=len(transfer.etags))

    def _sent(self, event: Sent) -> _LastAnswer:
        known = self._registry.get(self._owner, event.id)
        if known and known.state == "done":
            return _LastAnswer(event.event)
        transfer, plan = self._going_on(event)
        told = {number: etag for number, etag in event.etags if etag}
        etags = {**transfer.etags, **told}
        self._registry.note(self._owner, transfer.id, list(etags.items()))
        try:
            receipt = self.api_of(plan).complete(plan, etags)
        except ClientError:
            now = self._registry.get(self._owner, transfer.id)
            if now and now.state == "done":  # another window completed it meanwhile
                return _LastAnswer(event.event)
            raise
        self._registry.finish(self._owner, transfer.id, receipt, etags, event.sha256 or None)
        return _LastAnswer(event.event)

    def _failed(self, event: Failed) -> _LastAnswer:
        problem = Problem(event.error.code, {**event.error.details, "name": event.name})
        self._registry.leases.fail(self._owner, event.id, event.holder, problem)
        return _LastAnswer(event.event, problem)

    def _cancelled(self, event: Cancelled) -> _LastAnswer:
        """Cancel a transfer; parts that the store cannot be told to drop expire by themselves."""
        transfer = self._registry.get(self._owner, event.id)
        if self._registry.leases.cancel(self._owner, event.id, event.holder):
            self._abort(transfer)
        return _LastAnswer(event.event)

    def _abort(self, transfer: Transfer | None) -> None:
        if transfer is None or transfer.plan is None:
            return
        try:
            self.api_of(transfer.plan).abort(transfer.plan.complete_url)
        except ClientError:
            # The person asked for an end and has it; the exchange log shows what the store said.
            return

    def _going_on(self, event: Resumed | Sent) -> tuple[Transfer, UploadPlan]:
        transfer = self._registry.get(self._owner, event.id)
        if transfer is None or transfer.plan is None or transfer.ended:
            raise TransferForgottenError(
                f'No transfer of "{event.name}" can be gone on with: '
                "it has ended or is not remembered.",
                name=event.name,
            )
        return transfer, transfer.plan

    def _new_transfer(self, event: Picked) -> Transfer:
        return Transfer(
            id=event.id,
            owner=self._owner,
            name=event.name[:_LONGEST_NAME],
            size=event.size,
            state="planned",
            started=time.time(),
            modified=event.modified,
            fingerprint=event.fingerprint,
            lease_owner=event.holder,
            heartbeat=time.time(),
        )

    def _record_tries(self, event: BrowserEvent) -> None:
        """Keep the tries the event tells of; log them, and those that were reported before it."""
        transfer = self._registry.get(self._owner, event.id)
        if transfer is None or transfer.plan is None:
            return
        self._registry.note(self._owner, transfer.id, tries=event.tries)
        # What was reported before a transfer is resumed belongs to another visit.
        self._log_new_tries(transfer.id, transfer.plan, silently=event.kind == "resumed")

    def _log_new_tries(self, transfer_id: str, plan: UploadPlan, *, silently: bool) -> None:
        known = self._logged.get(transfer_id, 0)
        tries = self._registry.tries.of(self._owner, transfer_id, after=known)
        if not tries:
            return
        self._logged[transfer_id] = tries[-1][0]
        urls = {part.number: part.url for part in plan.parts}
        for _number, row in () if silently else tries:
            if row.part in urls:
                self._log_try(urls[row.part], row)

    def _log_try(self, url: str, row: Try) -> None:
        self._log.record_browser_put(
            url=url,
            part=row.part,
            size=row.size,
            started=row.started,
            seconds=row.seconds,
            status=row.status,
            code=row.code,
            etag=row.etag,
            request_id=row.request_id or None,
            relayed=row.route == "relay",
        )


def _compare(transfer: Transfer, event: Resumed) -> None:
    """Refuse a file that is not the transfer's.

    Phones and copies change the time of a file whose bytes are the same. Such a file is taken where
    the MD5s of all parts that the store has are their ETags; samples alone do not tell that a file
    was not changed between them.

    Raises:
        FileDiffersError: size or content is another, or the time of the last change is and nothing
            proves that the content is the same.
    """
    size, modified, fingerprint = event.size, event.modified, event.fingerprint
    if size != transfer.size:
        raise _differs(transfer, "size", f"{transfer.size:,} bytes", f"{size:,} bytes")
    if fingerprint != transfer.fingerprint:
        raise _differs(transfer, "content", _digest(transfer.fingerprint), _digest(fingerprint))
    if modified == transfer.modified:
        return
    digests = dict(event.digests)
    etags = {number: etag.strip('"').lower() for number, etag in transfer.etags.items()}
    for number, md5 in digests.items():
        if number in etags and md5 != etags[number]:
            what = f"content of part {number}"
            raise _differs(transfer, what, _digest(etags[number]), _digest(md5))
    is_proven = bool(fingerprint) and digests.keys() >= etags.keys()
    if not is_proven or abs(modified) > LARGEST_NUMBER:
        raise _differs(
            transfer, "time it was changed", _moment(transfer.modified), _moment(modified)
        )


def _differs(transfer: Transfer, what: str, expected: str, found: str) -> FileDiffersError:
    return FileDiffersError(
        f'The file chosen again is not "{transfer.name}": its {what} is {found}, not {expected}.',
        name=transfer.name,
        what=what,
        expected=expected,
        found=found,
    )


def _moment(milliseconds: int) -> str:
    if not milliseconds:
        return "not known"
    try:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return f"{milliseconds:,} ms since 1970"
    return f"{moment:%Y-%m-%d %H:%M:%S}.{milliseconds % 1000:03d} UTC"


def _digest(fingerprint: str) -> str:
    return f"{fingerprint[:_SHOWN_DIGITS]}…" if fingerprint else "not known"
