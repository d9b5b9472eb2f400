"""The five events of a browser that sends a file, every field of them checked."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    FailFast,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from client.errors import BadEventError
from client.transfers.field_types import (
    LARGEST_NUMBER,
    PartNumber,
    Size,
    Text,
    broken,
    empty_is,
    place_of,
)
from client.transfers.record import Problem, Try


def _decoded(value: object) -> bytes:
    if not isinstance(value, str):
        raise broken("Base64")
    return b64decode(value, validate=True)


_Id = Annotated[str, Field(strict=True, min_length=1, max_length=64)]
_Sha256 = Annotated[
    str, StringConstraints(pattern="^[0-9A-Fa-f]{64}$", to_lower=True), empty_is("")
]


@dataclass(frozen=True, kw_only=True)
class FileEvent:
    """What every event tells: its own name, and of which file it is."""

    event: _Id
    id: _Id
    name: Text
    size: Size
    holder: Annotated[_Id, empty_is("")] = ""
    tries: Annotated[list[Try], FailFast()] = field(default_factory=list[Try])


@dataclass(frozen=True, kw_only=True)
class Picked(FileEvent):
    """A file was chosen: `head` is how it begins, `modified` as in `Transfer`."""

    kind: Literal["picked"]
    type: Text
    head: Annotated[bytes, BeforeValidator(_decoded)]
    modified: Annotated[
        int, Field(strict=True, ge=-LARGEST_NUMBER, le=LARGEST_NUMBER), empty_is(0)
    ] = 0
    fingerprint: _Sha256 = ""


@dataclass(frozen=True, kw_only=True)
class Resumed(FileEvent):
    """A file was chosen again, to go on with it: `digests` are MD5s of parts that were sent."""

    kind: Literal["resumed"]
    modified: Annotated[int, Field(strict=True), empty_is(0)] = 0
    fingerprint: _Sha256 = ""
    digests: Annotated[list[tuple[PartNumber, Text]], FailFast()] = field(
        default_factory=list[tuple[int, str]]
    )


@dataclass(frozen=True, kw_only=True)
class Sent(FileEvent):
    """Every part was sent."""

    kind: Literal["sent"]
    etags: Annotated[list[tuple[PartNumber, Text | None]], FailFast()]
    sha256: _Sha256 = ""


@dataclass(frozen=True, kw_only=True)
class Failed(FileEvent):
    """The browser gave the file up."""

    kind: Literal["failed"]
    error: Problem


@dataclass(frozen=True, kw_only=True)
class Cancelled(FileEvent):
    """The person cancelled."""

    kind: Literal["cancelled"]


BrowserEvent = Picked | Resumed | Sent | Failed | Cancelled
_EVENT: TypeAdapter[BrowserEvent] = TypeAdapter(
    Annotated[BrowserEvent, Field(discriminator="kind")]
)


def read_event(event: Mapping[str, Any]) -> BrowserEvent:
    """Return an event whose every field was looked at.

    Raises:
        BadEventError: one is missing or not as it must be; the message names it.
    """
    try:
        return _EVENT.validate_python(event)
    except ValidationError as error:
        name = place_of(error).partition(".")[2] or "kind"  # first comes the kind that was told
        raise BadEventError(
            f'Its field "{name}" is missing or not as it must be.', field=name
        ) from error
