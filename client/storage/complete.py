"""Completes an upload: sends the part list as XML, reads the answer, checks the object."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from client.errors import (
    CompleteFailedError,
    LinkExpiredError,
    SizeMismatchError,
    StorageError,
)
from client.storage.plan import UploadPlan
from client.storage.s3_error import (
    excerpt,
    failure_details,
    storage_failure,
)
from client.wire.http import COMPLETE_TIMEOUT, STORAGE_TIMEOUT, Call, Wire
from client.wire.retry import Retried, RetryPolicy, with_retries
from contract.s3_xml import local_name, parse_s3_error, parse_xml

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_CONTENT_RANGE = re.compile(r"bytes\s+\d+-\d+/(\d+)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Receipt:
    """The result of an upload: link, ETag, size. Sizes are bytes.

    Attributes:
        etag: as the store shows it at the download URL, quotes included.
        content_type: what the store hands the object out as.
        disposition: the Content-Disposition that the store hands it out with; "" for none.
        deadline: seconds since the epoch when the download URL expires.
        complete_xml: the part list as sent; None for a single upload.
        complete_answer: the store's body; None for a single upload, or when the answer was lost
            and the finished object proved the upload instead.
        parts: number, size and ETag of every part.
        seconds: from the first byte to the check; None when the parts were sent elsewhere.
    """

    name: str
    size: int
    etag: str
    content_type: str
    download_url: str
    deadline: float
    complete_xml: str | None = None
    complete_answer: str | None = None
    parts: tuple[tuple[int, int, str], ...] = ()
    seconds: float | None = None
    disposition: str = ""


@dataclass(frozen=True)
class ObjectFacts:
    """What is at a download URL."""

    size: int
    etag: str
    content_type: str
    disposition: str


def complete_xml(etags: Mapping[int, str]) -> str:
    """Return the CompleteMultipartUpload document: ascending, ETags as received (contract 7.6)."""
    parts = "".join(
        f"  <Part><PartNumber>{number}</PartNumber><ETag>{escape(etags[number])}</ETag></Part>\n"
        for number in sorted(etags)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<CompleteMultipartUpload xmlns="{NAMESPACE}">\n{parts}</CompleteMultipartUpload>\n'
    )


def complete_upload(
    wire: Wire, policy: RetryPolicy, plan: UploadPlan, etags: Mapping[int, str]
) -> Receipt:
    """End an upload whose parts are all sent, and check the object; a single one is only checked.

    The body of the answer is read even on 200, since S3 may put an `<Error>` there. When an
    answer was lost and the next try meets NoSuchUpload, the object decides (contract 7.6). The
    ETag of the answer is not used: Ceph leaves it empty.

    Raises:
        CompleteFailedError: a part's ETag is missing, or the store refused the list.
        LinkExpiredError: the URLs are too old.
        SizeMismatchError: the object does not have the file's size.
        ServiceDownError: the store did not answer.
    """
    check_etags(plan, etags)
    xml = answer = None
    if plan.complete_url is not None:
        xml = complete_xml({part.number: etags[part.number] for part in plan.parts})
        answer = _send_list(wire, policy, plan.complete_url, xml, len(plan.parts))
    found = verify(wire, policy, plan)
    return Receipt(
        name=plan.name,
        size=found.size,
        etag=found.etag,
        content_type=found.content_type,
        download_url=plan.download_url,
        deadline=plan.deadline,
        complete_xml=xml,
        complete_answer=answer,
        parts=tuple((part.number, part.size, etags[part.number]) for part in plan.parts),
        disposition=found.disposition,
    )


def check_etags(plan: UploadPlan, etags: Mapping[int, str]) -> None:
    """Refuse a list with gaps, since some stores join what is there without an error.

    Raises:
        CompleteFailedError: a part of the plan has no ETag, or the parts do not make up the file.
    """
    at = plan.parts[-1].end if plan.parts else 0
    if at != plan.size:
        raise CompleteFailedError(
            f'"{plan.name}" cannot be completed: its bytes from {at:,} on are in no part.',
            name=plan.name,
            part=len(plan.parts) + 1,
            total=len(plan.parts) + 1,
            storage_code="no-etag",
        )
    missing = [part.number for part in plan.parts if not etags.get(part.number)]
    if missing:
        raise CompleteFailedError(
            f'"{plan.name}" cannot be completed: part {missing[0]} of {len(plan.parts)} has no '
            f"ETag ({len(missing)} missing).",
            name=plan.name,
            part=missing[0],
            total=len(plan.parts),
            storage_code="no-etag",
        )


def verify(wire: Wire, policy: RetryPolicy, plan: UploadPlan) -> ObjectFacts:
    """Return what is at the download URL, read by a ranged GET: HEAD is signed differently.

    Raises:
        SizeMismatchError: its size is not the file's.
        ClientError: the object cannot be read.
    """
    found = with_retries(lambda: look_at(wire, plan.download_url), policy)
    if found.size != plan.size:
        raise SizeMismatchError(
            f'"{plan.name}" has {plan.size:,} bytes; the object at its download URL has '
            f"{found.size:,}.",
            name=plan.name,
            size=plan.size,
            stored=found.size,
        )
    return found


def look_at(wire: Wire, url: str) -> ObjectFacts:
    """Return size, ETag and type of the object at a URL by asking for its first byte, once.

    Raises:
        StorageError: the store refused.
        ServiceDownError: the store did not answer.
    """
    call = Call(
        "GET", url, "verify", headers={"Range": "bytes=0-0"}, timeout=STORAGE_TIMEOUT, limit=4096
    )
    answer = wire.send(call)
    if answer.status not in {200, 206}:
        raise storage_failure(answer, "the first byte of the object")
    content_range = _CONTENT_RANGE.match(answer.headers.get("Content-Range", ""))
    size = content_range[1] if content_range else answer.headers.get("Content-Length", "-1")
    return ObjectFacts(
        int(size),
        answer.headers.get("ETag", ""),
        answer.headers.get("Content-Type", "binary/octet-stream"),
        answer.headers.get("Content-Disposition", ""),
    )


def _send_list(wire: Wire, policy: RetryPolicy, url: str, xml: str, part_count: int) -> str | None:
    call = Call(
        "POST",
        url,
        "complete",
        headers={"Content-Type": "application/xml"},
        body=xml.encode(),
        timeout=COMPLETE_TIMEOUT,
        log_bodies=True,
    )

    def send() -> str:
        answer = wire.send(call)
        if answer.status != 200 or parse_s3_error(answer.content):
            raise storage_failure(answer, "the complete request")
        root = parse_xml(answer.content.lstrip())
        if root is None or local_name(root) != "CompleteMultipartUploadResult":
            raise CompleteFailedError(
                f"{answer.host} answered the complete request with status 200 and no "
                f"CompleteMultipartUploadResult: {excerpt(answer)}",
                **failure_details(answer, None),
            )
        return answer.text

    lost: list[Retried] = []
    try:
        return with_retries(send, policy, on_retry=lost.append)
    except LinkExpiredError as error:
        raise LinkExpiredError(
            f"{error} All {part_count} parts are there but can no longer be joined; a fresh start "
            "sends all of them again.",
            **error.details,
        ) from error
    except StorageError as error:
        if lost and error.details.get("storage_code") == "NoSuchUpload":
            return None
        raise CompleteFailedError(str(error), **{**error.details, "total": part_count}) from error
