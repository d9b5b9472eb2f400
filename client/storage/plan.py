"""Plans an upload: cuts a file into parts, by arithmetic alone (contract 4, 6 and 7)."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from client.connection.connection import Connection
from client.errors import (
    EmptyFileError,
    PartSizeError,
    SizeOverLimitError,
    SizeOverSingleError,
    UnexpectedAnswerError,
)

Kind = Literal["single", "multipart"]
SizeField = Literal["filesize", "fileSize"]
"""The two spellings of a file's size; an endpoint takes one, or both (contract 7.2)."""

MEBIBYTE = 1024 * 1024
DEFAULT_PART_SIZE = 16 * MEBIBYTE
"""Reads well in a live table, and the fastest measured on Ceph."""
MIN_PART_SIZE = 5 * MEBIBYTE
"""What S3 asks of every part but the last; a service says its own (contract 7.1)."""
MAX_PART_SIZE = 2_147_483_648
URL_LIFETIME = 3_600
"""Seconds a URL lives when it does not say so itself (contract 7.1)."""


@dataclass(frozen=True)
class PlannedPart:
    """Bytes `start` to `end` of the file, end exclusive, and where to PUT them."""

    number: int
    start: int
    end: int
    url: str

    @property
    def size(self) -> int:
        """Bytes in this part."""
        return self.end - self.start


@dataclass(frozen=True)
class UploadSlot:
    """Where one file may be sent. Sizes are bytes; `deadline` is seconds since the epoch (UTC)."""

    kind: Kind
    put_urls: tuple[str, ...]
    download_url: str
    deadline: float
    complete_url: str | None = None
    min_part_size: int = MIN_PART_SIZE
    max_part_size: int = MAX_PART_SIZE
    size_field: SizeField = "filesize"


@dataclass(frozen=True)
class UploadPlan:
    """Everything needed to send one file. A single upload is a plan with one part.

    Attributes:
        complete_url: where the part list goes; None for a single upload.
        deadline: seconds since the epoch (UTC) when the URLs expire.
        connection: name of the connection that the URLs come from; the upload ends there too.
    """

    kind: Kind
    name: str
    size: int
    content_type: str
    part_size: int
    parts: tuple[PlannedPart, ...]
    complete_url: str | None
    download_url: str
    deadline: float
    min_part_size: int = MIN_PART_SIZE
    max_part_size: int = MAX_PART_SIZE
    size_field: SizeField = "filesize"
    connection: str = ""


def check_size(name: str, size: int, connection: Connection, kind: Kind | None = None) -> None:
    """Refuse a file that cannot be sent, before anything is asked of the service.

    Raises:
        EmptyFileError: there is nothing to send.
        SizeOverLimitError: larger than the connection takes.
        SizeOverSingleError: a single PUT is asked for and cannot carry it.
    """
    if size <= 0:
        raise EmptyFileError(
            f'"{name}" has {size} bytes; an upload needs at least 1.', name=name, size=size
        )
    if size > connection.multipart_limit:
        raise SizeOverLimitError(
            _too_big(name, size, connection.multipart_limit, "an upload"),
            name=name,
            size=size,
            limit=connection.multipart_limit,
        )
    if kind == "single" and size > connection.single_limit:
        raise SizeOverSingleError(
            _too_big(name, size, connection.single_limit, "a single PUT"),
            name=name,
            size=size,
            limit=connection.single_limit,
        )


def _too_big(name: str, size: int, limit: int, what: str) -> str:
    return f'"{name}" has {size:,} bytes; the limit of {what} is {limit:,} bytes.'


def choose_kind(size: int, connection: Connection) -> Kind:
    """Return `single` while one PUT may carry the file, else `multipart` (contract 4)."""
    return "single" if size <= connection.single_limit else "multipart"


def plan_in_slot(
    slot: UploadSlot,
    name: str,
    size: int,
    content_type: str,
    connection: Connection,
    part_size: int | None = None,
) -> UploadPlan:
    """Return the plan for sending a file to the URLs of a slot.

    Raises:
        EmptyFileError, SizeOverLimitError, SizeOverSingleError: the file does not fit.
        PartSizeError: the part size is outside what the slot takes.
        UnexpectedAnswerError: the slot has too few URLs for a file of this size.
    """
    check_size(name, size, connection, slot.kind)
    if slot.kind == "single":
        chosen_size = size
    else:
        chosen_size = part_size_for(
            size, len(slot.put_urls), slot.min_part_size, slot.max_part_size, part_size
        )
    return UploadPlan(
        kind=slot.kind,
        name=name,
        size=size,
        content_type=content_type,
        part_size=chosen_size,
        parts=planned_parts(size, chosen_size, slot.put_urls),
        complete_url=slot.complete_url,
        download_url=slot.download_url,
        deadline=slot.deadline,
        min_part_size=slot.min_part_size,
        max_part_size=slot.max_part_size,
        size_field=slot.size_field,
        connection=connection.name,
    )


def part_size_for(
    size: int, url_count: int, minimum: int, maximum: int, wanted: int | None = None
) -> int:
    """Return the bytes of every part but the last (contract 7.4).

    Never more parts than URLs. Without a wish it is 16 MiB, moved into the allowed bounds.

    Raises:
        PartSizeError: the wanted size is out of bounds.
        UnexpectedAnswerError: the service gave too few URLs for a file of this size.
    """
    if url_count < 1 or -(-size // url_count) > maximum:
        raise UnexpectedAnswerError(
            f"The service gave {url_count} part URLs; at most {maximum:,} bytes each cannot carry "
            f"{size:,} bytes.",
            total=url_count,
            size=size,
            limit=maximum,
        )
    least = max(minimum, -(-size // url_count))
    if wanted is None:
        return min(max(least, DEFAULT_PART_SIZE), maximum)
    if not least <= wanted <= maximum:
        raise PartSizeError(
            f"The part size is {wanted:,} bytes; for {size:,} bytes in at most {url_count} parts "
            f"it must be {least:,} to {maximum:,} bytes.",
            part_size=wanted,
            least=least,
            most=maximum,
        )
    return wanted


def part_ranges(size: int, part_size: int) -> list[tuple[int, int]]:
    """Return start and end (exclusive) of every part, in order, without gaps."""
    return [(start, min(start + part_size, size)) for start in range(0, size, part_size)]


def planned_parts(size: int, part_size: int, urls: Sequence[str]) -> tuple[PlannedPart, ...]:
    """Return the parts with their URLs: index 0 of the list is part number 1 (contract 7.1)."""
    ranges = part_ranges(size, part_size)
    return tuple(
        PlannedPart(number, start, end, url)
        for number, ((start, end), url) in enumerate(zip(ranges, urls, strict=False), start=1)
    )


def deadline_of(urls: Sequence[str], asked_at: float | None = None) -> float:
    """Return when the first of these URLs expires, in seconds since the epoch.

    Read from X-Amz-Date and X-Amz-Expires where a URL has both, else an hour after it was asked
    for (contract 7.7).
    """
    known = [moment for moment in map(_expiry, urls) if moment is not None]
    return min(known, default=(asked_at or time.time()) + URL_LIFETIME)


def _expiry(url: str) -> float | None:
    query = parse_qs(urlsplit(url).query)
    try:
        signed = datetime.strptime(query["X-Amz-Date"][0] + "+0000", "%Y%m%dT%H%M%SZ%z")
        return signed.timestamp() + int(query["X-Amz-Expires"][0])
    except (KeyError, ValueError):
        return None
