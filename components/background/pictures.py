"""The pictures of this visit, which of them is shown, and the threads that work on them."""

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import streamlit as st

from client.storage.complete import Receipt
from client.transfers.record import Transfer
from components.background.picture_run import PictureRun, Way
from components.page_visit import opened_picture, page_visit
from components.session import api_for, may_upload, username
from process import this_process

QUERY = "image"
"""The name that the shown picture's transfer has in the address."""
AT_ONCE = 2
"""Pictures that a visit works on at the same time; the processor has others to serve."""


@dataclass
class Pictures:
    """What a visit holds.

    Attributes:
        runs: by their transfer's id, in the order in which they were added.
        shown: the picture on show.
        unnamed: the picture that an address without one stands for: the one that was on show when
            the page was come to.
        visit: the page's visit (components/page_visit.py) that this is of.
        handled: transfers that were taken in once.
    """

    runs: dict[str, PictureRun] = field(default_factory=dict[str, PictureRun])
    shown: str | None = None
    unnamed: str | None = None
    visit: int = -1
    handled: set[str] = field(default_factory=set[str])
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(AT_ONCE, "picture")
    )


def pictures() -> Pictures:
    """Return this visit's pictures."""
    if "pictures" not in st.session_state:
        st.session_state["pictures"] = Pictures()
    return st.session_state["pictures"]


def take_in(picked: Iterable[str]) -> None:
    """Start the work on each of these pictures that has arrived in the store by now."""
    held = pictures()
    for transfer_id in picked:
        if transfer_id in held.handled:
            continue
        transfer = this_process().transfers.get(username(), transfer_id)
        if transfer and transfer.receipt:
            held.handled.add(transfer_id)
            add(transfer, transfer.receipt)


def add(transfer: Transfer, receipt: Receipt) -> None:
    """Show a picture, and start the work on it."""
    _work_on(transfer, receipt)
    show(transfer.id)


def unnamed() -> str | None:
    """Return the picture that an address without one stands for, if this is such an address."""
    held = pictures()
    if held.visit != page_visit():
        held.visit, held.unnamed = page_visit(), opened_picture() or held.shown
    return None if QUERY in st.query_params else held.unnamed


def _work_on(transfer: Transfer, receipt: Receipt) -> None:
    """Start the work on a picture that is new.

    The preview costs nothing and leaves this machine in no case. The cut-out itself is begun where
    it costs nothing real: on the embedded service, whose credits are play money.
    """
    held = pictures()
    if transfer.id not in held.runs:
        api = api_for(transfer)
        held.runs[transfer.id] = PictureRun(api, this_process().cut_outs, transfer.id, receipt)
        free = api.connection.embedded and may_upload()
        begin(held.runs[transfer.id], "api" if free else None)


def begin(run: PictureRun, remove: Way | None) -> None:
    """Have a thread work on a picture, unless one does already."""
    work = run.begin(remove=remove)
    if work:
        pictures().threads.submit(work)


def show(transfer_id: str | None) -> None:
    """Show a picture; it is named in the address, so that a reload shows it again."""
    pictures().shown = transfer_id
    if transfer_id is None:
        st.query_params.pop(QUERY, None)
    else:
        st.query_params[QUERY] = transfer_id


def shown() -> PictureRun | None:
    """Return the picture on show; after a reload, start the work on the one in the address anew."""
    held = pictures()
    held.shown = wanted = unnamed() or st.query_params.get(QUERY)
    if wanted is None:
        return None
    if wanted not in held.runs:
        transfer = this_process().transfers.get(username(), wanted)
        if transfer is None or transfer.receipt is None:
            return None
        _work_on(transfer, transfer.receipt)
    return held.runs[wanted]


def forget(transfer_id: str) -> None:
    """Drop a picture from the page; its temp file stays what it is."""
    held = pictures()
    held.runs.pop(transfer_id, None)
    if held.unnamed == transfer_id:
        held.unnamed = None
    if held.shown == transfer_id:
        show(next(reversed(held.runs), None))


def recent() -> Sequence[tuple[Transfer, Receipt]]:
    """Return the visitor's temp files that may be pictures and still have a link."""
    return [
        (transfer, receipt)
        for transfer, receipt in this_process().transfers.finished(username())
        if receipt.deadline > time.time()
        and transfer.plan
        and transfer.plan.content_type.startswith("image/")
    ]
