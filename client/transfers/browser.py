"""Does for a browser that sends files what needs the endpoint: plans, completes, cancels.

The browser asks by `/transfers/…`, moves the bytes itself and tells how it gets on. What was asked
twice is done once: a transfer that has a plan keeps it, and one that is done stays done.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from client.api.api import Api
from client.errors import (
    ClientError,
    FileDiffersError,
    LinkExpiredError,
    SlotGoneError,
    TransferElsewhereError,
    TransferForgottenError,
)
from client.storage.plan import (
    Kind,
    UploadPlan,
    UploadSlot,
    check_size,
    choose_kind,
    joined,
)
from client.transfers.bodies import Cancel, Fail, FileToPlan, Forget, Plan, Resume, SentFile
from client.transfers.field_types import LARGEST_NUMBER
from client.transfers.record import Link, Problem, Transfer, Try, link_of, link_to
from client.transfers.registry import TransferRegistry
from client.transfers.slots import WaitingSlots
from client.transfers.tries import log_try
from client.wire.exchange import ExchangeLog
from content_types import HEAD_SIZE, content_type_of, is_false_image, type_by_name

KEPT = 1_000
"""Transfers whose tries go into the log of a session: the last it had to do with."""
_LONGEST_NAME = 1_000
_SHOWN_DIGITS = 12

ApiOf = Callable[[str], Api]
"""Returns the client of a connection by its name; raises ConnectionUnknownError."""


@dataclass(frozen=True)
class TransferAnswer:
    """What a browser is told of a transfer: exactly one of `plan`, `link` and `problem`.

    Attributes:
        link_to_come: with the plan of a single PUT, the link that there is once it has arrived.
            What is sent in parts has none before it is put together.
        etags: part number -> ETag of the parts that are there already.
        takes_md5: whether the store takes Content-MD5, as far as known.
    """

    plan: UploadPlan | None = None
    link: Link | None = None
    problem: Problem | None = None
    link_to_come: Link | None = None
    etags: Mapping[int, str] = field(default_factory=dict[int, str])
    takes_md5: bool | None = None


class BrowserTransfers:
    """The transfers of one signed-in visitor. Safe to share between threads; all of it blocks."""

    def __init__(
        self,
        registry: TransferRegistry,
        owner: str,
        log: ExchangeLog,
        api_of: ApiOf,
        slots: WaitingSlots,
    ) -> None:
        """Work for one visitor.

        Args:
            registry: where transfers are remembered.
            owner: whose they are.
            log: where the browser's PUTs are recorded.
            api_of: finds the client of the connection that a transfer goes over.
            slots: URLs that the visitor asked for before choosing a file.
        """
        self._registry = registry
        self._owner = owner
        self._log = log
        self._api_of = api_of
        self._slots = slots
        self._lock = threading.Lock()
        self._followed: dict[str, int] = {}
        self._logged = 0

    def plan(self, asked: Plan, wanted: frozenset[str] | None = None) -> dict[str, TransferAnswer]:
        """Return the plan of each file, or what is wrong with it.

        Args:
            asked: the files, and the connection that they go over.
            wanted: the ids of the files to plan; all of them, if it is left out.
        """
        files = [file for file in asked.files if wanted is None or file.id in wanted]
        kept = self._registry.known(self._owner, [file.id for file in files])
        known = {file.id: self._known(file) if file.id in kept else None for file in files}
        new = [file for file in files if known[file.id] is None]
        try:
            api = self._api_of(asked.connection)
            planned = self._plans(api, new)
        except ClientError as error:
            return {file.id: known[file.id] or _refusal(error) for file in files}
        begun = [
            self._new_transfer(file, asked.holder, plan)
            for file in new
            if isinstance(plan := planned[file.id], UploadPlan)
        ]
        self._registry.put_all(begun)
        self._follow(transfer.id for transfer in begun)
        return {file.id: known[file.id] or _planned(api, file, planned[file.id]) for file in files}

    def resume(self, asked: Resume) -> TransferAnswer:
        """Go on with a transfer whose file was chosen again.

        The answer's problem is `transfer-forgotten` where nothing is known of it, or it has ended;
        `file-differs` where the file is another one, `link-expired` where the URLs are too old, and
        `transfer-elsewhere` while another page load is sending it.
        """
        try:
            known = self._registry.get(self._owner, asked.id)
            transfer, plan = _going_on(known, asked.name)
            _compare(transfer, asked)
            if plan.deadline <= time.time():
                raise LinkExpiredError(
                    f'The URLs for "{transfer.name}" have expired; a fresh start sends all of it '
                    "again.",
                    name=transfer.name,
                )
            takes_md5 = self._api_of(plan.connection).content_md5.taken
            leases = self._registry.leases
            if not leases.resume(self._owner, transfer.id, asked.holder, asked.modified):
                raise TransferElsewhereError(
                    f'Another window is sending "{transfer.name}".', name=transfer.name
                )
            self._follow([transfer.id])
            return TransferAnswer(
                plan=plan,
                link_to_come=_link_to_come(plan, false_image=transfer.false_image),
                etags=transfer.etags,
                takes_md5=takes_md5,
            )
        except ClientError as error:
            return _refusal(error)

    def complete(self, file: SentFile, holder: str) -> TransferAnswer:
        """Complete an upload whose parts were sent, and look at the object."""
        with self._log.about(file.id):
            try:
                return TransferAnswer(link=self._completed(file))
            except ClientError as error:
                refusal = _refusal(error)
                if refusal.problem:
                    self._registry.leases.fail(self._owner, file.id, holder, refusal.problem)
                return refusal

    def fail(self, told: Fail) -> TransferAnswer:
        """Remember why the browser gave a file up."""
        problem = Problem(told.error.code, {**told.error.details, "name": told.name})
        self._registry.note(self._owner, told.id, tries=told.tries)
        self._registry.leases.fail(self._owner, told.id, told.holder, problem)
        return TransferAnswer(problem=problem)

    def cancel(self, asked: Cancel) -> None:
        """Cancel transfers; parts that the store cannot be told to drop expire by themselves."""
        for transfer_id in asked.ids:
            transfer = self._registry.get(self._owner, transfer_id)
            if transfer and self._registry.leases.cancel(self._owner, transfer_id, asked.holder):
                with self._log.about(transfer_id):
                    self._abort(transfer)

    def forget(self, asked: Forget) -> None:
        """Forget transfers that have ended; the log keeps what their browser told."""
        self.log_tries()
        self._registry.forget(self._owner, asked.ids)

    def log_tries(self) -> None:
        """Log what browsers told of this session's transfers since the last time.

        Raises:
            RecordsUnavailableError: the registry cannot be read.
        """
        with self._lock:
            followed = dict(self._followed)
            newer = self._registry.tries.newer(self._owner, self._logged, set(followed))
            self._logged = newer[-1][0] if newer else self._logged
        urls: dict[str, Mapping[int, str]] = {}
        for number, transfer_id, row in newer:
            if number > followed[transfer_id]:
                if transfer_id not in urls:
                    urls[transfer_id] = self._urls_of(transfer_id)
                self._log_try(transfer_id, row, urls[transfer_id])

    def _known(self, file: FileToPlan) -> TransferAnswer | None:
        """Return what was answered about a file before; None if nothing was."""
        transfer = self._registry.get(self._owner, file.id)
        if transfer is None or transfer.plan is None:
            return None
        try:
            _compare_planned(transfer, file)
            if transfer.receipt:
                return TransferAnswer(
                    link=link_of(transfer.receipt, false_image=transfer.false_image)
                )
            takes_md5 = self._api_of(transfer.plan.connection).content_md5.taken
            return TransferAnswer(
                plan=transfer.plan,
                link_to_come=_link_to_come(transfer.plan, false_image=transfer.false_image),
                etags=transfer.etags,
                takes_md5=takes_md5,
            )
        except ClientError as error:
            return _refusal(error)

    def _plans(self, api: Api, files: Sequence[FileToPlan]) -> dict[str, UploadPlan | ClientError]:
        """Return the plan of each file, or why there is none.

        The URLs of all that go in one PUT are asked for together.
        """
        planned: dict[str, UploadPlan | ClientError] = {}
        alone: list[FileToPlan] = []
        together: list[FileToPlan] = []
        for file in files:
            try:
                check_size(file.name, file.size, api.connection, _wanted_kind(file))
            except ClientError as error:
                planned[file.id] = error
                continue
            kind = file.kind or choose_kind(file.size, api.connection)
            (alone if file.slot or kind == "multipart" else together).append(file)
        for file in alone:
            with self._log.about(file.id):
                planned[file.id] = self._plan(api, file, None)
        with self._log.about(*(file.id for file in together)):
            try:
                slots = api.operations.create_singles(len(together))
            except ClientError as error:
                return planned | {file.id: error for file in together}
        for file, slot in zip(together, slots, strict=True):
            planned[file.id] = self._plan(api, file, slot)
        return planned

    def _plan(
        self, api: Api, file: FileToPlan, slot: UploadSlot | None
    ) -> UploadPlan | ClientError:
        claimed = file.type or type_by_name(file.name)
        content_type = content_type_of(file.head[:HEAD_SIZE], claimed)
        if file.slot:
            slot = self._slots.take(self._owner, file.slot)
            if slot is None:
                return SlotGoneError("The links that were kept for this file are gone.")
        try:
            return api.plan_upload(
                file.name,
                file.size,
                content_type,
                file.part_size,
                _wanted_kind(file),
                slot,
                cut=file.part_size is not None,
            )
        except ClientError as error:
            if file.slot and slot:  # a file that does not fit leaves the URLs for another
                self._slots.put_back(self._owner, file.slot, slot)
            return error

    def _completed(self, file: SentFile) -> Link:
        known = self._registry.get(self._owner, file.id)
        if known and known.receipt:
            return link_of(known.receipt, false_image=known.false_image)
        transfer, plan = _going_on(known, file.name)
        etags = transfer.etags | {number: etag for number, _start, _end, etag in file.parts}
        if plan.kind == "multipart":  # what is there is not sent again, whatever happens now
            self._registry.note(self._owner, transfer.id, file.parts)
        before = [(part.number, part.start, part.end) for part in plan.parts]
        plan = plan.with_parts(joined([*before, *(part[:3] for part in file.parts)]))
        try:
            receipt = self._api_of(plan.connection).complete(plan, etags)
        except ClientError:
            self._registry.note(self._owner, transfer.id, file.parts, file.tries)
            now = self._registry.get(self._owner, transfer.id)
            if now and now.receipt:  # another window completed it meanwhile
                return link_of(now.receipt, false_image=now.false_image)
            raise
        sha256 = file.sha256 or None
        self._registry.finish(self._owner, transfer.id, receipt, sha256, file.tries)
        return link_of(receipt, false_image=transfer.false_image)

    def _abort(self, transfer: Transfer) -> None:
        if transfer.plan is None:
            return
        try:
            self._api_of(transfer.plan.connection).abort(transfer.plan.complete_url)
        except ClientError:
            # The person asked for an end and has it; the exchange log shows what the store said.
            return

    def _new_transfer(self, file: FileToPlan, holder: str, plan: UploadPlan) -> Transfer:
        now = time.time()
        return Transfer(
            id=file.id,
            owner=self._owner,
            name=file.name[:_LONGEST_NAME],
            size=file.size,
            state="planned",
            started=now,
            plan=plan,
            false_image=_is_false_image(file),
            modified=file.modified,
            fingerprint=file.fingerprint,
            lease_owner=holder,
            heartbeat=now,
        )

    def _follow(self, transfer_ids: Iterable[str]) -> None:
        """Have the tries of transfers in the log; those from before belong to another session."""
        after = self._registry.tries.newest()
        with self._lock:
            for transfer_id in transfer_ids:
                self._followed.setdefault(transfer_id, after)
            while len(self._followed) > KEPT:
                del self._followed[next(iter(self._followed))]

    def _urls_of(self, transfer_id: str) -> Mapping[int, str]:
        transfer = self._registry.get(self._owner, transfer_id)
        if transfer is None or transfer.plan is None:
            return {}
        return transfer.plan.urls

    def _log_try(self, transfer_id: str, row: Try, urls: Mapping[int, str]) -> None:
        if row.part not in urls:
            return
        with self._log.about(transfer_id):
            log_try(self._log, urls[row.part], row)


def _going_on(transfer: Transfer | None, name: str) -> tuple[Transfer, UploadPlan]:
    if transfer is None or transfer.plan is None or transfer.ended:
        raise TransferForgottenError(
            f'No transfer of "{name}" can be gone on with: it has ended or is not remembered.',
            name=name,
        )
    return transfer, transfer.plan


def _refusal(error: ClientError) -> TransferAnswer:
    return TransferAnswer(problem=Problem(error.code, error.details, str(error)))


def _planned(api: Api, file: FileToPlan, plan: UploadPlan | ClientError) -> TransferAnswer:
    if isinstance(plan, ClientError):
        return _refusal(plan)
    return TransferAnswer(
        plan=plan,
        link_to_come=_link_to_come(plan, false_image=_is_false_image(file)),
        takes_md5=api.content_md5.taken,
    )


def _is_false_image(file: FileToPlan) -> bool:
    return is_false_image(file.head[:HEAD_SIZE], file.type or type_by_name(file.name))


def _link_to_come(plan: UploadPlan, *, false_image: bool) -> Link | None:
    if plan.kind == "multipart":
        return None
    return link_to(plan.download_url, plan.deadline, plan.content_type, false_image=false_image)


def _wanted_kind(file: FileToPlan) -> Kind | None:
    """Return the kind that the person wants; URLs that are there already have theirs."""
    return None if file.slot else file.kind


def _compare_planned(transfer: Transfer, file: FileToPlan) -> None:
    """Refuse a file under the id of another one.

    Raises:
        FileDiffersError: name, size or content is not the transfer's.
    """
    name = file.name[:_LONGEST_NAME]
    if name != transfer.name:
        raise _differs(transfer, "name", transfer.name, name)
    if file.size != transfer.size:
        raise _differs(transfer, "size", f"{transfer.size:,} bytes", f"{file.size:,} bytes")
    if file.fingerprint != transfer.fingerprint:
        expected, found = _digest(transfer.fingerprint), _digest(file.fingerprint)
        raise _differs(transfer, "content", expected, found)


def _compare(transfer: Transfer, asked: Resume) -> None:
    """Refuse a file that is not the transfer's.

    Phones and copies change the time of a file whose bytes are the same. Such a file is taken where
    the MD5s of all parts that the store has are their ETags; samples alone do not tell that a file
    was not changed between them.

    Raises:
        FileDiffersError: size or content is another, or the time of the last change is and nothing
            proves that the content is the same.
    """
    size, modified, fingerprint = asked.size, asked.modified, asked.fingerprint
    if size != transfer.size:
        raise _differs(transfer, "size", f"{transfer.size:,} bytes", f"{size:,} bytes")
    if fingerprint != transfer.fingerprint:
        raise _differs(transfer, "content", _digest(transfer.fingerprint), _digest(fingerprint))
    if modified == transfer.modified:
        return
    digests = dict(asked.digests)
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
