"""Which bytes of an object a request wants, or under which conditions it writes one (RFC 9110)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from service import errors


@dataclass(frozen=True)
class ByteRange:
    """The bytes from `start` up to, not including, `stop`."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        """Number of bytes."""
        return self.stop - self.start


@dataclass(frozen=True)
class Validators:
    """What conditions are compared with: ETag with quotes, Last-Modified in whole seconds."""

    etag: str
    modified: datetime

    @classmethod
    def of(cls, etag: str, modified: float) -> "Validators":
        """Make validators of an unquoted ETag and an epoch time."""
        return cls(f'"{etag}"', datetime.fromtimestamp(int(modified), UTC))

    @property
    def last_modified(self) -> str:
        """The value of the Last-Modified header."""
        return format_datetime(self.modified, usegmt=True)


def requested_range(
    headers: Mapping[str, str], size: int, validators: Validators
) -> ByteRange | None:
    """Return the one range asked for; None means the whole object.

    A header that is not understood, and one with several ranges, is ignored, as S3 does.

    Raises:
        S3ApiError: InvalidRange when no byte is in the range.
    """
    text = headers.get("range", "")
    found = re.fullmatch(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*", text)
    if not found or found.group(1) == found.group(2) == "":
        return None
    condition = headers.get("if-range")
    if condition not in (None, validators.etag) and _moment(condition) != validators.modified:
        return None
    first, last = found.groups()
    if first and last and int(last) < int(first):
        return None
    if first:
        start, stop = int(first), min(int(last) + 1, size) if last else size
    else:
        start, stop = max(size - int(last), 0), size
    if start >= stop:
        raise errors.invalid_range(text, size)
    return ByteRange(start, stop)


def check_preconditions(headers: Mapping[str, str], validators: Validators) -> None:
    """Refuse a request whose If-Match or If-Unmodified-Since does not hold.

    Raises:
        S3ApiError: PreconditionFailed.
    """
    if "if-match" in headers:
        failed = "If-Match" if not _lists(headers["if-match"], validators.etag) else None
    else:
        moment = _moment(headers.get("if-unmodified-since"))
        failed = "If-Unmodified-Since" if moment and validators.modified > moment else None
    if failed:
        raise errors.precondition_failed(failed)


def check_write_conditions(headers: Mapping[str, str], key: str, etag: str | None) -> None:
    """Refuse to write where an object is, or is not, as If-None-Match or If-Match say.

    `etag` is that of the object which would be replaced, without quotes; None where there is none.
    Source: "How to prevent object overwrites with conditional writes" of the S3 user guide.

    Raises:
        S3ApiError: PreconditionFailed; NoSuchKey for an If-Match with no object; NotImplemented
            for an If-None-Match other than `*`, as S3 answers it.
    """
    if "if-none-match" in headers:
        if headers["if-none-match"] != "*":
            raise errors.not_implemented("If-None-Match")
        if etag is not None:
            raise errors.precondition_failed("If-None-Match")
    if "if-match" in headers:
        if etag is None:
            raise errors.no_such_key(key)
        if not _lists(headers["if-match"], f'"{etag}"'):
            raise errors.precondition_failed("If-Match")


def is_not_modified(headers: Mapping[str, str], validators: Validators) -> bool:
    """Tell whether the client's copy is current (If-None-Match, else If-Modified-Since)."""
    if "if-none-match" in headers:
        return _lists(headers["if-none-match"].replace("W/", ""), validators.etag)
    moment = _moment(headers.get("if-modified-since"))
    return moment is not None and validators.modified <= moment


def _lists(header: str, etag: str) -> bool:
    items = {item.strip() for item in header.split(",")}
    return "*" in items or etag in items or etag.strip('"') in items


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
    except (ValueError, OverflowError):  # no date, or one in no year that there is
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
