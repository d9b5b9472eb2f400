"""What a page load tells of a transfer that it sends: parts that arrived, and tries."""

import json
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from client.json_object import as_list
from client.transfers.field_types import (
    NEEDED,
    PartNumber,
    Printable,
    broken,
    empty_is,
    must_be,
    sentence_of,
)
from client.transfers.record import Try

MOST_ROWS = 1_000


class FieldError(ValueError):
    """A field of a report is not as it must be; the message names field, value and limit."""


@dataclass(frozen=True, kw_only=True)
class ReportedTry(Try):
    """A try in a report. Of an event more is taken, as a store may answer with any text."""

    code: Annotated[Printable, empty_is("")] = ""
    etag: Annotated[Printable | None, empty_is(None)] = None
    request_id: Annotated[Printable, empty_is("")] = ""


def _pair(row: Any) -> Any:
    if row == [] or len(as_list(row)) not in (0, 2):
        raise broken("a part number and an ETag")
    return row


_Part = Annotated[tuple[PartNumber, Printable], BeforeValidator(_pair)]


@dataclass(frozen=True)
class TransferReport:
    """What a page load tells, each field checked. `gone` says that the page load ends."""

    holder: Annotated[
        str,
        NEEDED,
        Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$"),
        must_be("1 to 64 letters, digits or _.:-"),
    ]
    parts: Annotated[list[_Part], Field(max_length=MOST_ROWS)] = field(default_factory=list[_Part])
    tries: Annotated[list[ReportedTry], Field(max_length=MOST_ROWS)] = field(
        default_factory=list[ReportedTry]
    )
    gone: Annotated[bool, Field(strict=True), must_be("true or false")] = False


_REPORT = TypeAdapter(TransferReport)


def read_report(body: bytes) -> TransferReport:
    """Return what a report tells.

    Raises:
        FieldError: a field is missing, of another type, or out of its limits.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FieldError("The report is not valid JSON.") from error
    try:
        return _REPORT.validate_python(content)
    except ValidationError as error:
        raise FieldError(sentence_of(error)) from error
