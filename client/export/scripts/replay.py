"""Turns recorded requests into the steps of a script that repeats them.

Signed URLs and tokens are masked in the log and would have expired anyway. So an upload is repeated
from its mutation on, and an operation that was given the download URL of such an upload is given
the new one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from client.json_object import as_object, parse_json
from client.storage.plan import UploadPlan
from client.wire.exchange import MASK, Exchange, mask_url

_UPLOAD_MUTATION = "createTempFile"
_OF_UPLOAD = ("__schema", "complete", "verify", "abort")

Reason = Literal["masked", "signed", "cut"]


@dataclass(frozen=True)
class UploadStep:
    """Upload a file anew."""

    plan: UploadPlan


@dataclass(frozen=True)
class OperationStep:
    """Send a GraphQL body.

    Attributes:
        body: its pieces: text, and where a number stands the new download URL of the upload with
            that place among the uploads, from 0.
    """

    name: str
    body: tuple[str | int, ...]


@dataclass(frozen=True)
class SkippedStep:
    """A request that cannot be repeated: its text holds a mask, or was cut; its URL was signed."""

    name: str
    method: str
    url: str
    reason: Reason


Step = UploadStep | OperationStep | SkippedStep


def replay_steps(
    exchanges: Iterable[Exchange], plans: Mapping[str, UploadPlan]
) -> tuple[Step, ...]:
    """Return the steps that repeat exchanges, in the order in which they were made.

    Token requests are left out, since a script gets a token of its own; so are tries that failed
    and were repeated, and downloads.

    `plans` is transfer id -> the plan of the uploads that may be repeated.
    """
    ordered = sorted(exchanges, key=lambda exchange: exchange.started)
    steps: list[Step] = []
    uploads: dict[str, int] = {}
    for exchange in ordered:
        if exchange.purpose == "token" or _is_repeated(exchange, ordered):
            continue
        purpose = exchange.purpose
        of_upload = purpose.startswith(("part ", _UPLOAD_MUTATION)) or purpose in _OF_UPLOAD
        planned = [transfer for transfer in exchange.transfers if transfer in plans]
        if planned and of_upload:
            for transfer in planned:
                if transfer not in uploads:
                    uploads[transfer] = len(uploads)
                    steps.append(UploadStep(plans[transfer]))
            continue
        urls = {mask_url(plans[known].download_url): place for known, place in uploads.items()}
        if exchange.method == "GET" and exchange.url in urls:
            continue
        steps.append(_other_step(exchange, urls))
    return tuple(steps)


def _is_repeated(exchange: Exchange, ordered: Iterable[Exchange]) -> bool:
    """Tell whether a failed request was made again later, as it was."""
    return exchange.failed and any(
        later.id > exchange.id
        and later.request_body == exchange.request_body
        and (later.purpose, later.url) == (exchange.purpose, exchange.url)
        for later in ordered
    )


def _other_step(exchange: Exchange, urls: Mapping[str, int]) -> Step:
    body = exchange.request_body
    if body is None or not isinstance(as_object(parse_json(body)).get("query"), str):
        reason = "cut" if body and len(body) < exchange.request_bytes else "signed"
        return _skipped(exchange, reason)
    pieces = _pieces(body, urls)
    if any(MASK in piece for piece in pieces if isinstance(piece, str)):
        return _skipped(exchange, "masked")
    return OperationStep(exchange.purpose, pieces)


def _skipped(exchange: Exchange, reason: Reason) -> SkippedStep:
    split = urlsplit(exchange.url)
    address = f"{split.scheme}://{split.netloc}{split.path}"
    return SkippedStep(exchange.purpose, exchange.method, address, reason)


def _pieces(body: str, urls: Mapping[str, int]) -> tuple[str | int, ...]:
    """Cut a body where a masked download URL stands; JSON may have escaped nothing in it."""
    pieces: list[str | int] = [body]
    for url, place in urls.items():
        cut: list[str | int] = []
        for piece in pieces:
            first, *others = piece.split(url) if isinstance(piece, str) else [piece]
            cut.append(first)
            for text in others:
                cut += [place, text]
        pieces = cut
    return tuple(pieces)
