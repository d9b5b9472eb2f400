"""What a browser that sends files tells and asks of the app: the bodies of `/transfers/…`.

Every field is looked at before anything is done; sizes are bytes.
"""

import json
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    FailFast,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from client.json_object import as_list
from client.storage.plan import MAX_PART_SIZE
from client.transfers.field_types import (
    HIGHEST_PART,
    LARGEST_NUMBER,
    NEEDED,
    EmptyIs,
    Etag,
    PartNumber,
    Size,
    Text,
    Whole,
    broken,
    must_be,
    sentence_of,
)
from client.transfers.record import Problem, Try
from client.transfers.tries import MOST_TRIES

MOST_FILES = 25
"""Files in one request: what a browser has read the beginnings of, 4 KiB each."""
MOST_ROWS = 1_000
"""Parts, and tries, of one file in one report."""


class FieldError(ValueError):
    """A field of a body is not as it must be; the message names field, value and limit."""


def _decoded(value: object) -> bytes:
    if not isinstance(value, str):
        raise broken("Base64")
    return b64decode(value, validate=True)


def _four(row: Any) -> Any:
    if row == [] or len(as_list(row)) not in (0, 4):
        raise broken("number, start, end and ETag of a part")
    return row


def _not_empty(row: tuple[int, int, int, str]) -> tuple[int, int, int, str]:
    if row[1] >= row[2]:
        raise broken("a part that ends after it begins")
    return row


def _each_once(files: list[Any]) -> list[Any]:
    if len({file.id for file in files}) < len(files):
        raise broken("files of different ids")
    return files


_ID = "^[A-Za-z0-9_.:-]{1,64}$"
_SomeId = Annotated[str, Field(pattern=_ID), must_be("1 to 64 letters, digits or _.:-")]
_Id = Annotated[_SomeId, NEEDED]
_Sha256 = Annotated[
    str,
    StringConstraints(pattern="^[0-9A-Fa-f]{64}$", to_lower=True),
    must_be("64 hexadecimal digits"),
    EmptyIs(""),
]
_Time = Annotated[
    Whole,
    must_be(f"a whole number from -{LARGEST_NUMBER:,} to {LARGEST_NUMBER:,}"),
    EmptyIs(0),
]
_PartSize = Annotated[
    int,
    Field(strict=True, ge=1, le=MAX_PART_SIZE),
    must_be(f"a whole number from 1 to {MAX_PART_SIZE:,}"),
]
_Name = Annotated[Text, NEEDED]
_SentPart = Annotated[
    tuple[PartNumber, Size, Size, Etag], BeforeValidator(_four), AfterValidator(_not_empty)
]
_Parts = Annotated[list[_SentPart], Field(max_length=MOST_ROWS)]
_AllParts = Annotated[list[_SentPart], FailFast(), NEEDED, Field(max_length=HIGHEST_PART)]
_Tries = Annotated[list[Try], Field(max_length=MOST_ROWS)]
_AllTries = Annotated[list[Try], FailFast(), Field(max_length=MOST_TRIES)]
_Several = (
    FailFast(),
    AfterValidator(_each_once),
    NEEDED,
    Field(min_length=1, max_length=MOST_FILES),
)


@dataclass(frozen=True, kw_only=True)
class FileToPlan:
    """A file that was chosen, and how the person wants it sent; None leaves that to the app.

    Attributes:
        id: the transfer's, chosen by the browser.
        head: how the file begins, by which its type is told.
        modified: as in `Transfer`; the same for `fingerprint`.
        slot: the id of URLs that the person asked for already.
    """

    id: _Id
    name: _Name
    size: Annotated[Size, NEEDED]
    type: Text = ""
    head: Annotated[bytes, BeforeValidator(_decoded), must_be("Base64")] = b""
    modified: _Time = 0
    fingerprint: _Sha256 = ""
    part_size: _PartSize | None = None
    kind: Annotated[Literal["single", "multipart"], must_be("single or multipart")] | None = None
    slot: _SomeId | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Files to be sent over a connection: each gets its URLs."""

    holder: _Id
    connection: _Name
    files: Annotated[list[FileToPlan], *_Several]


@dataclass(frozen=True, kw_only=True)
class Resume:
    """A file that was chosen again, to go on with it: `digests` are MD5s of parts of it."""

    holder: _Id
    id: _Id
    name: _Name
    size: Annotated[Size, NEEDED]
    modified: Annotated[int, Field(strict=True), must_be("a whole number"), EmptyIs(0)] = 0
    fingerprint: _Sha256 = ""
    digests: Annotated[list[tuple[PartNumber, Text]], FailFast()] = field(
        default_factory=list[tuple[int, str]]
    )


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file whose every part was sent."""

    id: _Id
    name: _Name
    parts: _AllParts
    sha256: _Sha256 = ""
    tries: _AllTries = field(default_factory=list[Try])


@dataclass(frozen=True, kw_only=True)
class Complete:
    """Files to be completed."""

    holder: _Id
    files: Annotated[list[SentFile], *_Several]


@dataclass(frozen=True, kw_only=True)
class Fail:
    """A file that the browser gave up."""

    holder: _Id
    id: _Id
    name: _Name
    error: Annotated[Problem, NEEDED]
    tries: _AllTries = field(default_factory=list[Try])


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """Transfers that the person gave up."""

    holder: _Id
    ids: Annotated[list[_SomeId], FailFast(), NEEDED, Field(min_length=1, max_length=MOST_ROWS)]


@dataclass(frozen=True, kw_only=True)
class Forget(Cancel):
    """Transfers that have ended, which the person wants to see no more."""


@dataclass(frozen=True, kw_only=True)
class ReportedFile:
    """What is new of a transfer: parts that arrived, and tries."""

    id: _Id
    parts: _Parts = field(default_factory=list[tuple[int, int, int, str]])
    tries: _Tries = field(default_factory=list[Try])


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a page load tells of the transfers it holds. `gone` says that the page load ends."""

    holder: _Id
    files: Annotated[
        list[ReportedFile], FailFast(), NEEDED, Field(min_length=1, max_length=MOST_ROWS)
    ]
    gone: Annotated[bool, Field(strict=True), must_be("true or false")] = False


Body = Plan | Resume | Complete | Fail | Cancel | Forget | Report
_Kind = TypeVar("_Kind", Plan, Resume, Complete, Fail, Cancel, Forget, Report)
ADAPTERS: dict[type[Body], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (Plan, Resume, Complete, Fail, Cancel, Forget, Report)
}


def read_body(kind: type[_Kind], content: bytes) -> _Kind:
    """Return a body whose every field was looked at.

    Raises:
        FieldError: a field is missing, of another type, or out of its limits.
    """
    try:
        read = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FieldError("The body is not valid JSON.") from error
    try:
        return ADAPTERS[kind].validate_python(read)
    except ValidationError as error:
        raise FieldError(sentence_of(error)) from error
