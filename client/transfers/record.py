"""What is remembered of a transfer, and how its plan and receipt are written down."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field

from client.storage.complete import Receipt
from client.storage.plan import Kind, PlannedPart, UploadPlan
from client.transfers.field_types import (
    NEEDED,
    EmptyIs,
    PartNumber,
    Said,
    Seconds,
    Size,
    Text,
    Whole,
    must_be,
)
from content_types import IMAGE_ROUTE_TYPES

State = Literal["planned", "done", "failed", "cancelled"]
Route = Literal["direct", "relay"]
SentParts = Sequence[tuple[int, int, int, str]]
"""Number, start, end (exclusive) and ETag of parts that the store has."""


@dataclass(frozen=True)
class Problem:
    """What went wrong: a code QA can quote, and the values its sentence needs."""

    code: Text
    details: Annotated[Mapping[Text, Text | Whole], must_be("texts and numbers")]
    message: Text = ""


@dataclass(frozen=True)
class Transfer:
    """One file on its way from a browser. Sizes are bytes, times seconds since 1970.

    Attributes:
        modified: when the file was changed last, in milliseconds since 1970; 0 if unknown.
        fingerprint: SHA-256 in hex of samples of the file, made by the browser.
        lease_owner: the page load that sends the file.
        heartbeat: when that page load reported last; the negative of that once it said goodbye.
        etags: part number -> ETag of the parts that the store has.
        sha256: of the whole file in hex, where the browser was asked to compute it.
    """

    id: str
    owner: str
    name: str
    size: int
    state: State
    started: float = 0.0
    plan: UploadPlan | None = None
    receipt: Receipt | None = None
    problem: Problem | None = None
    false_image: bool = False
    modified: int = 0
    fingerprint: str = ""
    lease_owner: str = ""
    heartbeat: float = 0.0
    etags: dict[int, str] = field(default_factory=dict[int, str])
    sha256: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing can be sent any more; a failed transfer can be taken up again."""
        return self.state in {"done", "cancelled"}


@dataclass(frozen=True)
class TransferRecord:
    """A transfer as lists show it: no part's URL, no ETag. Units as in `Transfer`.

    Attributes:
        part_size: as in `UploadPlan`.
        parts_total: None as long as it is not known how many there will be.
    """

    id: str
    name: str
    size: int
    modified: int
    kind: Kind
    state: State
    started: float
    deadline: float
    part_size: int | None
    parts_total: int | None
    parts_done: int
    bytes_done: int
    lease_owner: str
    heartbeat: float
    link: "Link | None" = None

    def as_json(self) -> dict[str, Any]:
        """Return the fields as JSON has them, by the names that the page's JavaScript reads."""
        fields = asdict(self)
        lease_owner, heartbeat = fields.pop("lease_owner"), fields.pop("heartbeat")
        return {**fields, "holder": lease_owner, "heard": heartbeat}


@dataclass(frozen=True)
class Link:
    """What a finished transfer brought, for whoever uses it next.

    Attributes:
        deadline: seconds since 1970 when the link ends.
        image: whether the background can be removed from it (contract 9).
    """

    url: str
    deadline: float
    content_type: str
    image: bool


def link_of(receipt: Receipt, *, false_image: bool) -> Link:
    """Return the link that a transfer brought."""
    url, deadline = receipt.download_url, receipt.deadline
    return link_to(url, deadline, receipt.content_type, false_image=false_image)


def link_to(url: str, deadline: float, content_type: str, *, false_image: bool) -> Link:
    """Return a link to an object of that content type."""
    image = content_type in IMAGE_ROUTE_TYPES and not false_image
    return Link(url, deadline, content_type, image)


@dataclass(frozen=True, kw_only=True)
class Try:
    """One PUT of a part: `status` is 0 when no answer arrived, `code` then says why."""

    part: Annotated[PartNumber, NEEDED]
    size: Size = 0
    started: Annotated[Seconds, NEEDED]
    seconds: Annotated[Seconds, NEEDED]
    status: Annotated[
        int, NEEDED, Field(strict=True, ge=0, le=599), must_be("a whole number from 0 to 599")
    ]
    code: Annotated[Said, EmptyIs("")] = ""
    etag: Annotated[Said | None, EmptyIs(None)] = None
    request_id: Annotated[Said, EmptyIs("")] = ""
    route: Annotated[Route, must_be("one of direct, relay")] = "direct"


def write_plan(plan: UploadPlan) -> bytes:
    """Return a plan as JSON."""
    # Not with `asdict`, which copies every string and takes longer than all the rest.
    return json.dumps(vars(plan) | {"parts": [vars(part) for part in plan.parts]}).encode()


def read_plan(content: bytes) -> UploadPlan:
    """Return the plan that `write_plan` wrote."""
    values: dict[str, Any] = json.loads(content)
    parts = tuple(PlannedPart(**part) for part in values.pop("parts"))
    put_urls = tuple(values.pop("put_urls", ()))  # earlier versions cut every part beforehand
    return UploadPlan(**values, parts=parts, put_urls=put_urls)


def write_receipt(receipt: Receipt) -> bytes:
    """Return a receipt as JSON."""
    return json.dumps(asdict(receipt)).encode()


def read_receipt(content: bytes) -> Receipt:
    """Return the receipt that `write_receipt` wrote."""
    values: dict[str, Any] = json.loads(content)
    parts = tuple((number, size, etag) for number, size, etag in values.pop("parts"))
    return Receipt(**values, parts=parts)
