"""A finished transfer to copy or save: scripts, a table of its parts, its requests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from client.export import csv_table as parts_csv
from client.export import har
from client.export.scripts.curl import upload_as_curl
from client.export.scripts.python import upload_as_python
from client.storage.complete import Receipt
from client.transfers.record import Transfer
from client.transfers.tries import log_try
from client.wire.exchange import Exchange, ExchangeLog
from components.common.long_text import long_text
from components.session import connection, exchange_log, username
from components.upload import words
from process import this_process


@dataclass(frozen=True)
class _Copy:
    """One way to copy a transfer: what it is, its text, and how it is saved."""

    caption: str
    text: str
    ending: str
    media_type: str


def export_transfer(transfer: Transfer, receipt: Receipt) -> None:
    """Draw the forms to copy or save; nothing secret is in any of them.

    The texts are made, and sent to the browser, once their tab is open.
    """
    makers: tuple[Callable[[Transfer, Receipt], _Copy | None], ...] = (_curl, _python, _csv, _har)
    with st.expander(words.COPY_AS, key=f"copy-{transfer.id}", on_change="rerun") as expander:
        if not expander.open:
            return
        tabs = st.tabs(words.COPY_AS_TABS, key=f"copy-tabs-{transfer.id}", on_change="rerun")
        for tab, make in zip(tabs, makers, strict=True):
            if tab.open:
                with tab:
                    _draw(make(transfer, receipt), transfer)


def _draw(copy: _Copy | None, transfer: Transfer) -> None:
    if copy is None:
        st.caption(words.NOTHING_KEPT)
        return
    file_name = f"{_file_stem(transfer.name)}-{copy.ending}"
    st.caption(copy.caption)
    long_text(copy.text, key=f"text-{copy.ending}-{transfer.id}")
    st.download_button(
        words.DOWNLOAD_FILE.format(name=file_name),
        copy.text.encode(),
        file_name,
        copy.media_type,
        key=f"save-{copy.ending}-{transfer.id}",
        on_click="ignore",
        icon=":material/download:",
    )


def _curl(transfer: Transfer, _receipt: Receipt) -> _Copy | None:
    if transfer.plan is None:
        return None
    text = upload_as_curl(transfer.plan, connection())
    return _Copy(words.AS_CURL, text, "upload.sh", "text/x-shellscript")


def _python(transfer: Transfer, _receipt: Receipt) -> _Copy | None:
    if transfer.plan is None:
        return None
    text = upload_as_python(transfer.plan, connection())
    return _Copy(words.AS_PYTHON, text, "upload.py", "text/x-python")


def _csv(_transfer: Transfer, receipt: Receipt) -> _Copy:
    text = parts_csv.parts_as_csv(receipt)
    return _Copy(words.AS_CSV, text, "parts.csv", parts_csv.MEDIA_TYPE)


def _har(transfer: Transfer, _receipt: Receipt) -> _Copy | None:
    """Return this visit's requests, and the PUTs of all visits, which are remembered."""
    puts = _remembered_puts(transfer)
    logged = exchange_log().of_transfer(transfer.id)
    others = [entry for entry in logged if not (puts and entry.purpose.startswith("part "))]
    if not (puts or others):
        return None
    exchanges = sorted([*puts, *others], key=lambda entry: entry.started)
    return _Copy(words.AS_HAR, har.har(exchanges), "requests.har", har.MEDIA_TYPE)


def _remembered_puts(transfer: Transfer) -> tuple[Exchange, ...]:
    urls: Mapping[int, str] = transfer.plan.urls if transfer.plan else {}
    log = ExchangeLog()
    for _number, row in this_process().transfers.tries.of(username(), transfer.id):
        if row.part in urls:
            log_try(log, urls[row.part], row)
    return log.entries()


def _file_stem(name: str) -> str:
    """Return a file name's letters and digits, for a name that every system takes."""
    kept = "".join(letter if letter.isalnum() else "-" for letter in name)
    return "-".join(filter(None, kept.split("-")))[:60] or "transfer"
