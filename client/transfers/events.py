"""What happens during a transfer, told while it happens. Sizes are bytes, times are seconds."""

from dataclasses import dataclass

from client.errors import ClientError
from client.storage.complete import Receipt
from client.storage.plan import UploadPlan


@dataclass(frozen=True)
class Planned:
    """The URLs are there, and the file is cut."""

    plan: UploadPlan


@dataclass(frozen=True)
class PartStarted:
    """A try begins; `tries` counts from 1."""

    number: int
    tries: int
    size: int


@dataclass(frozen=True)
class BytesSent:
    """So many bytes of a part were given to the network during this try."""

    number: int
    sent: int
    size: int


@dataclass(frozen=True)
class PartRetried:
    """A try failed; the next one begins after `delay` seconds."""

    number: int
    tries: int
    delay: float
    error: ClientError


@dataclass(frozen=True)
class PartDone:
    """The store has the part."""

    number: int
    size: int
    etag: str
    seconds: float


@dataclass(frozen=True)
class EtagDiffers:
    """The store's ETag is not the MD5 of the part: normal on a store that encrypts by key."""

    number: int
    etag: str
    md5: str


@dataclass(frozen=True)
class PartFailed:
    """The part is given up; the transfer ends with `error`."""

    number: int
    error: ClientError


@dataclass(frozen=True)
class Completed:
    """The object is there and has the right size."""

    receipt: Receipt


Event = (
    Planned
    | PartStarted
    | BytesSent
    | PartRetried
    | PartDone
    | EtagDiffers
    | PartFailed
    | Completed
)
