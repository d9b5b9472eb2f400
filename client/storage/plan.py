"""Plans an upload: cuts a file into parts, by arithmetic alone (contract 4, 6 and 7)."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

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
_LIFETIME = re.compile(r"[?&]X-Amz-(Date|Expires)=([^&#]*)")


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
        part_size: bytes of every part but the last; None: parts are cut while they are sent.
        parts: all of them, or as many as are known to be cut by now.
        complete_url: where the part list goes; None for a single upload.
        deadline: seconds since the epoch (UTC) when the URLs expire.
        connection: name of the connection that the URLs come from; the upload ends there too.
        put_urls: where part 1, 2 and so on go, if they are cut while they are sent; else empty.
    """

    kind: Kind
    name: str
    size: int
    content_type: str
    part_size: int | None
    parts: tuple[PlannedPart, ...]
    complete_url: str | None
    download_url: str
    deadline: float
    min_part_size: int = MIN_PART_SIZE
    max_part_size: int = MAX_PART_SIZE
    size_field: SizeField = "filesize"
    connection: str = ""
    put_urls: tuple[str, ...] = ()

    @property
    def urls(self) -> Mapping[int, str]:
        """Where the part of each number goes, whether it is cut or not."""
        return dict(enumerate(self.put_urls or [part.url for part in self.parts], start=1))

    @property
    def part_sizes(self) -> tuple[int, ...]:
        """How to cut the file this way once more: the last size holds for all that follows."""
        if self.part_size is not None:
            return (self.part_size,)
        sizes = [part.size for part in self.parts] or [DEFAULT_PART_SIZE]
        if len(sizes) > 1 and sizes[-1] <= sizes[-2]:  # what was left
            sizes.pop()
        while len(sizes) > 1 and sizes[-1] == sizes[-2]:
            sizes.pop()
        return tuple(sizes)

    def with_parts(self, cut: Iterable[tuple[int, int, int]]) -> "UploadPlan":
        """Return the plan with the parts that its sender has cut: number, start and end of each."""
        if self.part_size is not None:
            return self
        urls = self.urls
        parts = (PlannedPart(*part, urls[part[0]]) for part in cut if part[0] in urls)
        return replace(self, parts=tuple(parts))


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
    *,
    cut: bool = True,
) -> UploadPlan:
    """Return the plan for sending a file to the URLs of a slot.

    Parts are cut by their size; without `cut` they are left to be cut while they are sent.

    Raises:
        EmptyFileError, SizeOverLimitError, SizeOverSingleError: the file does not fit.
        PartSizeError: the part size is outside what the slot takes.
        UnexpectedAnswerError: the slot has too few URLs for a file of this size.
    """
    check_size(name, size, connection, slot.kind)
    if slot.kind == "single":
        chosen_size, cut = size, True
    else:
        chosen_size = part_size_for(
            size, len(slot.put_urls), slot.min_part_size, slot.max_part_size, part_size
        )
    return UploadPlan(
        kind=slot.kind,
        name=name,
        size=size,
        content_type=content_type,
        part_size=chosen_size if cut else None,
        parts=planned_parts(size, chosen_size, slot.put_urls) if cut else (),
        complete_url=slot.complete_url,
        download_url=slot.download_url,
        deadline=slot.deadline,
        min_part_size=slot.min_part_size,
        max_part_size=slot.max_part_size,
        size_field=slot.size_field,
        connection=connection.name,
        put_urls=() if cut else slot.put_urls,
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


def joined(parts: Iterable[tuple[int, int, int]]) -> Sequence[tuple[int, int, int]]:
    """Return the parts that follow one another from the first byte on, as far as there are any.

    Of two that begin at the same byte the later one counts.
    """
    by_start = {start: (number, start, end) for number, start, end in parts}
    found: list[tuple[int, int, int]] = []
    number = at = 0
    while at in by_start and by_start[at][0] > number:
        found.append(by_start[at])
        number, _start, at = by_start[at]
    return found


def deadline_of(urls: Sequence[str], asked_at: float | None = None) -> float:
    """Return when the first of these URLs expires, in seconds since the epoch.

    Read from X-Amz-Date and X-Amz-Expires where a URL has both, else an hour after it was asked
    for (contract 7.7).
    """
    known = [moment for moment in map(signed_until, urls) if moment is not None]
    return min(known, default=(asked_at or time.time()) + URL_LIFETIME)


def signed_until(url: str) -> float | None:
    """Return when a signed URL says that it expires; None where it does not say so."""
    said = dict(_LIFETIME.findall(url))
    try:
        return _moment(said["Date"]) + int(said["Expires"])
    except (KeyError, ValueError):
        return None


@lru_cache(maxsize=64)  # URLs of one answer are signed in the same second
def _moment(text: str) -> float:
    return datetime.strptime(text + "+0000", "%Y%m%dT%H%M%SZ%z").timestamp()
