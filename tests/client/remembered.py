"""Transfers for the tests of what is remembered."""

import time
from dataclasses import replace
from typing import Any

from client.storage.complete import Receipt
from client.storage.plan import PlannedPart, UploadPlan
from client.transfers.record import Transfer

SECRET = "X-Amz-Signature=c0ffee"  # what no file may show
PART = 5_242_880
FINGERPRINT = "ab" * 32


def plan(parts: int = 2, *, lifetime: float = 3600) -> UploadPlan:
    urls = [f"https://store.example/files/k?partNumber={n}&{SECRET}" for n in range(1, parts + 1)]
    return UploadPlan(
        kind="multipart",
        name="film.mp4",
        size=parts * PART,
        content_type="video/mp4",
        part_size=PART,
        parts=tuple(
            PlannedPart(number, (number - 1) * PART, number * PART, url)
            for number, url in enumerate(urls, 1)
        ),
        complete_url=f"https://store.example/files/k?uploadId=u&{SECRET}",
        download_url=f"https://store.example/files/k?{SECRET}",
        deadline=time.time() + lifetime,
    )


def sent(number: int, etag: str, size: int = 100 * PART) -> tuple[int, int, int, str]:
    """A part that the store has, of a file of that size."""
    return (number, (number - 1) * PART, min(number * PART, size), etag)


def transfer(name: str = "t", owner: str = "ann", **changes: Any) -> Transfer:
    known = plan()
    made = Transfer(
        id=name,
        owner=owner,
        name="film.mp4",
        size=known.size,
        state="planned",
        started=time.time(),
        plan=known,
        modified=1_700_000_000_123,
        fingerprint=FINGERPRINT,
        lease_owner="page",
        heartbeat=time.time(),
    )
    return replace(made, **changes)


def receipt() -> Receipt:
    return Receipt(
        name="film.mp4",
        size=2 * PART,
        etag='"e-2"',
        content_type="binary/octet-stream",
        download_url=f"https://store.example/files/k?{SECRET}",
        deadline=time.time() + 3600,
        complete_xml="<x/>",
        parts=((1, PART, '"a"'), (2, PART, '"b"')),
        disposition='inline; filename="film.mp4"',
    )
